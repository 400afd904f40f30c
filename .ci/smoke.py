"""Drives a demo from outside: `smoke.py echo ECHO`, `smoke.py chat CHAT` or `smoke.py load LOAD ECHO` or `smoke.py game GAME CHAT CLUSTER`. Ends with 0 if all went well, else says what did not."""

import re
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time

PATIENCE = 20  # seconds for anything to happen

started = []


class Program:
    """A process whose output is collected line by line."""

    def __init__(self, *arguments):
        self.name = " ".join(arguments)
        self.process = subprocess.Popen(
            arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1
        )
        started.append(self.process)
        self.lines = []
        self.reader = threading.Thread(target=self._collect, daemon=True)
        self.reader.start()

    def _collect(self):
        for line in self.process.stdout:
            self.lines.append(line.rstrip("\n"))

    def say(self, line):
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()

    def wait_for(self, pattern, meanwhile=lambda: None):
        """The first line that matches; `meanwhile` is called every half second until there is one."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            meanwhile()
            for _ in range(50):
                for line in list(self.lines):
                    match = re.search(pattern, line)
                    if match:
                        return match
                check(self.process.poll() is None or self.reader.is_alive(), f"{self.name} ended; it had said {self.lines}")
                time.sleep(0.01)
        fail(f"{self.name} never said {pattern!r}; it said {self.lines}")

    def address(self):
        host, port = self.wait_for(r"\b(\d+\.\d+\.\d+\.\d+):(\d+)\b").groups()
        return host, int(port)

    def terminate(self):
        self.process.send_signal(signal.SIGTERM)
        try:
            code = self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            fail(f"{self.name} did not end on SIGTERM")
        check(code == 0, f"{self.name} ended with {code} on SIGTERM")


def fail(message):
    sys.exit(f"smoke: {message}")


def check(condition, message):
    if not condition:
        fail(message)


def frame(command, body):
    """A DataPack frame of the default magic and versions."""
    return bytes(9) + struct.pack(">II", len(body) + 4, command) + body


def receive(link, count):
    received = b""
    while len(received) < count:
        piece = link.recv(count - len(received))
        check(piece, f"the server closed after {received!r}")
        received += piece
    return received


def echo(program):
    server = Program(program, "--listen", "127.0.0.1:0")
    frames = [frame(101, b"hello"), frame(0, b""), frame(0xFFFFFFFF, bytes(range(256)) * 100)]
    with socket.create_connection(server.address(), timeout=PATIENCE) as link:
        for sent in frames:
            link.sendall(sent)
            check(receive(link, len(sent)) == sent, f"not echoed: {sent[:40]!r}")
        # All at once, cut within the first head.
        sent = b"".join(frames)
        link.sendall(sent[:7])
        time.sleep(0.1)
        link.sendall(sent[7:])
        check(receive(link, len(sent)) == sent, "not echoed: three frames at once")
    server.terminate()


def chat(program):
    server = Program(program, "server", "--listen", "127.0.0.1:0")
    address = "{}:{}".format(*server.address())
    ann, ben = (
        Program(program, "client", "--name", name, "--room", "lobby", "--connect", address) for name in ("ann", "ben")
    )
    # Said again until it is heard: what is said before both are in the room is rightly lost.
    ben.wait_for("good morning ben", lambda: ann.say("good morning ben"))
    ann.wait_for("good evening ann", lambda: ben.say("good evening ann"))
    for one in (ann, ben, server):
        one.terminate()


def load(program, echo_program):
    server = Program(echo_program, "--listen", "127.0.0.1:0")
    address = "{}:{}".format(*server.address())
    run = Program(program, "--connect", address, "--in-flight", "16", "--seconds", "1", "--warm-up", "0.2")
    replies = run.wait_for(r"^throughput +([\d,]+) replies/s").group(1)
    check(replies != "0", "there were no replies")
    check(run.process.wait(PATIENCE) == 0, f"{run.name} ended with {run.process.returncode}")
    # Nobody listens any more.
    server.terminate()
    late = Program(program, "--connect", address)
    check(late.process.wait(PATIENCE) == 1, f"{late.name} ended with {late.process.returncode} without a server")


def game(program, chat_program, cluster):
    """Four nodes and two people; each node is killed in turn and started again while they talk."""
    with open(cluster) as file:
        text = re.sub(r"(?m)^(netport|rootport) = \d+", lambda key: f"{key.group(1)} = {free_port()}", file.read())
    with tempfile.NamedTemporaryFile("w", suffix=".toml") as file:
        file.write(text)
        file.flush()
        game_by(program, chat_program, file.name)


def game_by(program, chat_program, cluster):
    names = ["chat-1", "net", "gate", "chat-2"]  # In any order.
    nodes = {name: Program(program, "--config", cluster, name) for name in names}
    for name in names:
        nodes[name].wait_for(f"^This is {name}")
    port = nodes["net"].address()[1]
    ann, ben = (Client(chat_program, "client", "--name", name, "--connect", f"127.0.0.1:{port}") for name in ("ann", "ben"))
    talk(ann, ben, "good morning")
    for name in ["net", "gate", "chat-1", "chat-2"]:
        complaints = [one.complaints() for one in (ann, ben)]
        nodes[name].process.kill()
        nodes[name].process.wait()
        ann.say(f"is {name} there?")
        time.sleep(1)  # Dead for a while.
        began = time.monotonic()
        nodes[name] = Program(program, "--config", cluster, name)
        # Until both hear each other.
        talk(ann, ben, f"{name} is there again")
        seconds = time.monotonic() - began
        more = [one.complaints() - before for one, before in zip((ann, ben), complaints)]
        print(f"smoke: {name} was killed; both talk again after {seconds:.2f} s, with {more[0]} and {more[1]} errors", flush=True)
        check(seconds < 10, f"that took {seconds} s")
    for one in (ann, ben):
        check(one.process.poll() is None, f"{one.name} ended; it had said {one.lines}")
        one.terminate()
    for name in names:
        nodes[name].terminate()


def free_port():
    """One that nobody listens on, unless somebody else takes it meanwhile."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


class Client(Program):
    """Somebody at the chat."""

    def complaints(self):
        return sum(line.startswith("!") for line in self.lines)


def talk(ann, ben, text):
    """Both say something until the other hears it."""
    counts = {}

    def say(one):
        counts[one] = counts.get(one, 0) + 1
        one.say(f"{text} {counts[one]}")

    ben.wait_for(f"^ann: {text}", lambda: say(ann))
    ann.wait_for(f"^ben: {text}", lambda: say(ben))


def main():
    demos = {"echo": (echo, 1), "chat": (chat, 1), "load": (load, 2), "game": (game, 3)}
    check(len(sys.argv) > 2 and sys.argv[1] in demos, __doc__)
    demo, programs = demos[sys.argv[1]]
    check(len(sys.argv) == 2 + programs, __doc__)
    # So that the processes below are ended, too.
    signal.signal(signal.SIGTERM, lambda *_: fail("interrupted"))
    try:
        demo(*sys.argv[2:])
        print(f"smoke: {sys.argv[1]} works")
    finally:
        for process in started:
            if process.poll() is None:
                process.kill()


if __name__ == "__main__":
    main()
