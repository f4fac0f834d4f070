"""What a plan lets pass: the operating characteristic of a single or double plan, and what follows from it.

Binomial for nonconforming units from a process (type B), hypergeometric for those in a finite lot (type A), Poisson
for defects, of which a unit may have several. Quality is a fraction: 0.015 is an AQL of 1.5 percent, or of 1.5 defects
per hundred units. AOQ, ATI and AOQL hold for rectifying inspection: rejected lots are sorted, what is bad is replaced.
Sources: Montgomery, Introduction to Statistical Quality Control, chapter 15; 7 CFR 42.140 for the Poisson form.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import stats

from api.quality.manufacturing.sampling.plans import DoublePlan, Plan
from ledger.errors import InvalidInput

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

#: columns of `operating_curve`
OPERATING = ("quality", "accepted", "aoq", "asn", "ati")


class Model(StrEnum):
    """How what is found in a sample is distributed."""

    BINOMIAL = "binomial"
    POISSON = "poisson"
    HYPERGEOMETRIC = "hypergeometric"


def acceptance_probability(
    plan: Plan, quality: npt.ArrayLike, model: Model | str = Model.BINOMIAL, lot_size: int | None = None
) -> Floats:
    """The probability that a lot passes, for each fraction in `quality`; an array of that shape.

    A reduced plan accepts below Re, as the standard says. The hypergeometric model needs `lot_size`, takes the nearest
    whole number of nonconforming units, and a sample as large as the lot is the lot. Raises InvalidInput.
    """
    return _passed(plan, _drawn(plan, quality, Model(model), lot_size))


def average_sample_number(
    plan: Plan, quality: npt.ArrayLike, model: Model | str = Model.BINOMIAL, lot_size: int | None = None
) -> Floats:
    """How many units are drawn on average, without cutting the inspection of a sample short."""
    draw = _drawn(plan, quality, Model(model), lot_size)
    if not isinstance(plan, DoublePlan):
        return np.full(np.shape(quality), float(draw.first))
    undecided = draw.at_most(plan.re1 - 1) - draw.at_most(plan.ac1)
    return np.asarray(draw.first + draw.second * undecided)


def operating_curve(
    plan: Plan,
    model: Model | str = Model.BINOMIAL,
    lot_size: int | None = None,
    quality: npt.ArrayLike | None = None,
) -> pd.DataFrame:
    """A frame with the columns `OPERATING`, by default from quality 0 to where one lot in a thousand passes.

    Without `lot_size` the lot counts as endless, and ATI, the average total inspection, is missing (NaN).
    """
    model = Model(model)
    fractions = _grid(plan, model, lot_size) if quality is None else np.asarray(quality, dtype=float)
    draw = _drawn(plan, fractions, model, lot_size)
    accepted, total = _passed(plan, draw), np.full(len(fractions), np.nan)
    outgoing = fractions * accepted
    if lot_size is not None:
        at_once = draw.at_most(plan.ac1) if isinstance(plan, DoublePlan) else accepted
        first, both = min(draw.first, lot_size), min(draw.first + draw.second, lot_size)
        total = lot_size * (1 - accepted) + first * at_once + both * (accepted - at_once)
        outgoing = fractions * (1 - total / lot_size)
    return pd.DataFrame(
        {
            "quality": fractions,
            "accepted": accepted,
            "aoq": outgoing,
            "asn": average_sample_number(plan, fractions, model, lot_size),
            "ati": total,
        }
    )


def average_outgoing_quality_limit(
    plan: Plan, model: Model | str = Model.BINOMIAL, lot_size: int | None = None
) -> tuple[float, float]:
    """The worst average quality that leaves, as a fraction, and the incoming quality at which it does."""
    curve = operating_curve(plan, model, lot_size)
    for _ in range(2):
        at = int(curve["aoq"].to_numpy().argmax())
        low, high = curve["quality"].iloc[max(at - 1, 0)], curve["quality"].iloc[min(at + 1, len(curve) - 1)]
        closer = np.linspace(float(low), float(high), 201)
        if Model(model) is Model.HYPERGEOMETRIC:
            closer = np.unique(np.rint(closer * _lot(plan, lot_size))) / _lot(plan, lot_size)
        curve = operating_curve(plan, model, lot_size, closer)
    at = int(curve["aoq"].to_numpy().argmax())
    return float(curve["aoq"].iloc[at]), float(curve["quality"].iloc[at])


def quality_accepted_with(
    plan: Plan, probability: float, model: Model | str = Model.BINOMIAL, lot_size: int | None = None
) -> float:
    """The fraction at which a lot passes with this probability: 0.95 tells the producer's risk, 0.10 the consumer's.

    For a finite lot the largest fraction that passes at least so often.
    """
    model, low, high = Model(model), 0.0, 1.0
    if model is Model.POISSON:
        while acceptance_probability(plan, high, model) > probability:
            high *= 2
    if model is Model.HYPERGEOMETRIC:
        return _most_in_lot(plan, probability, _lot(plan, lot_size))
    for _ in range(60):
        middle = (low + high) / 2
        if acceptance_probability(plan, middle, model, lot_size) > probability:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def _most_in_lot(plan: Plan, probability: float, lot: int) -> float:
    low, high = 0, lot + 1
    while high - low > 1:
        middle = (low + high) // 2
        passes = acceptance_probability(plan, middle / lot, Model.HYPERGEOMETRIC, lot) >= probability
        low, high = (middle, high) if passes else (low, middle)
    return low / lot


class _Draw:
    """How many are found in the samples of a plan: the distribution of the first, and of the second after it."""

    def __init__(
        self,
        first: int,
        second: int,
        at_most: Callable[[int], Floats],
        exactly: Callable[[Ints], Floats],
        then_at_most: Callable[[Ints, Ints], Floats],
    ) -> None:
        self.first, self.second = first, second
        self.at_most, self.exactly, self.then_at_most = at_most, exactly, then_at_most


def _passed(plan: Plan, draw: _Draw) -> Floats:
    if not isinstance(plan, DoublePlan):
        return np.asarray(draw.at_most(plan.re - 1))
    # what leaves the first sample undecided, one per row
    found = np.arange(plan.ac1 + 1, plan.re1).reshape(-1, *[1] * np.ndim(draw.at_most(0)))
    first, then = draw.exactly(found), draw.then_at_most(found, plan.ac2 - found)
    return np.asarray(draw.at_most(plan.ac1) + (first * then).sum(axis=0))


def _drawn(plan: Plan, quality: npt.ArrayLike, model: Model, lot_size: int | None) -> _Draw:
    fractions = np.asarray(quality, dtype=float)
    most = np.inf if model is Model.POISSON else 1.0
    if not bool(np.all((fractions >= 0) & (fractions <= most))):
        raise InvalidInput("a quality is out of range", expected="fractions from 0 to 1, such as 0.015 for 1.5 %")
    first, second = (plan.n1, plan.n2) if isinstance(plan, DoublePlan) else (plan.n, 0)
    if model is Model.HYPERGEOMETRIC:
        return _from_lot(first, second, fractions, _lot(plan, lot_size))
    law: Any = stats.binom if model is Model.BINOMIAL else stats.poisson

    def of(size: int) -> tuple[Any, ...]:
        return (size, fractions) if model is Model.BINOMIAL else (size * fractions,)

    return _Draw(
        first,
        second,
        lambda most: law.cdf(most, *of(first)),
        lambda found: law.pmf(found, *of(first)),
        lambda _, most: law.cdf(most, *of(second)),
    )


def _from_lot(first: int, second: int, fractions: Floats, lot: int) -> _Draw:
    law: Any = stats.hypergeom
    bad = np.rint(fractions * lot).astype(np.int64)
    first = min(first, lot)
    second = min(second, lot - first)
    return _Draw(
        first,
        second,
        lambda most: law.cdf(most, lot, bad, first),
        lambda found: law.pmf(found, lot, bad, first),
        lambda found, most: law.cdf(most, lot - first, np.clip(bad - found, 0, lot - first), second),
    )


def _lot(plan: Plan, lot_size: int | None) -> int:
    if lot_size is None or lot_size < 1:
        raise InvalidInput(f"the hypergeometric model of {plan} needs the lot's size", expected="1 unit or more")
    return lot_size


def _grid(plan: Plan, model: Model, lot_size: int | None, points: int = 201) -> Floats:
    end = quality_accepted_with(plan, 0.001, model, lot_size)
    if model is not Model.HYPERGEOMETRIC:
        return np.linspace(0, end, points)
    lot = _lot(plan, lot_size)
    bad = np.unique(np.linspace(0, min(lot, round(end * lot) + 1), points).round())
    return np.asarray(bad / lot)
