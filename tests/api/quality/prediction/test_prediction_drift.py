"""Drift of inputs, of predictions, and of calibration once outcomes are known: seen where it is, quiet where not."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.quality.prediction.drift import calibration_watch, drift, population_stability, residual_watch
from ledger.errors import InvalidInput


def frames(seed: int, rows: int = 500) -> tuple[pd.DataFrame, pd.DataFrame]:
    rng = np.random.default_rng(seed)
    names = [f"x{number}" for number in range(8)]
    return tuple(pd.DataFrame(rng.normal(size=(rows, 8)), columns=names) for _ in range(2))  # type: ignore[return-value]


def test_a_moved_column_is_found_and_only_that() -> None:
    before, now = frames(0)
    found = drift(before, now.assign(x3=now["x3"] + 0.6))
    assert found["feature"].iloc[0] == "x3"
    assert found.loc[found["drifted"], "feature"].tolist() == ["x3"]


def test_what_has_not_moved_is_left_alone() -> None:
    """Eight columns, 60 runs: a false alarm in at most a few of them."""
    assert np.mean([drift(*frames(seed))["drifted"].any() for seed in range(60)]) <= 0.05


def test_a_sensor_that_falls_silent_is_drift() -> None:
    before, now = frames(1)
    silent = now.assign(x2=now["x2"].where(np.arange(500) % 3 > 0))
    [row] = drift(before, silent).query("feature == 'x2'").to_dict("records")
    assert row["drifted"]
    assert row["missing_now"] == pytest.approx(1 / 3, abs=0.01)
    gone = drift(before, now.assign(x2=np.nan)).query("feature == 'x2'").iloc[0]
    assert gone["drifted"]
    assert np.isnan(gone["p"])


def test_predictions_are_one_more_column() -> None:
    before, now = frames(2)
    rng = np.random.default_rng(0)
    found = drift(before.assign(p=rng.beta(2, 8, 500)), now.assign(p=rng.beta(4, 8, 500)))
    assert found.loc[found["drifted"], "feature"].tolist() == ["p"]


def test_nothing_to_compare_is_refused() -> None:
    before, now = frames(3)
    with pytest.raises(InvalidInput, match="column x1 is missing"):
        drift(before, now.drop(columns="x1"))
    with pytest.raises(InvalidInput, match="no rows"):
        drift(before, now.iloc[:0])


@settings(deadline=None, max_examples=100)
@given(st.lists(st.floats(-5, 5), min_size=1, max_size=60), st.lists(st.floats(-5, 5), min_size=1, max_size=60))
def test_psi_is_never_negative_and_nought_for_the_same(before: list[float], now: list[float]) -> None:
    assert population_stability(before, before) == pytest.approx(0)
    assert population_stability(before, now) >= -1e-12


def test_psi_of_the_definition() -> None:
    before, now = np.arange(1000.0), np.concatenate([np.arange(0, 500.0), np.arange(0, 500.0)])
    p = np.r_[np.full(10, 100), 0] + 0.5
    q = np.r_[np.full(5, 200), np.zeros(5), 0] + 0.5
    p, q = p / p.sum(), q / q.sum()
    assert population_stability(before, now) == pytest.approx(((q - p) * np.log(q / p)).sum(), rel=0.05)


def test_kept_calibration_is_quiet_and_lost_calibration_is_not() -> None:
    rng = np.random.default_rng(0)
    p = rng.uniform(0.05, 0.4, 3000)
    kept = calibration_watch(p, (rng.random(3000) < p).astype(float))
    assert kept["signal"].mean() < 0.01
    lost = calibration_watch(p, (rng.random(3000) < np.minimum(p * 2, 1)).astype(float))
    assert lost["signal"].iloc[200:].mean() > 0.5
    assert int(np.argmax(lost["signal"])) < 300


def test_the_chart_is_the_recursion() -> None:
    p, y = np.array([0.2, 0.5, 0.9]), np.array([1.0, np.nan, 0.0])
    made = calibration_watch(p, y, weight=0.1, sigmas=2)
    assert made["ewma"].tolist() == pytest.approx([0.08, 0.08 * 0.9 - 0.09])
    variance = [0.01 * 0.16, 0.81 * 0.01 * 0.16 + 0.01 * 0.09]
    third = [1e-3 * 0.16 * 0.6, 0.729 * 1e-3 * 0.16 * 0.6 - 1e-3 * 0.09 * 0.8]
    wide = [2 + 3 * abs(m) / v**1.5 / 6 for m, v in zip(third, variance, strict=True)]
    assert made["limit"].tolist() == pytest.approx([k * v**0.5 for k, v in zip(wide, variance, strict=True)])


@pytest.mark.parametrize("p", [0.01, 0.03, 0.1, 0.3])
def test_rare_failures_are_no_alarm_while_probabilities_are_right(p: float) -> None:
    """With limits for a normal sum, 70 % of watches over 500 rows alarmed at p = .01, and every first failure did."""
    rng = np.random.default_rng(0)
    watched = [calibration_watch(np.full(500, p), rng.random(500) < p)["signal"].to_numpy() for _ in range(200)]
    assert np.mean([signal.any() for signal in watched]) < 0.25
    assert np.mean([signal[:20].any() for signal in watched]) < 0.03
    assert not calibration_watch([p], [1])["signal"].any()


def test_a_few_rows_drift_no_more_often_than_promised() -> None:
    rng = np.random.default_rng(0)
    reference = pd.DataFrame({"a": np.where(rng.random(1000) < 0.05, np.nan, rng.normal(size=1000))})
    found = []
    for _ in range(300):
        few = pd.DataFrame({"a": np.where(rng.random(3) < 0.05, np.nan, rng.normal(size=3))})
        found.append(bool(drift(reference, few)["drifted"][0]))
    assert np.mean(found) <= 0.07


def test_residuals_of_a_regression() -> None:
    rng = np.random.default_rng(1)
    assert residual_watch(rng.normal(0, 2, 2000), 2.0)["signal"].mean() < 0.01
    assert residual_watch(rng.normal(1.5, 2, 500), 2.0)["signal"].iloc[100:].mean() > 0.5
