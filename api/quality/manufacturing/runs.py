"""Production runs as the effectiveness and the yield of a line are counted from: what no run can be, and the period.

A run has the columns `run, equipment, item, start, end, planned (s), downtime (s), total, good, rework, opportunities,
operator, shift, supplier`. `good` counts every unit that left as good, `rework` every one that was mended,
`opportunities` the chances for a defect that one unit has.
"""

from __future__ import annotations

from collections.abc import Sequence
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt
import pandas as pd

from ledger.errors import InvalidDocument, InvalidInput, Problem

#: by what runs can be put together; the last three are periods of their start
GROUPS = ("equipment", "item", "operator", "shift", "supplier", "day", "week", "month")
PERIODS = GROUPS[-3:]
_MOST_PROBLEMS = 20


def numbers(runs: pd.DataFrame, name: str) -> npt.NDArray[np.float64]:
    """A column as doubles, NaN where it is missing."""
    return np.asarray(pd.to_numeric(runs[name]), dtype=np.float64)


def check_runs(runs: pd.DataFrame) -> None:
    """Raises InvalidDocument naming each run that cannot have been: negative, or a part larger than the whole."""
    planned, downtime = numbers(runs, "planned"), numbers(runs, "downtime")
    total, good, rework = numbers(runs, "total"), numbers(runs, "good"), numbers(runs, "rework")
    rules = [
        (np.fmin.reduce([planned, downtime, total, good, rework]) < 0, "a count or a time is below 0"),
        (downtime > planned, "it stood still for longer than was planned"),
        (good > total, "more units are good than were made"),
        (rework > total, "more units were mended than were made"),
    ]
    problems = [
        Problem(message, f"run {runs['run'].iloc[row]}", "planned ≥ downtime, total ≥ good, total ≥ rework, all from 0")
        for wrong, message in rules
        for row in np.flatnonzero(wrong)[:_MOST_PROBLEMS]
    ]
    if problems:
        raise InvalidDocument(problems)


def grouped(runs: pd.DataFrame, by: Sequence[str], zone: str = "UTC") -> pd.DataFrame:
    """The runs with the columns of `by`; a period is that of the start on the clocks of `zone`. Raises InvalidInput."""
    unknown = [name for name in by if name not in GROUPS]
    if unknown or not by:
        raise InvalidInput(
            f"runs cannot be put together by {', '.join(unknown) or 'nothing'}", expected=", ".join(GROUPS)
        )
    try:
        clock = ZoneInfo(zone)
    except (ValueError, OSError, KeyError):
        raise InvalidInput(f"unknown time zone {zone!r}", expected="an IANA name, such as Europe/Zurich") from None
    local = runs["start"].dt.tz_convert(clock).dt.tz_localize(None)
    periods = {
        "day": local.dt.strftime("%Y-%m-%d"),
        "week": local.dt.strftime("%G-W%V"),
        "month": local.dt.strftime("%Y-%m"),
    }
    return runs.assign(**{name: periods[name] for name in by if name in PERIODS})
