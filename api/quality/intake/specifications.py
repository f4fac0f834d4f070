"""Specifications: what must be kept, where, and from when to when; residue limits and grades are specifications too.

`item` may be a serial item, a lot, a GTIN, or nothing for everything; `characteristic` a quantity kind, something
inspected, or an analyte; `market` nothing for everywhere. Valid from (inclusive) to (exclusive); either may be open.
"""

from __future__ import annotations

import pandas as pd

from api.quality.columns import SPECIFICATION
from api.quality.intake.fields import (
    UNIT,
    anyones,
    bounds,
    one_line,
    refuse_backwards,
    refuse_unfit_units,
    since_ever,
    unit,
    words,
    yes,
)
from api.quality.intake.layout import Layout
from api.quality.intake.table import Table

_IDENTITY = ("item", "characteristic", "market", "valid_from")


def parse(table: Table) -> pd.DataFrame:
    """A frame with the columns `SPECIFICATION` and `replaces`: whether one of the same start may be changed."""
    frame = pd.DataFrame(
        {
            "item": anyones(table),
            "characteristic": table.mapped(
                "characteristic", one_line, expected="a quantity kind, a characteristic or an analyte"
            ),
            "market": words(table, "market", expected="a market, such as EU"),
            "low": table.numbers("low", required=False),
            "target": table.numbers("target", required=False),
            "high": table.numbers("high", required=False),
            "unit": table.mapped("unit", unit, expected=UNIT),
            "valid_from": table.times("valid_from", required=False),
            "valid_to": table.times("valid_to", required=False),
            "source": words(table, "source", expected="who says so"),
            "replaces": yes(table, "replaces"),
        }
    )
    bounds(table, frame, "low", "target", "high")
    refuse_backwards(table, frame, "valid_from", "valid_to")
    refuse_unfit_units(table, frame, "characteristic")
    table.refuse_contradictions(
        since_ever(frame), _IDENTITY, "characteristic", what="specification with the same start of validity"
    )
    table.done()
    return frame.drop_duplicates(list(_IDENTITY)).reset_index(drop=True)[[*SPECIFICATION, "replaces"]]


SPECIFICATIONS = Layout(
    "specifications",
    ("item", "characteristic", "unit"),
    ("market", "low", "target", "high", "valid_from", "valid_to", "source", "replaces"),
    parse,
)
