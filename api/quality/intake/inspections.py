"""Inspections: one check of one characteristic of one item per row, all or nothing.

A variable has `value` and `unit`; an attribute has `passed` (yes or no), or counts: how many pieces were looked at
(`size`), how many failed (`nonconforming`), how many defects there were (`defects`). A row may have several of these.
`sample` tells the pieces of one inspection apart (a subgroup), `run` names the production run.
"""

from __future__ import annotations

import pandas as pd

from api.quality.columns import INSPECTION
from api.quality.intake.fields import UNIT, identifier, one_line, refuse, refuse_unfit_units, unit, words
from api.quality.intake.layout import Layout
from api.quality.intake.table import Table
from ledger.errors import InvalidInput

_IDENTITY = ("time", "item", "characteristic", "inspector", "sample")
_PASSED = {"true": "pass", "yes": "pass", "pass": "pass", "1": "pass", "false": "", "no": "", "fail": "", "0": ""}


def parse(table: Table) -> pd.DataFrame:
    """A frame with the columns `INSPECTION`; `passed` is True, False or None."""
    _refuse_empty(table)
    frame = pd.DataFrame(
        {
            "time": table.times("time"),
            "item": table.mapped("item", identifier, expected="an identifier"),
            "characteristic": table.mapped(
                "characteristic", one_line, expected="what was checked, such as bore_diameter"
            ),
            "value": table.numbers("value", required=False),
            "unit": table.mapped("unit", unit, expected=UNIT, required=False),
            "passed": table.mapped("passed", _passed, expected="yes or no", required=False),
            "inspector": words(table, "inspector", expected="a name"),
            "sample": words(table, "sample"),
            "size": table.counts("size", required=False),
            "nonconforming": table.counts("nonconforming", required=False),
            "defects": table.counts("defects", required=False),
            "run": table.mapped("run", one_line, expected="a production run", required=False),
        }
    )
    refuse_unfit_units(table, frame, "characteristic")
    refuse(table, frame["size"] == 0, "size", "nothing was looked at", expected="at least 1 piece")
    more = frame["nonconforming"] > frame["size"]
    refuse(table, more, "nonconforming", "more pieces failed than were looked at", expected="at most the size")
    table.refuse_contradictions(
        frame,
        _IDENTITY,
        "characteristic",
        what="result of this check at this time",
        advice="Number several pieces in the column sample, or remove the wrong row.",
    )
    table.done()
    verdicts = frame["passed"].map({"pass": True, "fail": False}).astype(object)
    frame["passed"] = verdicts.where(frame["passed"].notna(), None)
    return frame.drop_duplicates(list(_IDENTITY)).reset_index(drop=True)[list(INSPECTION)]


INSPECTIONS = Layout(
    "inspections",
    ("time", "item", "characteristic"),
    ("value", "unit", "passed", "inspector", "sample", "size", "nonconforming", "defects", "run"),
    parse,
)


def _refuse_empty(table: Table) -> None:
    value, unit_given, passed, size, nonconforming, defects = (
        table.filled(name) for name in ("value", "unit", "passed", "size", "nonconforming", "defects")
    )
    table.refuse(
        ~value & ~passed & ~nonconforming & ~defects,
        "value",
        "neither a value nor a verdict is given",
        expected="a value with its unit, passed, or a size with nonconforming or defects",
    )
    table.refuse(value & ~unit_given, "unit", "the value has no unit", expected=UNIT)
    table.refuse(unit_given & ~value, "value", "there is a unit without a value", expected="a number")
    table.refuse(
        (nonconforming | defects) & ~size,
        "size",
        "nobody knows how many pieces were looked at",
        expected="the number of pieces",
    )


def _passed(text: str) -> str:
    verdict = _PASSED.get(text.lower())
    if verdict is None:
        raise InvalidInput(f"{text!r} is not a verdict", expected="true or false, yes or no, pass or fail, 1 or 0")
    return verdict or "fail"
