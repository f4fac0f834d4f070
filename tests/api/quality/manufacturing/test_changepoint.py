"""Change points: the Nile, a brute-force reference, a library, and how often nothing is called a change."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pytest
import ruptures
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.datasets import nile

from api.quality.manufacturing.changepoint import mean_change, mean_changes
from ledger.errors import InvalidInput


def test_worked_example_changepoint_nile(
    worked_example: Callable[[str], dict[str, Any]], within: Callable[[dict[str, Any], Mapping[str, Any]], None]
) -> None:
    data = nile.load_pandas().data
    found = mean_change(data["volume"])
    # the example counts from 1: its last index before the change is the count of values before it
    within(
        worked_example("changepoint_nile"),
        {"last_index_before": found.first_after, "year": data["year"].iloc[found.first_after - 1]},
    )
    assert found.p == pytest.approx(0.001)
    assert mean_changes(data["volume"]) == [found.first_after]


@given(st.lists(st.floats(-100, 100), min_size=3, max_size=40))
@settings(max_examples=200, deadline=None)
def test_no_other_split_explains_more(values: list[float]) -> None:
    series = np.array(values)
    found = mean_change(series)

    def left(at: int) -> float:
        return float(
            np.square(series[:at] - series[:at].mean()).sum() + np.square(series[at:] - series[at:].mean()).sum()
        )

    best = min(left(at) for at in range(1, len(series)))
    assert left(found.first_after) == pytest.approx(best, rel=1e-9, abs=1e-6)
    assert 0 <= found.explained <= 1 + 1e-9
    assert 0.001 <= found.p <= 1


def test_the_library_finds_the_same_split() -> None:
    random = np.random.default_rng(1)
    for _ in range(20):
        series = random.normal(size=60) + 2 * (np.arange(60) >= random.integers(5, 55))
        reference = ruptures.Binseg(model="l2", jump=1, min_size=1).fit(series).predict(n_bkps=1)[0]
        assert mean_change(series).first_after == reference


def test_noise_is_called_a_change_as_seldom_as_the_p_value_says() -> None:
    random = np.random.default_rng(2)
    called = [mean_change(random.normal(size=30), seed=at).p <= 0.05 for at in range(200)]
    assert np.mean(called) < 0.09
    assert mean_change(np.full(10, 3.0)).p == 1
    assert mean_changes(np.full(10, 3.0)) == []


def test_several_changes() -> None:
    series = np.repeat([0.0, 5.0, -3.0, 1.0], 25) + np.random.default_rng(3).normal(size=100)
    assert mean_changes(series) == pytest.approx([25, 50, 75], abs=1)
    assert mean_changes(np.repeat([0.0, 1.0], 20)) == [20]
    assert mean_changes(series, penalty=1e9) == []


@pytest.mark.parametrize("values", [[1.0, 2.0], [1.0, np.nan, 2.0, 3.0], [[1.0, 2.0], [3.0, 4.0]]])
def test_what_is_no_series_is_refused(values: list[float]) -> None:
    with pytest.raises(InvalidInput, match="no change can be looked for"):
        mean_change(values)
