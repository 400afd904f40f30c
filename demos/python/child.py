"""A child of the demo `workers`, with Thrift's official library: `python3 child.py HOST PORT`, the cluster's secret in ONELOOP_SECRET.
Needs what Apache's compiler makes of what nodes say to each other, and of the interface of its own:

    thrift --gen py -out . ../../src/node/wire.thrift && thrift --gen py -out . calc.thrift
"""

import hmac
import json
import os
import sys
import time
from struct import pack

from calc import Calc, Workers
from thrift.protocol.TBinaryProtocol import TBinaryProtocol
from thrift.protocol.TMultiplexedProtocol import TMultiplexedProtocol
from thrift.Thrift import TApplicationException, TException, TMessageType
from thrift.TMultiplexedProcessor import StoredMessageProtocol
from thrift.transport.TSocket import TSocket
from thrift.transport.TTransport import TFramedTransport
from wire import Oneloop
from wire.constants import VERSION


class Link(TBinaryProtocol):
    """A link to a root, which generated clients take. Whenever one waits for a reply, what the root calls meanwhile is served."""

    def __init__(self, host, port, secret, name, processor):
        plug = TSocket(host, port)
        plug.setTimeout(15_000)  # milliseconds of silence, of which the root lets pass 5,000 before a sign of life
        plug.open()
        super().__init__(TFramedTransport(plug))
        self.processors = {"": processor, "oneloop": Oneloop.Processor(self)}
        self.oneloop = Oneloop.Client(self, TMultiplexedProtocol(self, "oneloop"))
        instance, epoch, nonce = os.urandom(16), time.time_ns(), os.urandom(32)
        root = self.oneloop.hello(VERSION, name, instance, epoch, nonce, 5000, 1)
        said = [pack("!i", VERSION), name.encode(), instance, pack("!q", epoch), nonce, pack("!i", 5000), pack("!i", 1)]
        said += [pack("!i", root.version), root.name.encode(), root.instance, pack("!q", root.epoch), root.nonce]
        said += [pack("!i", root.heartbeat_ms)]

        def proof(side):
            fields = [f"oneloop node, proof of the {side}".encode(), *said]
            text = b"".join(pack("!I", len(field)) + field for field in fields)
            return hmac.digest(secret, text, "sha256") if secret else b""

        if not hmac.compare_digest(root.proof, proof("root")):
            raise TException("the root does not have our secret")
        self.oneloop.proof(proof("child"))

    def readMessageBegin(self):
        while (message := super().readMessageBegin())[1] in (TMessageType.CALL, TMessageType.ONEWAY):
            service, _, method = message[0].rpartition(":")
            self.processors.get(service, self.processors[""]).process(StoredMessageProtocol(self, (method, *message[1:])), self)
            if message[1] == TMessageType.ONEWAY:
                self.oneloop.heartbeat()  # whatever comes is answered, so that the root sees that we live
        return message

    def heartbeat(self):
        """That it came is all."""

    def cancel(self, sequence):
        """Nobody waits for that call any more. We serve one after the other, so it is answered by now, or will not be long."""


class Doer:
    """What the root calls."""

    def add(self, a, b):
        return a + b

    def divide(self, a, b):
        if b == 0:
            raise TApplicationException(1001, "nothing is divided by zero")
        return a // b

    def grow(self, shape, by):
        shape = json.loads(shape)
        if "Circle" in shape:
            shape["Circle"]["radius"] *= by
        else:
            shape["Square"] *= by
        return json.dumps(shape).encode()


def main(host, port):
    secret = os.environ.get("ONELOOP_SECRET", "").encode()
    while True:
        try:
            link = Link(host, int(port), secret, "calc", Calc.Processor(Doer()))
            print("up, with note", Workers.Client(link).note("a child in Python is up"), flush=True)
            link.readMessageBegin()  # serves as long as the link lasts
        except TException as why:
            print("down:", why, file=sys.stderr)
            time.sleep(1)


if __name__ == "__main__":
    main(*sys.argv[1:])
