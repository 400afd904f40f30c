// Clients and servers of the official library of C++, over the framed transport.

#pragma once

#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>

#include <thrift/TApplicationException.h>
#include <thrift/protocol/TBinaryProtocol.h>
#include <thrift/protocol/TCompactProtocol.h>
#include <thrift/server/TNonblockingServer.h>
#include <thrift/transport/TBufferTransports.h>
#include <thrift/transport/TNonblockingServerSocket.h>
#include <thrift/transport/TSocket.h>

inline void expect(bool holds, const char *what) {
    if (!holds) {
        std::fprintf(stderr, "foreign: not so: %s\n", what);
        std::exit(1);
    }
}

// A protocol to this port.
inline std::shared_ptr<apache::thrift::protocol::TProtocol> dial(bool compact, int port) {
    using namespace apache::thrift;
    auto socket = std::make_shared<transport::TSocket>("127.0.0.1", port);
    socket->setRecvTimeout(20000);
    auto framed = std::make_shared<transport::TFramedTransport>(socket);
    framed->open();
    if (compact) {
        return std::make_shared<protocol::TCompactProtocol>(framed);
    }
    return std::make_shared<protocol::TBinaryProtocol>(framed);
}

// Calls a method that there is not. The link lives on.
inline void call_nothing(apache::thrift::protocol::TProtocol &protocol) {
    using namespace apache::thrift;
    protocol.writeMessageBegin("nope", protocol::T_CALL, 0);
    protocol.writeStructBegin("");
    protocol.writeFieldStop();
    protocol.writeStructEnd();
    protocol.writeMessageEnd();
    protocol.getTransport()->writeEnd();
    protocol.getTransport()->flush();
    std::string name;
    protocol::TMessageType type;
    int32_t sequence;
    protocol.readMessageBegin(name, type, sequence);
    TApplicationException exception;
    exception.read(&protocol);
    protocol.readMessageEnd();
    protocol.getTransport()->readEnd();
    expect(type == protocol::T_EXCEPTION && exception.getType() == TApplicationException::UNKNOWN_METHOD, "an unknown method");
}

// Prints the port when the server listens: it is not known before.
class Announce : public apache::thrift::server::TServerEventHandler {
public:
    explicit Announce(std::shared_ptr<apache::thrift::transport::TNonblockingServerSocket> door) : door(door) {}
    void preServe() override {
        std::printf("%d\n", door->getListenPort());
        std::fflush(stdout);
    }

private:
    std::shared_ptr<apache::thrift::transport::TNonblockingServerSocket> door;
};

// A non-blocking server that serves for ever.
inline void serve(bool compact, std::shared_ptr<apache::thrift::TProcessor> processor) {
    using namespace apache::thrift;
    std::shared_ptr<protocol::TProtocolFactory> factory;
    if (compact) {
        factory = std::make_shared<protocol::TCompactProtocolFactory>();
    } else {
        factory = std::make_shared<protocol::TBinaryProtocolFactory>();
    }
    auto door = std::make_shared<transport::TNonblockingServerSocket>("127.0.0.1", 0);
    server::TNonblockingServer server(processor, factory, door);
    server.setServerEventHandler(std::make_shared<Announce>(door));
    server.serve();
}
