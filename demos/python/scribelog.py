"""Sends what a Python program logs to a collector that speaks scribe. Wants thriftpy2, of PyPI.

    import logging, scribelog
    logging.getLogger().addHandler(scribelog.Handler("shop"))

A thread of its own sends, in batches, and sends again what was not answered with OK, for ever: the program does not wait for the collector.
It waits when `waiting_max` records have not been sent, and at its end, for those that are left, `close_seconds` at most.
"""

import logging
import pathlib
import queue
import sys
import threading
import time

import thriftpy2
from thriftpy2.rpc import client_context
from thriftpy2.transport import TFramedTransportFactory

DEMOS = pathlib.Path(__file__).resolve().parent.parent
scribe = thriftpy2.load(
    str(DEMOS / "idl" / "scribe.thrift"),
    module_name="scribe_thrift",
    include_dirs=[str(DEMOS.parent / "src" / "fb303")],
)


class Handler(logging.Handler):
    """A record is a line of its category."""

    BATCH_MAX = 1000
    PAUSE_MIN_SECONDS = 0.1
    PAUSE_MAX_SECONDS = 10.0

    def __init__(self, category, host="127.0.0.1", port=1463, waiting_max=100_000, close_seconds=10.0):
        super().__init__()
        self.category, self.host, self.port = category, host, port
        self.close_seconds = close_seconds
        self.is_over = False
        self.waiting = queue.Queue(waiting_max)
        self.thread = threading.Thread(target=self._run, name=f"scribe {category}", daemon=True)
        self.thread.start()

    def emit(self, record):
        try:
            self.waiting.put(self.format(record) + "\n")
        except Exception:
            self.handleError(record)

    def close(self):
        end = time.monotonic() + self.close_seconds
        try:
            self.waiting.put(None, timeout=self.close_seconds)
        except queue.Full:
            pass
        self.thread.join(max(0.0, end - time.monotonic()))
        if self.thread.is_alive():
            print(f"scribe: not all records of {self.category} were taken", file=sys.stderr)
        super().close()

    def _run(self):
        batch, pause = [], self.PAUSE_MIN_SECONDS
        while self._fill(batch):
            try:
                with client_context(
                    scribe.scribe, self.host, self.port, trans_factory=TFramedTransportFactory()
                ) as client:
                    while self._fill(batch) and client.Log(batch) == scribe.ResultCode.OK:
                        pause = self.PAUSE_MIN_SECONDS
                        batch.clear()
            except Exception:  # whatever it is, the collector is away, and will be back
                pass
            if batch:
                time.sleep(pause)
                pause = min(pause * 2, self.PAUSE_MAX_SECONDS)

    def _fill(self, batch):
        """Waits for something to send, unless there is: False if there will be nothing any more."""
        while not self.is_over and len(batch) < self.BATCH_MAX and not (batch and self.waiting.empty()):
            line = self.waiting.get()
            if line is None:
                self.is_over = True
            else:
                batch.append(scribe.LogEntry(self.category, line))
        return bool(batch)
