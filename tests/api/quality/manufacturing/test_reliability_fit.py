"""Weibull fits: the published bearings, scipy's own fit of censored data, and intervals by simulation."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from api.quality.manufacturing.reliability import fit_weibull
from ledger.errors import InvalidInput

Find = Callable[[str], dict[str, Any]]


def test_worked_example_weibull_ballbearing(
    worked_example: Find, within: Callable[[dict[str, Any], Mapping[str, Any]], None]
) -> None:
    example = worked_example("weibull_ballbearing")
    fit = fit_weibull(example["inputs"]["x"])
    within(example, {"shape": fit.shape.value, "scale": fit.scale.value})
    assert (fit.units, fit.failures) == (23, 23)
    assert fit.shape.low < fit.shape.value < fit.shape.high
    logs = stats.weibull_min.logpdf(example["inputs"]["x"], fit.shape.value, 0, fit.scale.value)
    assert fit.log_likelihood == pytest.approx(logs.sum())


@given(st.integers(0, 10**6), st.floats(0.5, 4), st.floats(0.01, 1e6), st.integers(8, 60))
@settings(max_examples=50, deadline=None)
def test_censored_data_as_scipy_fits_them(seed: int, shape: float, scale: float, n: int) -> None:
    ages = stats.weibull_min.rvs(shape, scale=scale, size=n, random_state=seed)
    limit = np.quantile(ages, 0.7)
    failed, seen = ages <= limit, np.minimum(ages, limit)
    fit = fit_weibull(seen, failed)
    data = stats.CensoredData.right_censored(seen, ~failed)
    reference = stats.weibull_min.fit(data, 1.0, floc=0, scale=float(np.mean(seen)))
    ours = _likelihood(seen, failed, fit.shape.value, fit.scale.value)
    assert fit.log_likelihood == pytest.approx(ours)
    assert ours >= _likelihood(seen, failed, reference[0], reference[2]) - 1e-6
    assert fit.shape.value == pytest.approx(reference[0], rel=1e-2)


def _likelihood(seen: np.ndarray[Any, Any], failed: np.ndarray[Any, Any], shape: float, scale: float) -> float:
    law = stats.weibull_min(shape, scale=scale)
    return float(law.logpdf(seen[failed]).sum() + law.logsf(seen[~failed]).sum())


@given(st.integers(0, 10**6), st.floats(1e-3, 1e3))
@settings(max_examples=50, deadline=None)
def test_the_unit_of_age_does_not_matter(seed: int, unit: float) -> None:
    ages = stats.weibull_min.rvs(1.5, scale=100, size=20, random_state=seed)
    one, other = fit_weibull(ages), fit_weibull(ages * unit)
    assert other.shape.value == pytest.approx(one.shape.value)
    assert other.scale.high == pytest.approx(one.scale.high * unit)
    assert other.b10.low == pytest.approx(one.b10.low * unit)


def test_intervals_hold_about_as_often_as_they_say() -> None:
    held = np.zeros(3)
    true = (1.8, 50.0, 50.0 * (-np.log(0.9)) ** (1 / 1.8))
    for seed in range(300):
        ages = stats.weibull_min.rvs(1.8, scale=50, size=60, random_state=seed)
        fit = fit_weibull(np.minimum(ages, 60), ages <= 60)
        found = (fit.shape, fit.scale, fit.b10)
        held += [each.low <= value <= each.high for each, value in zip(found, true, strict=True)]
    assert (held / 300 > 0.91).all(), held / 300


def test_life_and_survival_are_each_other_s_inverse() -> None:
    fit = fit_weibull([10, 20, 30, 45, 60], [True, True, True, False, True])
    survives, low, high = fit.survival([fit.life(0.3).value])
    assert survives == pytest.approx([0.7])
    assert low < survives < high
    assert fit.life(0.1) == fit.b10


@pytest.mark.parametrize(
    ("ages", "failed", "words"),
    [
        ([1, 2, 0], None, "no ages at failure"),
        ([1, 2, np.nan], None, "no ages at failure"),
        ([1, 2, 3], [True, False], "no ages at failure"),
        ([1, 2, 3], [True, False, False], "1 failures at one age tell no distribution"),
        ([5, 5, 5], None, "3 failures at one age"),
        ([], None, "0 failures"),
    ],
)
def test_what_tells_no_distribution_is_refused(ages: list[float], failed: list[bool] | None, words: str) -> None:
    with pytest.raises(InvalidInput, match=words):
        fit_weibull(ages, failed)
