"""The calculator demo and the libraries for Python: the official one as client and as server, thriftpy2 as client."""

from ends import PATIENCE, official_client, official_server, spoken


def official(port, compact):
    """The official client and our server."""
    from shared.ttypes import SharedStruct
    from calculator import Calculator
    from calculator.ttypes import InvalidOperation, Operation, Work
    from thrift.Thrift import TApplicationException, TMessageType

    client, transport, protocol = official_client(Calculator.Client, port, compact)
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
    print(f"the calculator, the official library, {spoken(compact)}: well")


def thriftpy(port, interface, factory):
    """thriftpy2 and our server."""
    import thriftpy2
    from thriftpy2.rpc import make_client
    from thriftpy2.transport import TFramedTransportFactory

    interface = thriftpy2.load(interface, module_name="calculator_thrift")
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
    print(f"the calculator, thriftpy2, {type(factory).__name__}: well")


def server(compact):
    """The official server; its port."""
    from shared.ttypes import SharedStruct
    from calculator import Calculator
    from calculator.ttypes import InvalidOperation, Operation

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

    return official_server(Calculator.Processor(Target()), compact)
