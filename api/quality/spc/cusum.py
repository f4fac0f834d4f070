"""Cumulative sums: the tabular CUSUM, which is the quickest to see a lasting shift of known size.

Sources: Page 1954; NIST/SEMATECH e-Handbook 6.3.2.3; Lucas & Crosier 1982 (fast initial response):

    S⁺ = max(0, S⁺ + x − target − k)        S⁻ = max(0, S⁻ + target − k − x)        signal where either is above h

k is half the shift to be seen (δ/2), h usually 4 to 5 sigmas. The sums are not reset by a signal. A missing point
leaves them as they are. The recursion is the walk above its own running minimum, so it needs no loop.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ledger.errors import InvalidInput

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Cusum:
    """The sums after each point (NaN where the point is missing), and where one exceeds `h`."""

    above: Floats
    below: Floats
    h: float
    signal: npt.NDArray[np.bool_]


def cusum(x: npt.ArrayLike, *, target: float, k: float, h: float, head_start: float = 0.0) -> Cusum:
    """`k`, `h` in the unit of x; `head_start` is where both sums begin (fast initial response: h/2)."""
    if k < 0 or h <= 0 or not 0 <= head_start <= h:
        raise InvalidInput(f"k = {k}, h = {h}, head start = {head_start}", expected="k ≥ 0, h > 0, 0 ≤ head start ≤ h")
    values = np.asarray(x, dtype=np.float64)
    above, below = np.full(values.shape, np.nan), np.full(values.shape, np.nan)
    known = ~np.isnan(values)
    above[known] = _sum(values[known] - target - k, head_start)
    below[known] = _sum(target - k - values[known], head_start)
    return Cusum(above, below, h, (above > h) | (below > h))


def _sum(steps: Floats, start: float) -> Floats:
    walk = np.cumsum(steps) + start
    return np.asarray(walk - np.minimum(np.minimum.accumulate(walk), 0)) if walk.size else walk
