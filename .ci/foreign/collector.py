"""Clients of other libraries, each as it is, log to the collector, and the collector forwards to a server of Apache's:

    collector.py SCRIBE GENERATED [--node FOLDER] [--pypi PYTHON] [--without NAME]...

SCRIBE is the demo. GENERATED has what `thrift` made of its interface for Python, and `collector`, the client in C++. FOLDER has npm's
scribe, PYTHON has PyPI's newest thrift. A library that is not installed has no turn, and that is said. Ends with 0 if all went well."""

import argparse
import importlib.util
import os
import queue
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import collector_ends

HERE = Path(__file__).resolve().parent
PATIENCE = 20  # seconds for anything to happen

parser = argparse.ArgumentParser()
parser.add_argument("scribe")
parser.add_argument("generated", type=Path)
parser.add_argument("--node")
parser.add_argument("--pypi")
parser.add_argument("--without", action="append", default=[])
arguments = parser.parse_args()
FRESH = {**os.environ, "PYTHONPATH": str(arguments.generated)}


class Collector:
    """The demo as a process, with a folder of its own."""

    def __init__(self, folder, configuration):
        self.folder = folder
        self.configuration = folder / "scribe.toml"
        self.configuration.write_text(configuration)
        command = [arguments.scribe, "--listen", "127.0.0.1:0", "--config", self.configuration, "--dir", folder]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.told = []
        lines = queue.Queue()
        for stream, put in [(self.process.stdout, lines.put), (self.process.stderr, self.told.append)]:
            threading.Thread(target=lambda stream=stream, put=put: [put(line) for line in stream], daemon=True).start()
        line = lines.get(timeout=PATIENCE)
        self.port = int(line.split(" listens on ")[1].rsplit(":", 1)[1])

    def __enter__(self):
        return self

    def __exit__(self, kind, *_):
        if kind:
            print("".join(self.told), end="", file=sys.stderr)
        self.process.kill()
        self.process.wait(PATIENCE)

    def ended(self):
        """It ends by itself, and well."""
        assert self.process.wait(PATIENCE) == 0, "".join(self.told)


def run(name, command, environment=None):
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=3 * PATIENCE)
    assert done.returncode == 0, f"{name}: {done.stdout}{done.stderr}"
    return done.stdout.strip()


def client(python, kind, *words, environment=None):
    return run(kind, [python, HERE / "collector_clients.py", *map(str, words)], environment)


def mgmt(port, order):
    return client(sys.executable, "mgmt", "mgmt", port, order, environment=FRESH)


def kept(folder):
    """What the files of each category hold, one behind the other."""
    found = {}
    for file in sorted(path for path in folder.glob("*/*") if not path.is_symlink()):
        try:
            found[file.parent.name] = found.get(file.parent.name, "") + file.read_text("latin-1")
        except FileNotFoundError:
            # A file that waits goes when it is sent.
            pass
    return found


def callers(port):
    """Has all of them log; what is due of them, and what they are called."""
    due = {}
    for form in ["strict", "old"]:
        pythons = {"debian": sys.executable, "pypi": arguments.pypi}
        for name, python in pythons.items():
            if not python:
                print(f"the collector, a client of PyPI's thrift, {form}: IGNORED, it cannot be installed")
                continue
            kind = f"{name}_{form}"
            client(python, kind, "official", port, kind, form, environment=FRESH)
            due |= collector_ends.due(kind)
            print(f"the collector, freshly generated Python, {name}'s thrift, {form}: well")
        kind = f"cpp_{form}"
        run(kind, [arguments.generated / "collector", str(port), kind, form])
        due |= collector_ends.due(kind)
        print(f"the collector, freshly generated C++, {form}: well")
        if not importlib.util.find_spec("thriftpy2"):
            print(f"the collector, thriftpy2, {form}: IGNORED, it cannot be installed")
        else:
            kind = f"thriftpy2_{form}"
            client(sys.executable, kind, "thriftpy2", port, kind, form)
            due |= collector_ends.due(kind)
            print(f"the collector, thriftpy2, {form}: well")
    if "facebook-scribe-py3" in arguments.without:
        print("the collector, facebook-scribe-py3: IGNORED, it cannot be installed")
    else:
        client(sys.executable, "facebook", "facebook", port, "facebook")
        due |= collector_ends.due("facebook")
        print("the collector, facebook-scribe-py3, old: well")
    if not arguments.node:
        print("the collector, npm's scribe: IGNORED, it cannot be installed")
    else:
        run("npm", ["node", HERE / "collector.js", arguments.node, str(port), "npm"])
        due |= collector_ends.due("npm")
        print("the collector, npm's scribe, old: well")
    return due


FILES = """
[[store]]
categories = ["default"]
type = "file"
folder = "logs"
"""


def files():
    """Everybody's lines are in the files, exactly."""
    with tempfile.TemporaryDirectory() as folder, Collector(Path(folder), FILES) as collector:
        due = callers(collector.port)
        found = kept(collector.folder / "logs")
        if arguments.node:
            (console,) = found.pop("npm_console").splitlines()
            assert console.endswith("one two, 3") and "\tINFO\t" in console, console
        assert found == due, {name for name in found | due if found.get(name) != due.get(name)}
        orders(collector)
        print("the collector, what fb303_simple_mgmt asks and orders: well")


def orders(collector):
    """Asked, told to read its configuration again, and to stop, by fb303."""
    port = collector.port
    assert mgmt(port, "status") == "ALIVE"
    assert mgmt(port, "name") == "Scribe"
    assert int(mgmt(port, "alive")) <= time.time() + 1
    assert "debian_strict_web:sent: 120" in mgmt(port, "counters").splitlines()
    mgmt(port, "version")
    # One that is wrong changes nothing, and is told of.
    good = FILES.replace('"logs"', '"moved"')
    collector.configuration.write_text(good.replace('"file"', '"flie"'))
    mgmt(port, "reload")
    until("it is warned", lambda: mgmt(port, "status") == "WARNING")
    client(sys.executable, "before", "log", port, "before", environment=FRESH)
    assert kept(collector.folder / "logs").items() >= collector_ends.due("before").items()
    collector.configuration.write_text(good)
    mgmt(port, "reload")
    until("it is mended", lambda: mgmt(port, "status") == "ALIVE")
    client(sys.executable, "after", "official", port, "after", "strict", environment=FRESH)
    assert kept(collector.folder / "moved") == collector_ends.due("after")
    mgmt(port, "stop")
    collector.ended()


def until(what, wish, found=lambda: ""):
    end = time.monotonic() + PATIENCE
    while not wish():
        assert time.monotonic() < end, f"{what}: not so: {found()}"


FORWARDS = """
check_interval = "100ms"
[[store]]
categories = ["default"]
type = "buffer"
retry_interval = "200ms"
retry_interval_range = "0s"
[store.primary]
type = "network"
host = "127.0.0.1"
port = {port}
[store.secondary]
type = "file"
folder = "waits"
"""


class Remote:
    """A scribe of Apache's, in the old form."""

    def __init__(self, command, folder, port=0):
        # Apache's C++ tells of its beginning on the standard error.
        self.process = subprocess.Popen(
            [*command, folder, str(port)],
            env=FRESH,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        self.port = int(self.process.stdout.readline())

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait(PATIENCE)


def forwards(name, command):
    """What clients log goes on to another scribe; and what it does not take, or is not there to take, when it does."""
    with tempfile.TemporaryDirectory() as folder:
        far, near = Path(folder, "far"), Path(folder, "near")
        far.mkdir()
        near.mkdir()
        due = collector_ends.due("debian_strict") | collector_ends.due("cpp_old")
        arrived = lambda: {file.name: file.read_text() for file in far.iterdir()}  # noqa: E731
        with Remote(command, far) as remote:
            port = remote.port
            with Collector(near, FORWARDS.format(port=port)) as collector:
                log = [sys.executable, HERE / "collector_clients.py", "log", str(collector.port)]
                run(name, [*log, "debian_strict"], FRESH)
                until("all has arrived", lambda: sizes(arrived()) == sizes(collector_ends.due("debian_strict")))
                # And that was heard of: what the other has and has not answered yet is sent again.
                until("nothing waits", lambda: not any(map(len, kept(near / "waits").values())))
                remote.process.kill()
                remote.process.wait(PATIENCE)
                run(name, [*log, "cpp_old"], FRESH)
                with Remote(command, far, port):
                    until("what has waited has arrived", lambda: sizes(arrived()) == sizes(due), lambda: sizes(arrived()))
                    assert arrived() == due
                    mgmt(collector.port, "stop")
                    collector.ended()
    print(f"the collector forwards to a scribe of {name}, old: well")


def sizes(found):
    return {name: len(text) for name, text in found.items()}


def main():
    files()
    forwards("Apache's Python", [sys.executable, HERE / "collector_server.py"])
    forwards("Apache's C++", [arguments.generated / "collector", "serve"])


main()
