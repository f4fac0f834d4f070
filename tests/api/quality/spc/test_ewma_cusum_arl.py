"""EWMA, CUSUM and run lengths against published figures, plain loops, and simulation."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.quality.spc.arl import cusum_arl, ewma_arl, xbar_arl
from api.quality.spc.cusum import cusum
from api.quality.spc.ewma import ewma
from ledger.errors import InvalidInput

_SERIES = st.lists(st.one_of(st.floats(-10, 10), st.just(float("nan"))), min_size=1, max_size=50)


def test_worked_example_ewma_nist(worked_example: Any, within: Any) -> None:
    example = worked_example("ewma_nist")
    given_ = example["inputs"]
    found = ewma(
        given_["x"], target=given_["ewma0"], sigma=given_["s"], weight=given_["lambda"], width=3, asymptotic=True
    )
    values = {
        "UCL": given_["ewma0"] + found.half_width[0],
        "LCL": given_["ewma0"] - found.half_width[0],
        "ewma": [given_["ewma0"], *found.value],
    }
    within(example, values)
    within(example | {"expected": example["computed"], "tolerance": {"abs": 1e-8}}, values)


def test_worked_example_cusum_nist(worked_example: Any, within: Any) -> None:
    example = worked_example("cusum_nist")
    given_ = example["inputs"]
    found = cusum(given_["xbar"], target=given_["target"], k=given_["k"], h=given_["h"])
    values = {
        "first_signal": int(np.flatnonzero(found.signal)[0]) + 1,
        "S_hi_13_14": found.above[12:14],
        "S_hi": found.above,
        "S_lo": found.below,
    }
    within(example, values)
    within(example | {"expected": example["computed"], "tolerance": {"abs": 1e-9}}, values)


def test_worked_example_xbar_arl(worked_example: Any, within: Any) -> None:
    example = worked_example("xbar_arl")
    found = np.round(xbar_arl(np.array(example["inputs"]["shift"])[:, None], example["inputs"]["n"]))
    within(example, {str(float(shift)): row for shift, row in zip(example["inputs"]["shift"], found, strict=True)})


@given(_SERIES, st.floats(0.01, 1), st.floats(-3, 3))
@settings(deadline=None, max_examples=300)
def test_ewma_as_a_loop(series: list[float], weight: float, target: float) -> None:
    found = ewma(series, target=target, sigma=2, weight=weight, width=3)
    average, variance = target, 0.0
    for i, x in enumerate(series):
        if np.isnan(x):
            assert np.isnan(found.value[i])
            continue
        average = weight * x + (1 - weight) * average
        variance = weight**2 * 4 + (1 - weight) ** 2 * variance
        assert found.value[i] == pytest.approx(average, abs=1e-9)
        assert found.half_width[i] == pytest.approx(3 * variance**0.5, abs=1e-9)


@given(_SERIES, st.floats(0, 2), st.floats(0.1, 8), st.floats(0, 1))
@settings(deadline=None, max_examples=300)
def test_cusum_as_a_loop(series: list[float], k: float, h: float, start: float) -> None:
    found = cusum(series, target=1, k=k, h=h, head_start=start * h)
    above = below = start * h
    for i, x in enumerate(series):
        if np.isnan(x):
            assert np.isnan(found.above[i])
            assert not found.signal[i]
            continue
        above, below = max(0, above + x - 1 - k), max(0, below + 1 - k - x)
        assert (found.above[i], found.below[i]) == pytest.approx((above, below), abs=1e-9)


def test_a_head_start_sees_a_shift_at_the_start_sooner() -> None:
    shifted = np.random.default_rng(1).normal(1, 1, (300, 40))
    first = [
        np.mean([np.argmax(cusum(row, target=0, k=0.5, h=5, head_start=start).signal) for row in shifted])
        for start in (0.0, 2.5)
    ]
    assert first[1] < first[0] - 2


@pytest.mark.parametrize(
    ("found", "published"),
    [
        (cusum_arl(0, k=0.5, h=4), 168),
        (cusum_arl(0, k=0.5, h=5), 465),
        (cusum_arl(1, k=0.5, h=4), 8.38),
        (cusum_arl(1, k=0.5, h=5), 10.4),
        (cusum_arl(2, k=0.5, h=5), 4.01),
        (ewma_arl(0, weight=0.1, width=2.814), 500),
        (ewma_arl(0, weight=0.2, width=2.962), 500),
        (ewma_arl(0, weight=0.4, width=3.054), 500),
        (ewma_arl(1, weight=0.1, width=2.814), 10.3),
        (ewma_arl(1, weight=0.4, width=3.054), 14.3),
    ],
)
def test_run_lengths_as_published(found: float, published: float) -> None:
    assert found == pytest.approx(published, rel=0.006)


def test_an_ewma_of_weight_one_is_a_shewhart_chart() -> None:
    assert ewma_arl(0.5, weight=1, width=3) == pytest.approx(float(xbar_arl(0.5)), rel=1e-6)


def test_run_length_of_cusum_by_simulation() -> None:
    drawn = np.random.default_rng(2).normal(0.75, 1, (1500, 150))
    lengths = [int(np.argmax(cusum(row, target=0, k=0.5, h=4).signal)) + 1 for row in drawn]
    assert np.mean(lengths) == pytest.approx(cusum_arl(0.75, h=4), rel=0.06)


def test_settings_that_make_no_chart_are_refused() -> None:
    for attempt in (
        lambda: ewma([1.0], target=0, sigma=1, weight=0),
        lambda: cusum([1.0], target=0, k=-1, h=5),
        lambda: cusum([1.0], target=0, k=1, h=0),
        lambda: ewma_arl(0, weight=2),
        lambda: cusum_arl(0, h=0),
    ):
        with pytest.raises(InvalidInput):
            attempt()
