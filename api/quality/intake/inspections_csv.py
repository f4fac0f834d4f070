"""Import of inspections from CSV: one check of one characteristic of one item per row, all or nothing.

A variable has `value` and `unit`; an attribute has `passed` (yes or no); a row may have both, where the gauge judges.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from api.quality.columns import INSPECTION
from api.quality.intake.csv_table import CsvTable
from api.quality.intake.fields import identifier, one_line, unit
from ledger.errors import InvalidInput

REQUIRED = ("time", "item", "characteristic")
OPTIONAL = ("value", "unit", "passed", "inspector")
_IDENTITY = ["time", "item", "characteristic", "inspector"]
_PASSED = {"true": "pass", "yes": "pass", "pass": "pass", "1": "pass", "false": "", "no": "", "fail": "", "0": ""}


def read_inspections(data: bytes | str, *, source: str = "inspections.csv") -> pd.DataFrame:
    """A frame with the columns `INSPECTION`; `passed` is True, False or None."""
    table = CsvTable(data, source=source, required=REQUIRED, optional=OPTIONAL)
    has_value, has_unit, has_passed = (table.filled(name) for name in ("value", "unit", "passed"))
    table.refuse(
        ~has_value & ~has_passed,
        "value",
        "neither a value nor a verdict is given",
        expected="a value with its unit, or passed",
    )
    table.refuse(has_value & ~has_unit, "unit", "the value has no unit", expected="a UN/ECE Recommendation 20 code")
    table.refuse(has_unit & ~has_value, "value", "there is a unit without a value", expected="a number")
    frame = pd.DataFrame(
        {
            "time": table.times("time"),
            "item": table.mapped("item", identifier, expected="an identifier"),
            "characteristic": table.mapped(
                "characteristic", one_line, expected="what was checked, such as bore_diameter"
            ),
            "value": table.numbers("value", required=False),
            "unit": table.mapped("unit", unit, expected="a UN/ECE Recommendation 20 code", required=False),
            "passed": table.mapped("passed", _passed, expected="yes or no", required=False),
            "inspector": table.mapped("inspector", one_line, expected="a name", required=False).fillna(""),
        }
    )
    again = frame.duplicated(_IDENTITY) & frame[["time", "item", "characteristic"]].notna().all(axis=1)
    table.refuse(
        np.asarray(again & ~frame.duplicated(), dtype=bool),
        "characteristic",
        "a second, different result of this check at this time",
        expected="one result per item, characteristic, inspector and time",
    )
    table.done()
    frame["passed"] = (
        frame["passed"].map({"pass": True, "fail": False}).astype(object).where(frame["passed"].notna(), None)
    )
    frame = frame.assign(sample="", size=None, nonconforming=None, defects=None, run=None)
    return frame.drop_duplicates(_IDENTITY).reset_index(drop=True)[list(INSPECTION)]


def _passed(text: str) -> str:
    verdict = _PASSED.get(text.lower())
    if verdict is None:
        raise InvalidInput(f"{text!r} is not a verdict", expected="true or false, yes or no, pass or fail, 1 or 0")
    return verdict or "fail"
