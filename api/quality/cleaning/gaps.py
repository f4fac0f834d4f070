"""Readings after which nothing came for longer than the series' rhythm allows. A mark, not a fault of the reading.

The time after it is unknown by the rule of `step_hold`; this step writes down where.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from api.quality.cleaning.ordered import Flags, ordered
from api.quality.step_hold import GAP_FACTOR, median_distance

VERSION = 1
#: `factor`: a distance longer than so many sampling intervals (the series' median distance) is a gap
PARAMETERS: dict[str, Any] = {"factor": GAP_FACTOR}


def gaps(readings: pd.DataFrame, parameters: Mapping[str, Any]) -> Flags:
    """True for each row that a gap follows; what comes after the last reading is no gap of the series."""
    table = ordered(readings)
    found = np.zeros(len(table.row), dtype=bool)
    if len(found) > 1:
        allowed = np.nan_to_num(median_distance(table.series, table.time) * float(parameters["factor"]))
        within = table.series[1:] == table.series[:-1]
        found[:-1] = within & (np.diff(table.time) > allowed[table.series[:-1]])
    return table.flags(found)
