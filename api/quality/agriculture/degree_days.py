"""Degree-days of a pest or crop: the heat of each day between two thresholds, summed up since a biofix.

*average*: the mean of the day's extremes, cut to the thresholds. *triangle* and *sine* (Baskerville and Emin 1969): the
area between the thresholds under one triangle or sine wave per day through the extremes, with a horizontal upper
cutoff. A day that was not wholly measured is unknown: it adds somewhere between nothing and the most that a day can.
The stages are the caller's: a figure of degree-days per stage from the literature for that pest and those thresholds.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import numpy as np
import numpy.typing as npt
import pandas as pd

from api.quality.frames import microseconds
from api.quality.step_hold import GAP_FACTOR, longest_gap
from ledger.errors import InvalidInput

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Method = Literal["average", "triangle", "sine"]

METHODS: Final[tuple[Method, ...]] = ("average", "triangle", "sine")

#: one local day; extremes are NaN where it was not wholly measured
EXTREMES = ("day", "low", "high")

#: one day since the biofix; sums are the least and most that it may be, the same while nothing is unknown. `stage` is
#: the last one surely reached, `stage_possible` the last one possibly reached ('' before the first)
ACCUMULATED = ("day", "degree_days", "least", "most", "stage", "stage_possible")


def degree_days(
    low: npt.ArrayLike, high: npt.ArrayLike, *, lower: float, upper: float | None = None, method: Method = "sine"
) -> Floats:
    """Degree-days of each day from its extremes, all in one unit; NaN where an extreme is."""
    least, most = np.asarray(low, dtype=np.float64), np.asarray(high, dtype=np.float64)
    if (least > most).any():
        raise InvalidInput("a day's low is above its high", expected="low at most high")
    if upper is not None and not lower < upper:
        raise InvalidInput("the thresholds are reversed", expected="the lower one below the upper one")
    area = _AREAS.get(method)
    if area is None:
        raise InvalidInput(f"unknown method {method!r}", expected=", ".join(METHODS))
    found = area(least, most, lower)
    return found if upper is None else found - area(least, most, upper)


def _average(low: Floats, high: Floats, threshold: float) -> Floats:
    return np.maximum((low + high) / 2 - threshold, 0)


def _triangle(low: Floats, high: Floats, threshold: float) -> Floats:
    """The area above the threshold under straight lines from low to high and back."""
    crossed = (low < threshold) & (threshold < high)
    cut = np.divide(np.square(high - threshold), 2 * (high - low), out=np.zeros_like(low), where=crossed)
    return np.where(crossed, cut, _average(low, high, threshold))


def _sine(low: Floats, high: Floats, threshold: float) -> Floats:
    """The area above the threshold under one period of a sine from low to high."""
    mean, amplitude = (low + high) / 2, (high - low) / 2
    crossed = (low < threshold) & (threshold < high)
    angle = np.arcsin(np.divide(threshold - mean, amplitude, out=np.zeros_like(mean), where=crossed))
    cut = ((mean - threshold) * (np.pi / 2 - angle) + amplitude * np.cos(angle)) / np.pi
    return np.where(crossed, cut, _average(low, high, threshold))


_AREAS = {"average": _average, "triangle": _triangle, "sine": _sine}


def daily_extremes(readings: pd.DataFrame, *, zone: str, gap_factor: float = GAP_FACTOR) -> pd.DataFrame:
    """A frame `EXTREMES` of the local days of `zone` that readings `time, value` touch, without days left out.

    A day is wholly measured if no stretch of it longer than `gap_factor` sampling intervals is without a reading; its
    length may be 23 or 25 hours.
    """
    try:
        local = ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise InvalidInput(f"unknown time zone {zone!r}", expected="an IANA name such as Europe/Berlin") from error
    known = readings[readings["value"].notna()].sort_values("time", kind="stable")
    if known.empty:
        return pd.DataFrame({"day": pd.DatetimeIndex([]), "low": np.empty(0), "high": np.empty(0)})
    times = pd.DatetimeIndex(known["time"])
    day = times.tz_convert(local).tz_localize(None).normalize()
    days = pd.date_range(day[0], day[-1], freq="D")
    midnights = days.append(pd.DatetimeIndex([days[-1] + pd.Timedelta(days=1)]))
    starts = pd.Series(midnights).dt.tz_localize(local, ambiguous=True, nonexistent="shift_forward")
    at, bounds = microseconds(known["time"], 0), microseconds(starts, 0)
    whole = _wholly_measured(at, bounds[:-1], bounds[1:], longest_gap(at, gap_factor))
    values = known["value"].groupby(day.to_numpy()).agg(["min", "max"]).reindex(days)
    return pd.DataFrame(
        {"day": days, "low": values["min"].where(whole).to_numpy(), "high": values["max"].where(whole).to_numpy()}
    )


def _wholly_measured(at: Ints, start: Ints, end: Ints, allowed: float) -> npt.NDArray[np.bool_]:
    """For each [start, end): whether no stretch of it without a reading is longer than `allowed`."""
    long = np.diff(at) > allowed
    silent_from = np.concatenate([start[:1], at[:-1][long], at[-1:]])
    silent_to = np.concatenate([at[:1], at[1:][long], end[-1:]])
    overlap = np.minimum(silent_to, end[:, None]) - np.maximum(silent_from, start[:, None])
    return np.asarray((overlap <= allowed).all(axis=1))


def accumulate(
    days: pd.DataFrame,
    *,
    biofix: pd.Timestamp,
    lower: float,
    upper: float | None = None,
    method: Method = "sine",
    stages: Mapping[str, float] | None = None,
    warmest: float | None = None,
) -> pd.DataFrame:
    """A frame `ACCUMULATED` from the biofix day on, from a frame `EXTREMES`; days left out are unknown too.

    `stages` gives each stage's degree-days since the biofix. `warmest` is the highest mean that an unknown day may have
    had; without it and without an upper threshold nothing bounds the sum from above any more.
    """
    if days["day"].duplicated().any():
        raise InvalidInput("a day occurs twice", expected="one row per day")
    since = days[days["day"] >= biofix].set_index("day")[["low", "high"]]
    if since.empty:
        return pd.DataFrame(columns=list(ACCUMULATED))
    full = since.reindex(pd.date_range(biofix, since.index.max(), freq="D"))
    daily = degree_days(full["low"], full["high"], lower=lower, upper=upper, method=method)
    ceiling = np.inf if upper is None and warmest is None else min(x for x in (upper, warmest) if x is not None)
    least = np.nancumsum(daily)
    most = np.cumsum(np.where(np.isnan(daily), max(ceiling - lower, 0.0), daily))
    return pd.DataFrame(
        {
            "day": full.index,
            "degree_days": daily,
            "least": least,
            "most": most,
            "stage": _stages(least, stages or {}),
            "stage_possible": _stages(most, stages or {}),
        }
    )


def _stages(sums: Floats, stages: Mapping[str, float]) -> npt.NDArray[np.object_]:
    names = np.array(["", *sorted(stages, key=lambda name: stages[name])], dtype=object)
    return names[np.searchsorted(np.sort([*stages.values()]), sums, side="right")]
