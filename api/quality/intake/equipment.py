"""Equipment: machines, lines, vehicles, sensors and laboratories, by the names that readings, runs and results use."""

from __future__ import annotations

import pandas as pd

from api.quality.columns import EQUIPMENT
from api.quality.intake.fields import identifier, one_line, refuse, words
from api.quality.intake.layout import Layout
from api.quality.intake.table import Table


def parse(table: Table) -> pd.DataFrame:
    """A frame with the columns `EQUIPMENT`; a later row of the same name in one file is refused if it differs."""
    times = ("calibrated", "calibration_due", "laboratory_accredited_until")
    frame = pd.DataFrame(
        {
            "equipment": table.mapped("equipment", one_line, expected="a name or URI"),
            "kind": words(table, "kind", expected="a kind, such as press"),
            "name": words(table, "name"),
            "place": table.mapped("place", identifier, expected="an identifier", required=False),
            "ideal_rate": table.numbers("ideal_rate", required=False),
            **{name: table.times(name, required=False) for name in times},
        }
    )
    refuse(table, frame["ideal_rate"] <= 0, "ideal_rate", "a rate that is not above 0", expected="pieces per minute")
    table.refuse_contradictions(frame, ("equipment",), "equipment", what="row of this equipment")
    table.done()
    return frame.drop_duplicates("equipment").reset_index(drop=True)[list(EQUIPMENT)]


EQUIPMENT_FILE = Layout(
    "equipment",
    ("equipment",),
    ("kind", "name", "place", "ideal_rate", "calibrated", "calibration_due", "laboratory_accredited_until"),
    parse,
)
