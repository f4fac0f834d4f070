"""Sensor readings: `time, sensor, place or item, quantity_kind, value, unit`, all or nothing.

Each row belongs to exactly one place or item. The same reading twice is one reading; two values of one sensor, kind and
time contradict each other and are refused.
"""

from __future__ import annotations

import pandas as pd

from api.quality.columns import READING
from api.quality.intake.fields import UNIT, identifier, kind, one_line, refuse_unfit_units, unit
from api.quality.intake.layout import Layout
from api.quality.intake.table import Table
from api.quality.units import compatible, convert

_IDENTITY = ("time", "sensor", "quantity_kind")


def parse(table: Table) -> pd.DataFrame:
    """A frame with the columns `READING`."""
    has_item, has_place = table.filled("item"), table.filled("place")
    expected = "exactly one of item and place"
    table.refuse(has_item & has_place, "place", "both an item and a place are given", expected=expected)
    table.refuse(~has_item & ~has_place, "item", "neither an item nor a place is given", expected=expected)
    frame = pd.DataFrame(
        {
            "time": table.times("time"),
            "sensor": table.mapped("sensor", one_line, expected="the sensor's name or URI"),
            "item": table.mapped("item", identifier, expected="an identifier", required=False),
            "place": table.mapped("place", identifier, expected="an identifier", required=False),
            "quantity_kind": table.mapped("quantity_kind", kind, expected="a GS1 measurement type or a URI"),
            "value": table.numbers("value"),
            "unit": table.mapped("unit", unit, expected=UNIT),
        }
    )
    refuse_unfit_units(table, frame)
    _refuse_impossible_temperatures(table, frame)
    table.refuse_contradictions(frame, _IDENTITY, "value", what="reading of this sensor at this time")
    table.done()
    return frame.drop_duplicates(list(_IDENTITY)).reset_index(drop=True)[list(READING)]


READINGS = Layout("readings", ("time", "sensor", "quantity_kind", "value", "unit"), ("item", "place"), parse)


def _refuse_impossible_temperatures(table: Table, frame: pd.DataFrame) -> None:
    for code, rows in frame[frame["quantity_kind"] == "Temperature"].groupby("unit").groups.items():
        if compatible(str(code), "KEL"):
            impossible = frame.index.isin(rows)
            impossible[impossible] = convert(frame["value"].to_numpy()[impossible], str(code), "KEL") <= 0
            table.refuse(
                impossible,
                "value",
                "below absolute zero",
                expected="a temperature",
                advice="Loggers write such values for a broken probe: leave the row out.",
            )
