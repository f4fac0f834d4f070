"""Sampling by variables: formulas against the two risk points, simulation, and the one quoted plan."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.quality.manufacturing.sampling.find import RiskPoint
from api.quality.manufacturing.sampling.variables import (
    Z19_QUOTED,
    VariablesPlan,
    estimated_fraction,
    find_variables_plan,
    variables_acceptance,
    variables_verdict,
)
from ledger.errors import InvalidInput


def test_the_quoted_plan_agrees_with_itself() -> None:
    """Its k and M were copied; the estimate at k gives M, and a lot at the AQL passes as often as is usual."""
    assert float(estimated_fraction(Z19_QUOTED.k, Z19_QUOTED.n)) == pytest.approx(0.0317, abs=5e-7)
    assert float(variables_acceptance(Z19_QUOTED, 0.015)) == pytest.approx(0.96, abs=0.005)


@given(st.floats(0.002, 0.05), st.floats(0.03, 0.2), st.floats(0.85, 0.99), st.floats(0.02, 0.2), st.booleans())
@settings(max_examples=100, deadline=None)
def test_both_promises_are_kept_and_no_smaller_sample_does(
    good: float, apart: float, often: float, seldom: float, known: bool
) -> None:
    producer, consumer = RiskPoint(good, often), RiskPoint(good + apart, seldom)
    plan = find_variables_plan(producer, consumer, sigma_known=known)
    passed = variables_acceptance(plan, [good, good + apart])
    assert passed[0] == pytest.approx(often, abs=1e-6)
    assert passed[1] <= seldom + 1e-6
    if known and plan.n > 1:
        root = np.sqrt(plan.n - 1)
        assert find_variables_plan(producer, consumer).n == plan.n
        smaller = VariablesPlan(plan.n - 1, plan.k + (1 / np.sqrt(plan.n) - 1 / root) * _z(often), sigma_known=True)
        assert variables_acceptance(smaller, good + apart) > seldom - 1e-6


def _z(probability: float) -> float:
    from scipy import stats

    return float(stats.norm.ppf(probability))


def test_by_simulation_with_the_deviation_estimated() -> None:
    plan = VariablesPlan(20, 1.7, sigma_known=False)
    draws = np.random.default_rng(5).normal(size=(20_000, 20))
    limit = 1.9599639845  # 2.5 % beyond
    passed = np.mean((limit - draws.mean(axis=1)) / draws.std(axis=1, ddof=1) >= plan.k)
    assert float(variables_acceptance(plan, 0.025)) == pytest.approx(passed, abs=0.012)


def test_the_estimate_is_unbiased() -> None:
    draws = np.random.default_rng(6).normal(size=(40_000, 10))
    index = (1.5 - draws.mean(axis=1)) / draws.std(axis=1, ddof=1)
    assert float(estimated_fraction(index, 10).mean()) == pytest.approx(0.0668, abs=0.001)


def test_verdicts_against_one_limit_and_two() -> None:
    values = np.linspace(9.0, 11.0, 75)
    one = variables_verdict(values, Z19_QUOTED, high=11.2)
    assert one.accepted
    assert one.lower_index is None
    assert one.upper_index == pytest.approx(1.2 / values.std(ddof=1))
    two = variables_verdict(values, Z19_QUOTED, low=9.1, high=11.2)
    assert not two.accepted
    assert two.fraction is not None
    assert one.fraction is not None
    assert two.fraction > one.fraction
    known = variables_verdict([10.0, 10.2], VariablesPlan(2, 1.5, sigma_known=True), low=9.5, sigma=0.3)
    assert known.accepted
    assert known.lower_index == pytest.approx(2.0)


def test_a_sample_without_spread_is_judged_by_its_side() -> None:
    plan = VariablesPlan(3, 1.5, sigma_known=False)
    assert variables_verdict([5, 5, 5], plan, high=6).accepted
    assert not variables_verdict([7, 7, 7], plan, high=6).accepted


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (
            lambda: variables_verdict([1.0, 2.0], VariablesPlan(3, 1, sigma_known=False), low=0),
            "2 values for a plan of 3",
        ),
        (lambda: variables_verdict([1.0, np.nan], VariablesPlan(2, 1, sigma_known=False), low=0), "2 finite values"),
        (lambda: variables_verdict([1.0, 2.0], VariablesPlan(2, 1, sigma_known=False)), "no limit to judge against"),
        (lambda: variables_verdict([1.0], VariablesPlan(1, 1, sigma_known=True), low=0), "do not fit"),
        (lambda: variables_verdict([1, 2, 4], VariablesPlan(3, 1, sigma_known=False), low=0, high=9), "a plan with M"),
        (lambda: VariablesPlan(1, 1.0, sigma_known=False), "is no plan"),
        (lambda: find_variables_plan(RiskPoint(0.1, 0.9), RiskPoint(0.05, 0.1)), "contradict each other"),
        (lambda: estimated_fraction(1.0, 2), "estimate no fraction"),
        (lambda: variables_acceptance(Z19_QUOTED, 0.0), "out of range"),
    ],
)
def test_what_does_not_fit_is_refused(call: Callable[[], object], words: str) -> None:
    with pytest.raises(InvalidInput, match=words):
        call()


@pytest.mark.parametrize("consumer", [0.0101, 0.010000000000000002])
@pytest.mark.parametrize("known", [True, False])
def test_no_sample_of_millions_is_looked_for(consumer: float, known: bool) -> None:
    with pytest.raises(InvalidInput, match="no sample of up to 20000"):
        find_variables_plan(RiskPoint(0.01, 0.95), RiskPoint(consumer, 0.1), sigma_known=known)
