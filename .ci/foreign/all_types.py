"""The interface with every type, tests/foreign/everything.thrift, by the libraries for Python: the official one as client and as server,
thriftpy2 as client."""

import io
import math
import struct

from ends import PATIENCE, official_client, official_server, spoken

LEAST = {8: -(2**7), 16: -(2**15), 32: -(2**31), 64: -(2**63)}
MOST = {bits: -least - 1 for bits, least in LEAST.items()}
EVERY_BYTE = bytes(range(256))


def samples(types):
    """What each name means, by the classes of one library."""

    def point(x, label=None):
        return types.Point(x=x, y=-x, label=label)

    def tree(value, branches=(), above=None):
        return types.Tree(value=value, branches=list(branches), above=above)

    mood = types.Mood
    empty = types.Everything(
        flag=False, tiny=0, small=0, narrow=0, plain=0, wide=0, real=0.0, text="", bytes=b"", mood=mood.GOOD,
        point=types.Point(x=0, y=0), shape=types.Shape(words=""), numbers=[], words=set(), flags={}, atlas={}, grid=[], sets={},
        stamp=0, tree=tree(0), reals=[], moods=[], needed=0, late=False, far=0,
    )
    low = types.Everything(
        flag=False, tiny=LEAST[8], small=-1, narrow=LEAST[16], plain=LEAST[32], wide=LEAST[64], real=-math.inf, text="low",
        bytes=b"\0", mood=mood.BLUE, point=point(-1), shape=types.Shape(circle=-0.5), numbers=[LEAST[64]], words={""},
        flags={LEAST[32]: False}, atlas={"": []}, grid=[[], [False]], sets={"": set()}, stamp=LEAST[64], tree=tree(-1),
        reals=[-1.5], moods=[mood.BLUE], needed=LEAST[32], maybe="", late=False, far=LEAST[16],
    )
    high = types.Everything(
        flag=True, tiny=MOST[8], small=1, narrow=MOST[16], plain=MOST[32], wide=MOST[64], real=math.inf, text="höchst 漢 🦀",
        bytes=EVERY_BYTE, mood=mood.BAD, point=point(2, "é"), shape=types.Shape(line=[point(1), point(2, "b")]),
        numbers=[*range(20), MOST[64]], words={"a", "é", "z"}, flags={MOST[32]: True, 0: False},
        atlas={"a": [point(1), point(2, "b")], "é": []}, grid=[[True, False, True], [True] * 16], sets={"s": {-1, MOST[32]}},
        stamp=MOST[64], tree=tree(MOST[32], [tree(1), tree(1)], tree(1)), reals=[0.5, 1.7976931348623157e308, 2.2250738585072014e-308],
        moods=[mood.GOOD, mood.BAD, mood.BLUE], needed=MOST[32], maybe="é", late=True, far=MOST[16],
    )
    return {types.Sample.EMPTY: empty, types.Sample.LOW: low, types.Sample.HIGH: high}


def bits(number):
    return struct.pack("!d", number)


def bare(value):
    """Without classes, and sets as lists in their order: thriftpy2 reads them as lists."""
    if isinstance(value, (set, frozenset)):
        return sorted(value)
    if isinstance(value, list):
        return [bare(inner) for inner in value]
    if isinstance(value, dict):
        return {key: bare(inner) for key, inner in value.items()}
    return bare(vars(value)) if hasattr(value, "__dict__") else value


def values(types, client, seen=lambda value: value):
    whole = {"tiny": 8, "narrow": 16, "plain": 32, "wide": 64, "stamp": 64}
    cases = {method: [LEAST[size], -1, 0, 1, MOST[size]] for method, size in whole.items()}
    cases |= {
        "flag": [True, False],
        "text": ["", "plain", "\0 é ü 漢字 🦀 \U0010ffff", "ö" * 100_000],
        "bytes": [b"", EVERY_BYTE * 300],
        "mood": [types.Mood.GOOD, types.Mood.BLUE],
        "shape": [types.Shape(circle=-0.25), types.Shape(line=[]), types.Shape(words="")],
        "numbers": [[], [LEAST[64], MOST[64]], list(range(14)), list(range(15)), list(range(10_000))],
        "words": [set(), {"", "é"}, {str(number) for number in range(1000)}],
        "flags": [{}, {LEAST[32]: True, 0: False}],
        "options": [types.Options(plain=9, needed=""), types.Options(plain=-9, maybe=0, needed="n", several=[])],
    }
    for method, sent in cases.items():
        for value in sent:
            came = getattr(client, method)(value)
            assert seen(came) == seen(value), f"{method}: {came!r} for {value!r}"
    nan_that_says_something = struct.unpack("!d", bytes.fromhex("fff80000deadbeef"))[0]
    for number in [0.0, -0.0, 1.5, 5e-324, math.inf, -math.inf, nan_that_says_something]:
        assert bits(client.real(number)) == bits(number), number
    for which, value in samples(types).items():
        assert seen(client.everything(value)) == seen(value), which
        assert seen(client.sample(which)) == seen(value), which
        assert client.tree(value.tree) == value.tree
        assert client.atlas(value.atlas) == value.atlas
        assert client.same(which, value) is True
        value.far = 0x1234
        assert client.same(which, value) is False


def exceptions(types, client, application_exception):
    def thrown(call, kind):
        try:
            call()
        except kind as exception:
            return exception
        raise AssertionError("nothing was thrown")

    client.check(0)
    refused = types.Refused(code=LEAST[32], why="it is refused, é")
    for call in [client.check, client.number]:
        exception = thrown(lambda: call(1), types.Refused)
        assert (exception.code, exception.why) == (refused.code, refused.why)
    missing = thrown(lambda: client.check(2), types.Missing)
    assert (missing.lost, missing.known) == ("a number", ["0", "1"])
    assert client.number(2) == 2
    failure = thrown(lambda: client.fail("a secret"), application_exception)
    assert failure.type == 6 and "secret" not in str(failure), failure


def oneway(client):
    assert client.whoami() == "oneloop"
    before = client.notes()
    for _ in range(10):
        client.note("é")
    assert client.notes() == before + 10


def official(port, compact):
    """The official client and our server."""
    from everything import Echo, ttypes
    from thrift.Thrift import TApplicationException, TMessageType

    client, transport, protocol = official_client(Echo.Client, port, compact)
    values(ttypes, client)
    exceptions(ttypes, client, TApplicationException)
    oneway(client)
    for number in range(200):
        client.send_sum(number, 1000)
    for number in range(200):
        assert client.recv_sum() == number + 1000
    # A method that there is not: the link lives on.
    protocol.writeMessageBegin("nope", TMessageType.CALL, 0)
    Echo.everything_args(samples(ttypes)[ttypes.Sample.HIGH]).write(protocol)
    protocol.writeMessageEnd()
    transport.flush()
    name, kind, _ = protocol.readMessageBegin()
    exception = TApplicationException()
    exception.read(protocol)
    protocol.readMessageEnd()
    assert (name, kind, exception.type) == ("nope", TMessageType.EXCEPTION, TApplicationException.UNKNOWN_METHOD)
    assert client.sum(1, 2) == 3
    transport.close()
    print(f"every type, the official library, {spoken(compact)}: well")


def thriftpy(port, interface, factory):
    """thriftpy2 and our server."""
    import thriftpy2
    from thriftpy2.rpc import make_client
    from thriftpy2.thrift import TApplicationException, TMessageType
    from thriftpy2.transport import TFramedTransportFactory

    # It does not know `&`, without which the wire is the same.
    with open(interface, encoding="utf-8") as file:
        known = io.StringIO(file.read().replace(" &", ""))
    types = thriftpy2.load_fp(known, module_name="everything_thrift")
    client = make_client(
        types.Echo, "127.0.0.1", port, proto_factory=factory, trans_factory=TFramedTransportFactory(), timeout=PATIENCE * 1000
    )
    values(types, client, bare)
    exceptions(types, client, TApplicationException)
    oneway(client)
    # Many calls before the first answer, by what its own calls are made of.
    for number in range(200):
        client._send("sum", left=number, right=1000)
    for number in range(200):
        assert client._recv("sum") == number + 1000
    # A method that there is not: the link lives on.
    client._oprot.write_message_begin("nope", TMessageType.CALL, 0)
    client._oprot.write_struct(types.Echo.sum_args(left=1, right=2))
    client._oprot.write_message_end()
    client._oprot.trans.flush()
    try:
        client._recv("sum")
        raise AssertionError("nothing was thrown")
    except TApplicationException as exception:
        assert exception.type == TApplicationException.UNKNOWN_METHOD, exception
    assert client.sum(1, 2) == 3
    client.close()
    print(f"every type, thriftpy2, {type(factory).__name__}: well")


def server(compact):
    """The official server; its port."""
    from everything import Echo, ttypes

    class Target:
        def __init__(self):
            self.noted = 0

        def whoami(self):
            return "Python"

        def notes(self):
            return self.noted

        def sample(self, which):
            return samples(ttypes)[which]

        def same(self, which, value):
            return value == samples(ttypes)[which]

        def sum(self, left, right):
            return left + right

        def check(self, code):
            if code == 1:
                raise ttypes.Refused(LEAST[32], "it is refused, é")
            if code != 0:
                raise ttypes.Missing("a number", ["0", "1"])

        def number(self, code):
            if code == 1:
                raise ttypes.Refused(LEAST[32], "it is refused, é")
            return code

        def fail(self, why):
            raise ValueError(why)

        def note(self, text):
            self.noted += 1

    for method in [
        "flag", "tiny", "narrow", "plain", "wide", "real", "text", "bytes", "mood", "stamp", "shape", "tree", "numbers", "words",
        "flags", "atlas", "options", "everything",
    ]:
        setattr(Target, method, lambda self, value: value)
    return official_server(Echo.Processor(Target()), compact)
