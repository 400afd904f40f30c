"""Other libraries call the calculator demo, and it calls them: `foreign.py CALCULATOR INTERFACES GENERATED CPP`. GENERATED has what
`thrift --gen py` made of the interfaces; CPP is foreign.cpp as a program. thriftpy2, which reads the interfaces itself, has its turn if it
is installed. Ends with 0 if all went well."""

import socket
import subprocess
import sys
import threading

PATIENCE = 20  # seconds for anything to happen


def serve(calculator):
    """The server, and its port."""
    server = subprocess.Popen(
        [calculator, "serve", "--listen", "127.0.0.1:0"], stdout=subprocess.PIPE, text=True
    )
    line = server.stdout.readline()
    return server, int(line.rsplit(":", 1)[1])


def official(port, compact):
    from shared.ttypes import SharedStruct
    from calculator import Calculator
    from calculator.ttypes import InvalidOperation, Operation, Work
    from thrift.protocol import TBinaryProtocol, TCompactProtocol
    from thrift.Thrift import TApplicationException, TMessageType
    from thrift.transport import TSocket, TTransport

    plug = TSocket.TSocket("127.0.0.1", port)
    plug.setTimeout(PATIENCE * 1000)
    transport = TTransport.TFramedTransport(plug)
    if compact:
        protocol = TCompactProtocol.TCompactProtocol(transport)
    else:
        protocol = TBinaryProtocol.TBinaryProtocol(transport)
    client = Calculator.Client(protocol)
    transport.open()

    client.ping()
    assert client.add(1, -2) == -1
    assert client.calculate(7, Work(15, 10, Operation.SUBTRACT, "é")) == 5
    assert client.getStruct(7) == SharedStruct(7, "5"), "inherited"
    try:
        client.calculate(8, Work(15, 0, Operation.DIVIDE))
        raise AssertionError("nothing was thrown")
    except InvalidOperation as ouch:
        assert (ouch.whatOp, ouch.why) == (4, "nothing is divided by zero")
    client.zip()
    assert client.add(2, 2) == 4, "after a oneway call"

    # Many calls before the first answer, which come in order.
    for number in range(200):
        client.send_add(number, number)
    for number in range(200):
        assert client.recv_add() == 2 * number

    # A method that there is not: the link lives on.
    protocol.writeMessageBegin("nope", TMessageType.CALL, 0)
    Calculator.add_args(1, 2).write(protocol)
    protocol.writeMessageEnd()
    transport.flush()
    name, kind, _ = protocol.readMessageBegin()
    assert (name, kind) == ("nope", TMessageType.EXCEPTION)
    exception = TApplicationException()
    exception.read(protocol)
    protocol.readMessageEnd()
    assert exception.type == TApplicationException.UNKNOWN_METHOD
    assert client.add(3, 3) == 6
    transport.close()
    print(f"the official library, {'compact' if compact else 'binary'}: well")


def thriftpy(port, interfaces):
    try:
        import thriftpy2
        from thriftpy2.rpc import make_client
        from thriftpy2.protocol import TBinaryProtocolFactory, TCompactProtocolFactory
        from thriftpy2.transport import TFramedTransportFactory
    except ImportError:
        print("thriftpy2: ignored, it is not installed")
        return
    interface = thriftpy2.load(f"{interfaces}/calculator.thrift", module_name="calculator_thrift")
    for factory in [TBinaryProtocolFactory(), TCompactProtocolFactory()]:
        client = make_client(
            interface.Calculator,
            "127.0.0.1",
            port,
            proto_factory=factory,
            trans_factory=TFramedTransportFactory(),
            timeout=PATIENCE * 1000,
        )
        client.ping()
        assert client.add(1, -2) == -1
        work = interface.Work(num1=6, num2=7, op=interface.Operation.MULTIPLY)
        assert client.calculate(1, work) == 42
        assert client.getStruct(1).value == "42"
        try:
            client.calculate(1, interface.Work(num1=1, num2=0, op=interface.Operation.DIVIDE))
            raise AssertionError("nothing was thrown")
        except interface.InvalidOperation as ouch:
            assert ouch.whatOp == 4
        client.zip()
        client.close()
        print(f"thriftpy2, {type(factory).__name__}: well")


def python_server(compact):
    """The official library's server with the framed transport, in a thread; its port."""
    from shared.ttypes import SharedStruct
    from calculator import Calculator
    from calculator.ttypes import InvalidOperation, Operation
    from thrift.protocol import TBinaryProtocol, TCompactProtocol
    from thrift.server import TServer
    from thrift.transport import TSocket, TTransport

    class Target:
        def ping(self):
            pass

        def add(self, num1, num2):
            return num1 + num2

        def calculate(self, logid, w):
            if w.op == Operation.DIVIDE and w.num2 == 0:
                raise InvalidOperation(w.op, "nothing is divided by zero")
            return w.num1 * w.num2

        def getStruct(self, key):
            return SharedStruct(key, str(key))

        def zip(self):
            pass

    # Bound here, since the library does not tell which port it got.
    listener = socket.create_server(("127.0.0.1", 0))
    port = listener.getsockname()[1]
    listener.close()
    door = TSocket.TServerSocket("127.0.0.1", port)
    door.listen()
    door.listen = lambda: None
    factory = TCompactProtocol.TCompactProtocolFactory if compact else TBinaryProtocol.TBinaryProtocolFactory
    server = TServer.TThreadedServer(
        Calculator.Processor(Target()), door, TTransport.TFramedTransportFactory(), factory(), daemon=True
    )
    threading.Thread(target=server.serve, daemon=True).start()
    return port


def calls_them(calculator, port, compact, who):
    """The demo's client calls a server of theirs."""

    def call(*arguments):
        spoken = "compact" if compact else "binary"
        command = [calculator, *arguments, "--connect", f"127.0.0.1:{port}", "--protocol", spoken]
        done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE)
        return done.returncode, (done.stdout + done.stderr).strip()

    assert call("ping") == (0, "pong")
    assert call("add", "1", "-2") == (0, "-1")
    assert call("calculate", "1", "6", "x", "7") == (0, "42")
    assert call("calculate", "1", "6", "/", "0") == (1, "calculator: nothing is divided by zero")
    assert call("get", "5") == (0, "5")
    assert call("zip") == (0, "")
    print(f"our client and {who}'s server, {'compact' if compact else 'binary'}: well")


def cpp(calculator, port, program):
    for spoken in ["binary", "compact"]:
        subprocess.run([program, "call", spoken, str(port)], check=True, timeout=PATIENCE)
        print(f"the official library of C++, {spoken}: well")
        server = subprocess.Popen([program, "serve", spoken], stdout=subprocess.PIPE, text=True)
        try:
            theirs = int(server.stdout.readline())
            calls_them(calculator, theirs, spoken == "compact", "C++")
        finally:
            server.kill()
            server.wait()


def main():
    calculator, interfaces, generated, program = sys.argv[1:]
    sys.path.insert(0, generated)
    socket.setdefaulttimeout(PATIENCE)
    server, port = serve(calculator)
    try:
        for compact in [False, True]:
            official(port, compact)
            calls_them(calculator, python_server(compact), compact, "Python")
        thriftpy(port, interfaces)
        cpp(calculator, port, program)
    finally:
        server.terminate()
        assert server.wait(PATIENCE) == 0, "the server did not end well"


main()
