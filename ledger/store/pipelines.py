"""Cleaning pipelines as they were written down: the newest is in force, none is ever changed."""

from __future__ import annotations

from sqlalchemy import Connection, func, select

from ledger.store.clock import now
from ledger.store.insert import insert
from ledger.store.quality_tables import cleaning_pipeline


def put(connection: Connection, digest: bytes, steps: str, *, by: str) -> None:
    """Put a pipeline in force: `steps` in canonical JSON, `digest` its SHA-256. One known before is in force again."""
    newest = select(func.max(cleaning_pipeline.c.created_at))
    # times order pipelines, so that no two of them may be equal
    at = max(now(), (connection.execute(newest).scalar() or 0) + 1)
    values = {"created_at": at, "created_by": by}
    statement = insert(connection, cleaning_pipeline).values(digest=digest, steps=steps, **values)
    connection.execute(statement.on_conflict_do_update(index_elements=["digest"], set_=values))


def in_force(connection: Connection) -> tuple[str, int, str] | None:
    """Its canonical JSON, since when (microseconds), and who said so; None if nobody ever did."""
    columns = cleaning_pipeline.c
    statement = (
        select(columns.steps, columns.created_at, columns.created_by).order_by(columns.created_at.desc()).limit(1)
    )
    row = connection.execute(statement).first()
    return None if row is None else (row.steps, row.created_at, row.created_by)


def by_digest(connection: Connection, digest: bytes) -> str | None:
    """The canonical JSON of the pipeline that a figure names."""
    statement = select(cleaning_pipeline.c.steps).where(cleaning_pipeline.c.digest == digest)
    return connection.execute(statement).scalar()
