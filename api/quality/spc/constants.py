"""Control-chart constants from their definitions, for any subgroup size, instead of rounded tables.

Source: Montgomery, Introduction to Statistical Quality Control, appendix VI; ASTM E2587. For a sample of n from the
standard normal distribution, d2 and d3 are the mean and the standard deviation of its range R, c4 the mean of its
standard deviation:

    d2 = ∫ 1 − (1−Φ)ⁿ − Φⁿ dx        E[R²] = ∫ 2r·P(R > r) dr,  P(R > r) = 1 − n∫φ(x)(Φ(x+r) − Φ(x))ⁿ⁻¹ dx
    c4 = √(2/(n−1))·Γ(n/2)/Γ((n−1)/2)

The inner integrals are trapezoid sums over the whole line, which converge exponentially for such integrands; the outer
one is Gauss-Legendre. Both agree with the closed forms at n = 2 to 1e-12.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from math import exp, lgamma, sqrt

import numpy as np
import numpy.typing as npt
from scipy.special import ndtr

from ledger.errors import InvalidInput

Floats = npt.NDArray[np.float64]

#: beyond it the range wastes most of what the sample says, and the standard deviation is charted
LARGEST_RANGE = 1000
_STEP = 0.02


@dataclass(frozen=True, slots=True)
class Constants:
    """The constants of subgroups of `n`; limits are three standard deviations from the centre, and none is negative."""

    n: int
    d2: float
    d3: float
    c4: float
    A2: float
    A3: float
    D3: float
    D4: float
    B3: float
    B4: float


@cache
def constants(n: int) -> Constants:
    """All constants of subgroups of `n` ≥ 2. Raises InvalidInput."""
    mean, spread, biased = d2(n), d3(n), c4(n)
    range_width, sd_width = 3 * spread / mean, 3 * sqrt(1 - biased**2) / biased
    return Constants(
        n=n,
        d2=mean,
        d3=spread,
        c4=biased,
        A2=3 / (mean * sqrt(n)),
        A3=3 / (biased * sqrt(n)),
        D3=max(0.0, 1 - range_width),
        D4=1 + range_width,
        B3=max(0.0, 1 - sd_width),
        B4=1 + sd_width,
    )


@cache
def d2(n: int) -> float:
    """The mean range of n standard normal values."""
    _require(n, LARGEST_RANGE)
    below = ndtr(_line())
    return float(np.sum(1 - (1 - below) ** n - below**n) * _STEP)


@cache
def d3(n: int) -> float:
    """The standard deviation of the range of n standard normal values."""
    _require(n, LARGEST_RANGE)
    x = _line()
    nodes, weights = np.polynomial.legendre.leggauss(200)
    r, weights = 8 * (nodes + 1), 8 * weights
    density = np.exp(-x * x / 2) / sqrt(2 * np.pi)
    below = ndtr(x)
    wider = 1 - n * _STEP * np.array([density @ (ndtr(x + each) - below) ** (n - 1) for each in r])
    return sqrt(float(weights @ (2 * r * wider)) - d2(n) ** 2)


@cache
def c4(n: int) -> float:
    """The mean standard deviation (ddof 1) of n standard normal values."""
    _require(n, None)
    return sqrt(2 / (n - 1)) * exp(lgamma(n / 2) - lgamma((n - 1) / 2))


def per_point(constant: str, sizes: npt.ArrayLike) -> Floats:
    """`d2`, `d3` or `c4` for each of many subgroup sizes; NaN for sizes below 2."""
    of_size = {"d2": d2, "d3": d3, "c4": c4}[constant]
    distinct, where = np.unique(np.asarray(sizes, dtype=np.float64), return_inverse=True)
    return np.array([of_size(int(n)) if n >= 2 else np.nan for n in distinct])[where]


def _line() -> Floats:
    return np.arange(-10, 10 + _STEP, _STEP)


def _require(n: int, most: int | None) -> None:
    if n < 2 or (most is not None and n > most):
        raise InvalidInput(
            f"a subgroup of {n}",
            expected=f"from 2 to {most}" if most else "2 or more",
            advice="Chart single values with kind i, large subgroups with kind xbar and estimator sd.",
        )
