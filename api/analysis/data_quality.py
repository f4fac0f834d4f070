"""How far the data behind a quality table can be leaned on: what is known, what was set aside, what is certain."""

from __future__ import annotations

from collections import Counter
from typing import Any, Final

import numpy as np
import pandas as pd

from api.analysis.trace_quality import AlongTheWay
from api.quality.join.matching import match
from api.quality.join.series import series_of
from api.quality.join.windows import windows_of
from api.quality.step_hold import GAP_FACTOR

#: a reading that arrived longer than this after it was taken is late: nobody could have acted on it
LATE: Final = pd.Timedelta(days=1)


def data_quality(table: pd.DataFrame) -> dict[str, Any]:
    """Of a frame `QUALITY_TABLE`.

    `known` is the share of the time with limits over which a reading speaks (None: nothing was limited), `readings`,
    `inspections` and `results` count what there is, `flagged` what cleaning set aside, by step, `uncertain` the rows
    that belong only possibly.
    """
    limited = table[(table["source"] == "reading") & (table["verdict"] != "no_limit")]
    seconds = limited["seconds"].astype("float64").sum()
    unknown = limited["seconds_unknown"].astype("float64").sum()
    flagged: Counter[str] = Counter()
    for each in table["flagged"]:
        flagged.update(each)
    counts = table.groupby("source")["count"].sum()
    return {
        "known": 1.0 - float(unknown / seconds) if seconds > 0 else None,
        "readings": int(counts.get("reading", 0)),
        "inspections": int(counts.get("inspection", 0)),
        "results": int(counts.get("result", 0)),
        "flagged": dict(sorted(flagged.items())),
        "uncertain": int((table["certainty"] == "possible").sum()),
    }


def late_readings(way: AlongTheWay) -> int:
    """How many of the readings that belong to these steps arrived late; of archived ones nobody knows when they did."""
    windows = windows_of(way.steps, way.inside, None)
    series = series_of(way.readings, None, windows, GAP_FACTOR)
    matches = match(windows, series)
    belongs = np.unique(series.identity[matches.row[matches.belongs]])
    rows = way.readings[way.readings["id"].isin(belongs)]
    return int((rows["imported_at"] - rows["time"] > LATE).sum())
