"""Holds: a lot or item that must not go on, placed and released by someone, for a reason. One at a time per item."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row, select, update

from ledger.errors import Conflict, NotFound
from ledger.store.clock import now
from ledger.store.insert import chunks
from ledger.store.live_tables import hold


def place(
    connection: Connection, item: str, *, reason: str, by: str, cause_code: str = "", incident_id: int | None = None
) -> Row[Any]:
    """Raises Conflict if the item is held already."""
    if live_on(connection, [item]):
        raise Conflict(f"{item} is held already", advice="Release that hold first.")
    values = {"reason": reason, "placed_by": by, "cause_code": cause_code, "incident_id": incident_id}
    made = connection.execute(hold.insert().values(item=item, placed_at=now(), **values))
    (number,) = made.inserted_primary_key or (0,)
    return get(connection, int(number))


def release(connection: Connection, id: int, *, by: str, reason: str) -> Row[Any]:
    """Raises NotFound, and Conflict if it was released before."""
    if get(connection, id).released_at is not None:
        raise Conflict(f"hold {id} was released before")
    values = {"released_at": now(), "released_by": by, "release_reason": reason}
    connection.execute(update(hold).where(hold.c.id == id).values(**values))
    return get(connection, id)


def get(connection: Connection, id: int) -> Row[Any]:
    """Raises NotFound."""
    found = connection.execute(select(hold).where(hold.c.id == id)).one_or_none()
    if found is None:
        raise NotFound(f"there is no hold {id}", advice="GET /quality/holds lists them.")
    return found


def live_on(connection: Connection, items: Sequence[str]) -> list[Row[Any]]:
    """The holds that stand on any of these items, in order of the items."""
    return [
        row
        for some in chunks(sorted(set(items)))
        for row in connection.execute(
            select(hold).where(hold.c.item.in_(some), hold.c.released_at.is_(None)).order_by(hold.c.item)
        )
    ]


def released_on(connection: Connection, items: Sequence[str]) -> list[Row[Any]]:
    """The holds on any of these items that have ended, the last to end first."""
    found = [
        row
        for some in chunks(sorted(set(items)))
        for row in connection.execute(select(hold).where(hold.c.item.in_(some), hold.c.released_at.is_not(None)))
    ]
    return sorted(found, key=lambda row: row.released_at, reverse=True)


def any_live(connection: Connection) -> bool:
    return connection.scalar(select(hold.c.id).where(hold.c.released_at.is_(None)).limit(1)) is not None


def newest(
    connection: Connection, *, live: bool | None = None, item: str | None = None, before: int | None = None, limit: int
) -> list[Row[Any]]:
    """The newest first; `before` is the id that the page before ended with."""
    statement = select(hold).order_by(hold.c.id.desc()).limit(limit)
    if live is not None:
        statement = statement.where(hold.c.released_at.is_(None) if live else hold.c.released_at.is_not(None))
    if item is not None:
        statement = statement.where(hold.c.item == item)
    if before is not None:
        statement = statement.where(hold.c.id < before)
    return list(connection.execute(statement))
