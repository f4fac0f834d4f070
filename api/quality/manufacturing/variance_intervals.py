"""Intervals for variance components, which are sums and differences of mean squares.

Modified large sample: Graybill and Wang (1980) for sums, Ting et al. (1990) for differences, as collected by Burdick,
Borror and Montgomery, Journal of Quality Technology 35(4), 2003. A single mean square gives the exact chi-squared
interval. Bounds below zero are zero.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from scipy import stats


@dataclass(frozen=True, slots=True)
class MeanSquare:
    """A mean square and its degrees of freedom."""

    value: float
    df: int


def sum_interval(terms: Sequence[tuple[float, MeanSquare]], confidence: float) -> tuple[float, float]:
    """Of Σ c·MS with coefficients from 0 up."""
    estimate = sum(c * ms.value for c, ms in terms)
    below = sum((_g(ms.df, confidence) * c * ms.value) ** 2 for c, ms in terms)
    above = sum((_h(ms.df, confidence) * c * ms.value) ** 2 for c, ms in terms)
    return max(0.0, estimate - math.sqrt(below)), estimate + math.sqrt(above)


def difference_interval(c: float, one: MeanSquare, other: MeanSquare, confidence: float) -> tuple[float, float]:
    """Of c·(MS of one - MS of other)."""
    tail = (1 - confidence) / 2
    f_high, f_low = (float(stats.f.ppf(q, one.df, other.df)) for q in (1 - tail, tail))
    g1, h1 = _g(one.df, confidence), _h(one.df, confidence)
    g2, h2 = _g(other.df, confidence), _h(other.df, confidence)
    g12 = ((f_high - 1) ** 2 - (g1 * f_high) ** 2 - h2**2) / f_high
    h12 = ((1 - f_low) ** 2 - (h1 * f_low) ** 2 - g2**2) / f_low
    a, b = c * one.value, c * other.value
    below = (g1 * a) ** 2 + (h2 * b) ** 2 + g12 * a * b
    above = (h1 * a) ** 2 + (g2 * b) ** 2 + h12 * a * b
    return max(0.0, a - b - math.sqrt(max(0.0, below))), max(0.0, a - b + math.sqrt(max(0.0, above)))


def _g(df: int, confidence: float) -> float:
    return 1 - df / float(stats.chi2.ppf((1 + confidence) / 2, df))


def _h(df: int, confidence: float) -> float:
    return df / float(stats.chi2.ppf((1 - confidence) / 2, df)) - 1
