"""How far the data behind a quality table can be leaned on: what is known, what was set aside, what is certain."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pandas as pd


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
