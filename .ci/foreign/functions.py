"""Apache's Python library calls the functions demo by hand-written structs, with no interface: `functions.py FUNCTIONS`. Needs
python3-thrift alone. Ends with 0 if all went well."""

import subprocess
import sys

from thrift.protocol import TBinaryProtocol, TCompactProtocol
from thrift.Thrift import TApplicationException, TMessageType, TType
from thrift.transport import TSocket, TTransport

PATIENCE = 20  # seconds for anything to happen
WORDS = {TType.I32: "I32", TType.I64: "I64", TType.STRING: "String"}


def call(protocol, name, *arguments):
    """Calls with (type, value) as the fields 1 to n; the result's field 0, or None."""
    protocol.writeMessageBegin(name, TMessageType.CALL, 0)
    protocol.writeStructBegin("arguments")
    for number, (kind, value) in enumerate(arguments, 1):
        protocol.writeFieldBegin("", kind, number)
        getattr(protocol, "write" + WORDS[kind])(value)
        protocol.writeFieldEnd()
    protocol.writeFieldStop()
    protocol.writeStructEnd()
    protocol.writeMessageEnd()
    protocol.trans.flush()
    answered, message, _ = protocol.readMessageBegin()
    assert answered == name, answered
    if message == TMessageType.EXCEPTION:
        exception = TApplicationException()
        exception.read(protocol)
        raise exception
    result = None
    protocol.readStructBegin()
    while (field := protocol.readFieldBegin())[1] != TType.STOP:
        assert field[2] == 0, field
        result = getattr(protocol, "read" + WORDS[field[1]])()
        protocol.readFieldEnd()
    protocol.readStructEnd()
    protocol.readMessageEnd()
    return result


def refused(protocol, name, *arguments):
    """Number and text of the exception that such a call is answered with."""
    try:
        call(protocol, name, *arguments)
    except TApplicationException as exception:
        return exception.type, exception.message
    raise AssertionError("nothing was thrown")


def check(port, factory):
    plug = TSocket.TSocket("127.0.0.1", port)
    plug.setTimeout(PATIENCE * 1000)
    protocol = factory(TTransport.TFramedTransport(plug))
    protocol.trans.open()
    one, two, ann = (TType.I64, 1), (TType.I64, -2), (TType.STRING, "ann")
    assert call(protocol, "add", one, two) == -1
    assert call(protocol, "add", one, two, ann) == -1, "a field more is skipped"
    assert call(protocol, "greet", ann) == "hello ann"
    assert call(protocol, "greet", ann, (TType.STRING, "dr")) == "hello dr ann"
    assert call(protocol, "greeted") >= 2
    assert call(protocol, "nap", (TType.I32, 10)) is None
    assert refused(protocol, "nap", (TType.I32, -1)) == (1001, "nobody sleeps back")
    wrong = refused(protocol, "add", one, ann)
    assert wrong == (TApplicationException.PROTOCOL_ERROR, "arguments.2: string instead of i64")
    assert refused(protocol, "add", one)[0] == TApplicationException.PROTOCOL_ERROR
    assert refused(protocol, "nope")[0] == TApplicationException.UNKNOWN_METHOD
    assert call(protocol, "add", one, one) == 2, "the link lives on"
    protocol.trans.close()
    print(f"the official library calls functions, {factory.__name__}: well")


def main():
    command = [sys.argv[1], "--listen", "127.0.0.1:0"]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        port = int(server.stdout.readline().rsplit(":", 1)[1])
        for factory in [TBinaryProtocol.TBinaryProtocol, TCompactProtocol.TCompactProtocol]:
            check(port, factory)
    finally:
        server.terminate()
        assert server.wait(PATIENCE) == 0, "the server did not end well"


main()
