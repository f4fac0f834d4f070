"""Sampling by variables: the mean's distance from a limit, in standard deviations, decides about the lot.

The k method for one limit, with the process's σ known or estimated by s, and the M method of ANSI/ASQ Z1.9 (the
estimated fraction nonconforming against the largest allowed). The characteristic must be normally distributed; this
is not tested here. Formulas: Montgomery, Introduction to Statistical Quality Control, chapter 16; Lieberman and
Resnikoff (1955) for the estimate. Of Z1.9's plans one is quoted (`Z19_QUOTED`), copied from another source and not
recomputed; its k and M agree with each other under the estimate here.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy import stats

from api.quality.manufacturing.sampling.find import MOST, RiskPoint
from ledger.errors import InvalidInput

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class VariablesPlan:
    """Measure `n` units; accept if the limit is at least `k` standard deviations from the mean.

    `sigma_known`: the standard deviation is the process's; otherwise it is the sample's (n - 1). `largest_fraction`
    is M, where the plan has one. Raises InvalidInput.
    """

    n: int
    k: float
    sigma_known: bool
    largest_fraction: float | None = None

    def __post_init__(self) -> None:
        if self.n < (1 if self.sigma_known else 2) or not math.isfinite(self.k):
            raise InvalidInput(f"{self} is no plan", expected="n of 2 or more (1 with σ known) and a finite k")


#: Z1.9, standard deviation method, lots of 3201 to 10 000, AQL 1.5, level II, normal inspection; copied, not recomputed
Z19_QUOTED: Final = VariablesPlan(75, 1.84097, sigma_known=False, largest_fraction=0.0317)


@dataclass(frozen=True, slots=True)
class VariablesVerdict:
    """What a sample says about its lot; an index is None where there is no such limit."""

    accepted: bool
    mean: float
    deviation: float
    lower_index: float | None
    upper_index: float | None
    #: estimated fraction nonconforming beyond the limits; None with σ known
    fraction: float | None


def find_variables_plan(producer: RiskPoint, consumer: RiskPoint, *, sigma_known: bool = True) -> VariablesPlan:
    """The smallest n that keeps both promises, with k on the producer's point exactly. Raises InvalidInput.

    With σ unknown: the smallest n for which a k exists, by the noncentral t distribution; k is the producer's.
    """
    if not (0 < producer.quality < consumer.quality < 1 and 0 < consumer.probability < producer.probability < 1):
        raise InvalidInput(
            "the two risk points contradict each other",
            expected="a producer's quality below the consumer's that passes more often, all between 0 and 1",
        )
    good, bad = (float(stats.norm.isf(point.quality)) for point in (producer, consumer))
    alpha, beta = float(stats.norm.ppf(producer.probability)), -float(stats.norm.ppf(consumer.probability))
    needed = ((alpha + beta) / (good - bad)) ** 2 if good > bad else math.inf
    if not needed <= MOST:
        raise InvalidInput(
            f"no sample of up to {MOST} keeps both promises",
            expected="a consumer's quality farther from the producer's, or larger risks",
        )
    n = math.ceil(needed - 1e-9)
    if sigma_known:
        return VariablesPlan(max(n, 1), good - alpha / math.sqrt(max(n, 1)), sigma_known=True)
    return _with_deviation_estimated(producer, consumer, max(n, 2))


def _with_deviation_estimated(producer: RiskPoint, consumer: RiskPoint, start: int) -> VariablesPlan:
    def plan(n: int) -> VariablesPlan:
        noncentrality = math.sqrt(n) * float(stats.norm.isf(producer.quality))
        k = float(stats.nct.isf(producer.probability, n - 1, noncentrality)) / math.sqrt(n)
        return VariablesPlan(n, k, sigma_known=False)

    def keeps(n: int) -> bool:
        return bool(variables_acceptance(plan(n), consumer.quality) <= consumer.probability)

    low, high = 1, start
    while not keeps(high):
        low, high = high, high * 2
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if keeps(middle) else (middle, high)
    return plan(high)


def variables_acceptance(plan: VariablesPlan, quality: npt.ArrayLike) -> Floats:
    """The probability that a lot passes, for each fraction nonconforming beyond the one limit (between 0 and 1)."""
    fractions = np.asarray(quality, dtype=float)
    if not bool(np.all((fractions > 0) & (fractions < 1))):
        raise InvalidInput("a quality is out of range", expected="fractions between 0 and 1, such as 0.015 for 1.5 %")
    distance, root = stats.norm.isf(fractions), math.sqrt(plan.n)
    if plan.sigma_known:
        return np.asarray(stats.norm.cdf(root * (distance - plan.k)))
    return np.asarray(stats.nct.sf(root * plan.k, plan.n - 1, root * distance))


def estimated_fraction(index: npt.ArrayLike, n: int) -> Floats:
    """The unbiased estimate of the fraction beyond a limit that lies `index` sample deviations from the mean of `n`.

    Lieberman and Resnikoff (1955); n of 3 or more.
    """
    if n < 3:
        raise InvalidInput(f"{n} values estimate no fraction", expected="3 values or more")
    x = 0.5 - 0.5 * np.asarray(index, dtype=float) * math.sqrt(n) / (n - 1)
    return np.asarray(stats.beta.cdf(np.clip(x, 0, 1), n / 2 - 1, n / 2 - 1))


def variables_verdict(
    values: npt.ArrayLike,
    plan: VariablesPlan,
    *,
    low: float | None = None,
    high: float | None = None,
    sigma: float | None = None,
) -> VariablesVerdict:
    """Judge a sample of exactly `plan.n` values against a lower limit, an upper one, or both.

    Both limits need a plan with M (`largest_fraction`); one is judged by k. Raises InvalidInput.
    """
    measured = np.asarray(values, dtype=float)
    _check(measured, plan, low, high, sigma)
    mean = float(measured.mean())
    deviation = sigma if sigma is not None else float(measured.std(ddof=1))
    lower, upper = (
        None if limit is None else (sign * (limit - mean) / deviation if deviation else _certain(sign * (limit - mean)))
        for limit, sign in ((low, -1), (high, 1))
    )
    indices = [index for index in (lower, upper) if index is not None]
    fraction = None if plan.sigma_known or plan.n < 3 else float(sum(estimated_fraction(indices, plan.n)))
    if len(indices) == 2:
        accepted = fraction is not None and plan.largest_fraction is not None and fraction <= plan.largest_fraction
    else:
        accepted = indices[0] >= plan.k
    return VariablesVerdict(accepted, mean, deviation, lower, upper, fraction)


def _certain(distance: float) -> float:
    """The index of a sample without spread."""
    return math.inf if distance >= 0 else -math.inf


def _check(values: Floats, plan: VariablesPlan, low: float | None, high: float | None, sigma: float | None) -> None:
    if low is None and high is None:
        raise InvalidInput("there is no limit to judge against", expected="a lower limit, an upper one, or both")
    if values.shape != (plan.n,) or not np.isfinite(values).all():
        raise InvalidInput(f"{values.size} values for a plan of {plan.n}", expected=f"{plan.n} finite values")
    if plan.sigma_known != (sigma is not None) or (sigma is not None and not sigma > 0):
        raise InvalidInput("the plan and σ do not fit", expected="σ above zero with a plan for known σ, else none")
    if low is not None and high is not None and (plan.largest_fraction is None or not low < high):
        raise InvalidInput("two limits need low < high and a plan with M", expected="`largest_fraction` in the plan")
