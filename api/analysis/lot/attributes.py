"""What the events in which an item began say of it: best before, origin, variety … (ilmd), each thing once.

It is the word of whoever captured the event, and is not checked here against anything.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from api.quality import lot_attributes
from api.quality.plain import plain
from ledger.hexadecimal import hex_of
from ledger.trace import Trace

_SHOWN = ["attribute", "text", "value", "unit", "time"]


def attributes_of(trace: Trace, items: Collection[str]) -> list[dict[str, Any]]:
    """Of any of `items`, in the order in which it was said: attribute, text, value, unit, time."""
    standing = (one for one in trace.events if one.stands and '"ilmd"' in one.body_text)
    return said_of(items, ((hex_of(one.commitment), one.body) for one in standing))


def said_of(items: Collection[str], events: Iterable[tuple[str, Mapping[str, Any]]]) -> list[dict[str, Any]]:
    """The same from pairs of an event's name and its body."""
    found = lot_attributes(events)
    own: list[dict[str, Any]] = plain(found[found["item"].isin(items)][_SHOWN].drop_duplicates())
    return own
