"""Activity data: what an item, a production run or a place used from start to end: energy, water, fuel, fertiliser …"""

from __future__ import annotations

import pandas as pd

from api.quality.columns import ACTIVITY
from api.quality.intake.fields import UNIT, identifier, one_line, refuse, refuse_backwards, unit
from api.quality.intake.layout import Layout
from api.quality.intake.table import Table

_IDENTITY = ("subject", "activity", "start", "end")


def parse(table: Table) -> pd.DataFrame:
    """A frame with the columns `ACTIVITY`."""
    frame = pd.DataFrame(
        {
            "start": table.times("start"),
            "end": table.times("end"),
            "subject": table.mapped("subject", _subject, expected="an identifier, or a production run's name"),
            "activity": table.mapped("activity", one_line, expected="an activity, such as diesel"),
            "amount": table.numbers("amount"),
            "unit": table.mapped("unit", unit, expected=UNIT),
        }
    )
    refuse_backwards(table, frame, "start", "end")
    refuse(table, frame["amount"] < 0, "amount", "an amount below 0", expected="at least 0")
    table.refuse_contradictions(frame, _IDENTITY, "amount", what="amount of this activity in this time")
    table.done()
    return frame.drop_duplicates(list(_IDENTITY)).reset_index(drop=True)[list(ACTIVITY)]


ACTIVITIES = Layout("activities", ("start", "end", "subject", "activity", "amount", "unit"), (), parse)


def _subject(text: str) -> str:
    """A run's name as it stands; what looks like an identifier must be one."""
    return identifier(text) if ":" in text or text.startswith("(") else one_line(text)
