"""Degree-days: areas against numerical integration, days across daylight saving, and gaps that stay unknown."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.quality.agriculture.degree_days import METHODS, accumulate, daily_extremes, degree_days
from ledger.errors import InvalidInput

DAY = pd.Timestamp("2026-03-28")
temperatures = st.floats(-20, 45)
CODLING_MOTH = {"first egg hatch": 30.0, "peak hatch": 60.0}


def integral(low: float, high: float, lower: float, upper: float | None, method: str) -> float:
    """By the half minute: the area between the thresholds under the day's curve."""
    phase = (np.arange(2880) + 0.5) / 2880
    if method == "sine":
        curve = (low + high) / 2 + (high - low) / 2 * np.sin(2 * np.pi * phase)
    else:
        curve = high - (high - low) * np.abs(2 * phase - 1)
    return float((np.clip(curve, lower, np.inf if upper is None else upper) - lower).mean())


@given(temperatures, temperatures, st.floats(0, 15), st.one_of(st.none(), st.floats(16, 40)))
@settings(deadline=None, max_examples=300)
def test_the_closed_forms_are_the_areas(one: float, other: float, lower: float, upper: float | None) -> None:
    low, high = sorted((one, other))
    for method in ("sine", "triangle"):
        found = float(degree_days(low, high, lower=lower, upper=upper, method=method))  # type: ignore[arg-type]
        assert found == pytest.approx(integral(low, high, lower, upper, method), abs=2e-3)


@given(temperatures, temperatures, st.floats(0, 15), st.sampled_from(METHODS))
@settings(deadline=None)
def test_a_day_gives_between_nothing_and_the_distance_of_the_thresholds(
    one: float, other: float, lower: float, method: Any
) -> None:
    low, high = sorted((one, other))
    found = float(degree_days(low, high, lower=lower, upper=lower + 20, method=method))
    assert -1e-9 <= found <= 20 + 1e-9
    assert found <= float(degree_days(low, high, lower=lower, method=method)) + 1e-9
    assert found <= float(degree_days(low + 1, high + 1, lower=lower, upper=lower + 20, method=method)) + 1e-9


def test_by_hand() -> None:
    assert degree_days([10, 4], [30, 16], lower=10, method="average").tolist() == [10, 0]
    assert degree_days([10, 4, 12], [30, 16, 12], lower=10, method="triangle").tolist() == [10, 1.5, 2]
    # half a sine of amplitude 6 above its mean: 6/π
    assert float(degree_days(4, 16, lower=10)) == pytest.approx(6 / np.pi)
    assert np.isnan(degree_days(np.nan, 16, lower=10)).all()
    assert np.isnan(degree_days([np.nan], [np.nan], lower=10, method="triangle")).all()


def hourly(start: str, hours: int) -> pd.DataFrame:
    times = pd.date_range(pd.Timestamp(start), periods=hours, freq="1h")
    return pd.DataFrame({"time": times, "value": 10 + 5 * np.sin(np.arange(hours) / 24 * 2 * np.pi)})


def test_local_days_across_daylight_saving() -> None:
    readings = hourly("2026-03-27T23:00Z", 24 + 23 + 24)  # 28, 29 (23 hours long) and 30 March in Berlin
    found = daily_extremes(readings, zone="Europe/Berlin")
    assert found["day"].dt.day.tolist() == [28, 29, 30]
    assert found["low"].notna().all()


def test_a_day_with_a_gap_is_unknown_and_so_is_half_a_day() -> None:
    readings = hourly("2026-05-01T00:00Z", 4 * 24)
    hole = readings[(readings["time"].dt.day != 2) | (readings["time"].dt.hour < 15) | (readings["time"].dt.hour > 19)]
    found = daily_extremes(hole[hole["time"] < "2026-05-04T10:00Z"], zone="UTC")
    assert found["low"].isna().tolist() == [False, True, False, True]
    whole_day_missing = readings[readings["time"].dt.day != 3]
    assert daily_extremes(whole_day_missing, zone="UTC")["low"].isna().tolist() == [False, False, True, False]


def test_a_gap_over_midnight_spoils_both_days() -> None:
    readings = hourly("2026-05-01T00:00Z", 3 * 24)
    hole = readings[(readings["time"] < "2026-05-01T20:30Z") | (readings["time"] > "2026-05-02T03:30Z")]
    assert daily_extremes(hole, zone="UTC")["low"].isna().tolist() == [True, True, False]


def extremes(*pairs: tuple[float, float]) -> pd.DataFrame:
    days = pd.date_range(DAY, periods=len(pairs), freq="D")
    return pd.DataFrame({"day": days, "low": [low for low, _ in pairs], "high": [high for _, high in pairs]})


def test_stages_are_reached_in_order_from_the_biofix_on() -> None:
    found = accumulate(
        extremes((0, 90), (20, 40), (20, 40), (20, 40)), biofix=DAY + pd.Timedelta(days=1), lower=10,
        stages=CODLING_MOTH,
    )  # fmt: skip
    assert found["least"].tolist() == pytest.approx([20, 40, 60])
    assert found["stage"].tolist() == ["", "first egg hatch", "peak hatch"]
    assert (found["stage"] == found["stage_possible"]).all()


@pytest.mark.parametrize(
    "missing", [extremes((20, 40), (np.nan, np.nan), (20, 40)), extremes((20, 40), (20, 40), (20, 40)).drop(1)]
)
def test_an_unknown_day_makes_an_interval(missing: pd.DataFrame) -> None:
    found = accumulate(missing, biofix=DAY, lower=10, upper=45, stages=CODLING_MOTH)
    assert found["least"].tolist() == pytest.approx([20, 20, 40])
    assert found["most"].tolist() == pytest.approx([20, 55, 75])
    assert (found["stage"].iloc[-1], found["stage_possible"].iloc[-1]) == ("first egg hatch", "peak hatch")
    unbounded = accumulate(missing, biofix=DAY, lower=10, stages=CODLING_MOTH)
    assert np.isinf(unbounded["most"].iloc[-1])
    assert accumulate(missing, biofix=DAY, lower=10, warmest=15)["most"].iloc[1] == pytest.approx(25)


def test_nothing_since_the_biofix() -> None:
    assert accumulate(extremes((1, 2)), biofix=DAY + pd.Timedelta(days=9), lower=10).empty
    assert daily_extremes(hourly("2026-05-01T00:00Z", 0), zone="UTC").empty


@pytest.mark.parametrize(
    "broken",
    [
        lambda: degree_days(5, 1, lower=0),
        lambda: degree_days(1, 5, lower=10, upper=5),
        lambda: degree_days(1, 5, lower=0, method="cosine"),  # type: ignore[arg-type]
        lambda: daily_extremes(hourly("2026-05-01T00:00Z", 24), zone="Mars/Crater"),
        lambda: accumulate(pd.concat([extremes((1, 2))] * 2), biofix=DAY, lower=0),
    ],
)
def test_what_makes_no_sense_is_refused(broken: Any) -> None:
    with pytest.raises(InvalidInput):
        broken()
