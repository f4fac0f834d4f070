"""What items, places and parties are called, as far as this ledger knows: organisations, a demonstration's names."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import Connection

from ledger.store import meta, organisations

#: in the notes of the store: `{"showcase": [...], "names": {...}}`, complete once `names` is not empty
DEMONSTRATION = "demonstration"


def demonstration_in(connection: Connection) -> dict[str, Any] | None:
    """The note of the demonstration that is loaded; None where there is none."""
    noted = meta.get(connection, DEMONSTRATION)
    note: dict[str, Any] | None = json.loads(noted) if noted else None
    return note


def names_of(connection: Connection) -> dict[str, str]:
    """URI → name."""
    note = demonstration_in(connection)
    named: dict[str, str] = note["names"] if note else {}
    return {one.uri: one.name for one in organisations.list_all(connection)} | named
