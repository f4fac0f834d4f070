"""Capability indices and their intervals: how many times a process' natural spread fits into its specification.

Sources: AIAG SPC Reference Manual; NIST/SEMATECH e-Handbook 6.1.6; intervals: chi-square for Cp and Pp, Bissell 1990
for the one-sided ones and their minimum, Boyles 1991 for Cpm. All are two-sided and take the values as normal and sigma
as having n − 1 degrees of freedom, which flatters a sigma from ranges within subgroups a little. A sigma from
moving ranges has 0.605 of them (Cryer & Ryan 1990, Journal of Quality Technology 22(3)).

    Cp = (U−L)/6σ   Cpl = (μ−L)/3σ   Cpu = (U−μ)/3σ   Cpk = min   Cpm = (U−L)/(6√(σ²+(μ−T)²))   k = |μ−mid|/((U−L)/2)
"""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

from scipy.stats import chi2, norm

from ledger.errors import InvalidInput

#: in sigmas; what is further away is a mistake, and its square no number
_LARGEST = 1e100
#: the efficiency of a sigma from moving ranges
MOVING_RANGE = 0.605


@dataclass(frozen=True, slots=True)
class Interval:
    """An estimate with its confidence bounds."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Indices:
    """With a one-sided specification, `both` (Cp or Pp), `k` and `m` (Cpm) are None, as is the missing side."""

    both: Interval | None
    lower: Interval | None
    upper: Interval | None
    least: Interval
    m: Interval | None
    k: float | None


def indices(
    mean: float,
    sigma: float,
    n: int,
    *,
    low: float | None = None,
    high: float | None = None,
    target: float | None = None,
    confidence: float = 0.95,
    efficiency: float = 1.0,
) -> Indices:
    """With sigma within subgroups these are Cp …; with that of all values Pp …. Raises InvalidInput.

    `efficiency`: of n − 1 degrees of freedom the share that the estimate of sigma has.
    """
    require_specification(low, high)
    if n < 2 or not sigma > 0 or not 0 < confidence < 1:
        raise InvalidInput(f"n = {n}, sigma = {sigma}, confidence = {confidence}", expected="n ≥ 2 and a sigma above 0")
    if any(each is not None and abs(each) > _LARGEST * sigma for each in (mean, low, high, target)):
        raise InvalidInput(
            "a limit, a target or a mean too far off to compare", expected="figures in one sensible unit"
        )
    freedom = efficiency * (n - 1)
    lower = None if low is None else _bissell((mean - low) / (3 * sigma), n, freedom, confidence)
    upper = None if high is None else _bissell((high - mean) / (3 * sigma), n, freedom, confidence)
    least = min((each for each in (lower, upper) if each is not None), key=lambda each: each.value)
    if low is None or high is None:
        return Indices(None, lower, upper, least, None, None)
    both = _chi_square((high - low) / (6 * sigma), freedom, confidence)
    off = abs(mean - (low + high) / 2) / ((high - low) / 2)
    return Indices(both, lower, upper, least, _taguchi(mean, sigma, n * efficiency, low, high, target, confidence), off)


def require_specification(low: float | None, high: float | None) -> None:
    """Raises InvalidInput unless there is a limit, and the lower lies below the upper."""
    if low is None and high is None:
        raise InvalidInput(
            "there is no specification to be capable of",
            expected="a lower limit, an upper one, or both",
            advice="Import a specification for this characteristic.",
        )
    if low is not None and high is not None and low >= high:
        raise InvalidInput(f"the specification is from {low} to {high}", expected="a lower limit below the upper")


def _chi_square(value: float, freedom: float, confidence: float) -> Interval:
    tail = (1 - confidence) / 2
    low, high = (sqrt(chi2.ppf(share, freedom) / freedom) for share in (tail, 1 - tail))
    return Interval(value, value * low, value * high)


def _bissell(value: float, n: int, freedom: float, confidence: float) -> Interval:
    width = float(norm.ppf((1 + confidence) / 2)) * sqrt(1 / (9 * n) + value**2 / (2 * freedom))
    return Interval(value, value - width, value + width)


def _taguchi(
    mean: float, sigma: float, n: float, low: float, high: float, target: float | None, confidence: float
) -> Interval | None:
    if target is None:
        return None
    off = (mean - target) / sigma
    freedom = n * (1 + off**2) ** 2 / (1 + 2 * off**2)
    return _chi_square((high - low) / (6 * sigma * sqrt(1 + off**2)), freedom, confidence)
