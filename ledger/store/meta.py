"""Named values of this store: which chain it belongs to, how far its follower knows the chain to be final."""

from __future__ import annotations

from sqlalchemy import Connection, select

from ledger.store.insert import insert
from ledger.store.tables import meta


def get(connection: Connection, name: str) -> str | None:
    return connection.scalar(select(meta.c.value).where(meta.c.name == name))


def put(connection: Connection, name: str, value: str) -> None:
    """Set, whether or not there was a value."""
    statement = insert(connection, meta).values(name=name, value=value)
    connection.execute(statement.on_conflict_do_update(index_elements=["name"], set_={"value": value}))
