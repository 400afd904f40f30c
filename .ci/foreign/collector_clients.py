"""One client of the collector, in a process of its own since several libraries call their module `scribe`:

    collector_clients.py official PORT KIND strict|old     generated of demos/idl/scribe.thrift; found by PYTHONPATH
    collector_clients.py log PORT KIND                     the same, and asks nothing
    collector_clients.py thriftpy2 PORT KIND strict|old    which reads the interface itself
    collector_clients.py facebook PORT KIND                facebook-scribe-py3, as it is
    collector_clients.py mgmt PORT ORDER                   what fb303_simple_mgmt calls; generated, and found by PYTHONPATH

Each logs what collector_ends.py has, and looks at what it is answered. Ends with 0 if all went well."""

import sys
from pathlib import Path

import collector_ends

ROOT = Path(__file__).resolve().parent.parent.parent
PATIENCE = 20  # seconds for anything to happen
COUNT = collector_ends.COUNT


def dial(port, strict):
    """A transport and a protocol of the official library."""
    from thrift.protocol import TBinaryProtocol
    from thrift.transport import TSocket, TTransport

    plug = TSocket.TSocket("127.0.0.1", port)
    plug.setTimeout(PATIENCE * 1000)
    transport = TTransport.TFramedTransport(plug)
    transport.open()
    return transport, TBinaryProtocol.TBinaryProtocol(transport, strictRead=strict, strictWrite=strict)


def log_all(client, entry, kind, ok):
    for batch in collector_ends.batches(kind):
        assert client.Log([entry(category, text) for category, text in batch]) == ok
    assert client.Log([]) == ok


def base_service(client, kind, alive):
    """All of fb303 but for its orders."""
    assert client.getName() == "Scribe"
    assert isinstance(client.getVersion(), str)
    assert client.getStatus() == alive
    assert client.getStatusDetails() == ""
    counters = client.getCounters()
    for category in collector_ends.categories(kind):
        assert counters[f"{category}:received good"] == COUNT, counters
        assert counters[f"{category}:sent"] == COUNT, counters
        assert client.getCounter(f"{category}:sent") == COUNT
    assert counters["scribe_overall:received good"] >= 2 * COUNT
    assert client.getCounter("nope") == 0
    client.setOption(kind, "one")
    assert client.getOption(kind) == "one"
    assert client.getOption("nope") == ""
    assert client.getOptions()[kind] == "one"
    assert client.getCpuProfile(1) == ""
    assert client.aliveSince() > 1_700_000_000


def official(port, kind, form):
    from fb303.ttypes import fb_status
    from scribe import scribe
    from scribe.ttypes import LogEntry, ResultCode

    transport, protocol = dial(port, form == "strict")
    client = scribe.Client(protocol)
    log_all(client, lambda category, text: LogEntry(category.encode(), text.encode()), kind, ResultCode.OK)
    base_service(client, kind, fb_status.ALIVE)
    # Many before the first answer.
    for _ in range(200):
        client.send_Log([])
    assert {client.recv_Log() for _ in range(200)} == {ResultCode.OK}
    transport.close()


def log(port, kind):
    from scribe import scribe
    from scribe.ttypes import LogEntry, ResultCode

    transport, protocol = dial(port, True)
    entry = lambda category, text: LogEntry(category.encode(), text.encode())  # noqa: E731
    log_all(scribe.Client(protocol), entry, kind, ResultCode.OK)
    transport.close()


def thriftpy2(port, kind, form):
    import thriftpy2
    from thriftpy2.protocol import TBinaryProtocolFactory, TCyBinaryProtocolFactory
    from thriftpy2.rpc import make_client
    from thriftpy2.transport import TCyFramedTransportFactory, TFramedTransportFactory

    folders = [str(ROOT / "demos/idl"), str(ROOT / "src/fb303")]
    interface = thriftpy2.load(str(ROOT / "demos/idl/scribe.thrift"), module_name="scribe_thrift", include_dirs=folders)
    base = interface.fb303
    strict = {"strict_read": form == "strict", "strict_write": form == "strict"}
    pairs = [
        (TBinaryProtocolFactory(**strict), TFramedTransportFactory()),
        (TCyBinaryProtocolFactory(**strict), TCyFramedTransportFactory()),
    ]
    for number, (protocols, transports) in enumerate(pairs):
        client = make_client(
            interface.scribe,
            "127.0.0.1",
            port,
            proto_factory=protocols,
            trans_factory=transports,
            timeout=PATIENCE * 1000,
        )
        if number == 0:
            entry = lambda category, text: interface.LogEntry(category=category.encode(), message=text.encode())  # noqa: E731
            log_all(client, entry, kind, interface.ResultCode.OK)
        else:
            assert client.Log([]) == interface.ResultCode.OK
        base_service(client, kind, base.fb_status.ALIVE)
        client.close()


def facebook(port, kind):
    from fb303.ttypes import fb_status
    from scribe import scribe
    from scribe.ttypes import LogEntry, ResultCode

    assert Path(scribe.__file__).is_relative_to(sys.prefix), "it is the installed one"
    # As its documentation has it: in the old form.
    transport, protocol = dial(port, False)
    client = scribe.Client(protocol)
    log_all(client, lambda category, text: LogEntry(category=category, message=text), kind, ResultCode.OK)
    # Without those whose answer is a map: for these its code wants Python 2.
    assert client.getName() == "Scribe"
    assert client.getStatus() == fb_status.ALIVE
    assert client.getStatusDetails() == ""
    assert client.getCounter(f"{kind}_web:sent") == COUNT
    client.setOption(kind, "one")
    assert client.getOption(kind) == "one"
    assert client.aliveSince() > 1_700_000_000
    transport.close()


def mgmt(port, order):
    from fb303 import FacebookService
    from fb303.ttypes import fb_status

    transport, protocol = dial(port, True)
    client = FacebookService.Client(protocol)
    orders = {
        "status": lambda: fb_status._VALUES_TO_NAMES[client.getStatus()],
        "counters": lambda: "\n".join(f"{name}: {value}" for name, value in sorted(client.getCounters().items())),
        "name": client.getName,
        "version": client.getVersion,
        "alive": client.aliveSince,
        "reload": client.reinitialize,
        "stop": client.shutdown,
    }
    print(orders[order]())
    transport.close()


clients = {"official": official, "log": log, "thriftpy2": thriftpy2, "facebook": facebook, "mgmt": mgmt}
clients[sys.argv[1]](int(sys.argv[2]), *sys.argv[3:])
