"""The rules that run as readings arrive, as JSON by name."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Row, delete, select

from ledger.errors import Conflict, NotFound
from ledger.store.clock import now
from ledger.store.live_tables import live_rule


def add(connection: Connection, name: str, rule: str) -> None:
    """Raises Conflict if there is a rule of this name: a rule is never changed, for incidents name it."""
    if connection.scalar(select(live_rule.c.name).where(live_rule.c.name == name)) is not None:
        raise Conflict(f"there is a rule {name!r} already", advice="Remove it first, or take another name.")
    connection.execute(live_rule.insert().values(name=name, rule=rule, created_at=now()))


def remove(connection: Connection, name: str) -> None:
    """Raises NotFound."""
    if not connection.execute(delete(live_rule).where(live_rule.c.name == name)).rowcount:
        raise NotFound(f"there is no rule {name!r}")


def list_all(connection: Connection) -> list[Row[Any]]:
    return list(connection.execute(select(live_rule).order_by(live_rule.c.name)))
