"""Production runs: what one machine or line made of one item in one go; times planned and lost in seconds."""

from __future__ import annotations

import numpy as np
import pandas as pd

from api.quality.columns import RUN
from api.quality.intake.fields import identifier, one_line, refuse, refuse_backwards, words
from api.quality.intake.layout import Layout
from api.quality.intake.table import Table


def parse(table: Table) -> pd.DataFrame:
    """A frame with the columns `RUN`. Nothing lost, nothing reworked and one opportunity are taken where not said."""
    frame = pd.DataFrame(
        {
            "run": table.mapped("run", one_line, expected="the run's name"),
            "equipment": table.mapped("equipment", one_line, expected="a name or URI"),
            "item": table.mapped("item", identifier, expected="an identifier"),
            "start": table.times("start"),
            "end": table.times("end"),
            "planned": table.numbers("planned"),
            "downtime": table.numbers("downtime", required=False),
            "total": table.counts("total"),
            "good": table.counts("good"),
            "rework": table.counts("rework", required=False),
            "opportunities": table.counts("opportunities", required=False),
            "operator": words(table, "operator"),
            "shift": words(table, "shift"),
            "supplier": words(table, "supplier"),
        }
    ).fillna({"downtime": 0.0, "rework": 0.0, "opportunities": 1.0})
    refuse_backwards(table, frame, "start", "end")
    refuse(table, frame["planned"] <= 0, "planned", "no time was planned", expected="seconds, above 0")
    lost = (frame["downtime"] < 0) | (frame["downtime"] > frame["planned"])
    refuse(table, lost, "downtime", "downtime is not within the planned time", expected="0 to planned")
    refuse(table, frame["good"] > frame["total"], "good", "more are good than were made", expected="at most total")
    refuse(table, frame["rework"] > frame["total"], "rework", "more were reworked than made", expected="at most total")
    refuse(table, frame["opportunities"] < 1, "opportunities", "no opportunity for a defect", expected="at least 1")
    table.refuse_contradictions(frame, ("run",), "run", what="row of this run")
    table.done()
    counts = ["total", "good", "rework", "opportunities"]
    frame[counts] = frame[counts].astype(np.int64)
    return frame.drop_duplicates("run").reset_index(drop=True)[list(RUN)]


RUNS = Layout(
    "runs",
    ("run", "equipment", "item", "start", "end", "planned", "total", "good"),
    ("downtime", "rework", "opportunities", "operator", "shift", "supplier"),
    parse,
)
