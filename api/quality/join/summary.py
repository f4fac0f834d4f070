"""The figures of each group of readings: extremes, mean kinetic temperature, time outside the limits, time unknown.

The verdict is one of

    outside    a reading that belongs, or time within the step, is beyond a limit
    unknown    otherwise, some part of the step longer than a gap may be has no reading over it, or a reading that
               does not count was beyond a limit: cleaning makes no step good
    in_range   otherwise: every moment is known, within the limits
    no_limit   nothing says what would be out of range

Seconds count elapsed time. `seconds` is the step's length; `seconds_unknown` is exact, also where it is too short to
matter.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from api.quality.cold_chain.temperature import ZERO_CELSIUS, grouped_mean_kinetic
from api.quality.frames import microseconds, rows_by, timestamps
from api.quality.intervals import Intervals
from api.quality.join.inputs import add_flags
from api.quality.join.matching import Matches
from api.quality.join.series import Series
from api.quality.join.windows import ALWAYS, Windows
from api.quality.units import UNITS, compatible, convert

#: `sources` are the items, containers, places and events that the readings came from, sorted; `mean` is that of the
#: readings that count, each once; `raw_minimum` and `raw_maximum` are those of all that belong, flagged ones too;
#: `flagged` says how many the cleaning flagged, by step; `inputs` names the readings (`inputs.Inputs`)
SUMMARY = (
    "count", "minimum", "maximum", "mean_kinetic_temperature", "first", "last", "low", "high", "limit_item", "seconds",
    "seconds_above", "seconds_below", "seconds_outside", "longest_outside", "seconds_unknown", "verdict", "sources",
    "mean", "raw_minimum", "raw_maximum", "flagged", "inputs",
)  # fmt: skip

_SCALES = ("CEL", "FAH", "KEL", "A48")

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


def summarise(groups: pd.DataFrame, matches: Matches, series: Series, windows: Windows) -> pd.DataFrame:
    """`groups` (of `join`) with the columns `SUMMARY` added."""
    group = _group_of(groups, matches, series)
    low, high = _limits(groups)
    frame = groups.assign(low=low, high=high)
    _add_extremes(frame, group, matches, series)
    add_flags(frame, group, matches, series)
    frame["mean_kinetic_temperature"] = _mean_kinetic(groups, group, matches, series)
    allowed = np.zeros(len(groups))
    np.maximum.at(allowed, group, series.longest_gap[matches.row])
    _add_times(frame, group, matches, series, allowed)
    frame["sources"] = _sources(group, matches, series, windows, len(groups))
    return frame


def _group_of(groups: pd.DataFrame, matches: Matches, series: Series) -> Ints:
    """The row of `groups` that each match belongs to."""
    kinds = max(int(series.kind.max(initial=0)), 0) + 1
    known = groups["kind"].notna().to_numpy(dtype=bool)
    rows = np.flatnonzero(known)
    names = groups["step"].to_numpy(np.int64)[rows] * kinds + groups["kind"].to_numpy(np.float64)[rows].astype(np.int64)
    order = np.argsort(names)
    return rows[order[np.searchsorted(names[order], matches.step * kinds + series.kind[matches.row])]]


def _limits(groups: pd.DataFrame) -> tuple[Floats, Floats]:
    """Low and high in the unit of the group; NaN where there is none or it does not convert."""
    low, high = groups["low"].to_numpy(np.float64, copy=True), groups["high"].to_numpy(np.float64, copy=True)
    for (source, target), rows in rows_by(groups, "limit_unit", "unit").items():
        fits = source == target or (source in UNITS and target in UNITS and compatible(source, target))
        for bound in (low, high):
            bound[rows] = convert(bound[rows], source, target) if fits else np.nan
    return low, high


def _add_extremes(frame: pd.DataFrame, group: Ints, matches: Matches, series: Series) -> None:
    own, row = group[matches.belongs], matches.row[matches.belongs]
    size = len(frame)
    counts = series.counts[row]
    frame["count"] = np.bincount(own[counts], minlength=size)
    frame["mean"] = _mean(own[counts], series.value[row[counts]], size)
    said = np.fmin(series.raw_minimum[row], series.raw[row]), np.fmax(series.raw_maximum[row], series.raw[row])
    frame["raw_minimum"], frame["raw_maximum"] = (
        _extreme(np.fmin, own, said[0], size),
        _extreme(np.fmax, own, said[1], size),
    )
    frame["minimum"] = _extreme(np.fmin, own, np.fmin(series.value[row], series.minimum[row]), size)
    frame["maximum"] = _extreme(np.fmax, own, np.fmax(series.value[row], series.maximum[row]), size)
    first, last = np.full(size, ALWAYS[1]), np.full(size, ALWAYS[0])
    np.minimum.at(first, own, series.time[row])
    np.maximum.at(last, own, np.where(series.spans[row], series.hold_end[row], series.time[row]))
    frame["first"] = timestamps(first, missing=ALWAYS[1])
    frame["last"] = timestamps(last, missing=ALWAYS[0])


def _mean(group: Ints, values: Floats, size: int) -> Floats:
    known = np.isfinite(values)
    total, number = np.bincount(group[known], values[known], size), np.bincount(group[known], minlength=size)
    return np.where(number > 0, total / np.maximum(number, 1), np.nan)


def _extreme(choose: np.ufunc, group: Ints, values: Floats, size: int) -> Floats:
    found = np.full(size, np.nan)
    choose.at(found, group, values)
    return found


def _mean_kinetic(groups: pd.DataFrame, group: Ints, matches: Matches, series: Series) -> Floats:
    """By hold time within the step; where nothing holds, each reading that belongs counts once. Sums are left out."""
    size = len(groups)
    celsius = np.full(len(group), np.nan)
    units = rows_by(groups[["quantity_kind", "unit"]], "quantity_kind", "unit")
    thermal = {unit: rows for (kind, unit), rows in units.items() if kind == "Temperature" and unit in _SCALES}
    for unit, rows in thermal.items():
        within = np.isin(group, rows)
        celsius[within] = convert(series.value[matches.row[within]], unit, "CEL")
    usable = (celsius > -ZERO_CELSIUS) & ~series.spans[matches.row]
    group, celsius = group[usable], celsius[usable]
    held = (matches.end - matches.start)[usable].astype(np.float64)
    holds = np.bincount(group, held, size) > 0
    weights = np.where(holds[group], held, matches.belongs[usable].astype(np.float64))
    mean = grouped_mean_kinetic(celsius, weights, group, size)
    for unit, rows in thermal.items():
        mean[rows] = convert(mean[rows], "CEL", unit)
    return mean


def _add_times(frame: pd.DataFrame, group: Ints, matches: Matches, series: Series, allowed: Floats) -> None:
    size = len(frame)
    low, high = frame["low"].to_numpy(np.float64), frame["high"].to_numpy(np.float64)
    least, most = series.minimum[matches.row], series.maximum[matches.row]
    above, below = least > high[group], most < low[group]
    inside = ~(least < low[group]) & ~(most > high[group]) & np.isfinite(least) & np.isfinite(most)
    held = Intervals(group, matches.start, matches.end)
    start = microseconds(frame["start"], 0)
    end = _ends(frame, held, start)
    outside = held.where(above | below).union()
    unknown = held.where(above | below | inside).clip(start, end).union().rest(start, end)
    frame["seconds"] = (end - start) / 1e6
    frame["seconds_above"] = held.where(above).union().length(size) / 1e6
    frame["seconds_below"] = held.where(below).union().length(size) / 1e6
    frame["seconds_outside"] = outside.length(size) / 1e6
    frame["longest_outside"] = outside.longest(size) / 1e6
    frame["seconds_unknown"] = unknown.length(size) / 1e6
    limited = np.isfinite(low) | np.isfinite(high)
    breached = (frame["minimum"] < low) | (frame["maximum"] > high) | (frame["seconds_outside"] > 0)
    dark = (unknown.longest(size) > allowed) | ((frame["count"] == 0) & (frame["seconds_unknown"] >= frame["seconds"]))
    dark |= (
        (frame["raw_minimum"] < low) | (frame["raw_maximum"] > high) | _was_outside(group, matches, series, low, high)
    )
    frame["verdict"] = np.select([~limited, breached, dark], ["no_limit", "outside", "unknown"], "in_range")


def _was_outside(group: Ints, matches: Matches, series: Series, low: Floats, high: Floats) -> npt.NDArray[np.bool_]:
    """Whether a reading that does not count, but held within the step, was beyond a limit."""
    held = (matches.end > matches.start) & ~series.counts[matches.row]
    own, row = group[held], matches.row[held]
    beyond = (series.raw_minimum[row] < low[own]) | (series.raw_maximum[row] > high[own])
    found = np.zeros(len(low), dtype=bool)
    found[own[beyond]] = True
    return found


def _ends(frame: pd.DataFrame, held: Intervals, start: Ints) -> Ints:
    """When each step ends; without an end, when what is known of it ends."""
    known = start.copy()
    np.maximum.at(known, held.group, held.end)
    return np.where(frame["end"].notna(), microseconds(frame["end"], 0), known)


def _sources(group: Ints, matches: Matches, series: Series, windows: Windows, size: int) -> list[tuple[str, ...]]:
    pairs = pd.DataFrame({"group": group, "key": series.key[matches.row]}).drop_duplicates()
    names = windows.keys.get_level_values("name")
    found: list[set[str]] = [set() for _ in range(size)]
    for number, key in zip(pairs["group"], pairs["key"], strict=True):
        found[number].add(str(names[key]))
    return [tuple(sorted(sources)) for sources in found]
