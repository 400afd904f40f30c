"""The child in Python of demos/python and the demo `workers`, each calling the other: `children.py WORKERS GENERATED`. GENERATED has what
`thrift` made for Python of what nodes say to each other and of the child's interface. Ends with 0 if all went well."""

import json
import logging
import os
import queue
import selectors
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
PYTHON = ROOT / "demos/python"
sys.path[:0] = [sys.argv[2], str(PYTHON)]

import child  # noqa: E402
from calc import Calc, Workers  # noqa: E402
from ends import PATIENCE, official_client, spoken  # noqa: E402
from thrift.Thrift import TApplicationException, TException  # noqa: E402
from wire.ttypes import Refused, RefusedCode  # noqa: E402

SECRET = b"correct horse battery staple"
SILENCE = 15  # seconds after which a root gives up a child


class Process:
    """A process whose lines are awaited."""

    def __init__(self, *command):
        environment = {**os.environ, "ONELOOP_SECRET": SECRET.decode(), "PYTHONPATH": sys.argv[2]}
        # The library logs what a child throws on purpose, to the standard error.
        self.process = subprocess.Popen(
            command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )
        self.lines = queue.Queue()
        threading.Thread(target=self.read, daemon=True).start()

    def read(self):
        for line in self.process.stdout:
            self.lines.put(line.strip())

    def wait_for(self, beginning):
        """The rest of the next line, which has to begin so."""
        line = self.lines.get(timeout=PATIENCE)
        assert line.startswith(beginning), f"{line!r}, and not {beginning!r}"
        return line.removeprefix(beginning)


def thrown(kind, call, *arguments):
    try:
        call(*arguments)
    except kind as exception:
        return exception
    raise AssertionError("nothing was thrown")


def failed(call, *arguments):
    """Number and text of the exception that such a call is answered with."""
    exception = thrown(TApplicationException, call, *arguments)
    return exception.type, exception.message


def link(port, secret=SECRET, name="other", does=child.Doer):
    return child.Link("127.0.0.1", port, secret, name, Calc.Processor(does()))


def secrets(port, workers):
    """Who has another secret learns it from the root's proof; and who would go on is refused."""
    told = thrown(TException, link, port, b"a wrong horse battery staple")
    assert str(told) == "the root does not have our secret", told
    looks = child.hmac.compare_digest
    child.hmac.compare_digest = lambda *_: True
    refused = thrown(Refused, link, port, b"a wrong horse battery staple")
    child.hmac.compare_digest = looks
    assert (refused.code, refused.text) == (RefusedCode.PROOF, "its proof is wrong: it has another secret, or none"), refused
    workers.wait_for('"other" is refused (Proof): "its proof is wrong')


def root_calls(port):
    """Our server's calls, which the child answers, as their clients see them."""
    for compact in [False, True]:
        client, transport, _ = official_client(Calc.Client, port, compact)
        assert client.add(1, -2) == -1
        assert failed(client.divide, 1, 0) == (1001, "nothing is divided by zero")
        assert client.divide(42, 6) == 7
        circle = client.grow(json.dumps({"Circle": {"radius": 1.5}}).encode(), 2.0)
        assert json.loads(circle) == {"Circle": {"radius": 3.0}}
        for number in range(200):
            client.send_add(number, 1000)
        assert [client.recv_add() for _ in range(200)] == list(range(1000, 1200))
        transport.close()
        print(f"a node of ours calls a child in Python, its clients by {spoken(compact)}: well")


def child_calls(port, workers):
    """What a child calls at its root."""
    ours = link(port)
    workers.wait_for("other is up")
    root = Workers.Client(ours)
    begun = root.note("one")
    assert failed(root.note, "") == (1001, "it is empty, or there are too many")
    assert json.loads(root.shrink(json.dumps({"Square": 3}).encode(), 2.0)) == {"Square": 1.5}
    number, text = failed(root.shrink, b'{"Triangle": 1}', 2.0)
    assert number == TApplicationException.PROTOCOL_ERROR and "unknown variant `Triangle`" in text, text
    assert failed(Calc.Client(ours).add, 1, 2)[0] == TApplicationException.UNKNOWN_METHOD
    for number in range(200):
        root.send_note(f"note {number}")
    assert [root.recv_note() for _ in range(200)] == list(range(begun + 1, begun + 201))
    ours.trans.close()
    workers.wait_for("other is lost: ")
    print("a child in Python calls a node of ours: well")


def fails(clients, port, workers):
    """What a child fails with otherwise is not told. It is one that calls its root at the same time."""

    class Faulty(child.Doer):
        def add(self, a, b):
            raise ValueError("a secret")

    ours = link(port, name="calc", does=Faulty)
    workers.wait_for("calc is up")
    client, transport, protocol = official_client(Calc.Client, clients, False)
    client.send_add(1, 2)
    answered = selectors.DefaultSelector()
    answered.register(protocol.trans._TFramedTransport__trans.handle, selectors.EVENT_READ)
    while not answered.select(0):
        Workers.Client(ours).shrink(b'{"Square": 3}', 2.0)
    number, text = failed(client.recv_add)
    assert number == TApplicationException.INTERNAL_ERROR and "secret" not in text, text
    transport.close()
    ours.trans.close()
    workers.wait_for("calc is lost: ")


def killed(port, workers, calc, again):
    """A child that is killed with a call under way; then there is none; then there is another."""
    client, transport, _ = official_client(Calc.Client, port, False)
    calc.process.send_signal(signal.SIGSTOP)
    client.send_add(1, 2)
    calc.process.kill()
    assert calc.process.wait(PATIENCE) == -signal.SIGKILL
    workers.wait_for("calc is lost: ")
    # The root may have heard of the loss before it heard of the call.
    nobody = (1001, "no calc is there")
    fault = failed(client.recv_add)
    assert fault == nobody or fault[0] == TApplicationException.INTERNAL_ERROR, fault
    assert failed(client.add, 1, 2) == nobody
    calc = again()
    assert client.add(1, 2) == 3
    transport.close()
    print("a child in Python is killed and comes again: well")
    return calc


def lives(port, workers):
    """A child that has nothing to do gives signs of life."""
    time.sleep(SILENCE + 1)
    assert workers.lines.empty(), workers.lines.get()
    client, transport, _ = official_client(Calc.Client, port, False)
    assert client.add(1, 2) == 3
    transport.close()
    print("a child in Python that has nothing to do stays: well")


def main():
    text = (PYTHON / "child.py").read_text()
    shown = text[text.index("class Link") : text.index("class Doer")].strip()
    assert shown in (ROOT / "README.md").read_text(), "the README shows another child than demos/python/child.py"
    workers = Process(sys.argv[1], "--listen", "127.0.0.1:0", "--root", "127.0.0.1:0")
    calc = None
    try:
        children = int(workers.wait_for("workers listens for children on 127.0.0.1:"))
        clients = int(workers.wait_for("workers listens for clients on 127.0.0.1:"))

        def begin():
            process = Process(sys.executable, PYTHON / "child.py", "127.0.0.1", str(children))
            workers.wait_for("calc is up")
            assert int(process.wait_for("up, with note ")) > 0
            return process

        secrets(children, workers)
        fails(clients, children, workers)
        calc = begin()
        root_calls(clients)
        child_calls(children, workers)
        lives(clients, workers)
        calc = killed(clients, workers, calc, begin)
    finally:
        if calc:
            calc.process.kill()
        workers.process.terminate()
        assert workers.process.wait(PATIENCE) == 0, "the root did not end well"


# The same in our own process.
logging.disable()
main()
