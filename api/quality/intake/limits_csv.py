"""Import of limits from CSV: within what an item, a lot, a GTIN or everything (an empty item) must stay."""

from __future__ import annotations

import numpy as np
import pandas as pd

from api.quality.columns import LIMIT
from api.quality.intake.csv_table import CsvTable
from api.quality.intake.fields import identifier, kind, refuse_unfit_units, unit

REQUIRED = ("item", "quantity_kind", "unit")
OPTIONAL = ("low", "high")


def read_limits(data: bytes | str, *, source: str = "limits.csv") -> pd.DataFrame:
    """A frame with the columns `LIMIT`; a bound that is not given is NaN."""
    table = CsvTable(data, source=source, required=REQUIRED, optional=OPTIONAL)
    frame = pd.DataFrame(
        {
            "item": table.mapped("item", identifier, expected="an identifier, or nothing", required=False).fillna(""),
            "quantity_kind": table.mapped("quantity_kind", kind, expected="a GS1 measurement type or a URI"),
            "low": table.numbers("low", required=False),
            "high": table.numbers("high", required=False),
            "unit": table.mapped("unit", unit, expected="a UN/ECE Recommendation 20 code"),
        }
    )
    table.refuse(
        ~table.filled("low") & ~table.filled("high"), "high", "no bound is given", expected="low, high, or both"
    )
    table.refuse(
        np.asarray(frame["low"] > frame["high"], dtype=bool), "low", "low is above high", expected="low at most high"
    )
    refuse_unfit_units(table, frame)
    again = frame.duplicated(["item", "quantity_kind"]) & frame["quantity_kind"].notna()
    table.refuse(
        np.asarray(again & ~frame.duplicated(), dtype=bool),
        "item",
        "a second, different limit for the same item and quantity kind",
        expected="one limit per item and quantity kind",
    )
    table.done()
    return frame.drop_duplicates(["item", "quantity_kind"]).reset_index(drop=True)[list(LIMIT)]
