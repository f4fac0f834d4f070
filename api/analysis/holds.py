"""The holds that concern some items: those on them, and those on anything that they were made of or hold inside."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import Connection

from api.live.forms import hold_form
from ledger.errors import NotFound
from ledger.store import holds
from ledger.trace import trace

#: holds that are followed to what was made of them; the newest
_FOLLOWED = 200


def holds_of(connection: Connection, items: Collection[str], *, only_open: bool) -> list[dict[str, Any]]:
    """Per hold: the hold, `held_by` (the item that it is on) and `items`, those of these that it concerns.

    With `only_open`, as if there were no sealed events: neither they nor what only they name is shown.
    """
    wanted, found = set(items), []
    for row in holds.newest(connection, live=True, limit=_FOLLOWED):
        concerned = wanted & _made_of(connection, row.item, only_open=only_open)
        if concerned:
            found.append(hold_form(row) | {"held_by": row.item, "items": sorted(concerned)})
    return found


def _made_of(connection: Connection, item: str, *, only_open: bool) -> set[str]:
    """The item, and what it went into as far as events tell."""
    try:
        forward = trace(connection, item, direction="forward", only_open=only_open)
    except NotFound:
        return set() if only_open else {item}
    return {item, *(one.uri for one in forward.items)}
