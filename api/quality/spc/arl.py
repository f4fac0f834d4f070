"""Average run length: after how many points a chart signals, in control (a false alarm) or after a shift.

Sources: Montgomery, Introduction to Statistical Quality Control; Brook & Evans 1972 (the Markov chain for CUSUM; for
EWMA, Lucas & Saccucci 1990). For normal, independent points with known centre and sigma: estimated limits have run
lengths that scatter widely around these.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy.special import ndtr

from ledger.errors import InvalidInput

Floats = npt.NDArray[np.float64]
_STATES = 201


def xbar_arl(shift: npt.ArrayLike, n: npt.ArrayLike = 1, *, width: float = 3.0) -> Floats:
    """Of a chart of means with limits at ± `width` sigma/√n; `shift` in sigmas of single values; both broadcast."""
    moved = np.asarray(shift, dtype=np.float64) * np.sqrt(np.asarray(n, dtype=np.float64))
    return np.asarray(1 / (ndtr(moved - width) + ndtr(-moved - width)))


def ewma_arl(shift: float, *, weight: float = 0.2, width: float = 2.962) -> float:
    """Of an EWMA chart with its asymptotic limits; `shift` in sigmas of a point."""
    if not 0 < weight <= 1 or width <= 0:
        raise InvalidInput(f"weight {weight}, width {width}", expected="a weight in (0, 1] and a width above 0")
    limit = width * np.sqrt(weight / (2 - weight))
    edges = np.linspace(-limit, limit, _STATES + 1)
    middles = (edges[1:] + edges[:-1]) / 2
    stays = ndtr((edges[None, :] - (1 - weight) * middles[:, None]) / weight - shift)
    return float(_run_lengths(np.diff(stays, axis=1))[_STATES // 2])


def cusum_arl(shift: float, *, k: float = 0.5, h: float = 5.0) -> float:
    """Of a two-sided CUSUM without head start; `shift`, `k` and `h` in sigmas of a point."""
    if k < 0 or h <= 0:
        raise InvalidInput(f"k = {k}, h = {h}", expected="k ≥ 0, h > 0")
    above, below = _one_sided(shift - k, h), _one_sided(-shift - k, h)
    return 1 / (1 / above + 1 / below)


def _one_sided(drift: float, h: float) -> float:
    """From zero until the sum of steps N(drift, 1), never below zero, exceeds h."""
    cell = 2 * h / (2 * _STATES - 1)
    centres = np.arange(_STATES) * cell
    reach = ndtr(centres[None, :] + cell / 2 - centres[:, None] - drift)
    moves = np.diff(reach, axis=1, prepend=0.0)
    return float(_run_lengths(moves)[0])


def _run_lengths(moves: Floats) -> Floats:
    """The mean number of steps to absorption from each state of a chain with these transient moves."""
    return np.asarray(np.linalg.solve(np.eye(len(moves)) - moves, np.ones(len(moves))))
