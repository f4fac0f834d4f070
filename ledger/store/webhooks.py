"""Webhooks and what they are owed: delivered at least once, in order for each, and tried again later and later."""

from __future__ import annotations

import secrets
from typing import Any

from sqlalchemy import Connection, Row, delete, func, select, update

from ledger.errors import Conflict, NotFound
from ledger.store import meta
from ledger.store.clock import now
from ledger.store.live_tables import delivery, webhook

#: most webhooks of a home: each may keep one thread waiting
MOST = 32
#: of each webhook so many deliveries wait at most; looked at whenever a hundred changes were added
WAITING = 10_000
_SECOND = 1_000_000
_LONGEST = 600
_KEPT = 24 * 3600 * _SECOND


def add(connection: Connection, url: str) -> Row[Any]:
    """Raises Conflict if it is there, or there are too many."""
    known = list_all(connection)
    if any(one.url == url for one in known):
        raise Conflict(f"there is a webhook to {url} already")
    if len(known) >= MOST:
        raise Conflict(f"there are {MOST} webhooks already", advice="Remove one first.")
    values = {"url": url, "salt": secrets.token_bytes(16), "created_at": now()}
    made = connection.execute(webhook.insert().values(**values))
    (number,) = made.inserted_primary_key or (0,)
    return connection.execute(select(webhook).where(webhook.c.id == int(number))).one()


def remove(connection: Connection, id: int) -> None:
    """With all that it is owed. Raises NotFound."""
    meta.put(connection, _dropped_key(id), "0")
    if not connection.execute(delete(webhook).where(webhook.c.id == id)).rowcount:
        raise NotFound(f"there is no webhook {id}")


def list_all(connection: Connection) -> list[Row[Any]]:
    return list(connection.execute(select(webhook).order_by(webhook.c.id)))


def owed(connection: Connection, id: int) -> tuple[int, str | None]:
    """How many deliveries wait, and why the first of them failed last."""
    waiting = select(func.count()).where(delivery.c.webhook_id == id, delivery.c.delivered_at.is_(None))
    head = _heads().where(delivery.c.webhook_id == id).subquery()
    return connection.scalar(waiting) or 0, connection.scalar(select(head.c.last_error))


def dropped(connection: Connection, id: int) -> int:
    """How many deliveries were given up, for too many waited."""
    return int(meta.get(connection, _dropped_key(id)) or 0)


def bound(connection: Connection) -> None:
    """Give up the oldest deliveries of webhooks for which more than `WAITING` wait, and count them."""
    columns = delivery.c
    for webhook_id in connection.scalars(select(webhook.c.id)).all():
        waiting = (columns.webhook_id == webhook_id) & columns.delivered_at.is_(None)
        oldest = select(columns.id).where(waiting).order_by(columns.id.desc()).offset(WAITING).limit(1)
        last = connection.scalar(oldest)
        if last is not None:
            gone = connection.execute(delete(delivery).where(waiting, columns.id <= last)).rowcount
            meta.put(connection, _dropped_key(webhook_id), str(dropped(connection, webhook_id) + gone))


def due(connection: Connection, at: int) -> list[Row[Any]]:
    """The next delivery of each webhook, where it is time for it: id, webhook_id, url, salt, payload, attempts."""
    heads = _heads().subquery()
    return list(
        connection.execute(
            select(heads, webhook.c.url, webhook.c.salt)
            .join(webhook, webhook.c.id == heads.c.webhook_id)
            .where(heads.c.next_at <= at)
        )
    )


def next_at(connection: Connection) -> int | None:
    """When something is due next; None if nothing is owed."""
    return connection.scalar(select(func.min(_heads().subquery().c.next_at)))


def delivered(connection: Connection, id: int) -> None:
    """And forget what was delivered long ago."""
    at = now()
    connection.execute(update(delivery).where(delivery.c.id == id).values(delivered_at=at, last_error=None))
    connection.execute(delete(delivery).where(delivery.c.delivered_at < at - _KEPT))


def failed(connection: Connection, id: int, attempts: int, error: str) -> None:
    """After 1, 2, 4 … seconds it is tried again, at last every ten minutes."""
    wait = min(2**attempts, _LONGEST) * _SECOND
    values = {"attempts": attempts + 1, "next_at": now() + wait, "last_error": error}
    connection.execute(update(delivery).where(delivery.c.id == id).values(**values))


def _dropped_key(id: int) -> str:
    return f"webhook_dropped:{id}"


def _heads() -> Any:
    """Of each webhook, the oldest delivery that is still owed."""
    first = select(func.min(delivery.c.id)).where(delivery.c.delivered_at.is_(None)).group_by(delivery.c.webhook_id)
    return select(delivery).where(delivery.c.id.in_(first))
