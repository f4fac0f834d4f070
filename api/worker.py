"""The two background threads of a running ledger: one captures accepted documents, one records on the chain.

Both only do what the store says is still to do, so that a restart after any kill goes on where the last process was.
Threads, not tasks: both jobs are blocking work on SQLite and the chain, and must not hold up the event loop.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Sequence

from ledger.errors import LotmarkError, Problem
from ledger.ledger import Ledger

log = logging.getLogger(__name__)
_PAUSE_AFTER_DEFECT = 5.0
_PATIENCE = 3.0


class Worker:
    """Runs from `start` to `stop`, once."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._stop = threading.Event()
        self._accepted = threading.Event()
        #: by thread: what keeps it from going on
        self._problems: dict[str, tuple[Problem, ...]] = {}
        self._threads = [
            threading.Thread(target=self._guarded, args=(job,), name=job.__name__.strip("_"), daemon=True)
            for job in (self._capture, self._record)
        ]

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Let both finish the round they are in, unless they wait for a chain: nothing needs them to."""
        self._stop.set()
        self._accepted.set()
        deadline = time.monotonic() + _PATIENCE
        for thread in self._threads:
            thread.join(max(0.0, deadline - time.monotonic()))

    def wake(self) -> None:
        """A document was accepted."""
        self._accepted.set()

    @property
    def problems(self) -> list[Problem]:
        """What keeps events from being captured or recorded now."""
        return [problem for problems in self._problems.values() for problem in problems]

    def _guarded(self, job: Callable[[], None]) -> None:
        """Run `job` until it ends, which it does when told to stop; a defect is reported, and it is tried again."""
        name = threading.current_thread().name
        while not self._stop.is_set():
            try:
                job()
            except LotmarkError as error:
                log.error("%s: %s", name, error)
                self._problems[name] = tuple(error.problems)
            except Exception as error:  # a full disk, a defect: say so, and go on when it is mended
                log.exception("%s failed", name)
                self._problems[name] = (Problem(f"{name} failed: {error!r:.200}", advice="The server's log has more."),)
            self._stop.wait(_PAUSE_AFTER_DEFECT)

    def _capture(self) -> None:
        while not self._stop.is_set():
            self._accepted.clear()
            if not self._ledger.jobs.run_unfinished(self._stop):
                self._problems.pop("capture", None)
                self._accepted.wait(timeout=5)

    def _record(self) -> None:
        self._ledger.recorder.run(self._stop, pause=self._ledger.settings.batch_seconds, report=self._report)

    def _report(self, problems: Sequence[Problem]) -> None:
        """Log what is new, once."""
        known = self._problems.get("record", ())
        self._problems["record"] = tuple(problems)
        for problem in problems:
            if problem not in known:
                log.warning("%s", problem)
