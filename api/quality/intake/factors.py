"""Factors: how much of an indicator (carbon, water, energy) one unit of an activity stands for; with their source.

They are the user's own: none are built in. Valid from (inclusive) to (exclusive); either may be open.
"""

from __future__ import annotations

import pandas as pd

from api.quality.columns import FACTOR
from api.quality.intake.fields import UNIT, one_line, refuse_backwards, since_ever, unit, words, yes
from api.quality.intake.layout import Layout
from api.quality.intake.table import Table

_IDENTITY = ("activity", "indicator", "valid_from")


def parse(table: Table) -> pd.DataFrame:
    """A frame with the columns `FACTOR` and `replaces`: whether one of the same start may be changed."""
    frame = pd.DataFrame(
        {
            "activity": table.mapped("activity", one_line, expected="an activity, such as diesel"),
            "indicator": table.mapped("indicator", one_line, expected="an indicator, such as carbon"),
            "factor": table.numbers("factor"),
            "unit": table.mapped("unit", unit, expected=UNIT),
            "per": table.mapped("per", one_line, expected="the indicator's unit, such as kgCO2e"),
            "source": words(table, "source", expected="where the factor is from"),
            "valid_from": table.times("valid_from", required=False),
            "valid_to": table.times("valid_to", required=False),
            "replaces": yes(table, "replaces"),
        }
    )
    refuse_backwards(table, frame, "valid_from", "valid_to")
    table.refuse_contradictions(since_ever(frame), _IDENTITY, "factor", what="factor with the same start of validity")
    table.done()
    return frame.drop_duplicates(list(_IDENTITY)).reset_index(drop=True)[[*FACTOR, "replaces"]]


FACTORS = Layout(
    "factors",
    ("activity", "indicator", "factor", "unit", "per"),
    ("source", "valid_from", "valid_to", "replaces"),
    parse,
)
