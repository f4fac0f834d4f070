"""When and how much to irrigate: the daily soil water balance of FAO Irrigation and Drainage Paper 56, chapter 8.

    TAW = 1000·(θ_FC − θ_WP)·Zr      RAW = p·TAW      Ks = (TAW − Dr)/((1 − p)·TAW)          (eqs. 82 to 84)
    Dr,i = Dr,i−1 − P − I + Ks·Kc·ET₀ + DP, within [0, TAW]                                  (eqs. 85, 88)

A soil moisture reading sets the depletion anew (eq. 87). A day without temperatures, or without a word on rain, leaves
the depletion unknown until the next reading. Kc is the single crop coefficient of the stage (eq. 66). Capillary rise
and runoff count as 0, and the root depth is constant.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from api.quality.agriculture import evapotranspiration as et
from ledger.errors import InvalidInput

Floats = npt.NDArray[np.float64]

#: a day's weather: temperatures in °C, relative humidities in %, wind in m/s at 2 m, sunshine in hours, rain and
#: irrigation in mm; `moisture` is volumetric, m³/m³. NaN is "not measured", but no irrigation is none
WEATHER = (
    "day", "low", "high", "humidity_low", "humidity_high", "wind", "sunshine", "rain", "irrigation", "moisture",
)  # fmt: skip

#: per day, in mm: `method` of ET₀ is penman_monteith, hargreaves or unknown; depletion is that at the day's end
BALANCE = (
    "day", "et0", "method", "kc", "ks", "etc", "rain", "irrigation", "deep_percolation", "depletion", "raw", "taw",
    "measured",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Soil:
    """Volumetric water contents (m³/m³) at field capacity and at wilting point."""

    field_capacity: float
    wilting_point: float

    def __post_init__(self) -> None:
        if not 0 <= self.wilting_point < self.field_capacity < 1:
            raise InvalidInput("the soil makes no sense", expected="0 ≤ wilting point < field capacity < 1, in m³/m³")


@dataclass(frozen=True, slots=True)
class Crop:
    """Root depth in m, depletion fraction p at ETc = 5 mm/day (table 22), Kc (table 12), stage lengths in days."""

    planted: pd.Timestamp
    root_depth: float
    depletion_fraction: float
    kc: tuple[float, float, float]
    stages: tuple[int, int, int, int]

    def __post_init__(self) -> None:
        if not self.root_depth > 0 or not 0 < self.depletion_fraction < 1 or min(self.kc) < 0 or min(self.stages) < 0:
            raise InvalidInput("the crop makes no sense", expected="a positive root depth, 0 < p < 1, no negative Kc")

    def coefficient(self, days: pd.Series[pd.Timestamp]) -> Floats:
        """Kc by day: constant, rising, constant, falling (eq. 66); NaN before planting and after the last stage."""
        age = (pd.DatetimeIndex(days) - self.planted) / pd.Timedelta(days=1)
        ends = np.cumsum(self.stages, dtype=np.float64)
        initial, middle, end = self.kc
        known = np.interp(age, ends, (initial, middle, middle, end))
        return np.where((age < 0) | (age > ends[-1]), np.nan, known)


def total_available_water(soil: Soil, root_depth: float) -> float:
    """TAW in mm (eq. 82)."""
    return 1000 * (soil.field_capacity - soil.wilting_point) * root_depth


def depletion_fraction(fraction: float, etc: float) -> float:
    """p adjusted to the day's crop evapotranspiration, within [0.1, 0.8] (table 22, footnote 2)."""
    return min(0.8, max(0.1, fraction + 0.04 * (5 - etc)))


def stress(depletion: float, taw: float, fraction: float) -> float:
    """Ks (eq. 84): 1 while readily available water lasts, 0 at wilting point."""
    return min(1.0, max(0.0, (taw - depletion) / ((1 - fraction) * taw)))


def reference_et(weather: pd.DataFrame, *, latitude: float, altitude: float) -> pd.DataFrame:
    """Columns `et0` and `method` for a frame `WEATHER`: Penman-Monteith, else Hargreaves, else NaN and 'unknown'."""
    got = {name: weather[name].to_numpy(dtype=np.float64) for name in WEATHER[1:7]}
    number = pd.DatetimeIndex(weather["day"]).day_of_year.to_numpy()
    above = et.extraterrestrial_radiation(number, latitude)
    vapour = et.vapour_pressure_of_humidity(got["low"], got["high"], got["humidity_low"], got["humidity_high"])
    solar = et.solar_radiation(got["sunshine"], number, latitude)
    net = et.net_radiation(got["low"], got["high"], vapour, solar, above, altitude)
    full = et.penman_monteith(got["low"], got["high"], vapour, got["wind"], net, altitude)
    simple = et.hargreaves(got["low"], got["high"], above)
    measured, estimated = ~np.isnan(full), ~np.isnan(simple)
    method = np.select([measured, estimated], ["penman_monteith", "hargreaves"], "unknown")
    found = np.maximum(np.where(measured, full, simple), 0)
    return pd.DataFrame({"et0": found, "method": method}, index=weather.index)


def water_balance(
    weather: pd.DataFrame, soil: Soil, crop: Crop, *, latitude: float, altitude: float, depletion: float = np.nan
) -> pd.DataFrame:
    """A frame `BALANCE` from a frame `WEATHER` of consecutive days; `depletion` in mm is that before the first one."""
    weather = weather.reindex(columns=list(WEATHER)).sort_values("day", kind="stable").reset_index(drop=True)
    days = pd.DatetimeIndex(weather["day"])
    if days.has_duplicates or (len(days) > 1 and (np.diff(days) != pd.Timedelta(days=1)).any()):
        raise InvalidInput(
            "the days are not consecutive", expected="one row per day; what was not measured stays empty"
        )
    found = weather[["day", "rain"]].assign(
        **reference_et(weather, latitude=latitude, altitude=altitude), kc=crop.coefficient(weather["day"])
    )
    found["irrigation"] = weather["irrigation"].fillna(0.0)
    taw = total_available_water(soil, crop.root_depth)
    measured = 1000 * (soil.field_capacity - weather["moisture"].to_numpy(dtype=np.float64)) * crop.root_depth
    rows = []
    potential = (found["et0"] * found["kc"]).to_numpy(dtype=np.float64)
    water = (found["rain"] + found["irrigation"]).to_numpy(dtype=np.float64)
    for etc, given, reading in zip(potential, water, measured, strict=True):
        row = _day(depletion, etc, given, reading, taw, crop.depletion_fraction)
        rows.append(row)
        depletion = row[-2]
    names = ["ks", "etc", "deep_percolation", "raw", "depletion", "measured"]
    return pd.concat([found, pd.DataFrame(rows, columns=names)], axis=1).assign(taw=taw)[list(BALANCE)]


def _day(
    before: float, potential: float, water: float, reading: float, taw: float, fraction: float
) -> tuple[float, float, float, float, float, bool]:
    """Ks, ETc, deep percolation, RAW and depletion of one day, and whether a reading set the last."""
    share = depletion_fraction(fraction, potential) if not np.isnan(potential) else fraction
    ks = stress(before, taw, share) if not np.isnan(before) else np.nan
    etc = ks * potential
    percolation = max(0.0, water - etc - before) if not np.isnan(water - etc) else np.nan
    after = min(taw, max(0.0, before - water + etc + percolation)) if not np.isnan(percolation) else np.nan
    if not np.isnan(reading):
        return ks, etc, percolation, share * taw, min(taw, max(0.0, reading)), True
    return ks, etc, percolation, share * taw, after, False


@dataclass(frozen=True, slots=True)
class Advice:
    """What to do after the last day. `depth` is net, in mm: what refills the root zone; losses come on top."""

    day: pd.Timestamp
    action: Literal["irrigate", "wait", "unknown"]
    depth: float
    days_left: float
    depletion: float
    raw: float
    last_reading: pd.Timestamp | None
    reason: str


def advise(balance: pd.DataFrame, *, oldest_reading: int = 14) -> Advice:
    """Irrigate once the depletion reaches RAW; wait while it does not; unknown where the depletion is.

    `days_left` are those until RAW at the last day's ETc. A balance whose last soil moisture reading is more than
    `oldest_reading` days back, or that has none, is no ground for advice.
    """
    if balance.empty:
        raise InvalidInput("no days", expected="at least one day of weather")
    last = balance.iloc[-1]
    read = balance.loc[balance["measured"].astype(bool), "day"]
    when = read.iloc[-1] if len(read) else None
    depletion, raw = float(last["depletion"]), float(last["raw"])
    stale = when is None or last["day"] - when > pd.Timedelta(days=oldest_reading)
    if np.isnan(depletion) or stale:
        reason = "no recent soil moisture reading" if stale else "weather is missing since the last reading"
        return Advice(last["day"], "unknown", np.nan, np.nan, depletion, raw, when, reason)
    if depletion >= raw:
        return Advice(last["day"], "irrigate", depletion, 0.0, depletion, raw, when, "readily available water is used")
    left = (raw - depletion) / float(last["etc"]) if last["etc"] > 0 else np.nan
    return Advice(last["day"], "wait", 0.0, left, depletion, raw, when, "readily available water is left")
