"""Excursions of one series: the worked example across a change of daylight saving, and a brute force by the minute."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.quality import excursion
from ledger.errors import InvalidInput


def test_worked_example_excursion_dst(worked_example: Any, within: Any) -> None:
    example = worked_example("excursion_dst")
    inputs = example["inputs"]
    for text in (inputs["t_local"], inputs["t_utc"]):
        times = pd.to_datetime(pd.Series(text), utc=True)
        step = excursion(times, inputs["T_C"], high=inputs["limit_C"])
        linear = excursion(times, inputs["T_C"], high=inputs["limit_C"], interpolation="linear")
        hours = (step.total / 3600, step.above / 3600, linear.above / 3600)
        within(example, dict(zip(("hours_total", "step_hold_h", "linear_h"), hours, strict=True)))
        assert (step.runs, step.longest, step.unknown, step.below) == (1, step.above, 0, 0)
        # two triangles of 2 degrees at both ends of two hours: 0.5 h and 1/6 h wide
        assert linear.degree_hours_above == pytest.approx(2 * 2 + (0.5 + 1 / 6) * 2 / 2)
        assert step.degree_hours_above == pytest.approx(2 * 2.5)


@given(
    st.lists(st.tuples(st.integers(1, 90), st.integers(0, 12)), min_size=2, max_size=25),
    st.integers(2, 5),
    st.integers(5, 9),
)
@settings(deadline=None, max_examples=300)
def test_step_hold_equals_a_minute_by_minute_count(series: list[tuple[int, int]], low: int, high: int) -> None:
    minutes = np.cumsum([gap for gap, _ in series])
    values = [value for _, value in series]
    found = excursion(pd.to_datetime(minutes * 60, unit="s", utc=True), values, low=low, high=high)
    allowed = np.median(np.diff(minutes)) * 3
    state: list[str] = []
    for begin, end, value in zip(minutes, minutes[1:], values, strict=False):
        word = "unknown" if end - begin > allowed else "above" if value > high else "below" if value < low else "in"
        state += [word] * (end - begin)
    runs = "".join("x" if word in ("above", "below") else " " for word in state).split()
    assert found.above == state.count("above") * 60
    assert found.below == state.count("below") * 60
    assert found.unknown == state.count("unknown") * 60
    assert found.total == len(state) * 60
    assert found.runs == len(runs)
    assert found.longest == max(map(len, runs), default=0) * 60


@given(st.lists(st.integers(0, 12), min_size=2, max_size=20), st.integers(3, 9))
@settings(deadline=None)
def test_linear_above_and_below_one_limit_fill_the_time(values: list[int], limit: int) -> None:
    times = pd.date_range("2026-05-04", periods=len(values), freq="15min", tz="UTC")
    above = excursion(times, values, high=limit, interpolation="linear").above
    below = excursion(times, values, low=limit, interpolation="linear").below
    level = sum(900 for one, two in pairwise(values) if one == two == limit)
    assert above + below + level == pytest.approx(900 * (len(values) - 1), abs=1e-3)


@given(st.lists(st.integers(0, 12), min_size=2, max_size=20), st.integers(3, 9))
@settings(deadline=None)
def test_degree_hours_are_the_area_by_the_second(values: list[int], limit: int) -> None:
    times = pd.date_range("2026-05-04", periods=len(values), freq="1h", tz="UTC")
    found = excursion(times, values, low=limit, high=limit, interpolation="linear")
    fine = np.interp((np.arange((len(values) - 1) * 3600) + 0.5) / 3600, np.arange(len(values)), values) - limit
    assert found.degree_hours_above == pytest.approx(np.maximum(fine, 0).sum() / 3600, abs=1e-3)
    assert found.degree_hours_below == pytest.approx(np.maximum(-fine, 0).sum() / 3600, abs=1e-3)


def test_a_value_on_the_limit_is_inside() -> None:
    times = pd.date_range("2026-05-04", periods=5, freq="15min", tz="UTC")
    assert excursion(times, [5.0] * 5, low=5.0, high=5.0).runs == 0


def test_a_dead_logger_is_unknown_not_in_range() -> None:
    times = pd.to_datetime(
        ["2026-05-04T00:00Z", "2026-05-04T00:15Z", "2026-05-04T00:30Z", "2026-05-04T06:30Z"], utc=True
    )
    found = excursion(times, [3, 3, 9, 3], high=5)
    assert (found.unknown, found.above) == (6 * 3600, 0)


@pytest.mark.parametrize("values", [[], [np.nan], [1.0, 2.0]])
def test_a_broken_series_is_refused(values: list[float]) -> None:
    with pytest.raises(InvalidInput):
        excursion(pd.to_datetime(["2026-05-04T00:00Z"], utc=True)[: len(values) or 0], values)
    with pytest.raises(InvalidInput, match="no zone"):
        excursion(pd.DatetimeIndex(["2026-05-04"]), [1.0])
