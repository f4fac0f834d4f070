"""The secrets file: one secret per event, and the home's own keys.

All functions but `orphans` take a connection to that file.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import Connection, delete, select

from ledger.store.insert import chunks, insert
from ledger.store.tables import event, event_secret
from ledger.store.tables import home_key as home_key_table

#: how many of the newest secrets are looked at for orphans at a time
_NEWEST = 10_000


def home_key(connection: Connection, name: str, fresh: bytes) -> bytes:
    """The home's key `name`; `fresh` becomes it if there is none yet."""
    connection.execute(insert(connection, home_key_table).values(name=name, key=fresh).on_conflict_do_nothing())
    key: bytes = connection.execute(select(home_key_table.c.key).where(home_key_table.c.name == name)).scalar_one()
    return key


def add(connection: Connection, secrets: Iterable[tuple[bytes, bytes]]) -> None:
    """Store (commitment, secret) pairs."""
    rows = [{"commitment": commitment, "secret": secret} for commitment, secret in secrets]
    if rows:
        connection.execute(event_secret.insert(), rows)


def get(connection: Connection, commitments: Sequence[bytes]) -> dict[bytes, bytes]:
    """The secrets of these events; those that were erased are absent."""
    found: dict[bytes, bytes] = {}
    for some in chunks(commitments):
        rows = connection.execute(
            select(event_secret.c.commitment, event_secret.c.secret).where(event_secret.c.commitment.in_(some))
        )
        found.update((commitment, secret) for commitment, secret in rows)
    return found


def erase(connection: Connection, commitments: Sequence[bytes]) -> int:
    """Delete the secrets of these events for ever; how many there were."""
    return sum(
        connection.execute(delete(event_secret).where(event_secret.c.commitment.in_(some))).rowcount
        for some in chunks(commitments)
    )


def newest(connection: Connection, before: int | None) -> dict[int, bytes]:
    """Some of the newest secrets' ids and commitments, all below the id `before`."""
    statement = select(event_secret.c.id, event_secret.c.commitment).order_by(event_secret.c.id.desc()).limit(_NEWEST)
    if before is not None:
        statement = statement.where(event_secret.c.id < before)
    return {id_: commitment for id_, commitment in connection.execute(statement)}


def orphans(connection: Connection, secrets: Mapping[int, bytes]) -> list[bytes]:
    """Which of these commitments no event bears. `connection` is to the content file."""
    commitments = list(secrets.values())
    known: set[bytes] = set()
    for some in chunks(commitments):
        known.update(connection.scalars(select(event.c.commitment).where(event.c.commitment.in_(some))))
    return [commitment for commitment in commitments if commitment not in known]
