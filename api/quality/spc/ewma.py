"""Exponentially weighted moving average: sees small lasting shifts sooner than single points do.

Source: Roberts 1959; NIST/SEMATECH e-Handbook 6.3.2.4:

    zᵢ = λxᵢ + (1−λ)zᵢ₋₁,  z₀ = target        limits: target ± L·σ·√(λ/(2−λ)·(1 − (1−λ)²ⁱ))

With subgroup sizes that differ, Var zᵢ = λ²σᵢ² + (1−λ)²·Var zᵢ₋₁. A missing point leaves the average as it is.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.signal import lfilter

from ledger.errors import InvalidInput

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Ewma:
    """The average after each point (NaN where the point is missing), and the half width of its limits there."""

    value: Floats
    half_width: Floats


def ewma(
    x: npt.ArrayLike,
    *,
    target: float,
    sigma: npt.ArrayLike,
    weight: float = 0.2,
    width: float = 2.962,
    asymptotic: bool = False,
) -> Ewma:
    """`sigma`: of each x, one number or one per point; `weight`: λ in (0, 1]; `width`: L in sigmas of the average.

    The defaults have an average run length of 500 in control. `asymptotic` gives every point the limits of the last.
    """
    if not 0 < weight <= 1:
        raise InvalidInput(f"a weight of {weight}", expected="above 0, at most 1", advice="0.2 is usual.")
    values = np.asarray(x, dtype=np.float64)
    known = ~np.isnan(values)
    variance = np.broadcast_to(np.asarray(sigma, dtype=np.float64) ** 2, values.shape)[known]
    if asymptotic:
        spread = variance * weight / (2 - weight)
    else:
        spread = lfilter([weight**2], [1, -((1 - weight) ** 2)], variance)
    average = target + lfilter([weight], [1, weight - 1], values[known] - target)
    return Ewma(_placed(average, known), _placed(width * np.sqrt(spread), known))


def _placed(values: npt.ArrayLike, known: npt.NDArray[np.bool_]) -> Floats:
    placed = np.full(known.shape, np.nan)
    placed[known] = values
    return placed
