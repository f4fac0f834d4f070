"""Process capability of measured values, judged on the lower bound of its interval, never on the point.

Sources: AIAG SPC Reference Manual (Cp, Cpk from the spread within subgroups; Pp, Ppk from that of all values);
ISO 22514-2. Values that are not normal are transformed by Box-Cox if that makes them so; otherwise the geometric method
gives Pp and Ppk from their own percentiles, and there is no Cp. Where the process is not known to be in control, Cpk
says nothing of what is made, so Ppk is judged. The usual threshold is 1.33.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
from scipy.special import boxcox

from api.quality.spc.indices import MOVING_RANGE, Indices, Interval, indices, require_specification
from api.quality.spc.normality import (
    ENOUGH_FOR_PERCENTILES,
    Normality,
    anderson_darling,
    box_cox_lambda,
    geometric_points,
)
from api.quality.spc.parameters import estimate
from api.quality.spc.series import grouped, individuals, require_sensible
from ledger.errors import InvalidInput

Floats = npt.NDArray[np.float64]
Method = Literal["normal", "box_cox", "percentile"]
Verdict = Literal["capable", "not_capable", "unknown"]

THRESHOLD = 1.33
#: fewer values leave the indices uncertain by a fifth and more
FEW = 50


@dataclass(frozen=True, slots=True)
class Capability:
    """Indices that the data or the specification cannot give are None. `outside`: values beyond the specification.

    `mean`, `sigma_within` and `sigma_overall` are on the scale of `method`: of the transformed values for box_cox.
    `verdict`: capable if the lower bound of `judged` reaches the threshold, not_capable if the upper bound does not,
    else unknown.
    """

    method: Method
    n: int
    mean: float
    sigma_within: float | None
    sigma_overall: float
    low: float | None
    target: float | None
    high: float | None
    outside: int
    cp: Interval | None
    cpl: Interval | None
    cpu: Interval | None
    cpk: Interval | None
    cpm: Interval | None
    k: float | None
    pp: Interval | None
    ppl: Interval | None
    ppu: Interval | None
    ppk: Interval | None
    normality: Normality | None
    box_cox_lambda: float | None
    confidence: float
    threshold: float
    judged: Literal["cpk", "ppk"]
    verdict: Verdict
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Scale:
    """The values and the specification as they are judged."""

    method: Method
    values: Floats
    low: float | None
    target: float | None
    high: float | None
    normality: Normality | None
    lmbda: float | None


def capability(
    values: npt.ArrayLike,
    *,
    low: float | None = None,
    high: float | None = None,
    target: float | None = None,
    subgroup: npt.ArrayLike | None = None,
    in_control: bool | None = None,
    averaged: bool = False,
    confidence: float = 0.95,
    threshold: float = THRESHOLD,
) -> Capability:
    """Of values in order of time; `subgroup`: which rational subgroup (0 …) each belongs to, else they are single ones.

    `in_control`: what the control chart says of them, None if nobody asked it. `averaged`: the values are means, which
    scatter less than what the specification is for; they never show a process to be capable. NaN values are left out.
    Raises InvalidInput for fewer than two values, values all the same, or no specification.
    """
    require_specification(low, high)
    x, key = _known(values, subgroup)
    scale = _scale(x, low, target, high)
    overall, within = float(np.std(scale.values, ddof=1)), _within(scale.values, key)
    performance, potential = _indices(scale, overall, within, confidence, 1.0 if _has_subgroups(key) else MOVING_RANGE)
    judged: Literal["cpk", "ppk"] = "cpk" if in_control and potential is not None else "ppk"
    chosen = potential if judged == "cpk" and potential is not None else performance
    return Capability(
        method=scale.method,
        n=x.size,
        mean=float(scale.values.mean()),
        sigma_within=within,
        sigma_overall=overall,
        low=low,
        target=target,
        high=high,
        outside=int(((x < (-np.inf if low is None else low)) | (x > (np.inf if high is None else high))).sum()),
        cpm=None if potential is None else potential.m,
        k=performance.k,
        **_named("c", potential),
        **_named("p", performance),
        normality=scale.normality,
        box_cox_lambda=scale.lmbda,
        confidence=confidence,
        threshold=threshold,
        judged=judged,
        verdict=_verdict(scale, chosen.least, threshold, averaged=averaged),
        warnings=(*([_AVERAGED] if averaged else []), *_warnings(scale, in_control)),
    )


def _named(letter: str, found: Indices | None) -> dict[str, Any]:
    """Cp, Cpl, Cpu, Cpk or Pp, Ppl, Ppu, Ppk, as fields."""
    parts = {"p": "both", "pl": "lower", "pu": "upper", "pk": "least"}
    return {letter + name: found and getattr(found, part) for name, part in parts.items()}


def _known(values: npt.ArrayLike, subgroup: npt.ArrayLike | None) -> tuple[Floats, npt.NDArray[np.intp] | None]:
    x = np.asarray(values, dtype=np.float64)
    known = np.isfinite(x)
    require_sensible(x[known])
    if known.sum() < 2 or np.ptp(x[known]) == 0:
        raise InvalidInput("too little to judge capability", expected="two values or more, not all the same")
    if subgroup is None:
        return x[known], None
    return x[known], np.unique(np.asarray(subgroup)[known], return_inverse=True)[1].astype(np.intp)


def _scale(x: Floats, low: float | None, target: float | None, high: float | None) -> _Scale:
    tested = anderson_darling(x) if x.size >= 8 else None
    if tested is None or tested.looks_normal:
        return _Scale("normal", x, low, target, high, tested, None)
    if (x > 0).all() and (high is None or high > 0):
        lmbda = box_cox_lambda(x)
        transformed: Floats = np.asarray(boxcox(x, lmbda), dtype=np.float64)
        if np.isfinite(transformed).all() and np.ptp(transformed) > 0 and anderson_darling(transformed).looks_normal:
            below, aim, above = (_moved(limit, lmbda) for limit in (low, target, high))
            if below is not None or above is not None:
                return _Scale("box_cox", transformed, below, aim, above, tested, lmbda)
    return _Scale("percentile", x, low, target, high, tested, None)


def _moved(limit: float | None, lmbda: float) -> float | None:
    """A limit on the transformed scale; a positive quantity cannot pass one at or below zero."""
    return None if limit is None or limit <= 0 else float(boxcox(limit, lmbda))


def _within(x: Floats, key: npt.NDArray[np.intp] | None) -> float | None:
    several = _has_subgroups(key)
    series = grouped(x, key, labels=[""] * (int(key.max()) + 1)) if key is not None and several else individuals(x)
    try:
        return estimate("xbar" if several else "i", series).sigma
    except InvalidInput:  # no two values within a subgroup differ
        return None


def _has_subgroups(key: npt.NDArray[np.intp] | None) -> bool:
    return key is not None and bool(np.bincount(key).max() >= 2)


def _indices(
    scale: _Scale, overall: float, within: float | None, confidence: float, efficiency: float
) -> tuple[Indices, Indices | None]:
    if scale.method == "percentile":
        return _geometric(scale, confidence), None

    def of(sigma: float, efficiency: float = 1.0) -> Indices:
        mean, n = float(scale.values.mean()), scale.values.size
        bounds = {"low": scale.low, "high": scale.high, "target": scale.target}
        return indices(mean, sigma, n, **bounds, confidence=confidence, efficiency=efficiency)

    return of(overall), None if within is None else of(within, efficiency)


def _geometric(scale: _Scale, confidence: float) -> Indices:
    """Pp, Ppk from percentiles, with bootstrap intervals."""
    points, drawn = geometric_points(scale.values)
    below, middle, above = np.vstack([points, drawn]).T
    tails = [(1 - confidence) / 2, (1 + confidence) / 2]

    def interval(each: Floats) -> Interval:
        # order statistics as they are: between two infinite ones (a middle that is also the extreme) lies no number
        low, high = np.quantile(each[1:], tails[0], method="lower"), np.quantile(each[1:], tails[1], method="higher")
        return Interval(float(each[0]), float(low), float(high))

    with np.errstate(divide="ignore", invalid="ignore"):
        lower = None if scale.low is None else (middle - scale.low) / (middle - below)
        upper = None if scale.high is None else (scale.high - middle) / (above - middle)
        both = None if scale.low is None or scale.high is None else (scale.high - scale.low) / (above - below)
    sides = [side for side in (lower, upper) if side is not None]
    shown = [None if each is None else interval(each) for each in (both, lower, upper)]
    off = None
    if scale.low is not None and scale.high is not None:
        off = abs(float(points[1]) - (scale.low + scale.high) / 2) / ((scale.high - scale.low) / 2)
    return Indices(shown[0], shown[1], shown[2], interval(np.minimum.reduce(sides)), None, off)


_AVERAGED = "these are means, which scatter less than single values: they cannot show that a process is capable"


def _verdict(scale: _Scale, least: Interval, threshold: float, *, averaged: bool) -> Verdict:
    if least.high < threshold:
        return "not_capable"
    # with few values, their own extremes are too close to the middle: that can only flatter
    unseen = scale.method == "percentile" and scale.values.size < ENOUGH_FOR_PERCENTILES
    return "capable" if least.low >= threshold and not unseen and not averaged else "unknown"


def _warnings(scale: _Scale, in_control: bool | None) -> tuple[str, ...]:
    found = []
    if in_control is False:
        found.append("the process is not in control: what it made is no promise of what it will make")
    if in_control is None:
        found.append("nobody has asked a control chart whether the process is in control")
    if scale.values.size < FEW:
        found.append(f"only {scale.values.size} values: fewer than {FEW} leave the indices very uncertain")
    if scale.method == "percentile" and scale.values.size < ENOUGH_FOR_PERCENTILES:
        found.append(
            f"the values are not normal, nor made so by Box-Cox, and fewer than {ENOUGH_FOR_PERCENTILES} "
            "do not show the tails"
        )
    return tuple(found)
