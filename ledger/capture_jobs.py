"""Capture in two steps, as EPCIS 2.0's POST /capture has it: accept a document durably, then capture it.

Whatever is wrong with the document is said at once, before anything is kept, unless the submitter asks to `proceed`
past the events that are wrong. Once accepted, a document survives any kill: the next start runs its job again, and an
event that had been captured already stays one event.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Literal

from ledger.capture import capture
from ledger.errors import InvalidDocument, InvalidInput, Problem, TooLarge
from ledger.events import StandaloneEvent, parse_json, read_document, read_events_each
from ledger.store import Store, jobs, organisations
from ledger.store.jobs import Job

ErrorBehaviour = Literal["rollback", "proceed"]
Policy = Literal["sealed", "open"]
#: what to do with a JSON key that comes twice: refuse the document, or take the last one, if the submitter says so
DuplicateKeys = Literal["refuse", "last"]
_REMEMBERED = 8


@dataclass(frozen=True, slots=True)
class _Read:
    """A document's valid events, and what is wrong with the others."""

    events: list[StandaloneEvent]
    problems: list[Problem]


@dataclass(slots=True)
class CaptureJobs:
    """The jobs of one store; documents just accepted are remembered as read, so that they are parsed only once."""

    store: Store
    max_bytes: int
    _remembered: OrderedDict[str, _Read] = field(default_factory=OrderedDict)

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
        self._remembered[job_id] = read
        while len(self._remembered) > _REMEMBERED:
            self._remembered.popitem(last=False)
        return job_id

    def run_unfinished(self, stop: threading.Event | None = None) -> int:
        """Capture every accepted document that is not captured yet, oldest first, until `stop`; how many there were."""
        with self.store.read() as connection:
            waiting = jobs.unfinished(connection)
        for job in waiting:
            if stop is not None and stop.is_set():
                break
            self._run(job)
        return len(waiting)

    def _run(self, job: Job) -> None:
        try:
            read = self._remembered.pop(job.id, None) or self._read_again(job)
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
        except InvalidInput as error:
            # names persons and was to be open, or was accepted by an older release
            with self.store.begin() as connection:
                jobs.finish(connection, job.id, captured=0, known=0, problems=error.problems, success=False)

    def _read_again(self, job: Job) -> _Read:
        with self.store.read() as connection:
            document = jobs.document(connection, job.id)
        return _read(document, job.error_behaviour, job.duplicate_keys)


def _read(document: bytes, error_behaviour: str, duplicate_keys: str, source: str = "") -> _Read:
    parsed = parse_json(document, source=source, duplicate_keys="last" if duplicate_keys == "last" else "refuse")
    if error_behaviour == "rollback":
        return _Read(read_document(parsed, source=source), [])
    each = read_events_each(parsed, source=source)
    events = [one for one in each if isinstance(one, StandaloneEvent)]
    problems = [problem for one in each if not isinstance(one, StandaloneEvent) for problem in one]
    if problems and not events:
        raise InvalidDocument(problems)
    return _Read(events, problems)
