"""The cards of models that were registered here: their bytes by their SHA-256, and since when. Never changed."""

from __future__ import annotations

import hashlib
from typing import Any

from sqlalchemy import Connection, Row, select

from ledger.store.clock import now
from ledger.store.insert import insert
from ledger.store.quality_tables import model


def add(connection: Connection, card: str) -> Row[Any]:
    """Register a card's text; the row of it, which is the first one's if it is there already."""
    digest = hashlib.sha256(card.encode()).digest()
    statement = insert(connection, model).values(card_digest=digest, card=card, registered_at=now())
    connection.execute(statement.on_conflict_do_nothing())
    return connection.execute(select(model).where(model.c.card_digest == digest)).one()


def list_all(connection: Connection) -> list[Row[Any]]:
    """The newest first."""
    return list(connection.execute(select(model).order_by(model.c.registered_at.desc(), model.c.card_digest)))
