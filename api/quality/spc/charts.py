"""A control chart as data: points with their limits, what the run rules say of them, and what the reader must know.

Phase I: limits from the points shown, to see whether the process was stable. Phase II: limits frozen before, against
which new points are judged (`api.quality.spc.limits`). Specification limits are what the customer asks, control limits
what the process does; a chart carries both, apart.

Run rules presume independent points that scatter evenly around the centre. So all of a set's rules are applied to
means and single values, those for single points, runs, trends and alternation to r, s and counts, and only the
limits to mr, ewma and cusum, whose points follow from one another.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from api.quality.plain import plain
from api.quality.spc.advice import warnings_of
from api.quality.spc.lines import lines
from api.quality.spc.parameters import Estimator, Kind, Parameters, estimate
from api.quality.spc.rules import LIMITS_ONLY, NELSON, RuleSet, fired
from ledger.errors import InvalidInput

#: `index` counts from 1; `signals` are the numbers of the rules that fire; `excluded` points take part in nothing
POINT = ("index", "label", "time", "value", "n", "center", "lower", "upper", "signals", "excluded")

STATISTICS: Mapping[Kind, str] = {
    "xbar": "mean",
    "r": "range",
    "s": "standard deviation",
    "i": "value",
    "mr": "moving range",
    "residual": "residual",
    "ewma": "weighted average",
    "cusum": "cumulative sum",
    "p": "fraction nonconforming",
    "np": "nonconforming units",
    "c": "defects",
    "u": "defects per unit",
    "laney_p": "fraction nonconforming",
    "laney_u": "defects per unit",
}
_DEPENDENT = ("mr", "ewma", "cusum")
_SKEWED = ("r", "s", "p", "np", "c", "u", "laney_p", "laney_u")
#: of each set, the rules that do not presume that points scatter evenly around the centre
_FOR_SKEWED = {"nelson": (1, 2, 3, 4), "western_electric": (1, 4), "limits": (1,)}


@dataclass(frozen=True, slots=True)
class Excluded:
    """A point left out because of an assignable cause; it stays as data. `time` None: every point of that label."""

    label: str
    reason: str
    time: pd.Timestamp | None = None


@dataclass(frozen=True, slots=True)
class Specification:
    low: float | None = None
    target: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class LimitsUsed:
    """Which limits a chart shows; without version they were computed from its own points (phase I)."""

    phase: str = "I"
    version: int | None = None
    frozen_at: pd.Timestamp | None = None
    data_digest: str | None = None


@dataclass(frozen=True, slots=True)
class ControlChart:
    """`points`: a frame of POINT; of a CUSUM also `other`, the lower sum drawn below zero.

    `companion`: the chart of the spread that belongs to a chart of means or single values. `excluded`: with reasons.
    """

    kind: Kind
    statistic: str
    characteristic: str
    unit: str
    center: float
    sigma: float
    points: pd.DataFrame
    rules: RuleSet
    limits: LimitsUsed
    specification: Specification | None
    excluded: tuple[Excluded, ...]
    warnings: tuple[str, ...]
    companion: ControlChart | None = None

    @property
    def signals(self) -> pd.DataFrame:
        """The points at which a rule fires."""
        return self.points[self.points["signals"].astype(bool)]

    @property
    def in_control(self) -> bool | None:
        """No rule fires here nor in the companion; None where there is no point that could be judged."""
        if len(self.signals) or (self.companion is not None and self.companion.in_control is False):
            return False
        judged = self.points["value"].notna() & self.points["upper"].notna() & ~self.points["excluded"]
        return True if judged.any() else None

    def as_plain(self) -> dict[str, Any]:
        """As JSON can carry it."""
        return {**plain(replace(self, companion=None)), "companion": self.companion and self.companion.as_plain()}


def control_chart(
    kind: Kind,
    series: pd.DataFrame,
    *,
    parameters: Parameters | None = None,
    rules: RuleSet = NELSON,
    estimator: Estimator = "auto",
    options: Mapping[str, float] | None = None,
    excluded: Sequence[Excluded] = (),
    characteristic: str = "",
    unit: str = "",
    specification: Specification | None = None,
    limits: LimitsUsed | None = None,
) -> ControlChart:
    """The chart of `series` (VARIABLES or ATTRIBUTES), with its own limits unless `parameters` are given.

    Raises InvalidInput where the kind does not fit the data, or the data cannot give limits.
    """
    left_out = excluded_points(series, excluded)
    kept = without(series, left_out)
    used = parameters or estimate(kind, kept, estimator=estimator, options=options)
    chart = ControlChart(
        kind=kind,
        statistic=STATISTICS[kind],
        characteristic=characteristic,
        unit=_unit_of(kind, unit),
        center=used.center,
        sigma=used.sigma,
        points=_points(series, kept, left_out, used, rules_for(kind, rules)),
        rules=rules_for(kind, rules),
        limits=limits or LimitsUsed(),
        specification=specification,
        excluded=tuple(excluded),
        warnings=warnings_of(used, kept, own=parameters is None),
    )
    other = companion_of(kind, used)
    if other is None:
        return chart
    spread = control_chart(
        other,
        series,
        parameters=replace(used, kind=other),
        rules=rules,
        excluded=excluded,
        characteristic=characteristic,
        unit=unit,
        limits=limits,
    )
    return replace(chart, companion=replace(spread, warnings=()))


def rules_for(kind: Kind, rules: RuleSet) -> RuleSet:
    """The rules of a set that mean something on this kind of chart."""
    if kind in _DEPENDENT:
        return LIMITS_ONLY
    return rules.only(_FOR_SKEWED[rules.set]) if kind in _SKEWED else rules


def companion_of(kind: Kind, used: Parameters) -> Kind | None:
    """The chart of the spread that a chart of means or single values is read with."""
    if kind == "i":
        return "mr"
    if kind != "xbar":
        return None
    return "r" if used.estimator == "range" else "s" if used.estimator == "sd" else None


def excluded_points(series: pd.DataFrame, excluded: Sequence[Excluded]) -> npt.NDArray[np.bool_]:
    """Which rows are excluded. Raises InvalidInput for an exclusion that names none of them."""
    chosen = np.zeros(len(series), dtype=bool)
    for one in excluded:
        named = (series["label"] == one.label).to_numpy()
        if one.time is not None:
            named = named & (series["time"] == one.time).to_numpy()
        if not named.any():
            some = ", ".join(series["label"].astype(str).unique()[:5])
            expected = f"a label of the chart, such as {some}"
            raise InvalidInput(f"there is no point {one.label!r}", where="excluded", expected=expected)
        if not one.reason.strip():
            raise InvalidInput(f"point {one.label!r} is excluded without a reason", where="excluded", expected="why")
        chosen |= named
    return chosen


def without(series: pd.DataFrame, left_out: npt.NDArray[np.bool_]) -> pd.DataFrame:
    """The series with these points missing, in their place."""
    if not left_out.any():
        return series
    measured = [name for name in ("mean", "range", "sd", "count") if name in series]
    return series.assign(**{name: series[name].mask(left_out) for name in measured})


def _points(
    series: pd.DataFrame, kept: pd.DataFrame, left_out: npt.NDArray[np.bool_], used: Parameters, rules: RuleSet
) -> pd.DataFrame:
    judged = lines(used, kept)
    shown = lines(used, series) if left_out.any() and used.kind not in _DEPENDENT else judged
    points = pd.DataFrame(
        {
            "index": np.arange(1, len(series) + 1),
            "label": series["label"].array,
            "time": series["time"].array,
            "value": np.where(left_out, shown.value, judged.value),
            "n": series["n"].array,
            "center": judged.center,
            "lower": judged.lower,
            "upper": judged.upper,
            "signals": fired(judged.z, rules),
            "excluded": left_out,
        }
    )
    return points if judged.other is None else points.assign(other=judged.other)


def _unit_of(kind: Kind, unit: str) -> str:
    return "" if kind == "cusum" else unit
