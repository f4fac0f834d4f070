"""Messages that could not be read, with the reason; the newest thousand."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Row, delete, func, select

from ledger.store.clock import now
from ledger.store.live_tables import dead_letter

KEPT = 1000
#: of each message, so many bytes
BEGINNING = 4096


def add(connection: Connection, source: str, payload: bytes, reason: str) -> None:
    values = {"source": source, "payload": payload[:BEGINNING], "size": len(payload), "reason": reason}
    made = connection.execute(dead_letter.insert().values(at=now(), **values))
    (number,) = made.inserted_primary_key or (0,)
    connection.execute(delete(dead_letter).where(dead_letter.c.id <= number - KEPT))


def newest(connection: Connection, limit: int) -> list[Row[Any]]:
    return list(connection.execute(select(dead_letter).order_by(dead_letter.c.id.desc()).limit(limit)))


def count(connection: Connection) -> int:
    """How many there ever were."""
    return connection.scalar(select(func.max(dead_letter.c.id))) or 0
