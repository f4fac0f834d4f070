"""The smallest plan that keeps two promises: to the producer that good lots pass, to the consumer that bad ones do not.

Single attribute plans (binomial, Poisson, hypergeometric) by search over the acceptance number, with the sample size
by bisection; plans by variables are in `variables`. Source: Guenther (1969), Journal of Quality Technology 1(2).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import stats

from api.quality.manufacturing.sampling.operating import Model
from api.quality.manufacturing.sampling.plans import SinglePlan
from ledger.errors import InvalidInput

Ints = npt.NDArray[np.int64]

#: no sample is looked for beyond this
MOST = 20_000
#: the largest lot in which a plan is looked for; in larger ones the binomial model says nearly the same
MOST_IN_LOT = 2_000
_BLOCK = 64


@dataclass(frozen=True, slots=True)
class RiskPoint:
    """At this fraction nonconforming (or of defects per unit) a lot passes with this probability."""

    quality: float
    probability: float


def find_plan(
    producer: RiskPoint, consumer: RiskPoint, model: Model | str = Model.BINOMIAL, lot_size: int | None = None
) -> SinglePlan:
    """The plan with the smallest n that accepts quality `producer` at least, and `consumer` at most, that often.

    With the hypergeometric model the promises hold for every lot of `lot_size` that is no worse than the one, and no
    better than the other. Raises InvalidInput where no plan keeps both, or none of fewer than `MOST` units.
    """
    search = _Search(producer, consumer, Model(model), lot_size)
    start, block = 0, _BLOCK
    while start < search.largest and search.is_in_reach():
        acceptance = np.arange(start, min(start + block, search.largest), dtype=np.int64)
        sizes = search.smallest_sizes(acceptance)
        kept = (sizes <= search.largest) & (search.passes(sizes, acceptance, producer=True) >= producer.probability)
        if kept.any():
            at = int(kept.argmax())
            return SinglePlan.of(int(sizes[at]), int(acceptance[at]))
        if sizes[-1] > search.largest:
            break
        start, block = start + block, block * 2
    raise InvalidInput(
        f"no sample of up to {search.largest} keeps both promises",
        expected="a consumer's quality farther from the producer's, or larger risks",
    )


class _Search:
    """The question, and what the search over acceptance numbers asks again and again."""

    def __init__(self, producer: RiskPoint, consumer: RiskPoint, model: Model, lot_size: int | None) -> None:
        _check(producer, consumer, model, lot_size)
        self._model = model
        self._lot = lot_size or 0
        self.largest = self._lot if model is Model.HYPERGEOMETRIC else MOST
        self._producer, self._consumer = producer, consumer

    def is_in_reach(self) -> bool:
        """Whether the normal approximation puts n within twice the largest sample: beyond, the search is idle."""
        if self._model is Model.HYPERGEOMETRIC:
            return True
        ends = (
            (self._producer, stats.norm.ppf(self._producer.probability)),
            (
                self._consumer,
                -stats.norm.ppf(self._consumer.probability),
            ),
        )
        binomial = self._model is Model.BINOMIAL
        spread = sum(z * math.sqrt(at.quality * (1 - at.quality * binomial)) for at, z in ends)
        # n = (spread / difference)², which overflows for qualities that hardly differ
        return bool(abs(spread) <= (self._consumer.quality - self._producer.quality) * math.sqrt(2 * self.largest))

    def passes(self, sizes: Ints, acceptance: Ints, *, producer: bool) -> npt.NDArray[np.float64]:
        """How often a lot of the one or the other quality passes each plan."""
        quality = (self._producer if producer else self._consumer).quality
        if self._model is Model.BINOMIAL:
            return np.asarray(stats.binom.cdf(acceptance, sizes, quality))
        if self._model is Model.POISSON:
            return np.asarray(stats.poisson.cdf(acceptance, sizes * quality))
        fraction = quality * self._lot
        # within a rounding error of a whole number the fraction is that number
        bad = math.floor(fraction + 1e-9) if producer else math.ceil(fraction - 1e-9)
        return np.asarray(stats.hypergeom.cdf(acceptance, self._lot, bad, np.minimum(sizes, self._lot)))

    def smallest_sizes(self, acceptance: Ints) -> Ints:
        """For each acceptance number the smallest sample that keeps the consumer's promise; `largest` + 1 if none."""
        low, high = acceptance.copy(), np.full_like(acceptance, self.largest + 1)
        for _ in range(int(self.largest + 1).bit_length() + 1):
            middle = (low + high) // 2
            kept = self.passes(middle, acceptance, producer=False) <= self._consumer.probability
            kept &= middle > acceptance
            high = np.where(kept, middle, high)
            low = np.where(kept, low, middle)
        return high


def _check(producer: RiskPoint, consumer: RiskPoint, model: Model, lot_size: int | None) -> None:
    most = math.inf if model is Model.POISSON else 1
    if not 0 <= producer.quality < consumer.quality <= most:
        raise InvalidInput(
            f"the producer's quality {producer.quality:g} must be better than the consumer's {consumer.quality:g}",
            expected="fractions, such as 0.01 and 0.06",
        )
    if not 0 < consumer.probability < producer.probability < 1:
        raise InvalidInput(
            f"a lot must pass more often at the producer's point ({producer.probability:g}) than at the consumer's "
            f"({consumer.probability:g})",
            expected="probabilities between 0 and 1, such as 0.95 and 0.10",
        )
    if model is Model.HYPERGEOMETRIC and (lot_size is None or lot_size < 1):
        raise InvalidInput("the hypergeometric model needs the lot's size", expected="a lot of 1 unit or more")
    if model is Model.HYPERGEOMETRIC and lot_size is not None and lot_size > MOST_IN_LOT:
        raise InvalidInput(
            f"a lot of {lot_size} is too large for the hypergeometric model here",
            expected=f"up to {MOST_IN_LOT}",
            advice="Take the binomial model, whose sample is hardly larger for a large lot.",
        )
