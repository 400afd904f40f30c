// The interface in C++, freshly generated: a client that logs what collector_ends.py has, `collector PORT KIND strict|old`; and a scribe
// that takes what is forwarded, `collector serve FOLDER PORT`.

#include <fstream>

#include "ends.h"
#include "scribe.h"

static std::shared_ptr<apache::thrift::protocol::TProtocol> dial_as(bool strict, int port) {
    using namespace apache::thrift;
    auto socket = std::make_shared<transport::TSocket>("127.0.0.1", port);
    socket->setRecvTimeout(20000);
    auto framed = std::make_shared<transport::TFramedTransport>(socket);
    framed->open();
    // As scribe's own: neither read nor written strictly.
    return std::make_shared<protocol::TBinaryProtocol>(framed, 0, 0, strict, strict);
}

static scribe::LogEntry entry(const std::string &category, const std::string &message) {
    scribe::LogEntry made;
    made.category = category;
    made.message = message;
    return made;
}

// Puts each category in a file of its name. Of every three calls it takes two, and answers TRY_LATER to the third. (Of fb303 it has
// nothing: who forwards does not ask.)
class Target : public scribe::scribeNull {
public:
    explicit Target(const std::string &folder) : folder(folder) {}
    scribe::ResultCode::type Log(const std::vector<scribe::LogEntry> &messages) override {
        if (++calls % 3 == 0) {
            return scribe::ResultCode::TRY_LATER;
        }
        for (const auto &entry : messages) {
            std::ofstream(folder + "/" + entry.category, std::ios::app) << entry.message;
        }
        return scribe::ResultCode::OK;
    }

private:
    std::string folder;
    int calls = 0;
};

// As scribe's own server: non-blocking, framed, and strict in neither direction.
static int serve_scribe(const char *folder, int port) {
    using namespace apache::thrift;
    auto processor = std::make_shared<scribe::scribeProcessor>(std::make_shared<Target>(folder));
    auto factory = std::make_shared<protocol::TBinaryProtocolFactory>(0, 0, false, false);
    auto door = std::make_shared<transport::TNonblockingServerSocket>("127.0.0.1", port);
    server::TNonblockingServer server(processor, factory, door);
    server.setServerEventHandler(std::make_shared<Announce>(door));
    server.serve();
    return 0;
}

int main(int argc, char **argv) {
    expect(argc == 4, "three arguments");
    if (std::string(argv[1]) == "serve") {
        return serve_scribe(argv[2], std::atoi(argv[3]));
    }
    const bool strict = std::string(argv[3]) == "strict";
    const std::string kind = argv[2];
    auto protocol = dial_as(strict, std::atoi(argv[1]));
    scribe::scribeClient client(protocol);
    std::vector<scribe::LogEntry> mixed;
    for (int number = 0; number < 120; number++) {
        for (const char *name : {"_web", "_mail"}) {
            const std::string category = kind + name;
            mixed.push_back(entry(category, category + " " + std::to_string(number) + " " + std::string(number % 7, 'x') + "\n"));
        }
    }
    const size_t sizes[] = {1, 3, 16, 100};
    for (size_t start = 0, turn = 0; start < mixed.size(); turn++) {
        const size_t end = std::min(mixed.size(), start + sizes[turn % 4]);
        std::vector<scribe::LogEntry> batch(mixed.begin() + start, mixed.begin() + end);
        expect(client.Log(batch) == scribe::ResultCode::OK, "OK");
        start = end;
    }
    expect(client.Log({}) == scribe::ResultCode::OK, "nothing is OK");

    std::string text;
    client.getName(text);
    expect(text == "Scribe", "the name");
    expect(client.getStatus() == facebook::fb303::fb_status::ALIVE, "alive");
    client.getStatusDetails(text);
    expect(text.empty(), "no details");
    std::map<std::string, int64_t> counters;
    client.getCounters(counters);
    expect(counters[kind + "_web:received good"] == 120, "counters of a category");
    expect(counters["scribe_overall:sent"] >= 240, "counters of all");
    expect(client.getCounter(kind + "_mail:sent") == 120, "one counter");
    expect(client.getCounter("nope") == 0, "none");
    client.setOption(kind, "1");
    client.getOption(text, kind);
    expect(text == "1", "an option");
    expect(client.aliveSince() > 1700000000, "since when");
    call_nothing(*protocol);
    expect(client.getStatus() == facebook::fb303::fb_status::ALIVE, "the link lives on");
}
