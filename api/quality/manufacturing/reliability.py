"""Time to failure by the Weibull distribution, with units that have not failed yet counted as such (right-censored).

Maximum likelihood: the shape as the root of its likelihood equation (Lawless, Statistical Models and Methods for
Lifetime Data, 2nd edition, section 5.2), the scale from it. Intervals from the observed information, on the log scale,
where they are never negative (Meeker and Escobar, Statistical Methods for Reliability Data, chapter 8). Two
parameters: no failure-free time.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from scipy import optimize, stats

from ledger.errors import InvalidInput

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure with its interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class WeibullFit:
    """R(t) = exp(-(t/scale)^shape). Shape below 1: early failures; about 1: chance; above 1: wear."""

    shape: Estimate
    scale: Estimate
    #: age by which a tenth has failed
    b10: Estimate
    units: int
    failures: int
    log_likelihood: float
    confidence: float
    #: of log shape and log scale
    covariance: tuple[tuple[float, float], tuple[float, float]]

    def life(self, fraction: float) -> Estimate:
        """The age by which this fraction, between 0 and 1, has failed."""
        y = math.log(-math.log1p(-fraction)) / self.shape.value
        gradient = np.array([-y, 1.0])
        middle = math.log(self.scale.value) + y
        half = self._z * math.sqrt(float(gradient @ np.array(self.covariance) @ gradient))
        return Estimate(math.exp(middle), math.exp(middle - half), math.exp(middle + half))

    def survival(self, ages: npt.ArrayLike) -> tuple[Floats, Floats, Floats]:
        """The fraction that outlasts each age (above 0), with lower and upper bounds."""
        shape, scale = self.shape.value, self.scale.value
        distance = np.log(np.asarray(ages, dtype=float) / scale)
        # log(-log R) = shape·(log t - log scale); its gradient by log shape and log scale
        u = shape * distance
        (a, b), (_, d) = self.covariance
        half = self._z * np.sqrt(u * u * a - 2 * u * shape * b + shape * shape * d)
        return np.exp(-np.exp(u)), np.exp(-np.exp(u + half)), np.exp(-np.exp(u - half))

    @property
    def _z(self) -> float:
        return float(stats.norm.ppf((1 + self.confidence) / 2))


def fit_weibull(ages: npt.ArrayLike, failed: npt.ArrayLike | None = None, *, confidence: float = 0.95) -> WeibullFit:
    """Fit to ages at failure, or, where `failed` is False, at the last look; ages in one unit, above zero.

    Raises InvalidInput for fewer than two different ages at failure: one failure tells no shape.
    """
    t, dead = _checked(ages, failed, confidence)
    unit = float(t.max())
    x = np.log(t / unit)
    failures = int(dead.sum())
    mean = float(x[dead].mean())

    def score(shape: float) -> float:
        weights = np.exp(shape * x)
        return float((weights * x).sum() / weights.sum()) - 1 / shape - mean

    low, high = 1e-3, 1.0
    while score(low) > 0:
        low /= 10
    while score(high) < 0:
        high *= 2
    shape = float(optimize.brentq(score, low, high, xtol=1e-13, rtol=1e-13))
    weights = np.exp(shape * x)
    log_scale = math.log(float(weights.sum()) / failures) / shape
    covariance = _covariance(shape, x - log_scale, dead)
    log_likelihood = float((math.log(shape) - log_scale + (shape - 1) * (x[dead] - log_scale)).sum()) - failures
    half = [float(stats.norm.ppf((1 + confidence) / 2)) * math.sqrt(covariance[i][i]) for i in range(2)]
    scale = math.exp(log_scale) * unit
    nothing = Estimate(math.nan, math.nan, math.nan)
    fit = WeibullFit(
        Estimate(shape, shape * math.exp(-half[0]), shape * math.exp(half[0])),
        Estimate(scale, scale * math.exp(-half[1]), scale * math.exp(half[1])),
        nothing, len(t), failures, log_likelihood - failures * math.log(unit), confidence, covariance,
    )  # fmt: skip
    return replace(fit, b10=fit.life(0.1))


def _covariance(
    shape: float, distance: Floats, dead: npt.NDArray[np.bool_]
) -> tuple[tuple[float, float], tuple[float, float]]:
    """The inverse of the observed information about log shape and log scale; `distance` is log t - log scale."""
    u = shape * distance
    e = np.exp(u)
    of_shape = float((e * u * (1 + u) - dead * u).sum())
    of_scale = shape**2 * float(e.sum())
    both = -shape * float((e * (1 + u) - dead).sum())
    (a, b), (c, d) = np.linalg.inv([[of_shape, both], [both, of_scale]]).tolist()
    return (a, b), (c, d)


def _checked(
    ages: npt.ArrayLike, failed: npt.ArrayLike | None, confidence: float
) -> tuple[Floats, npt.NDArray[np.bool_]]:
    t = np.asarray(ages, dtype=float)
    dead = np.ones(t.shape, dtype=bool) if failed is None else np.asarray(failed, dtype=bool)
    if t.ndim != 1 or dead.shape != t.shape or not (np.isfinite(t) & (t > 0)).all() or not 0 < confidence < 1:
        raise InvalidInput(
            "these are no ages at failure",
            expected="finite ages above 0, each with whether the unit failed, and a confidence between 0 and 1",
            advice="A unit that failed at once gets the smallest age that was observable.",
        )
    if len(np.unique(t[dead])) < 2:
        raise InvalidInput(
            f"{int(dead.sum())} failures at one age tell no distribution",
            expected="failures at two different ages or more",
        )
    return t, dead
