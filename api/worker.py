"""The two background threads of a running ledger: one captures accepted documents, one records on the chain.

Both only do what the store says is still to do, so that a restart after any kill goes on where the last process was.
Threads, not tasks: both jobs are blocking work on SQLite and the chain, and must not hold up the event loop.
"""

from __future__ import annotations

import logging
import threading

from ledger.ledger import Ledger

log = logging.getLogger(__name__)


class Worker:
    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._stop = threading.Event()
        self._accepted = threading.Event()
        self._threads = [
            threading.Thread(target=self._capture, name="capture", daemon=True),
            threading.Thread(target=self._record, name="record", daemon=True),
        ]

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Let both finish the round they are in."""
        self._stop.set()
        self._accepted.set()
        for thread in self._threads:
            thread.join()

    def wake(self) -> None:
        """A document was accepted."""
        self._accepted.set()

    @property
    def alive(self) -> bool:
        return all(thread.is_alive() for thread in self._threads)

    def _capture(self) -> None:
        while not self._stop.is_set():
            self._accepted.clear()
            if not self._ledger.capture_accepted():
                self._accepted.wait(timeout=5)

    def _record(self) -> None:
        self._ledger.recorder.run(self._stop)
