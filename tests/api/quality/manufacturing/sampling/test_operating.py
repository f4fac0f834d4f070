"""Operating characteristics against enumeration and published curves; the plan finder against exhaustive search."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import comb
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.quality.manufacturing.sampling.find import RiskPoint, find_plan
from api.quality.manufacturing.sampling.operating import (
    OPERATING,
    Model,
    acceptance_probability,
    average_outgoing_quality_limit,
    average_sample_number,
    operating_curve,
    quality_accepted_with,
)
from api.quality.manufacturing.sampling.plans import DoublePlan, SinglePlan
from ledger.errors import InvalidInput

Find = Callable[[str], dict[str, Any]]
Within = Callable[[dict[str, Any], Mapping[str, Any]], None]


def test_worked_example_oc_7cfr42(worked_example: Find, within: Within) -> None:
    example = worked_example("oc_7cfr42")
    plan = SinglePlan.of(example["inputs"]["n"], example["inputs"]["Ac"])
    passed = acceptance_probability(plan, np.array(example["inputs"]["dphu"]) / 100, Model.POISSON)
    within(example, {"Pa": passed})
    np.testing.assert_allclose(passed, example["computed"]["Pa"], atol=1e-9)


def test_worked_example_findplan_binom(worked_example: Find, within: Within) -> None:
    example = worked_example("findplan_binom")
    producer, consumer = (RiskPoint(*example["inputs"][name]) for name in ("PRP", "CRP"))
    plan = find_plan(producer, consumer)
    within(example, {"n": plan.n, "c": plan.ac, "r": plan.re})


@given(st.integers(1, 25), st.integers(0, 6), st.integers(1, 60), st.data())
@settings(max_examples=200, deadline=None)
def test_of_a_finite_lot_every_sample_is_counted(n: int, ac: int, lot: int, data: st.DataObject) -> None:
    bad = data.draw(st.integers(0, lot))
    drawn = min(n, lot)
    ways = sum(comb(bad, d) * comb(lot - bad, drawn - d) for d in range(ac + 1) if d <= drawn) / comb(lot, drawn)
    found = acceptance_probability(SinglePlan.of(n, ac), bad / lot, Model.HYPERGEOMETRIC, lot)
    assert float(found) == pytest.approx(ways, abs=1e-9)


@given(
    st.integers(1, 6), st.integers(1, 6), st.integers(0, 2), st.integers(2, 4), st.integers(0, 3), st.integers(12, 20),
    st.integers(0, 12),
)  # fmt: skip
@settings(max_examples=200, deadline=None)
def test_a_double_plan_by_enumeration(n1: int, n2: int, ac1: int, gap: int, more: int, lot: int, bad: int) -> None:
    plan = DoublePlan(n1, n2, ac1, ac1 + gap, ac1 + gap - 1 + more)

    def chance(n: int, d: int, lot: int, bad: int) -> float:
        return comb(bad, d) * comb(lot - bad, n - d) / comb(lot, n) if 0 <= d <= bad and 0 <= n - d <= lot - bad else 0

    passed = drawn = 0.0
    for first in range(n1 + 1):
        p1 = chance(n1, first, lot, bad)
        undecided = plan.ac1 < first < plan.re1
        drawn += p1 * (n1 + n2 * undecided)
        passed += p1 * (first <= plan.ac1)
        if undecided and p1:
            passed += p1 * sum(chance(n2, d, lot - n1, bad - first) for d in range(plan.ac2 - first + 1))
    quality = bad / lot
    found = acceptance_probability(plan, quality, Model.HYPERGEOMETRIC, lot)
    assert float(found) == pytest.approx(passed, abs=1e-9)
    assert float(average_sample_number(plan, quality, Model.HYPERGEOMETRIC, lot)) == pytest.approx(drawn, abs=1e-9)


@given(st.integers(1, 300), st.integers(0, 12), st.sampled_from(["binomial", "poisson", "hypergeometric"]))
@settings(max_examples=150, deadline=None)
def test_worse_lots_pass_less_often(n: int, ac: int, model: str) -> None:
    lot = 400 if model == "hypergeometric" else None
    curve = operating_curve(SinglePlan.of(n, ac), model, lot)
    assert list(curve.columns) == list(OPERATING)
    assert curve["accepted"].iloc[0] == 1
    assert (np.diff(curve["accepted"]) <= 1e-12).all()
    assert (np.diff(curve["quality"]) > 0).all()
    limit, at = average_outgoing_quality_limit(SinglePlan.of(n, ac), model, lot)
    assert limit >= curve["aoq"].max() - 1e-9
    assert 0 <= at <= curve["quality"].max()


def test_an_endless_lot_is_the_limit_of_large_ones() -> None:
    plan, quality = DoublePlan(125, 125, 3, 7, 8), [0.005, 0.015, 0.04]
    finite = acceptance_probability(plan, quality, "hypergeometric", 2_000_000)
    np.testing.assert_allclose(finite, acceptance_probability(plan, quality), atol=1e-4)


def test_rectifying_inspection_of_a_finite_lot() -> None:
    lot = operating_curve(SinglePlan.of(89, 2), lot_size=10_000, quality=[0.01]).iloc[0]
    assert lot["accepted"] == pytest.approx(0.9397, abs=1e-4)
    assert lot["ati"] == pytest.approx(89 + (1 - lot["accepted"]) * (10_000 - 89))
    assert lot["aoq"] == pytest.approx(lot["accepted"] * 0.01 * (10_000 - 89) / 10_000)
    assert np.isnan(operating_curve(SinglePlan.of(89, 2), quality=[0.01])["ati"].iloc[0])


def test_the_quality_that_passes_so_often() -> None:
    plan = SinglePlan.of(80, 7)
    for model in ("binomial", "poisson"):
        quality = quality_accepted_with(plan, 0.95, model)
        assert float(acceptance_probability(plan, quality, model)) == pytest.approx(0.95, abs=1e-9)
    most = quality_accepted_with(plan, 0.95, "hypergeometric", 500)
    passes = acceptance_probability(plan, [most, most + 1 / 500], "hypergeometric", 500)
    assert passes[0] >= 0.95 > passes[1]


def test_reduced_plans_accept_between_ac_and_re() -> None:
    assert float(acceptance_probability(SinglePlan(2, 0, 2), 0.1)) == pytest.approx(1 - 0.1**2)


@pytest.mark.parametrize("model", ["binomial", "poisson", "hypergeometric"])
@given(st.floats(0.01, 0.15), st.floats(0.1, 0.3), st.floats(0.8, 0.99), st.floats(0.02, 0.3), st.integers(20, 150))
@settings(max_examples=25, deadline=None)
def test_no_smaller_plan_keeps_both_promises(
    model: str, good: float, apart: float, often: float, seldom: float, lot: int
) -> None:
    producer, consumer = RiskPoint(good, often), RiskPoint(good + apart, seldom)
    limit = lot if model == "hypergeometric" else 200
    sizes = np.arange(1, limit + 1)

    def keeps(n: int, ac: int) -> bool:
        plan = SinglePlan.of(n, ac)
        if model == "hypergeometric":
            first, second = np.floor(good * lot + 1e-9) / lot, np.ceil((good + apart) * lot - 1e-9) / lot
            passed = acceptance_probability(plan, [first, second], model, lot)
        else:
            passed = acceptance_probability(plan, [good, good + apart], model)
        return bool(passed[0] >= often and passed[1] <= seldom)

    smallest = next((n for n in sizes.tolist() if any(keeps(n, ac) for ac in range(min(n, 40)))), None)
    try:
        plan = find_plan(producer, consumer, model, lot)
    except InvalidInput:
        assert smallest is None
        return
    if smallest is None:
        assert plan.n > limit
    else:
        assert plan.n == smallest
        assert keeps(plan.n, plan.ac)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: find_plan(RiskPoint(0.1, 0.95), RiskPoint(0.05, 0.1)), "must be better than the consumer's"),
        (lambda: find_plan(RiskPoint(0.01, 0.1), RiskPoint(0.05, 0.9)), "must pass more often"),
        (lambda: find_plan(RiskPoint(0.01, 0.95), RiskPoint(0.05, 0.1), "hypergeometric"), "needs the lot's size"),
        (
            lambda: find_plan(RiskPoint(0.1, 0.95), RiskPoint(0.1001, 0.1)),
            "no sample of up to 20000 keeps both promises",
        ),
        (
            lambda: find_plan(RiskPoint(0.1, 0.95), RiskPoint(0.2, 0.1), "hypergeometric", 2001),
            "a lot of 2001 is too large",
        ),
        (lambda: acceptance_probability(SinglePlan.of(5, 0), 1.5), "a quality is out of range"),
        (lambda: acceptance_probability(SinglePlan.of(5, 0), [np.nan]), "a quality is out of range"),
        (lambda: acceptance_probability(SinglePlan.of(5, 0), 0.5, "hypergeometric"), "needs the lot's size"),
    ],
)
def test_what_cannot_be_computed_is_refused(call: Callable[[], object], words: str) -> None:
    with pytest.raises(InvalidInput, match=words):
        call()
