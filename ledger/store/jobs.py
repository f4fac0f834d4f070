"""Capture jobs: the document as it came, durable before it is acknowledged, and what became of it.

Running a job twice is harmless, for capture is idempotent; a job is finished in the transaction that stores its events.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, Row, func, select, update

from ledger.errors import NotFound, Problem
from ledger.store.clock import now
from ledger.store.tables import capture_job


@dataclass(frozen=True, slots=True)
class Job:
    id: str
    organisation_id: bytes
    #: 'sealed', 'open', or None: the organisation's own
    policy: str | None
    #: EPCIS 2.0 §12.6: 'rollback' (all or nothing) or 'proceed' (the events that are valid)
    error_behaviour: str
    #: what a JSON key that comes twice means: 'refuse', or 'last' (the last one counts)
    duplicate_keys: str
    created_at: int
    finished_at: int | None
    success: bool
    captured: int
    known: int
    problems: tuple[Problem, ...]

    @classmethod
    def from_row(cls, row: Row[tuple[object, ...]]) -> Job:
        values = row._asdict()
        problems = tuple(Problem(**problem) for problem in json.loads(values.pop("errors")))
        return cls(problems=problems, **values)


_COLUMNS = [column for column in capture_job.c if column.name != "document"]


def create(
    connection: Connection,
    organisation_id: bytes,
    document: bytes,
    *,
    policy: str | None = None,
    error_behaviour: str = "rollback",
    duplicate_keys: str = "refuse",
) -> str:
    """Keep the document and the intent to capture it; the job's id. Answer 202 only after the commit."""
    id_ = str(uuid.uuid4())
    connection.execute(
        capture_job.insert().values(
            id=id_,
            organisation_id=organisation_id,
            policy=policy,
            error_behaviour=error_behaviour,
            duplicate_keys=duplicate_keys,
            document=document,
            created_at=now(),
        )
    )
    return id_


def get(connection: Connection, job_id: str) -> Job:
    row = connection.execute(select(*_COLUMNS).where(capture_job.c.id == job_id)).one_or_none()
    if row is None:
        raise NotFound(f"no capture job {job_id}")
    return Job.from_row(row)


def document(connection: Connection, job_id: str) -> bytes:
    """The document exactly as it came."""
    found: bytes | None = connection.scalar(select(capture_job.c.document).where(capture_job.c.id == job_id))
    if found is None:
        raise NotFound(f"no capture job {job_id}")
    return found


def unfinished(connection: Connection) -> list[Job]:
    """Jobs that were acknowledged and not finished, oldest first: what to run after a start."""
    statement = select(*_COLUMNS).where(capture_job.c.finished_at.is_(None)).order_by(capture_job.c.created_at)
    return [Job.from_row(row) for row in connection.execute(statement)]


def count_unfinished(connection: Connection) -> int:
    return connection.scalar(select(func.count()).where(capture_job.c.finished_at.is_(None))) or 0


def list_newest(
    connection: Connection, limit: int = 100, *, before: int | None = None, organisation_id: bytes | None = None
) -> list[Job]:
    """Newest first; `before` is the `created_at` of the last one seen; of one organisation, or of all."""
    statement = select(*_COLUMNS).order_by(capture_job.c.created_at.desc()).limit(limit)
    if before is not None:
        statement = statement.where(capture_job.c.created_at < before)
    if organisation_id is not None:
        statement = statement.where(capture_job.c.organisation_id == organisation_id)
    return [Job.from_row(row) for row in connection.execute(statement)]


def finish(
    connection: Connection, job_id: str, *, captured: int, known: int, problems: Sequence[Problem] = (), success: bool
) -> None:
    """Say what became of the job. `success` means what the job's error behaviour calls so."""
    errors = [{"message": p.message, "where": p.where, "expected": p.expected, "advice": p.advice} for p in problems]
    connection.execute(
        update(capture_job)
        .where(capture_job.c.id == job_id)
        .values(finished_at=now(), success=success, captured=captured, known=known, errors=json.dumps(errors))
    )
