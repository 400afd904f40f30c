// npm's scribe, as it is: `node collector.js FOLDER PORT KIND`. FOLDER has it, and thrift 0.7.0 with it.

const path = require("path");
const assert = require("assert");

const [folder, port, kind] = process.argv.slice(2);
const { Scribe, Logger } = require(path.resolve(folder, "node_modules/scribe"));
const types = require(path.resolve(folder, "node_modules/scribe/lib/gen-nodejs/scribe_types"));

const categories = [`${kind}_web`, `${kind}_mail`];
const line = (category, number) => `${category} ${number} ${"x".repeat(number % 7)}\n`;
const HALF = 60;

const scribe = new Scribe("127.0.0.1", Number(port));
setTimeout(() => {
    console.error("foreign: npm's scribe is not answered");
    process.exit(1);
}, 20000).unref();

const log = (entries) =>
    new Promise((resolve, reject) => {
        scribe.client.Log(entries, (error, code) => (error ? reject(error) : resolve(code)));
    });

async function main() {
    // The first half by its own queue, which sends each line by itself and looks at the answers.
    for (let number = 0; number < HALF; number++) {
        for (const category of categories) {
            scribe.send(category, line(category, number));
        }
    }
    assert.strictEqual(scribe.queue.length, 0, "all is sent");
    // Behind them on the same link, in one batch.
    const entries = [];
    for (let number = HALF; number < 2 * HALF; number++) {
        for (const category of categories) {
            entries.push(new types.LogEntry({ category, message: line(category, number) }));
        }
    }
    assert.strictEqual(await log(entries), types.ResultCode.OK);
    assert.strictEqual(await log([]), types.ResultCode.OK);
    assert.strictEqual(scribe.queue.length, 0, "nothing came back to be sent again");
    const status = await new Promise((resolve, reject) => {
        scribe.client.getStatus((error, found) => (error ? reject(error) : resolve(found)));
    });
    assert.strictEqual(status, 2, "alive");
    // What it makes of console.log().
    new Logger(scribe, `${kind}_console`).info("one %s, %d", "two", 3);
    assert.strictEqual(await log([]), types.ResultCode.OK);
    scribe.close();
}

scribe.on("error", (error) => {
    console.error(`foreign: ${error}`);
    process.exit(1);
});
scribe.open(() => {
    main().catch((error) => {
        console.error("foreign:", error);
        process.exit(1);
    });
});
