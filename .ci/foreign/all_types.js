// The interface with every type by npm's thrift: `all_types.js GENERATED binary|compact PORT` calls our server.
//
// What that library (0.24) cannot do is left out: it writes -0 as 0, it knows one NaN, and in the compact protocol it reads each bool of a
// container as false. That it wrote them well is seen all the same: the server is asked whether it has got the sample.

'use strict';

const assert = require('assert');
const path = require('path');

const [generated, spoken, port] = process.argv.slice(2);
const at = (name) => require(require.resolve(name, { paths: [path.resolve(generated)] }));
const thrift = at('thrift');
const Int64 = at('node-int64');
const Echo = at('./Echo');
const { Everything, Missing, Options, Refused, Shape, Tree, Mood, Sample } = at('./everything_types');

const PATIENCE = 20000; // milliseconds for all of it

const LEAST = new Int64('0x8000000000000000');
const MOST = new Int64('0x7fffffffffffffff');
const bytes = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
const point = (x, label) => ({ x, y: -x, label });
// By its class: the compiler's constructors leave what is in a list of the struct's own type as it is.
const tree = (value, branches, above) => new Tree({ value, branches, above });

// What each name means.
const samples = {
  [Sample.EMPTY]: {
    flag: false, tiny: 0, small: 0, narrow: 0, plain: 0, wide: new Int64(0), real: 0, text: '', bytes: Buffer.alloc(0),
    mood: Mood.GOOD, point: { x: 0, y: 0 }, shape: { words: '' }, numbers: [], words: [], flags: {}, atlas: {}, grid: [], sets: {},
    stamp: new Int64(0), tree: tree(0, []), reals: [], moods: [], needed: 0, late: false, far: 0,
  },
  [Sample.LOW]: {
    flag: false, tiny: -128, small: -1, narrow: -32768, plain: -2147483648, wide: LEAST, real: -Infinity, text: 'low',
    bytes: Buffer.from([0]), mood: Mood.BLUE, point: point(-1), shape: { circle: -0.5 }, numbers: [LEAST], words: [''],
    flags: { '-2147483648': false }, atlas: { '': [] }, grid: [[], [false]], sets: { '': [] }, stamp: LEAST,
    tree: tree(-1, []), reals: [-1.5], moods: [Mood.BLUE], needed: -2147483648, maybe: '', late: false, far: -32768,
  },
  [Sample.HIGH]: {
    flag: true, tiny: 127, small: 1, narrow: 32767, plain: 2147483647, wide: MOST, real: Infinity, text: 'höchst 漢 🦀', bytes,
    mood: Mood.BAD, point: point(2, 'é'), shape: { line: [point(1), point(2, 'b')] },
    numbers: [...Array.from({ length: 20 }, (_, number) => new Int64(number)), MOST], words: ['a', 'z', 'é'],
    flags: { 0: false, 2147483647: true }, atlas: { a: [point(1), point(2, 'b')], 'é': [] },
    grid: [[true, false, true], Array(16).fill(true)], sets: { s: [-1, 2147483647] }, stamp: MOST,
    tree: tree(2147483647, [tree(1, []), tree(1, [])], tree(1, [])),
    reals: [0.5, Number.MAX_VALUE, 2.2250738585072014e-308], moods: [Mood.GOOD, Mood.BAD, Mood.BLUE],
    needed: 2147483647, maybe: 'é', late: true, far: 32767,
  },
};

// Without classes, absent fields, and what the library cannot read; so that it can be compared.
function bare(value) {
  if (value instanceof Int64) return BigInt.asIntN(64, BigInt('0x' + value.toOctetString()));
  if (Buffer.isBuffer(value)) return value.toString('hex');
  if (Array.isArray(value)) return value.map(element);
  if (value === null || typeof value !== 'object') return value;
  const present = Object.entries(value).filter(([, inner]) => inner !== null && inner !== undefined);
  const one = Object.getPrototypeOf(value) === Object.prototype ? element : bare; // a map, or a struct
  return Object.fromEntries(present.map(([name, inner]) => [name, one(inner)]));
}

const element = (value) => (spoken === 'compact' && typeof value === 'boolean' ? 'unread' : bare(value));

const same = (came, wanted, what) => assert.deepStrictEqual(bare(came), bare(wanted), what);

async function values(client) {
  const wide = [LEAST, new Int64(-1), new Int64(0), new Int64(2 ** 35), MOST];
  const cases = {
    flag: [true, false],
    tiny: [-128, -1, 0, 127],
    narrow: [-32768, -1, 0, 32767],
    plain: [-2147483648, -1, 0, 63, 64, 2147483647],
    wide,
    stamp: wide,
    real: [0, 1.5, Number.MAX_VALUE, 5e-324, -Infinity, Infinity, NaN],
    text: ['', 'plain', '\0 é ü 漢字 🦀', 'x'.repeat(100000)],
    bytes: [Buffer.alloc(0), bytes],
    mood: [Mood.GOOD, Mood.BLUE, 77],
    shape: [{ circle: -0.25 }, { dot: point(7, 'seven') }, { line: [] }, { words: 'w' }].map((shape) => new Shape(shape)),
    tree: [tree(5, [tree(6, [])], tree(7, []))],
    numbers: [[], [LEAST, MOST], Array.from({ length: 10000 }, (_, number) => new Int64(number))],
    words: [[], ['', 'a', 'é']],
    flags: [{}, { '-1': true, 0: false }],
    atlas: [{}, { '': [], 'é': [point(1), point(2, 'b')] }],
    options: [{ plain: 9, needed: '' }, { plain: -9, maybe: 0, needed: 'n', several: [] }].map((options) => new Options(options)),
  };
  for (const [method, sent] of Object.entries(cases)) {
    for (const value of sent) same(await client[method](value), value, method);
  }
  assert.strictEqual((await client.options(new Options({ needed: '', plain: undefined }))).plain, 9);
  for (const [which, fields] of Object.entries(samples)) {
    const sample = () => new Everything(fields);
    same(await client.everything(sample()), sample(), `everything ${which}`);
    same(await client.sample(Number(which)), sample(), `sample ${which}`);
    assert.strictEqual(await client.same(Number(which), sample()), true, `same ${which}`);
    const other = sample();
    other.far = 0x1234;
    assert.strictEqual(await client.same(Number(which), other), false);
  }
}

async function exceptions(client) {
  await client.check(0);
  await assert.rejects(client.check(1), (thrown) => thrown instanceof Refused && thrown.code === -2147483648);
  await assert.rejects(client.check(2), (thrown) => {
    return thrown instanceof Missing && thrown.lost === 'a number' && thrown.known.join() === '0,1';
  });
  await assert.rejects(client.number(1), (thrown) => thrown instanceof Refused && thrown.why === 'it is refused, é');
  assert.strictEqual(await client.number(2), 2);
  await assert.rejects(client.fail('a secret'), (thrown) => {
    return thrown instanceof thrift.Thrift.TApplicationException && thrown.type === 6 && !thrown.message.includes('secret');
  });
}

async function oneway(client) {
  assert.strictEqual(await client.whoami(), 'oneloop');
  const before = await client.notes();
  for (let call = 0; call < 10; call += 1) client.note('é');
  assert.strictEqual(await client.notes(), before + 10);
}

async function pipelined(client) {
  const sums = await Promise.all(Array.from({ length: 200 }, (_, number) => client.sum(number, 1000)));
  sums.forEach((sum, number) => assert.strictEqual(sum, number + 1000));
}

// A method that there is not: the link lives on.
async function unknown(client) {
  const outcome = await new Promise((resolve) => {
    client._seqid = client.new_seqid();
    client._reqs[client.seqid()] = resolve;
    client.recv_nope = (input, kind, sequence) => {
      const exception = new thrift.Thrift.TApplicationException();
      exception.read(input);
      input.readMessageEnd();
      client._reqs[sequence](exception);
    };
    const output = new client.pClass(client.output);
    output.writeMessageBegin('nope', thrift.Thrift.MessageType.CALL, client.seqid());
    output.writeStructBegin('arguments');
    output.writeFieldStop();
    output.writeStructEnd();
    output.writeMessageEnd();
    client.output.flush();
  });
  assert.strictEqual(outcome.type, thrift.Thrift.TApplicationExceptionType.UNKNOWN_METHOD);
  assert.strictEqual(await client.sum(1, 2), 3);
}

async function main() {
  const connection = thrift.createConnection('127.0.0.1', Number(port), {
    transport: thrift.TFramedTransport,
    protocol: spoken === 'compact' ? thrift.TCompactProtocol : thrift.TBinaryProtocol,
  });
  connection.on('error', (error) => { throw error; });
  const client = thrift.createClient(Echo, connection);
  for (const part of [values, exceptions, oneway, pipelined, unknown]) await part(client);
  connection.end();
}

setTimeout(() => { throw new Error('it takes too long'); }, PATIENCE).unref();
main().catch((error) => {
  console.error(error);
  process.exit(1);
});
