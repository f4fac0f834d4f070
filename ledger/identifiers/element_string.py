"""GS1 element strings with bracketed AIs, `(01)09506000134352(21)12345`: GS1 General Specifications §4.1.

In a value, `\\(` is a literal bracket, as in the GS1 Syntax Engine. AIs that identify nothing (dates, weights) are
dropped unread. Raw barcode data with FNC1 separators is not read.
"""

from __future__ import annotations

import re

from ledger.errors import InvalidInput
from ledger.identifiers.item import Item, gs1_item
from ledger.identifiers.keys import KEYS, QUALIFIERS

_AI = re.compile(r"(?<!\\)\(([0-9]{2,4})\)")
_CONTAINED_GTIN = "02"


def parse_element_string(text: str) -> Item:
    before, *parts = _AI.split(text)
    values: dict[str, str] = {}
    for ai, value in zip(parts[::2], parts[1::2], strict=True):
        if ai in values:
            raise InvalidInput(f"({ai}) occurs twice", expected="each AI once")
        if not value:
            raise InvalidInput(f"({ai}) has no value", expected=f"({ai})value")
        values[ai] = value.replace("\\(", "(")
    keys = [ai for ai in values if ai in KEYS]
    if before or len(keys) != 1:
        raise InvalidInput(
            f"{text[:100]!a} names {len(keys)} items",
            expected="one GS1 key in brackets, as in (01)09506000134352(21)12345",
            advice="Give each item on its own" if len(keys) > 1 else "Begin with a key such as (01), (00) or (414)",
        )
    return gs1_item(keys[0], values[keys[0]], _qualifiers(values))


def _qualifiers(values: dict[str, str]) -> dict[str, str]:
    """None on a logistic label: there the lot is that of the contained trade items (02)."""
    if _CONTAINED_GTIN in values:
        return {}
    return {ai: value for ai, value in values.items() if ai in QUALIFIERS}
