"""Capture in two steps, as EPCIS 2.0's POST /capture has it: accept a document durably, then capture it.

Whatever is wrong with the document is said at once, before anything is kept, unless the submitter asks to `proceed`
past the events that are wrong. Once accepted, a document survives any kill: the next start runs its job again, and an
event that had been captured already stays one event.

What a job's failure means: an invalid document ends its job; a full disk or a locked file passes, so the job waits for
that, and those behind it too; anything else is a defect that this document meets, and must not keep the others waiting.
"""

from __future__ import annotations

import logging
import threading
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Literal

from sqlalchemy.exc import OperationalError

from ledger.capture import capture
from ledger.errors import InvalidDocument, InvalidInput, Problem, TooLarge
from ledger.events import StandaloneEvent, parse_json, read_document, read_events_each
from ledger.store import Store, jobs, organisations
from ledger.store.jobs import Job

log = logging.getLogger(__name__)

ErrorBehaviour = Literal["rollback", "proceed"]
Policy = Literal["sealed", "open"]
#: what to do with a JSON key that comes twice: refuse the document, or take the last one, if the submitter says so
DuplicateKeys = Literal["refuse", "last"]


@dataclass(frozen=True, slots=True)
class _Read:
    """A document's valid events, and what is wrong with the others."""

    events: list[StandaloneEvent]
    problems: list[Problem]
    #: of the document, bytes
    size: int


@dataclass(slots=True)
class CaptureJobs:
    """The jobs of one store, shared by threads.

    Documents just accepted are remembered as read, so that they are parsed only once; the newest ones, of `max_bytes`
    in all, since a document takes some ten times its size in memory.
    """

    store: Store
    max_bytes: int
    #: by job: why this process cannot capture it; the next start tries again
    stuck: dict[str, Problem] = field(default_factory=dict)
    _remembered: OrderedDict[str, _Read] = field(default_factory=OrderedDict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def accept(
        self,
        document: bytes,
        organisation_id: bytes,
        *,
        policy: Policy | None = None,
        error_behaviour: ErrorBehaviour = "rollback",
        duplicate_keys: DuplicateKeys = "refuse",
        source: str = "",
    ) -> str:
        """Check the document and keep it with a job that captures it; the job's id. Durable when this returns.

        Raises TooLarge, InvalidInput or InvalidDocument, and keeps nothing, for a document that cannot be captured.
        """
        if len(document) > self.max_bytes:
            raise TooLarge(
                f"the document has {len(document):,} bytes",
                where=source,
                expected=f"at most {self.max_bytes:,}",
                advice="Split its eventList into several documents, or raise LOTMARK_MAX_DOCUMENT_BYTES.",
            )
        read = _read(document, error_behaviour, duplicate_keys, source)
        with self.store.begin() as connection:
            organisations.get(connection, organisation_id)
            job_id = jobs.create(
                connection,
                organisation_id,
                document,
                policy=policy,
                error_behaviour=error_behaviour,
                duplicate_keys=duplicate_keys,
            )
            self._remember(job_id, read)  # nobody can run the job before the commit
        return job_id

    def run_unfinished(self, stop: threading.Event | None = None) -> int:
        """Capture every accepted document that is not captured yet, oldest first, until `stop`; how many there were.

        Not counted are those that are `stuck`. Raises OSError, OperationalError or MemoryError: then try again later.
        """
        with self.store.read() as connection:
            waiting = [job for job in jobs.unfinished(connection) if job.id not in self.stuck]
        for job in waiting:
            if stop is not None and stop.is_set():
                break
            self._run(job)
        return len(waiting)

    def _run(self, job: Job) -> None:
        try:
            self._capture(job)
        except InvalidInput as error:
            # names persons and was to be open, or was accepted by an older release
            with self.store.begin() as connection:
                jobs.finish(connection, job.id, captured=0, known=0, problems=error.problems, success=False)
        except (OSError, OperationalError, MemoryError):
            raise
        except Exception as error:  # a defect: whatever it is, the jobs behind this one go on
            log.exception("capture job %s is stuck", job.id)
            self.stuck[job.id] = Problem(
                f"failed with {type(error).__name__}",
                f"capture job {job.id}",
                advice="Its document is safe, and the next start tries again. The server's log has more.",
            )

    def _capture(self, job: Job) -> None:
        read = self._recall(job.id) or self._read_again(job)
        with self.store.read() as connection:
            policy = job.policy or organisations.get(connection, job.organisation_id).policy
        capture(
            self.store,
            job.organisation_id,
            read.events,
            is_open=policy == "open",
            job_id=job.id,
            problems=read.problems,
        )

    def _remember(self, job_id: str, read: _Read) -> None:
        with self._lock:
            self._remembered[job_id] = read
            while sum(each.size for each in self._remembered.values()) > self.max_bytes:
                self._remembered.popitem(last=False)

    def _recall(self, job_id: str) -> _Read | None:
        with self._lock:
            return self._remembered.pop(job_id, None)

    def _read_again(self, job: Job) -> _Read:
        with self.store.read() as connection:
            document = jobs.document(connection, job.id)
        return _read(document, job.error_behaviour, job.duplicate_keys)


def _read(document: bytes, error_behaviour: str, duplicate_keys: str, source: str = "") -> _Read:
    parsed = parse_json(document, source=source, duplicate_keys="last" if duplicate_keys == "last" else "refuse")
    if error_behaviour == "rollback":
        return _Read(read_document(parsed, source=source), [], len(document))
    each = read_events_each(parsed, source=source)
    events = [one for one in each if isinstance(one, StandaloneEvent)]
    problems = [problem for one in each if not isinstance(one, StandaloneEvent) for problem in one]
    if problems and not events:
        raise InvalidDocument(problems)
    return _Read(events, problems, len(document))
