"""The background threads of a running ledger: one captures accepted documents, one records on the chain, and those of
`api.live`, which evaluate readings as they arrive and tell webhooks.

All of them only do what the store says is still to do, so that a restart after any kill goes on where the last was.
Threads, not tasks: their jobs are blocking work on SQLite and the chain, and must not hold up the event loop.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence

from sqlalchemy.exc import OperationalError

from api.live.service import Live
from api.reporting import MonthlyReports
from ledger.errors import LotmarkError, Problem
from ledger.ledger import Ledger
from ledger.recording import ChainRewritten

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
        self._problems: dict[str, tuple[Problem, ...]] = {"capture": (), "record": ()}
        self.live = Live(ledger.store, ledger.settings, ledger.home.path)
        self._living = [
            threading.Thread(target=self._guarded, args=(self._lively(job),), name=name, daemon=True)
            for name, job in self.live.jobs.items()
        ]
        self._reports = MonthlyReports(ledger.store, ledger.home.path, ledger.settings.reports)
        if self._reports.wanted:
            job = self._lively(self._reports.run)
            self._living.append(threading.Thread(target=self._guarded, args=(job,), name="reports", daemon=True))
        self._capturing = threading.Thread(target=self._guarded, args=(self._capture,), name="capture", daemon=True)
        self._recording = threading.Thread(target=self._guarded, args=(self._record,), name="record", daemon=True)

    def start(self) -> None:
        self.live.engine.begin()
        for thread in (self._capturing, self._recording, *self._living):
            thread.start()

    def stop(self) -> None:
        """Let both finish what they are at, but do not wait for a chain that does not answer.

        A capture is waited for: after it, the home may be given to another process, which would take the secrets of
        events that are not committed yet for those of a killed capture.
        """
        self._stop.set()
        self._accepted.set()
        self.live.wake()
        self._capturing.join()
        for thread in (self._recording, *self._living):
            thread.join(_PATIENCE)

    def wake(self) -> None:
        """A document was accepted."""
        self._accepted.set()

    @property
    def problems(self) -> list[Problem]:
        """What keeps events from being captured or recorded now."""
        of_threads = [problem for problems in self._problems.values() for problem in problems]
        return [*of_threads, *list(self._ledger.jobs.stuck.values()), *self.live.problems]

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
                self._problems[name] = (Problem(f"{name} failed: {_told(error)}", advice="The server's log has more."),)
            self._stop.wait(_PAUSE_AFTER_DEFECT)

    def _lively(self, job: Callable[[threading.Event], None]) -> Callable[[], None]:
        def run() -> None:
            self._problems[threading.current_thread().name] = ()
            job(self._stop)

        return run

    def _capture(self) -> None:
        while not self._stop.is_set():
            self._accepted.clear()
            if not self._ledger.jobs.run_unfinished(self._stop):
                self._problems["capture"] = ()
                self._accepted.wait(timeout=5)

    def _record(self) -> None:
        try:
            self._ledger.recorder.run(self._stop, pause=self._ledger.settings.batch_seconds, report=self._report)
        except ChainRewritten as error:  # not to be tried again: a person must look, and start again
            log.critical("recording has stopped: %s", error)
            self._problems["record"] = tuple(error.problems)
            self._stop.wait()

    def _report(self, problems: Sequence[Problem]) -> None:
        """Log what is new, once."""
        known = self._problems["record"]
        self._problems["record"] = tuple(problems)
        for problem in problems:
            if problem not in known:
                log.warning("%s", problem)


def _told(error: Exception) -> str:
    """What anybody may read: the system's words or the kind of error, never the values it was met with."""
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return str(error.orig) if isinstance(error, OperationalError) else type(error).__name__
