// The calculator by the official library of C++: `foreign call binary|compact PORT` calls our server, `foreign serve binary|compact` is a
// non-blocking server that prints its port.

#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>

#include <thrift/protocol/TBinaryProtocol.h>
#include <thrift/protocol/TCompactProtocol.h>
#include <thrift/server/TNonblockingServer.h>
#include <thrift/transport/TBufferTransports.h>
#include <thrift/transport/TNonblockingServerSocket.h>
#include <thrift/transport/TSocket.h>

#include "Calculator.h"

using namespace apache::thrift;
using namespace apache::thrift::protocol;
using namespace apache::thrift::server;
using namespace apache::thrift::transport;

static void expect(bool holds, const char *what) {
    if (!holds) {
        std::fprintf(stderr, "foreign: not so: %s\n", what);
        std::exit(1);
    }
}

static void call(bool compact, int port) {
    auto socket = std::make_shared<TSocket>("127.0.0.1", port);
    socket->setRecvTimeout(20000);
    auto transport = std::make_shared<TFramedTransport>(socket);
    std::shared_ptr<TProtocol> protocol;
    if (compact) {
        protocol = std::make_shared<TCompactProtocol>(transport);
    } else {
        protocol = std::make_shared<TBinaryProtocol>(transport);
    }
    CalculatorClient client(protocol);
    transport->open();
    client.ping();
    expect(client.add(1, -2) == -1, "1 + -2");
    Work work;
    work.num1 = 6;
    work.num2 = 7;
    work.op = Operation::MULTIPLY;
    expect(client.calculate(3, work) == 42, "6 x 7");
    SharedStruct kept;
    client.getStruct(kept, 3);
    expect(kept.value == "42", "what was kept");
    work.num2 = 0;
    work.op = Operation::DIVIDE;
    try {
        client.calculate(3, work);
        expect(false, "an exception");
    } catch (const InvalidOperation &ouch) {
        expect(ouch.whatOp == 4, "the exception's field");
    }
    client.zip();
    for (int number = 0; number < 200; ++number) {
        client.send_add(number, number);
    }
    for (int number = 0; number < 200; ++number) {
        expect(client.recv_add() == 2 * number, "the order of the answers");
    }
    // A method that there is not: the link lives on.
    protocol->writeMessageBegin("nope", T_CALL, 0);
    protocol->writeStructBegin("");
    protocol->writeFieldStop();
    protocol->writeStructEnd();
    protocol->writeMessageEnd();
    transport->writeEnd();
    transport->flush();
    std::string name;
    TMessageType type;
    int32_t sequence;
    protocol->readMessageBegin(name, type, sequence);
    TApplicationException exception;
    exception.read(protocol.get());
    protocol->readMessageEnd();
    transport->readEnd();
    expect(type == T_EXCEPTION && exception.getType() == TApplicationException::UNKNOWN_METHOD, "an unknown method");
    expect(client.add(2, 2) == 4, "a call after it");
}

class Target : public CalculatorIf {
public:
    void getStruct(SharedStruct &kept, const int32_t key) override {
        kept.key = key;
        kept.value = std::to_string(key);
    }
    void ping() override {}
    int32_t add(const int32_t num1, const int32_t num2) override { return num1 + num2; }
    int32_t calculate(const int32_t, const Work &work) override {
        if (work.op == Operation::DIVIDE && work.num2 == 0) {
            InvalidOperation ouch;
            ouch.whatOp = work.op;
            ouch.why = "nothing is divided by zero";
            throw ouch;
        }
        return work.num1 * work.num2;
    }
    void zip() override {}
};

// Prints the port when the server listens: it is not known before.
class Announce : public TServerEventHandler {
public:
    explicit Announce(std::shared_ptr<TNonblockingServerSocket> door) : door(door) {}
    void preServe() override {
        std::printf("%d\n", door->getListenPort());
        std::fflush(stdout);
    }

private:
    std::shared_ptr<TNonblockingServerSocket> door;
};

static void serve(bool compact) {
    auto processor = std::make_shared<CalculatorProcessor>(std::make_shared<Target>());
    std::shared_ptr<TProtocolFactory> factory;
    if (compact) {
        factory = std::make_shared<TCompactProtocolFactory>();
    } else {
        factory = std::make_shared<TBinaryProtocolFactory>();
    }
    auto door = std::make_shared<TNonblockingServerSocket>("127.0.0.1", 0);
    TNonblockingServer server(processor, factory, door);
    server.setServerEventHandler(std::make_shared<Announce>(door));
    server.serve();
}

int main(int argc, char **argv) {
    expect(argc >= 3, "two arguments or three");
    bool compact = std::string(argv[2]) == "compact";
    if (std::string(argv[1]) == "serve") {
        serve(compact);
    } else {
        expect(argc == 4, "a port");
        call(compact, std::atoi(argv[3]));
    }
}
