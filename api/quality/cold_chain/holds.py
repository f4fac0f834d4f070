"""What is known of a temperature over time: stretches in which one or more sensors speak, and those in which none does.

Step-hold: a reading holds until the next one of its series, but no longer than `gap_factor` sampling intervals; the
last one holds for no time. Where several sensors speak, the coolest and the warmest of them bound the truth.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from api.quality.frames import microseconds, timestamps
from api.quality.step_hold import GAP_FACTOR, hold_ends
from ledger.errors import InvalidInput

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

#: during [start, end) a sensor said `value`
HOLD = ("start", "end", "value")

#: [start, end), disjoint and in order; coolest and warmest are NaN where no sensor speaks
BOUNDS = ("start", "end", "coolest", "warmest")

_NEVER = np.iinfo(np.int64).max


def holds(readings: pd.DataFrame, gap_factor: float = GAP_FACTOR) -> pd.DataFrame:
    """A frame `HOLD` from readings `time, value` and, where there are several, `sensor`; a NaN value says nothing."""
    known = readings[readings["value"].notna()]
    series = pd.factorize(known["sensor"])[0] if "sensor" in known else np.zeros(len(known), dtype=np.int64)
    at = microseconds(known["time"], _NEVER)
    if (at == _NEVER).any():
        raise InvalidInput("a reading has no time", expected="a time with a zone in every row")
    order = np.lexsort((at, series))
    at, series = at[order], np.asarray(series, dtype=np.int64)[order]
    return pd.DataFrame(
        {
            "start": timestamps(at, missing=_NEVER),
            "end": timestamps(hold_ends(series, at, gap_factor), missing=_NEVER),
            "value": known["value"].to_numpy(dtype=np.float64)[order],
        }
    )


def bounds(known: pd.DataFrame, since: pd.Timestamp, until: pd.Timestamp) -> pd.DataFrame:
    """A frame `BOUNDS` that fills [since, until) from a frame `HOLD`."""
    first, last = _micros(since), _micros(until)
    if first > last:
        raise InvalidInput("the time asked for ends before it begins", expected="since at most until")
    start = np.clip(microseconds(known["start"], first), first, last)
    end = np.clip(microseconds(known["end"], last), first, last)
    value = known["value"].to_numpy(dtype=np.float64)
    cuts = np.unique(np.concatenate([start, end, [first, last]]))
    coolest, warmest = _extremes(cuts, start, end, value)
    return pd.DataFrame(
        {
            "start": timestamps(cuts[:-1], missing=_NEVER),
            "end": timestamps(cuts[1:], missing=_NEVER),
            "coolest": coolest,
            "warmest": warmest,
        }
    )


def _extremes(
    cuts: Ints,
    start: Ints,
    end: Ints,
    value: Floats,
) -> tuple[Floats, Floats]:
    """The least and greatest value that holds in each stretch between two cuts."""
    begins, ends = np.searchsorted(cuts, start), np.searchsorted(cuts, end)
    spans = ends - begins
    hold = np.repeat(np.arange(len(value)), spans)
    stretch = np.arange(spans.sum()) - np.repeat(np.cumsum(spans) - spans, spans) + begins[hold]
    coolest, warmest = np.full(len(cuts) - 1, np.inf), np.full(len(cuts) - 1, -np.inf)
    np.minimum.at(coolest, stretch, value[hold])
    np.maximum.at(warmest, stretch, value[hold])
    silent = np.isinf(coolest)
    return np.where(silent, np.nan, coolest), np.where(silent, np.nan, warmest)


def _micros(time: pd.Timestamp) -> int:
    if time.tzinfo is None:
        raise InvalidInput("the time has no zone", expected="a time with a zone")
    return int(pd.DatetimeIndex([time]).as_unit("us").asi8[0])
