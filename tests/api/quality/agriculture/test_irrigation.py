"""Irrigation: examples printed in FAO-56, the balance of water, and days that nobody measured."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.quality.agriculture import evapotranspiration as et
from api.quality.agriculture.irrigation import (
    WEATHER,
    Crop,
    Soil,
    advise,
    depletion_fraction,
    reference_et,
    stress,
    total_available_water,
    water_balance,
)
from ledger.errors import InvalidInput

DAY = pd.Timestamp("2026-06-01")
SOIL = Soil(0.32, 0.12)
CROP = Crop(DAY, 1.0, 0.5, (0.4, 1.2, 0.6), (20, 30, 40, 20))


def test_fao_example_8_extraterrestrial_radiation() -> None:
    # 20° S on 3 September: 32.2 MJ m⁻² day⁻¹
    assert float(et.extraterrestrial_radiation(246, -20)) == pytest.approx(32.2, abs=0.05)


def test_fao_example_9_daylight() -> None:
    assert float(et.daylight_hours(246, -20)) == pytest.approx(11.7, abs=0.05)


def test_fao_example_14_wind() -> None:
    # 3.2 m/s at 10 m is 2.4 m/s at 2 m
    assert float(et.wind_at_two_metres(3.2, 10)) == pytest.approx(2.4, abs=0.05)


def test_fao_example_17_bangkok_in_april() -> None:
    solar, above = et.solar_radiation(8.5, 105, 13.73), et.extraterrestrial_radiation(105, 13.73)
    net = et.net_radiation(25.6, 34.8, 2.85, solar, above, 2)
    assert (float(above), float(solar), float(net)) == pytest.approx((38.06, 22.65, 14.33), abs=0.02)
    found = et.penman_monteith(25.6, 34.8, 2.85, 2, net, 2, soil_heat=0.14)
    assert float(found) == pytest.approx(5.72, abs=0.01)


def uccle(**changed: Any) -> pd.DataFrame:
    """6 July at Uccle: 12.3 to 21.5 °C, 63 to 84 %, 2.78 m/s at 10 m, 9.25 h of sun."""
    wind = float(et.wind_at_two_metres(10 / 3.6, 10))
    row = dict(zip(WEATHER, (pd.Timestamp("2026-07-06"), 12.3, 21.5, 63, 84, wind, 9.25, 0, 0, np.nan), strict=True))
    return pd.DataFrame([row | changed])


def test_fao_example_18_uccle_on_6_july() -> None:
    found = reference_et(uccle(), latitude=50.8, altitude=100)
    assert found["et0"].item() == pytest.approx(3.88, abs=0.02)
    assert found["method"].item() == "penman_monteith"


def test_fao_example_20_lyon_in_july() -> None:
    above = et.extraterrestrial_radiation(196, 45.72)
    assert float(above) == pytest.approx(40.55, abs=0.1)
    assert float(et.hargreaves(14.8, 26.6, above)) == pytest.approx(5.0, abs=0.05)


def test_without_wind_it_falls_back_and_says_so_and_without_temperature_it_is_unknown() -> None:
    assert reference_et(uccle(wind=np.nan), latitude=50.8, altitude=100)["method"].item() == "hargreaves"
    found = reference_et(uccle(low=np.nan), latitude=50.8, altitude=100)
    assert (np.isnan(found["et0"].item()), found["method"].item()) == (True, "unknown")


def test_available_water_and_stress() -> None:
    assert total_available_water(SOIL, 0.5) == pytest.approx(100)
    assert depletion_fraction(0.5, 5) == 0.5
    assert (depletion_fraction(0.7, 0), depletion_fraction(0.15, 9)) == (0.8, 0.1)
    assert [stress(d, 100, 0.5) for d in (0, 50, 75, 100)] == pytest.approx([1, 1, 0.5, 0])


def test_the_coefficient_follows_the_stages() -> None:
    days = pd.Series([DAY + pd.Timedelta(days=n) for n in (-1, 0, 20, 35, 50, 90, 100, 110, 111)])
    assert CROP.coefficient(days).tolist() == pytest.approx(
        [np.nan, 0.4, 0.4, 0.8, 1.2, 1.2, 0.9, 0.6, np.nan], nan_ok=True
    )


def season(rain: list[float], **changed: Any) -> pd.DataFrame:
    frame = pd.concat([uccle()] * len(rain), ignore_index=True)
    frame["day"] = [DAY + pd.Timedelta(days=n) for n in range(len(rain))]
    return frame.assign(rain=rain, **changed)


def balance(weather: pd.DataFrame, depletion: float = np.nan) -> pd.DataFrame:
    return water_balance(weather, SOIL, CROP, latitude=50.8, altitude=100, depletion=depletion)


@given(st.lists(st.floats(0, 60), min_size=1, max_size=40), st.floats(0, 200))
@settings(deadline=None, max_examples=60)
def test_water_is_neither_made_nor_lost(rain: list[float], start: float) -> None:
    found = balance(season(rain), start)
    change = found["etc"].sum() + found["deep_percolation"].sum() - found["rain"].sum()
    assert ((found["depletion"] >= 0) & (found["depletion"] <= 200)).all()
    assert found["depletion"].iloc[-1] == pytest.approx(start + change, abs=1e-9)


def test_a_reading_sets_the_depletion_anew() -> None:
    weather = season([0.0] * 3, moisture=[np.nan, 0.25, np.nan])
    found = balance(weather)
    assert found["depletion"].isna().tolist() == [True, False, False]
    assert found["depletion"].iloc[1] == pytest.approx(70)
    assert found["depletion"].iloc[2] == pytest.approx(70 + found["etc"].iloc[2])


@pytest.mark.parametrize("gap", [{"rain": [0.0, np.nan, 0.0, 0.0]}, {"low": [12.3, np.nan, 12.3, 12.3]}])
def test_a_day_nobody_measured_leaves_the_depletion_unknown_until_a_reading(gap: dict[str, Any]) -> None:
    weather = season([0.0] * 4).assign(moisture=[0.3, np.nan, np.nan, 0.29], **gap)
    found = balance(weather)
    assert found["depletion"].isna().tolist() == [False, True, True, False]
    assert advise(found.iloc[:3]).action == "unknown"
    assert advise(found).action == "wait"


def test_advice() -> None:
    dry = advise(balance(season([0.0], moisture=0.15)))
    assert (dry.action, dry.depth) == ("irrigate", pytest.approx(170))
    moist = advise(balance(season([0.0], moisture=0.31), 10))
    assert moist.action == "wait"
    assert moist.days_left > 30
    assert advise(balance(season([0.0] * 3), 10)).action == "unknown"
    old = season([0.0] * 20).assign(moisture=[0.3, *[np.nan] * 19])
    assert advise(balance(old)).reason == "no recent soil moisture reading"


@pytest.mark.parametrize(
    "broken",
    [
        lambda: Soil(0.1, 0.3),
        lambda: Crop(DAY, 0, 0.5, (1, 1, 1), (1, 1, 1, 1)),
        lambda: balance(season([0.0, 0.0]).assign(day=[DAY, DAY])),
        lambda: balance(season([0.0, 0.0]).assign(day=[DAY, DAY + pd.Timedelta(days=2)])),
        lambda: advise(balance(season([0.0])).iloc[:0]),
    ],
)
def test_what_makes_no_sense_is_refused(broken: Any) -> None:
    with pytest.raises(InvalidInput):
        broken()


@pytest.mark.parametrize("latitude", [80.0, 90.0, -90.0])
def test_the_polar_night_has_no_sunshine_to_divide(latitude: float) -> None:
    day = pd.Timestamp("2026-12-21" if latitude > 0 else "2026-06-21")
    found = reference_et(uccle(day=day, low=-20.0, high=-10.0, sunshine=0.0), latitude=latitude, altitude=0)
    assert found["et0"].item() >= 0
    assert found["method"].item() == "penman_monteith"
