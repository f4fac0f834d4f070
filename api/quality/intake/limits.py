"""Limits, the short form of specifications: within what an item, a lot, a GTIN or everything (no item) must stay."""

from __future__ import annotations

import pandas as pd

from api.quality.columns import LIMIT
from api.quality.intake.fields import UNIT, anyones, bounds, kind, refuse_unfit_units, unit
from api.quality.intake.layout import Layout
from api.quality.intake.table import Table

_IDENTITY = ("item", "quantity_kind")


def parse(table: Table) -> pd.DataFrame:
    """A frame with the columns `LIMIT`; a bound that is not given is NaN."""
    frame = pd.DataFrame(
        {
            "item": anyones(table),
            "quantity_kind": table.mapped("quantity_kind", kind, expected="a GS1 measurement type or a URI"),
            "low": table.numbers("low", required=False),
            "high": table.numbers("high", required=False),
            "unit": table.mapped("unit", unit, expected=UNIT),
        }
    )
    bounds(table, frame, "low", "high")
    refuse_unfit_units(table, frame)
    table.refuse_contradictions(frame, _IDENTITY, "item", what="limit for the same item and quantity kind")
    table.done()
    return frame.drop_duplicates(list(_IDENTITY)).reset_index(drop=True)[list(LIMIT)]


LIMITS = Layout("limits", ("item", "quantity_kind", "unit"), ("low", "high"), parse)
