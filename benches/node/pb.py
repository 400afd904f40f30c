"""Both ends of Twisted's Perspective Broker: pb.py callee, or pb.py caller HOST:PORT. As `end.rs` says what ends do."""

import os
import sys
import threading
import time

from twisted.internet import defer, reactor
from twisted.spread import pb

BODY = b"x" * 1024


class Work(pb.Root):
    def remote_add(self, a, b):
        return a + b

    def remote_echo(self, body):
        return body


def say(line):
    print(line, flush=True)


def listen(told):
    def read():
        for line in sys.stdin:
            told(line.split())
        os._exit(0)

    threading.Thread(target=read, daemon=True).start()


def no_delay(factory):
    build = factory.buildProtocol

    def built(address):
        protocol = build(address)
        made = protocol.connectionMade

        def connected():
            protocol.transport.setTcpNoDelay(True)
            made()

        protocol.connectionMade = connected
        return protocol

    factory.buildProtocol = built
    return factory


def serve():
    port = reactor.listenTCP(0, no_delay(pb.PBServerFactory(Work())), interface="127.0.0.1")
    say(f"127.0.0.1:{port.getHost().port}")


@defer.inlineCallbacks
def call(address):
    host, port = address.split(":")
    factory = no_delay(pb.PBClientFactory())
    reactor.connectTCP(host, int(port), factory)
    work = yield factory.getRootObject()

    def begin(ask, in_flight, count):
        state = {"to_make": count, "open": 0, "began": time.perf_counter_ns()}

        def make():
            state["to_make"] -= 1
            if ask == "add":
                a = state["to_make"]
                answer, expected = work.callRemote("add", a, 2), a + 2
            else:
                answer, expected = work.callRemote("echo", BODY), BODY
            answer.addCallbacks(answered, failed, callbackArgs=(expected,))

        def answered(value, expected):
            if value != expected:
                failed(value)
            if state["to_make"] > 0:
                make()
                return
            state["open"] -= 1
            if state["open"] == 0:
                say(time.perf_counter_ns() - state["began"])

        first = min(in_flight, count)
        state["open"] = first
        for _ in range(first):
            make()

    def told(words):
        ask, in_flight, count = words
        reactor.callFromThread(begin, ask, int(in_flight), int(count))

    listen(told)
    say("ready")


def failed(why):
    print(why, file=sys.stderr, flush=True)
    os._exit(1)


def main():
    role = sys.argv[1]
    cores = os.cpu_count() or 1
    os.sched_setaffinity(0, {0 if role == "caller" else 1 % cores})
    if role == "callee":
        listen(lambda words: failed(words))
        reactor.callWhenRunning(serve)
    else:
        reactor.callWhenRunning(call, sys.argv[2])
    reactor.run()


main()
