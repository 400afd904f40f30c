"""Other Thrift libraries call servers of ours, and clients of ours call theirs, over the framed transport in both protocols. `.ci/run
foreign` runs it:

    run.py CALCULATOR PROGRAM GENERATED [--node FOLDER]

CALCULATOR is the demo, PROGRAM the tests of tests/foreign, whose ignored test is our end for the interface with every type. GENERATED has
what `thrift` made of both interfaces for Python, and the programs of C++, `tutorial` and `all_types`. FOLDER has what it made for Node,
and npm's thrift. A library that is not installed has no turn, and that is said. Ends with 0 if all went well.
"""

import argparse
import logging
import os
import socket
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent

parser = argparse.ArgumentParser()
parser.add_argument("calculator")
parser.add_argument("program")
parser.add_argument("generated", type=Path)
parser.add_argument("--node")
arguments = parser.parse_args()
sys.path.insert(0, str(arguments.generated))

import all_types  # noqa: E402
import tutorial  # noqa: E402
from ends import PATIENCE, spoken  # noqa: E402


class Calculator:
    """The demo at both ends."""

    what = "the calculator"
    peer = tutorial
    interface = ROOT / "demos/idl/calculator.thrift"
    foreign = "tutorial"

    def __enter__(self):
        self.server = subprocess.Popen(
            [arguments.calculator, "serve", "--listen", "127.0.0.1:0"], stdout=subprocess.PIPE, text=True
        )
        self.port = int(self.server.stdout.readline().rsplit(":", 1)[1])
        return self

    def __exit__(self, *_):
        self.server.terminate()
        assert self.server.wait(PATIENCE) == 0, "the server did not end well"

    def calls(self, port, compact, who):
        """Our client and a server of theirs."""

        def call(*words):
            command = [arguments.calculator, *words, "--connect", f"127.0.0.1:{port}", "--protocol", spoken(compact)]
            done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE)
            return done.returncode, (done.stdout + done.stderr).strip()

        assert call("ping") == (0, "pong")
        assert call("add", "1", "-2") == (0, "-1")
        assert call("calculate", "1", "6", "x", "7") == (0, "42")
        assert call("calculate", "1", "6", "/", "0") == (1, "calculator: nothing is divided by zero")
        assert call("get", "5") == (0, "5")
        assert call("zip") == (0, "")


class AllTypes:
    """The interface with every type: tests/foreign/program.rs at both ends."""

    what = "every type"
    peer = all_types
    interface = ROOT / "tests/foreign/everything.thrift"
    foreign = "all_types"
    command = [arguments.program, "--ignored", "--exact", "program::meets_other_libraries", "--nocapture"]

    def __enter__(self):
        environment = {**os.environ, "ONELOOP_FOREIGN": "serve"}
        self.server = subprocess.Popen(
            self.command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        line = ""
        while not line.startswith("foreign: port "):
            line = self.server.stdout.readline()
            assert line, "the server did not begin"
        self.port = int(line.rsplit(" ", 1)[1])
        return self

    def __exit__(self, *_):
        # The end of its input is what stops it.
        output, _ = self.server.communicate(timeout=PATIENCE)
        assert self.server.returncode == 0, f"the server did not end well: {output}"

    def calls(self, port, compact, who):
        """Our client and a server of theirs."""
        order = f"call {spoken(compact)} 127.0.0.1:{port}"
        environment = {**os.environ, "ONELOOP_FOREIGN": order}
        done = subprocess.run(
            self.command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=PATIENCE
        )
        # That it ran at all is seen by what it says.
        assert done.returncode == 0 and f"foreign: {who} serves" in done.stdout, done.stdout


def meets(ours):
    for compact in [False, True]:
        ours.peer.official(ours.port, compact)
        ours.calls(ours.peer.server(compact), compact, "Python")
        print(f"{ours.what}, our client and Python's server, {spoken(compact)}: well")
        cpp(ours, compact)
        node(ours, compact)
    thriftpy(ours)


def cpp(ours, compact):
    program = str(arguments.generated / ours.foreign)
    subprocess.run([program, "call", spoken(compact), str(ours.port)], check=True, timeout=PATIENCE)
    print(f"{ours.what}, the official library of C++, {spoken(compact)}: well")
    server = subprocess.Popen([program, "serve", spoken(compact)], stdout=subprocess.PIPE, text=True)
    try:
        ours.calls(int(server.stdout.readline()), compact, "C++")
    finally:
        server.kill()
        server.wait()
    print(f"{ours.what}, our client and C++'s server, {spoken(compact)}: well")


def node(ours, compact):
    script = HERE / f"{ours.foreign}.js"
    if not script.exists():
        return
    if not arguments.node:
        print(f"{ours.what}, npm's thrift, {spoken(compact)}: IGNORED, it is not installed")
        return
    command = ["node", "--no-deprecation", str(script), arguments.node, spoken(compact), str(ours.port)]
    subprocess.run(command, check=True, timeout=PATIENCE)
    print(f"{ours.what}, npm's thrift, {spoken(compact)}: well")


def thriftpy(ours):
    try:
        from thriftpy2.protocol import TBinaryProtocolFactory, TCompactProtocolFactory
    except ImportError:
        print(f"{ours.what}, thriftpy2: IGNORED, it is not installed")
        return
    for factory in [TBinaryProtocolFactory(), TCompactProtocolFactory()]:
        ours.peer.thriftpy(ours.port, str(ours.interface), factory)


socket.setdefaulttimeout(PATIENCE)
# Python's server logs what its target throws on purpose.
logging.disable()
for ours in [Calculator(), AllTypes()]:
    with ours:
        meets(ours)
