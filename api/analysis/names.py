"""What items, places and parties are called, as far as this ledger knows: organisations, a demonstration's names."""

from __future__ import annotations

import json

from sqlalchemy import Connection

from ledger.store import meta, organisations

#: in the store's notes, where a demonstration is loaded: `{"showcase": [...], "names": {...}}`
DEMONSTRATION = "demonstration"


def names_of(connection: Connection) -> dict[str, str]:
    """URI → name."""
    noted = meta.get(connection, DEMONSTRATION)
    named: dict[str, str] = json.loads(noted)["names"] if noted else {}
    return {one.uri: one.name for one in organisations.list_all(connection)} | named
