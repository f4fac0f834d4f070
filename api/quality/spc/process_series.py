"""From inspections and sensor readings to what is charted: rational subgroups, counts, hourly means.

Values of one inspection (same time, item and run; `sample` tells them apart) are a subgroup, unless told otherwise.
Checks that only passed or failed are counted by run, or by day (UTC) where there is no run. Sensor values correlate
with their neighbours, so that their hourly means are charted; an hour without readings is missing, not in control.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from api.quality.spc.charts import ControlChart, Excluded, Specification, control_chart
from api.quality.spc.limits import FrozenLimits, evaluate
from api.quality.spc.parameters import KINDS_OF_ATTRIBUTES, Kind
from api.quality.spc.rules import NELSON, RuleSet
from api.quality.spc.series import counts, grouped, individuals
from api.quality.units import convert
from ledger.errors import InvalidInput

#: of a chart of means per hour: more than a hundred years
_MOST_POINTS = 1_000_000

GroupBy = Literal["inspection", "run", "item", "day"]
_KEYS: Mapping[GroupBy, tuple[str, ...]] = {
    "inspection": ("time", "item", "run"),
    "run": ("run",),
    "item": ("item",),
    "day": ("day",),
}


@dataclass(frozen=True, slots=True)
class ProcessSeries:
    """`points`: VARIABLES or ATTRIBUTES; `values` and `subgroup`: the single values behind them, with their point.

    `kind` is what suits them if nobody says. For counts `values` is empty. `averaged`: the values are means themselves.
    """

    characteristic: str
    unit: str
    points: pd.DataFrame
    kind: Kind
    values: pd.Series[float]
    subgroup: pd.Series[int]
    averaged: bool = False


def chart_of(
    inspections: pd.DataFrame,
    characteristic: str,
    kind: Kind | Literal["auto"] = "auto",
    *,
    by: GroupBy = "inspection",
    rules: RuleSet = NELSON,
    limits: FrozenLimits | None = None,
    specification: Specification | None = None,
    excluded: Sequence[Excluded] = (),
) -> ControlChart:
    """The chart of one characteristic of a frame of INSPECTION; against `limits` (phase II) if given.

    Raises InvalidInput where there is nothing to chart, or the kind does not fit.
    """
    unit = limits.unit if limits is not None and limits.unit else None
    series = series_of(inspections, characteristic, by=by, unit=unit, counted=_counted(limits.kind if limits else kind))
    return chart_of_series(series, kind, rules=rules, limits=limits, specification=specification, excluded=excluded)


def chart_of_series(
    series: ProcessSeries,
    kind: Kind | Literal["auto"] = "auto",
    *,
    rules: RuleSet = NELSON,
    limits: FrozenLimits | None = None,
    specification: Specification | None = None,
    excluded: Sequence[Excluded] = (),
) -> ControlChart:
    """As `chart_of`, of a series that is there already."""
    if limits is not None:
        return evaluate(limits, series.points, rules=rules, specification=specification)
    return control_chart(
        series.kind if kind == "auto" else kind,
        series.points,
        rules=rules,
        excluded=excluded,
        characteristic=series.characteristic,
        unit=series.unit,
        specification=specification,
    )


def series_of(
    inspections: pd.DataFrame,
    characteristic: str,
    *,
    by: GroupBy = "inspection",
    unit: str | None = None,
    counted: bool | None = None,
) -> ProcessSeries:
    """One characteristic of a frame of INSPECTION as points in order of time.

    Values are converted to `unit`, or to the first one found. `counted`: take the counts rather than the values, or
    the reverse, where both are there; None: whatever is there more often.
    """
    rows = inspections[inspections["characteristic"] == characteristic].sort_values("time", kind="stable")
    measured = rows["value"].notna()
    found = rows["passed"].notna() | rows["nonconforming"].notna() | rows["defects"].notna()
    if counted is None:
        counted = bool((found & ~measured).sum() > measured.sum())
    # what was looked at without a finding is a point that is missing, not none
    kept = rows[measured | ~found]
    if not (found if counted else measured).any():
        raise InvalidInput(
            f"no {'counts' if counted else 'values'} of {characteristic!r}",
            expected="inspections of this characteristic",
            advice="`lotmark quality spc` lists what can be charted.",
        )
    return _counts(rows[found], characteristic) if counted else _values(kept, characteristic, by, unit)


def hourly_series(readings: pd.DataFrame, *, every: str = "1h", unit: str | None = None) -> ProcessSeries:
    """Means per hour (or `every`) of readings of one quantity kind, as single values; empty hours are NaN."""
    if not len(readings):
        raise InvalidInput("no readings to chart", expected="readings of this quantity kind")
    chosen = unit or str(readings["unit"].iloc[0])
    values = pd.Series(
        in_unit(readings, chosen), index=pd.DatetimeIndex(readings["time"]), dtype="float64"
    ).sort_index()
    longest = pd.Timedelta(every) * _MOST_POINTS
    if values.index[-1] - values.index[0] > longest:
        raise InvalidInput(
            f"readings from {values.index[0]:%Y-%m-%d} to {values.index[-1]:%Y-%m-%d} are too many hours for one chart",
            expected=f"at most {_MOST_POINTS:,} points",
            advice="Say from when to when.",
        )
    means = values.resample(every).mean()
    times = pd.DatetimeIndex(means.index)
    points = individuals(means.to_numpy(), labels=_moments(times), times=times)
    return ProcessSeries(
        str(readings["quantity_kind"].iloc[0]), chosen, points, "i", points["mean"], _numbers(len(points)), True
    )


def _values(rows: pd.DataFrame, characteristic: str, by: GroupBy, unit: str | None) -> ProcessSeries:
    units = rows["unit"].dropna()
    chosen = unit or (str(units.iloc[0]) if len(units) else "")
    value = in_unit(rows, chosen)
    key, labels, times = _points(rows, by)
    points = grouped(value, key, labels=labels, times=times)
    kind: Kind = "xbar" if float(points["n"].max()) >= 2 else "i"
    return ProcessSeries(characteristic, chosen, points, kind, pd.Series(value), pd.Series(key))


def _counts(rows: pd.DataFrame, characteristic: str) -> ProcessSeries:
    with_defects = rows["defects"].notna()
    nothing: pd.Series[float] = pd.Series(dtype="float64")
    if with_defects.sum() * 2 > len(rows):
        rows = rows[with_defects]
        sized = bool(rows["size"].notna().any())
        # where others say their size, defects of a sample that does not cannot be compared: unknown
        points = counts(
            rows["defects"].astype("float64").mask(rows["size"].isna() & sized),
            rows["size"].astype("float64").fillna(1.0),
            labels=labels_of(rows),
            times=pd.DatetimeIndex(rows["time"]),
        )
        return ProcessSeries(characteristic, "", points, "u" if sized else "c", nothing, _numbers(0))
    batches = rows["nonconforming"].notna() & rows["size"].notna()
    if batches.any():
        rows = rows[batches]
        points = counts(
            rows["nonconforming"].astype("float64"),
            rows["size"].astype("float64"),
            labels=labels_of(rows),
            times=pd.DatetimeIndex(rows["time"]),
        )
        return ProcessSeries(characteristic, "", points, "p", nothing, _numbers(0))
    return ProcessSeries(characteristic, "", _passed(rows, characteristic), "p", nothing, _numbers(0))


def _passed(rows: pd.DataFrame, characteristic: str) -> pd.DataFrame:
    rows = rows[rows["passed"].notna()]
    if not len(rows):
        raise InvalidInput(
            f"the counts of {characteristic!r} have no size", expected="how many units each of them was found in"
        )
    key, labels, times = _points(rows, "run" if rows["run"].notna().all() else "day")
    failed = (~rows["passed"].astype(bool)).to_numpy(np.float64)
    return counts(np.bincount(key, failed), np.bincount(key), labels=labels, times=times)


def _points(rows: pd.DataFrame, by: GroupBy) -> tuple[npt.NDArray[np.intp], list[str], pd.Series[pd.Timestamp]]:
    """The point of each row, and the points' labels and times (of their first value), in order of time."""
    if by not in _KEYS:
        raise InvalidInput(f"unknown grouping {by!r}", expected=" or ".join(_KEYS))
    keyed = rows.assign(day=pd.DatetimeIndex(rows["time"]).floor("D"))
    if by == "run" and rows["run"].isna().any():
        raise InvalidInput("some inspections name no run", expected="a run for each", advice="Group by inspection.")
    key = keyed.groupby(list(_KEYS[by]), sort=False, dropna=False).ngroup().to_numpy().astype(np.intp)
    first = rows.iloc[np.unique(key, return_index=True)[1]]
    labels = _moments(pd.DatetimeIndex(first["time"]), "%Y-%m-%d") if by == "day" else labels_of(first, by)
    return key, labels, first["time"]


def labels_of(rows: pd.DataFrame, by: GroupBy = "inspection") -> list[str]:
    """What names a point to people: its run, else the last part of its item's name."""
    names = rows["item"].str.rsplit("/", n=1).str[-1]
    if by == "run" or (by == "inspection" and rows["run"].notna().all()):
        names = rows["run"]
    return [str(name) for name in names]


def _moments(times: pd.DatetimeIndex, form: str = "%Y-%m-%d %H:%M") -> list[str]:
    return [str(text) for text in times.strftime(form)]


def in_unit(rows: pd.DataFrame, unit: str) -> npt.NDArray[np.float64]:
    """The values of a frame with value and unit, in this unit. Raises InvalidInput."""
    value = rows["value"].to_numpy(np.float64, copy=True)
    units = rows["unit"].to_numpy(object)
    for each in {name for name in units if isinstance(name, str) and name != unit}:
        here = units == each
        value[here] = convert(value[here], each, unit)
    return value


def _numbers(length: int) -> pd.Series[int]:
    return pd.Series(np.arange(length))


def _counted(kind: str) -> bool | None:
    return None if kind == "auto" else kind in KINDS_OF_ATTRIBUTES
