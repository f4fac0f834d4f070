"""Incidents, as rows: one live one per cause, which the table itself enforces."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, func, select, update

from ledger.errors import NotFound
from ledger.store.insert import chunks
from ledger.store.live_tables import incident


def live_by_cause(connection: Connection, causes: Sequence[str]) -> dict[str, Row[Any]]:
    """The live incidents of these causes."""
    return {
        row.cause: row
        for some in chunks(causes)
        for row in connection.execute(
            select(incident).where(incident.c.cause.in_(some), incident.c.cleared_at.is_(None))
        )
    }


def live_causes(connection: Connection) -> list[str]:
    return list(connection.scalars(select(incident.c.cause).where(incident.c.cleared_at.is_(None))))


def count_live(connection: Connection) -> int:
    return connection.scalar(select(func.count()).where(incident.c.cleared_at.is_(None))) or 0


def put(connection: Connection, values: Mapping[str, Any], id: int | None = None) -> int:
    """Add an incident, or replace the one with this id; its id."""
    if id is not None:
        connection.execute(update(incident).where(incident.c.id == id).values(**values))
        return id
    (new,) = connection.execute(incident.insert().values(**values)).inserted_primary_key or (0,)
    return int(new)


def get(connection: Connection, id: int) -> Row[Any]:
    """Raises NotFound."""
    found = connection.execute(select(incident).where(incident.c.id == id)).one_or_none()
    if found is None:
        raise NotFound(f"there is no incident {id}", advice="GET /quality/incidents lists them.")
    return found


def newest(
    connection: Connection,
    *,
    live: bool | None = None,
    item: str | None = None,
    kind: str | None = None,
    before: int | None = None,
    limit: int = 100,
) -> list[Row[Any]]:
    """The newest first; `before` is the id that the page before ended with."""
    statement = select(incident).order_by(incident.c.id.desc()).limit(limit)
    if live is not None:
        statement = statement.where(incident.c.cleared_at.is_(None) if live else incident.c.cleared_at.is_not(None))
    if item is not None:
        statement = statement.where(incident.c.item == item)
    if kind is not None:
        statement = statement.where(incident.c.kind == kind)
    if before is not None:
        statement = statement.where(incident.c.id < before)
    return list(connection.execute(statement))


def between(connection: Connection, start: int, end: int, *, limit: int) -> list[Row[Any]]:
    """Those that were live at some time in [start, end), the newest first."""
    return list(
        connection.execute(select(incident).where(_live_in(start, end)).order_by(incident.c.id.desc()).limit(limit))
    )


def count_between(connection: Connection, start: int, end: int) -> int:
    return connection.scalar(select(func.count()).select_from(incident).where(_live_in(start, end))) or 0


def _live_in(start: int, end: int) -> ColumnElement[bool]:
    return (incident.c.opened_at < end) & (incident.c.cleared_at.is_(None) | (incident.c.cleared_at >= start))
