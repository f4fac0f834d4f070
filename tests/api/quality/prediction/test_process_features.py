"""Physics, windows that only look back, and remaining life."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.quality.prediction.process_features import STATISTICS, rolling_features, rotating_machine, since_start
from api.quality.prediction.remaining_life import (
    changing,
    life_interval,
    phm_score,
    remaining_life,
    rmse,
    wear_features,
)
from ledger.errors import InvalidInput


def test_power_is_torque_times_angular_speed() -> None:
    frame = pd.DataFrame({"t": [40.0], "n": [1500.0], "w": [200.0], "a": [298.1], "p": [308.6], "limit": [11_000.0]})
    made = rotating_machine(
        frame, torque="t", speed="n", wear="w", air_temperature="a", process_temperature="p", overstrain_limit="limit"
    )
    [row] = made.to_dict("records")
    assert row["power"] == pytest.approx(40 * 1500 * 2 * math.pi / 60)
    assert row["temperature_difference"] == pytest.approx(10.5)
    assert row["wear_torque"] == pytest.approx(8000)
    assert row["overstrain"] == pytest.approx(8000 / 11_000)


series = st.lists(st.tuples(st.integers(0, 2), st.floats(-100, 100) | st.just(math.nan)), min_size=2, max_size=40)


@settings(deadline=None, max_examples=40)
@given(series, st.integers(1, 6), st.integers(0, 39), st.randoms(use_true_random=False))
def test_later_rows_change_no_earlier_feature(
    rows: list[tuple[int, float]], window: int, cut: int, random: object
) -> None:
    frame = pd.DataFrame({"unit": [row[0] for row in rows], "cycle": range(len(rows)), "x": [row[1] for row in rows]})
    past = frame[frame["cycle"] <= cut]
    shuffled = frame.sample(frac=1, random_state=window)
    made = _features(shuffled, window).loc[past.index]
    pd.testing.assert_frame_equal(made, _features(past, window), check_exact=False, atol=1e-6)


def _features(frame: pd.DataFrame, window: int) -> pd.DataFrame:
    return pd.concat(
        [
            rolling_features(frame, ["x"], unit="unit", order="cycle", windows=[window], statistics=STATISTICS),
            since_start(frame, ["x"], unit="unit", order="cycle", settle=4, window=window),
        ],
        axis=1,
    )


@settings(deadline=None, max_examples=40)
@given(series, st.integers(1, 6))
def test_windows_are_those_of_the_definition(rows: list[tuple[int, float]], window: int) -> None:
    frame = pd.DataFrame({"unit": [row[0] for row in rows], "cycle": range(len(rows)), "x": [row[1] for row in rows]})
    made = rolling_features(frame, ["x"], unit="unit", order="cycle", windows=[window], statistics=STATISTICS)
    for at in range(len(frame)):
        earlier = frame[(frame["unit"] == frame["unit"][at]) & (frame["cycle"] <= at)].tail(window)
        number = np.arange(len(earlier), dtype=float)[earlier["x"].notna()]
        known = earlier["x"].dropna().to_numpy()
        row = {name: made[f"x_{name}_{window}"].iloc[at] for name in STATISTICS}
        if not len(known):
            assert all(math.isnan(value) for value in row.values())
            continue
        assert row["mean"] == pytest.approx(known.mean(), abs=1e-6)
        assert row["sd"] == pytest.approx(known.std(ddof=1) if len(known) > 1 else 0, abs=1e-4)
        assert row["min"] == pytest.approx(known.min())
        assert row["max"] == pytest.approx(known.max())
        assert row["rms"] == pytest.approx(np.sqrt((known**2).mean()), abs=1e-4)
        slope = np.polyfit(number, known, 1)[0] if len(known) > 1 else 0
        assert row["slope"] == pytest.approx(slope, abs=1e-4)


def test_two_rows_at_one_time_are_refused() -> None:
    frame = pd.DataFrame({"unit": [1, 1], "cycle": [3, 3], "x": [1.0, 2.0]})
    with pytest.raises(InvalidInput, match="two rows of one unit at the same cycle"):
        rolling_features(frame, ["x"], unit="unit", order="cycle", windows=[3])
    with pytest.raises(InvalidInput, match="no statistic 'entropy'"):
        rolling_features(frame, ["x"], unit="unit", order="cycle", windows=[3], statistics=["entropy"])


def test_distance_from_the_start() -> None:
    frame = pd.DataFrame({"unit": 1, "cycle": range(6), "x": [1.0, 3.0, 5.0, 5.0, 8.0, 8.0]})
    made = since_start(frame, ["x"], unit="unit", order="cycle", settle=2, window=1)
    assert made["x_moved"].tolist() == [0.0, 1.0, 3.0, 3.0, 6.0, 6.0]


def test_life_left_is_capped() -> None:
    frame = pd.DataFrame({"unit": [1, 1, 1, 2, 2], "cycle": [1, 2, 3, 1, 2]})
    assert remaining_life(frame, unit="unit", cycle="cycle", cap=1).tolist() == [1, 1, 0, 1, 0]
    assert remaining_life(frame, unit="unit", cycle="cycle", cap=None).tolist() == [2, 1, 0, 1, 0]


def test_a_late_warning_costs_more() -> None:
    assert phm_score([50], [60]) == pytest.approx(math.e - 1)
    assert phm_score([50], [37]) == pytest.approx(math.e - 1)
    assert phm_score([50], [40]) < phm_score([50], [60])
    assert rmse([0, 0], [3, 4]) == pytest.approx(math.sqrt(12.5))


def test_a_life_interval_covers_new_units() -> None:
    rng = np.random.default_rng(0)
    covered = []
    for seed in range(60):
        error = rng.normal(size=40) * 10
        units = np.repeat(np.arange(40), 5)
        interval = life_interval(np.zeros(200), error[units], units, coverage=0.9, seed=seed)
        low, high = interval.around(np.array([50.0]))
        assert (low[0], high[0]) == (50 - interval.half_width, 50 + interval.half_width)
        covered.append((np.abs(rng.normal(size=200) * 10) <= interval.half_width).mean())
    assert np.mean(covered) == pytest.approx(0.9, abs=0.03)
    with pytest.raises(InvalidInput, match="5 units"):
        life_interval(np.zeros(5), np.ones(5), np.arange(5))


def test_features_of_wear_on_engines(shared: Path) -> None:
    names = ["unit", "cycle", "s1", "s2", "s3", *(f"sensor{number}" for number in range(1, 22))]
    path = shared / "quality/sets/cmapss_train_FD001.txt.gz"
    frame = pd.read_csv(path, sep=r"\s+", header=None, names=names)
    sensors = changing(frame, [name for name in names if name.startswith("sensor")])
    assert len(sensors) == 15
    some = frame[frame["unit"] <= 3]
    made = wear_features(some, sensors, unit="unit", cycle="cycle")
    assert not made.isna().any(axis=None)
    assert made.shape == (len(some), 1 + 5 * 15)
