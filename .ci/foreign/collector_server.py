"""A scribe of Apache's library for Python, to which the collector forwards: `collector_server.py FOLDER [PORT]`.

Framed, and in the old form both ways, as scribe itself. Prints its port; puts each category in a file of its name. Of every three calls it
takes two, and answers TRY_LATER to the third."""

import socket
import sys
from pathlib import Path

from scribe import scribe
from scribe.ttypes import ResultCode
from thrift.protocol import TBinaryProtocol
from thrift.server import TNonblockingServer
from thrift.transport import TSocket


class OldForm(TBinaryProtocol.TBinaryProtocol):
    """The library reads the name in an old header as bytes, and then knows no method of that name."""

    def readMessageBegin(self):
        name, kind, number = super().readMessageBegin()
        return (name.decode() if isinstance(name, bytes) else name), kind, number


class Factory(TBinaryProtocol.TBinaryProtocolFactory):
    def getProtocol(self, transport):
        return OldForm(transport, strictRead=False, strictWrite=False)


class Target:
    """Only what is called by who forwards."""

    def __init__(self, folder):
        self.folder = folder
        self.calls = 0

    def Log(self, messages):
        self.calls += 1
        if self.calls % 3 == 0:
            return ResultCode.TRY_LATER
        for entry in messages:
            with open(self.folder / entry.category.decode(), "ab") as file:
                file.write(entry.message)
        return ResultCode.OK


folder = Path(sys.argv[1])
port = int(sys.argv[2]) if len(sys.argv) > 2 else 0
if not port:
    # The library does not tell which port it got.
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
door = TSocket.TServerSocket("127.0.0.1", port)
server = TNonblockingServer.TNonblockingServer(scribe.Processor(Target(folder)), door, Factory(), Factory(), threads=1)
server.prepare()
print(port, flush=True)
server.serve()
