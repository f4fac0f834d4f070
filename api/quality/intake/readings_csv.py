"""Import of sensor readings from CSV: `time, sensor, place or item, quantity_kind, value, unit`, all or nothing.

Each row belongs to exactly one place or item. The same reading twice is one reading; two values of one sensor, kind and
time contradict each other and are refused.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from api.quality.columns import READING
from api.quality.intake.csv_table import CsvTable
from api.quality.intake.fields import identifier, kind, one_line, refuse_unfit_units, unit
from api.quality.units import compatible, convert

#: column header names; either of the optional two may be left out
REQUIRED = ("time", "sensor", "quantity_kind", "value", "unit")
OPTIONAL = ("item", "place")


def read_readings(data: bytes | str, *, source: str = "readings.csv") -> pd.DataFrame:
    """A frame with the columns `READING`; InvalidDocument names every problem, up to a hundred, by line and column."""
    table = CsvTable(data, source=source, required=REQUIRED, optional=OPTIONAL)
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
            "unit": table.mapped("unit", unit, expected="a UN/ECE Recommendation 20 code"),
        }
    )
    refuse_unfit_units(table, frame)
    _refuse_impossible_temperatures(table, frame)
    _refuse_contradictions(table, frame)
    table.done()
    return frame.drop_duplicates(["time", "sensor", "quantity_kind"]).reset_index(drop=True)[list(READING)]


def _refuse_impossible_temperatures(table: CsvTable, frame: pd.DataFrame) -> None:
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


def _refuse_contradictions(table: CsvTable, frame: pd.DataFrame) -> None:
    identity = ["time", "sensor", "quantity_kind"]
    again = frame.duplicated(identity) & frame[identity].notna().all(axis=1)
    same = frame.duplicated()
    table.refuse(
        np.asarray(again & ~same, dtype=bool),
        "value",
        "a second, different reading of this sensor at this time",
        expected="one value per sensor, quantity kind and time",
        advice="Give each probe a sensor name of its own, or remove the wrong row.",
    )
