"""Mean kinetic temperature: the worked example and the properties that define it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.quality import mean_kinetic_temperature
from ledger.errors import InvalidInput

temperatures = st.lists(st.floats(-80, 60), min_size=1, max_size=30)


def test_worked_example_mkt_identity(worked_example: Any, within: Any) -> None:
    example = worked_example("mkt_identity")
    one, two = example["inputs"]["a"], example["inputs"]["b"]
    within(
        example,
        {"a": mean_kinetic_temperature(one["T_C"]), "b": mean_kinetic_temperature(two["T_C"], two["hours"])},
    )


@given(st.floats(-200, 500), st.integers(1, 20))
@settings(deadline=None)
def test_a_constant_series_is_its_own(temperature: float, times: int) -> None:
    assert mean_kinetic_temperature([temperature] * times) == pytest.approx(temperature, abs=1e-6)


@given(temperatures)
@settings(deadline=None)
def test_it_lies_between_the_arithmetic_mean_and_the_maximum(series: list[float]) -> None:
    mean = mean_kinetic_temperature(series)
    assert np.mean(series) - 1e-6 <= mean <= max(series) + 1e-6


@given(st.lists(st.tuples(st.floats(-40, 60), st.integers(0, 5)), min_size=1, max_size=10))
@settings(deadline=None)
def test_a_weight_is_a_repetition(weighted: list[tuple[float, int]]) -> None:
    values, weights = zip(*weighted, strict=True)
    if not sum(weights):
        return
    repeated = [value for value, weight in weighted for _ in range(weight)]
    assert mean_kinetic_temperature(values, weights) == pytest.approx(mean_kinetic_temperature(repeated), abs=1e-6)


@pytest.mark.parametrize(
    ("series", "weights"), [([], None), ([5.0], [0.0]), ([5.0], [-1.0]), ([5.0, 6.0], [1.0]), ([-273.15], None)]
)
def test_what_has_no_mean_is_refused(series: list[float], weights: list[float] | None) -> None:
    with pytest.raises(InvalidInput):
        mean_kinetic_temperature(series, weights)
