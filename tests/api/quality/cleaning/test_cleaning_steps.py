"""Each step finds the fault it is for, and leaves alone what merely looks like it."""

from __future__ import annotations

import numpy as np
import pandas as pd

from api.quality.cleaning.drift import PARAMETERS as DRIFT
from api.quality.cleaning.drift import drift
from api.quality.cleaning.duplicates import contradictions, duplicates
from api.quality.cleaning.gaps import PARAMETERS as GAPS
from api.quality.cleaning.gaps import gaps
from api.quality.cleaning.impossible import PARAMETERS as IMPOSSIBLE
from api.quality.cleaning.impossible import impossible
from api.quality.cleaning.missing import missing
from api.quality.cleaning.spikes import PARAMETERS as SPIKES
from api.quality.cleaning.spikes import spikes
from api.quality.cleaning.stuck import PARAMETERS as STUCK
from api.quality.cleaning.stuck import stuck
from api.quality.columns import READING, TIME_DTYPE

START = pd.Timestamp("2026-03-29T00:00Z")


def readings(
    values: list[float],
    sensor: str = "S",
    kind: str = "Temperature",
    unit: str = "CEL",
    minutes: list[int] | None = None,
) -> pd.DataFrame:
    at = minutes or list(range(0, 15 * len(values), 15))
    rows = [
        (START + pd.Timedelta(minutes=m), sensor, None, "P", kind, v, unit) for m, v in zip(at, values, strict=True)
    ]
    return pd.DataFrame(rows, columns=list(READING)).astype({"time": TIME_DTYPE, "value": "float64"})


def flagged(flags: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> list[int]:
    return np.flatnonzero(flags).tolist()


def wobbling(count: int, level: float = 4.0, seed: int = 1) -> list[float]:
    return np.random.default_rng(seed).normal(level, 0.3, count).round(2).tolist()


def test_missing() -> None:
    assert flagged(missing(readings([1.0, np.nan, np.inf, 2.0]), {})) == [1, 2]


def test_impossible_in_any_unit() -> None:
    assert flagged(impossible(readings([-274.0, -273.15, 4.0, -999.0]), IMPOSSIBLE)) == [0, 3]
    assert flagged(impossible(readings([-460.0, -459.67], unit="FAH"), IMPOSSIBLE)) == [0]
    assert flagged(impossible(readings([105.0, 106.0, -0.1], kind="RelativeHumidity", unit="P1"), IMPOSSIBLE)) == [1, 2]
    assert flagged(impossible(readings([-5.0], kind="urn:tilt", unit="DD"), IMPOSSIBLE)) == []


def test_duplicates_are_counted_once_and_contradictions_not_at_all() -> None:
    table = readings([1.0, 1.0, 2.0, 3.0, 1.0], minutes=[0, 0, 15, 15, 30])
    assert flagged(duplicates(table, {})) == [1]
    assert flagged(contradictions(table, {})) == [2, 3]
    mixed = pd.concat([readings([1.0]), readings([1.0], sensor="T")], ignore_index=True)
    assert flagged(duplicates(mixed, {})) == flagged(contradictions(mixed, {})) == []


def test_a_sensor_that_moved_and_repeats_is_stuck() -> None:
    table = readings([*wobbling(50), *[4.11] * 20, *wobbling(10, seed=2)])
    assert flagged(stuck(table, STUCK)) == list(range(50, 70))


def test_a_coarse_or_a_steady_sensor_is_not_stuck() -> None:
    coarse = [4.0] * 14 + [4.5] * 12 + [4.0] * 17 + [4.5] * 13 + [4.0] * 16
    assert flagged(stuck(readings(coarse), STUCK)) == []
    assert flagged(stuck(readings([4.0] * 100), STUCK)) == []


def test_a_sensor_that_stays_while_its_neighbour_moves_is_stuck() -> None:
    other = readings([4.0 + 0.2 * n for n in range(40)], sensor="T")
    both = pd.concat([readings([4.0] * 40), other], ignore_index=True)
    assert flagged(stuck(both, STUCK)) == list(range(40))
    elsewhere = pd.concat([readings([4.0] * 40), other.assign(place="Q")], ignore_index=True)
    assert flagged(stuck(elsewhere, STUCK)) == []


def test_a_spike_is_alone_and_far() -> None:
    values = wobbling(40)
    values[20] = 40.0
    values[30:32] = [18.0, 18.5]
    assert flagged(spikes(readings(values), SPIKES)) == [20], "a door that stands open is no spike"
    values[0] = values[-1] = 60.0
    assert flagged(spikes(readings(values), SPIKES)) == [20]


def test_gaps_are_marked_where_they_begin() -> None:
    assert flagged(gaps(readings([1.0] * 6, minutes=[0, 15, 30, 120, 135, 150]), GAPS)) == [2]
    assert flagged(gaps(readings([1.0]), GAPS)) == []


def test_the_sensor_that_leaves_the_others_has_drifted() -> None:
    steady = [readings(wobbling(200, seed=seed), sensor=f"S{seed}") for seed in (1, 2)]
    ramp = np.array(wobbling(200, seed=3)) + np.concatenate([np.zeros(80), np.linspace(0, 5, 120)])
    table = pd.concat([*steady, readings(ramp.tolist(), sensor="D")], ignore_index=True)
    found = flagged(drift(table, DRIFT))
    assert 480 < min(found) < 560
    assert found == list(range(min(found), 600))
    pair = pd.concat([steady[0], readings(ramp.tolist(), sensor="D")], ignore_index=True)
    assert set(pair.loc[drift(pair, DRIFT), "sensor"]) == {"S1", "D"}, "of two, nobody knows which"
    assert flagged(drift(pd.concat(steady, ignore_index=True), DRIFT)) == []
