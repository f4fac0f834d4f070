"""A file of items and whether they are bad: what somebody found, brought to the root cause analysis."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd

from api.quality.intake.csv_file import csv_table
from api.quality.intake.fields import identifier, yes
from ledger.errors import InvalidInput


@dataclass(frozen=True, slots=True)
class NamedItems:
    """Canonical URIs; an item named as bad once is bad. `judged`: when, of those that say so."""

    bad: tuple[str, ...]
    good: tuple[str, ...]
    judged: Mapping[str, pd.Timestamp] = field(default_factory=dict)


def read_named_items(data: bytes | str, *, source: str = "") -> NamedItems:
    """From CSV with the column `item` and perhaps `bad` (yes or no; without it, all are bad) and `time`.

    What happened to an item after its `time` explains nothing; without it everything counts.

    Raises InvalidDocument with every problem by line and column, InvalidInput where none is bad.
    """
    table = csv_table(data, source=source, required=("item",), optional=("bad", "time"))
    items = table.mapped("item", identifier, expected="an identifier")
    said = table.filled("bad")
    times = table.times("time", required=False) if table.filled("time").any() else pd.Series(pd.NaT, index=items.index)
    bad = pd.Series(yes(table, "bad") if said.any() else ~said, index=items.index)
    table.done()
    named = dict.fromkeys(items[bad])
    if not named:
        raise InvalidInput("no item is named as bad", where=source, expected="at least one row that says bad: yes")
    good = tuple(item for item in dict.fromkeys(items[~bad]) if item not in named)
    judged = dict(zip(items[times.notna()], times.dropna(), strict=True))
    return NamedItems(tuple(named), good, judged)
