"""The centre and the sigma of a process, estimated from its phase I data, or given as standards.

Sources: Montgomery, Introduction to Statistical Quality Control; ASTM E2587; for subgroups of unequal size Burr 1969
(each subgroup's estimate of sigma weighted by the inverse of its variance, which for equal sizes is R̄/d2 and S̄/c4);
Laney 2002 for overdispersed counts. Sigma is always that *within* subgroups, never that of all values together, which
what the chart is to find has already widened.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from api.quality.spc.constants import constants, per_point
from ledger.errors import InvalidInput

Floats = npt.NDArray[np.float64]

Kind = Literal["xbar", "r", "s", "i", "mr", "residual", "ewma", "cusum", "p", "np", "c", "u", "laney_p", "laney_u"]
KINDS_OF_VARIABLES: tuple[Kind, ...] = ("xbar", "r", "s", "i", "mr", "residual", "ewma", "cusum")
KINDS_OF_ATTRIBUTES: tuple[Kind, ...] = ("p", "np", "c", "u", "laney_p", "laney_u")
Estimator = Literal["auto", "range", "sd", "moving_range"]

#: beyond this size the range says much less than the standard deviation
_LARGEST_FOR_RANGE = 10


@dataclass(frozen=True, slots=True)
class Parameters:
    """What a chart's lines follow from, for any sample size.

    `center`: the process mean, p̄, c̄ or ū. `sigma`: of single values; of p′ and u′ charts, how much wider than binomial
    or Poisson the points scatter; of the other attribute charts 1. `options`: `weight` and `width` of EWMA, `k`, `h`
    and `head_start` of CUSUM in sigmas of a point, `autocorrelation` of a residual chart.
    """

    kind: Kind
    center: float
    sigma: float
    n: float | None
    estimator: str
    options: Mapping[str, float] = field(default_factory=dict)


def estimate(
    kind: Kind,
    series: pd.DataFrame,
    *,
    estimator: Estimator = "auto",
    options: Mapping[str, float] | None = None,
) -> Parameters:
    """From a frame of VARIABLES or ATTRIBUTES, without the points that have an assignable cause (NaN instead).

    `n` is the sample size, None where it varies. Raises InvalidInput where the data cannot give it.
    """
    require_kind(kind, series)
    if kind in KINDS_OF_ATTRIBUTES:
        return _of_attributes(kind, series)
    center, sigma, chosen, found = _of_variables(kind, series, estimator)
    if not np.isfinite(sigma) or sigma <= 0:
        raise InvalidInput(
            "the spread within subgroups cannot be estimated",
            expected="at least two points that differ, or subgroups of two or more values",
            advice="Chart more data, or another kind.",
        )
    return Parameters(
        kind, center, sigma, _size(series), chosen, {**DEFAULTS.get(kind, {}), **found, **(options or {})}
    )


#: a two-sided EWMA and CUSUM with average run lengths of 500 and 465 in control
DEFAULTS: Mapping[Kind, Mapping[str, float]] = {
    "ewma": {"weight": 0.2, "width": 2.962},
    "cusum": {"k": 0.5, "h": 5.0, "head_start": 0.0},
}


def require_kind(kind: str, series: pd.DataFrame) -> None:
    """Raises InvalidInput for a kind that there is not, or that the series cannot be charted as."""
    if kind not in (*KINDS_OF_VARIABLES, *KINDS_OF_ATTRIBUTES):
        expected = ", ".join((*KINDS_OF_VARIABLES, *KINDS_OF_ATTRIBUTES))
        raise InvalidInput(f"unknown chart kind {kind!r}", expected=f"one of {expected}")
    if (kind in KINDS_OF_ATTRIBUTES) != ("count" in series):
        measured = "counts" if "count" in series else "measured values"
        fitting = KINDS_OF_ATTRIBUTES if "count" in series else KINDS_OF_VARIABLES
        raise InvalidInput(f"a {kind} chart cannot show {measured}", expected=f"one of {', '.join(fitting)}")


def autocorrelation(values: npt.ArrayLike) -> float:
    """The correlation of each value with the one before it; NaN with fewer than three such pairs, or no spread."""
    x = np.asarray(values, dtype=np.float64)
    before, after = x[:-1], x[1:]
    both = ~np.isnan(before) & ~np.isnan(after)
    deviation = x - np.nanmean(x) if (~np.isnan(x)).any() else x
    square = float(np.nanmean(deviation**2)) if both.any() else 0.0
    if both.sum() < 3 or square == 0:
        return float("nan")
    return float(np.mean(deviation[:-1][both] * deviation[1:][both]) / square)


def _of_variables(kind: Kind, series: pd.DataFrame, estimator: Estimator) -> tuple[float, float, str, dict[str, float]]:
    mean, n = series["mean"].to_numpy(np.float64), series["n"].to_numpy(np.float64)
    known = ~np.isnan(mean)
    if not known.any():
        raise InvalidInput("there is nothing to chart", expected="at least two values")
    center = float(np.average(mean[known], weights=n[known]))
    chosen = _estimator(kind, series, estimator)
    if kind == "residual":
        phi = autocorrelation(mean)
        residual = residuals(mean, center, phi)
        return center, _moving_range(residual), chosen, {"autocorrelation": phi}
    return center, _SIGMAS[chosen](series), chosen, {}


def residuals(mean: Floats, center: float, phi: float) -> Floats:
    """What an AR(1) process (xᵢ − center = φ(xᵢ₋₁ − center) + eᵢ) did not foresee; NaN where either is missing."""
    return np.concatenate([[np.nan], (mean[1:] - center) - phi * (mean[:-1] - center)])


def _estimator(kind: Kind, series: pd.DataFrame, wanted: Estimator) -> str:
    n = series["n"].to_numpy(np.float64)
    if kind in ("i", "mr", "residual") or np.nanmax(n) < 2:
        return "moving_range"
    if kind in ("r", "s"):
        return {"r": "range", "s": "sd"}[kind]
    if wanted != "auto":
        return wanted
    return "range" if np.nanmax(n) <= _LARGEST_FOR_RANGE else "sd"


def _moving_range(mean: Floats) -> float:
    distance = np.abs(np.diff(mean))
    distance = distance[~np.isnan(distance)]
    return float(distance.mean() / constants(2).d2) if distance.size else float("nan")


def _range(series: pd.DataFrame) -> float:
    d2, d3 = per_point("d2", series["n"]), per_point("d3", series["n"])
    return _weighted(series["range"].to_numpy(np.float64) / d2, (d2 / d3) ** 2)


def _sd(series: pd.DataFrame) -> float:
    c4 = per_point("c4", series["n"])
    return _weighted(series["sd"].to_numpy(np.float64) / c4, c4**2 / (1 - c4**2))


def _weighted(estimates: Floats, weights: Floats) -> float:
    known = ~np.isnan(estimates)
    return float(np.average(estimates[known], weights=weights[known])) if known.any() else float("nan")


_SIGMAS: Mapping[str, Callable[[pd.DataFrame], float]] = {
    "range": _range,
    "sd": _sd,
    "moving_range": lambda series: _moving_range(series["mean"].to_numpy(np.float64)),
}


def _of_attributes(kind: Kind, series: pd.DataFrame) -> Parameters:
    count, n = series["count"].to_numpy(np.float64), series["n"].to_numpy(np.float64)
    known = ~np.isnan(count)
    if not known.any():
        raise InvalidInput("there is nothing to chart", expected="at least one count")
    if kind in ("p", "np", "laney_p") and (count[known] > n[known]).any():
        raise InvalidInput("more nonconforming units than inspected ones", expected=f"a c or u chart, not {kind}")
    if kind == "c" and _size(series) is None:
        raise InvalidInput("the sample size varies", expected="samples of one size", advice="Chart kind u instead.")
    center = float(count[known].mean() if kind == "c" else count[known].sum() / n[known].sum())
    sigma = laney_sigma(kind, center, count, n) if kind in ("laney_p", "laney_u") else 1.0
    return Parameters(kind, center, sigma, _size(series), "pooled")


def laney_sigma(kind: Kind, center: float, count: Floats, n: Floats) -> float:
    """Laney 2002: the sigma of z, estimated from its moving range; 1 where counts scatter as they should."""
    variance = center * (1 - center) if kind == "laney_p" else center
    sigma = _moving_range((count / n - center) / np.sqrt(variance / n)) if variance > 0 else 0.0
    if not sigma > 0:
        raise InvalidInput("no count differs from another", expected="samples that differ", advice="Chart kind p or u.")
    return sigma


def _size(series: pd.DataFrame) -> float | None:
    sizes = series["n"].to_numpy(np.float64)
    sizes = np.unique(sizes[sizes > 0])
    return float(sizes[0]) if sizes.size == 1 else None
