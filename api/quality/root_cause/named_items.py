"""A file of items and whether they are bad: what somebody found, brought to the root cause analysis."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from api.quality.intake.csv_file import csv_table
from api.quality.intake.fields import identifier, yes
from ledger.errors import InvalidInput


@dataclass(frozen=True, slots=True)
class NamedItems:
    """Canonical URIs; an item named as bad once is bad."""

    bad: tuple[str, ...]
    good: tuple[str, ...]


def read_named_items(data: bytes | str, *, source: str = "") -> NamedItems:
    """From CSV with the column `item` and perhaps `bad` (yes or no; without it, all are bad).

    Raises InvalidDocument with every problem by line and column, InvalidInput where none is bad.
    """
    table = csv_table(data, source=source, required=("item",), optional=("bad",))
    items = table.mapped("item", identifier, expected="an identifier")
    said = table.filled("bad")
    bad = pd.Series(yes(table, "bad") if said.any() else ~said, index=items.index)
    table.done()
    named = dict.fromkeys(items[bad])
    if not named:
        raise InvalidInput("no item is named as bad", where=source, expected="at least one row that says bad: yes")
    return NamedItems(tuple(named), tuple(item for item in dict.fromkeys(items[~bad]) if item not in named))
