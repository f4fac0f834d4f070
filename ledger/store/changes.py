"""What happened to incidents and holds, in order: kept for those who follow, and put into every webhook's outbox.

Written in the transaction of the change itself, so that nobody is told of what is not so, and nothing goes untold.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Row, delete, func, select

from ledger.store import webhooks
from ledger.store.clock import now
from ledger.store.live_tables import delivery, live_change, webhook

#: so many are kept for those who resume
KEPT = 10_000


def add(connection: Connection, event: str, payload: str) -> int:
    """Record a change (`payload` is JSON) and owe it to every webhook; its number."""
    at = now()
    made = connection.execute(live_change.insert().values(at=at, event=event, payload=payload))
    (number,) = made.inserted_primary_key or (0,)
    if number % 100 == 0:
        connection.execute(delete(live_change).where(live_change.c.id <= number - KEPT))
    body = f'{{"id":{number},"event":"{event}","data":{payload}}}'
    owed = [
        {"webhook_id": to, "payload": body, "created_at": at, "next_at": at}
        for to in connection.scalars(select(webhook.c.id))
    ]
    if owed:
        connection.execute(delivery.insert(), owed)
    if number % 100 == 0:
        webhooks.bound(connection)
    return int(number)


def after(connection: Connection, number: int, limit: int) -> list[Row[Any]]:
    """In order."""
    return list(
        connection.execute(select(live_change).where(live_change.c.id > number).order_by(live_change.c.id).limit(limit))
    )


def last(connection: Connection) -> int:
    return connection.scalar(select(func.max(live_change.c.id))) or 0


def first(connection: Connection) -> int:
    """The oldest that is kept; 0 if there is none."""
    return connection.scalar(select(func.min(live_change.c.id))) or 0
