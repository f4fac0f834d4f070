"""Hotelling's T²: several characteristics that move together, on one chart; and which of them is behind a signal.

Sources: Montgomery, chapter 11; Ryan, Statistical Methods for Quality Improvement; Tracy, Young & Mason 1992 (limits
for individuals); Runger, Alt & Montgomery 1996 (contributions). With m points of n values of p variables, S̄ the mean of
the covariances within subgroups (of all points, for individuals):

    T² = n(x̄−x̿)ᵀS̄⁻¹(x̄−x̿)
    subgroups    phase I  p(m−1)(n−1)/(mn−m−p+1)·F(1−α; p, mn−m−p+1)    phase II  with m+1 for m−1
    individuals  phase I  (m−1)²/m·Beta(1−α; p/2, (m−p−1)/2)            phase II  p(m+1)(m−1)/(m(m−p))·F(1−α; p, m−p)

The phase I limit is for the points that gave the covariance, the phase II limit for all others: mixing them up is wrong
by several times where points are few. What a variable contributes is what T² loses without it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.stats import beta, f

from ledger.errors import InvalidInput

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Hotelling:
    """A process in control, from m points of n values each (n = 1: individuals), of p variables."""

    variables: tuple[str, ...]
    center: Floats
    covariance: Floats
    m: int
    n: int
    alpha: float
    phase_1_limit: float
    phase_2_limit: float


@dataclass(frozen=True, slots=True)
class T2:
    """`t2` per point (NaN where a value is missing), `contributions` points × variables, `signal`: beyond `limit`."""

    variables: tuple[str, ...]
    phase: str
    limit: float
    t2: Floats
    contributions: Floats
    signal: npt.NDArray[np.bool_]


def false_alarms(p: int) -> float:
    """The share of false alarms of p charts with 3 sigma limits: the default α."""
    return 1 - (1 - 0.0027) ** p


def hotelling(values: npt.ArrayLike, *, variables: Sequence[str] = (), alpha: float | None = None) -> Hotelling:
    """From individuals (m × p) or subgroups (m × n × p), all finite. Raises InvalidInput."""
    x = np.asarray(values, dtype=np.float64)
    if x.ndim not in (2, 3) or not np.isfinite(x).all():
        raise InvalidInput("not a table of finite values", expected="points × (values ×) variables")
    m, n, p = (x.shape[0], 1, x.shape[1]) if x.ndim == 2 else x.shape
    freedom = m - p - 1 if n == 1 else m * n - m - p + 1
    if (x.ndim == 3 and n < 2) or freedom < 1:
        raise InvalidInput(f"{m} points of {n} values are too few for {p} variables", expected="more points")
    covariance = _covariance(x)
    if not _independent(covariance):
        raise InvalidInput(
            "one variable follows from the others", expected="variables none of which is a sum of others"
        )
    chosen = false_alarms(p) if alpha is None else alpha
    first, second = _subgroup_limits(m, n, p, chosen) if n > 1 else _individual_limits(m, p, chosen)
    center = x.reshape(-1, p).mean(axis=0)
    return Hotelling(variable_names(variables, p), center, covariance, m, n, chosen, first, second)


def phase_1(model: Hotelling, values: npt.ArrayLike) -> T2:
    """The points that the model was made from, against the phase I limit."""
    return _judged(model, values, "I", model.phase_1_limit)


def phase_2(model: Hotelling, values: npt.ArrayLike) -> T2:
    """New points, against the phase II limit."""
    return _judged(model, values, "II", model.phase_2_limit)


def _judged(model: Hotelling, values: npt.ArrayLike, phase: str, limit: float) -> T2:
    x = np.asarray(values, dtype=np.float64)
    n, p = (1, x.shape[-1]) if x.ndim == 2 else x.shape[1:]
    if (n, p) != (model.n, len(model.center)):
        raise InvalidInput(
            f"points of {n} × {p} values", expected=f"{model.n} × {len(model.center)}, as the limits were made from"
        )
    sd = np.sqrt(np.diag(model.covariance))
    inverse = np.linalg.inv(model.covariance / np.outer(sd, sd)) / np.outer(sd, sd)
    distance = (x if x.ndim == 2 else x.mean(axis=1)) - model.center
    pulled = distance @ inverse
    t2 = model.n * np.einsum("ij,ij->i", pulled, distance)
    contributions = model.n * pulled**2 / np.diag(inverse)
    return T2(model.variables, phase, limit, t2, contributions, t2 > limit)


def _independent(covariance: Floats) -> bool:
    """Whether no variable follows from the others, whatever units they are in."""
    sd = np.sqrt(np.diag(covariance))
    if not (sd > 0).all():
        return False
    return bool(np.linalg.matrix_rank(covariance / np.outer(sd, sd), hermitian=True) == len(sd))


def _covariance(x: Floats) -> Floats:
    if x.ndim == 2:
        return np.atleast_2d(np.cov(x, rowvar=False))
    deviation = x - x.mean(axis=1, keepdims=True)
    return np.asarray(np.einsum("mni,mnj->ij", deviation, deviation) / (x.shape[0] * (x.shape[1] - 1)))


def _subgroup_limits(m: int, n: int, p: int, alpha: float) -> tuple[float, float]:
    freedom = m * n - m - p + 1
    quantile = float(f.ppf(1 - alpha, p, freedom)) * p * (n - 1) / freedom
    return (m - 1) * quantile, (m + 1) * quantile


def _individual_limits(m: int, p: int, alpha: float) -> tuple[float, float]:
    first = (m - 1) ** 2 / m * float(beta.ppf(1 - alpha, p / 2, (m - p - 1) / 2))
    return first, p * (m + 1) * (m - 1) / (m * (m - p)) * float(f.ppf(1 - alpha, p, m - p))


def variable_names(variables: Sequence[str], p: int) -> tuple[str, ...]:
    """One name per variable, made up if there are none. Raises InvalidInput."""
    names = tuple(variables) or tuple(f"x{number}" for number in range(1, p + 1))
    if len(names) != p:
        raise InvalidInput(f"{len(names)} names for {p} variables", expected="one for each")
    return names
