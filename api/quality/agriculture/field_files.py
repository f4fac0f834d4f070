"""Files from the field that no ledger keeps: weather by day, daily extremes, lots as they were cut, core temperatures.

In the formats of `api.quality.intake`: CSV, Excel, Parquet, JSON. An empty cell was not measured; a day is YYYY-MM-DD.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from api.quality.agriculture.degree_days import EXTREMES
from api.quality.agriculture.irrigation import WEATHER
from api.quality.cold_chain.harvest_to_cool import HARVEST
from api.quality.intake.files import open_table
from api.quality.intake.layout import Layout
from api.quality.intake.table import Table

_NOT_BELOW_ZERO = ("humidity_low", "humidity_high", "wind", "sunshine", "rain", "irrigation", "moisture")


def read_weather(data: bytes | str, *, source: str = "weather.csv") -> pd.DataFrame:
    """A frame `irrigation.WEATHER`; humidities in %, soil moisture in m³/m³."""
    return _parsed(_WEATHER, data, source)


def read_extremes(data: bytes | str, *, source: str = "days.csv") -> pd.DataFrame:
    """A frame `degree_days.EXTREMES`."""
    return _parsed(_EXTREMES, data, source)


def read_values(data: bytes | str, *, source: str = "readings.csv") -> pd.DataFrame:
    """Readings of one place as `time, value`."""
    return _parsed(_VALUES, data, source)


def read_harvests(data: bytes | str, *, source: str = "harvests.csv") -> pd.DataFrame:
    """A frame `harvest_to_cool.HARVEST`; lots are named as the core temperatures name them."""
    return _parsed(_HARVESTS, data, source)


def read_core_temperatures(data: bytes | str, *, source: str = "cores.csv") -> pd.DataFrame:
    """Core temperatures as `lot, time, value`."""
    return _parsed(_CORES, data, source)


def _parsed(layout: Layout, data: bytes | str, source: str) -> pd.DataFrame:
    return layout.parse(open_table(layout, data, source=source))


def _days(table: Table, name: str = "day") -> pd.Series[pd.Timestamp]:
    text = table.text(name).str.slice(0, 10)
    days = pd.to_datetime(text, format="%Y-%m-%d", errors="coerce").astype("datetime64[us]")
    bad = np.asarray(days.isna(), dtype=bool)
    table.refuse(bad, name, lambda t: f"{t!r} is not a day", expected="a day such as 2026-05-04")
    again = np.asarray(days.duplicated() & days.notna(), dtype=bool)
    table.refuse(again, name, "the day occurs twice", expected="one row per day")
    return days


def _weather(table: Table) -> pd.DataFrame:
    frame = pd.DataFrame({"day": _days(table)} | {name: table.numbers(name, required=False) for name in WEATHER[1:]})
    for name in _NOT_BELOW_ZERO:
        most = {"humidity_low": 100, "humidity_high": 100, "moisture": 1, "sunshine": 24}.get(name, np.inf)
        bad = np.asarray((frame[name] < 0) | (frame[name] > most), dtype=bool)
        table.refuse(
            bad, name, lambda t: f"{t} is out of range", expected=f"0 to {most:g}", advice=_ADVICE.get(name, "")
        )
    _refuse_reversed(table, frame)
    table.done()
    return frame[list(WEATHER)]


_ADVICE = {"moisture": "Soil moisture is volumetric, in m³/m³: 25 % is 0.25."}


def _extremes(table: Table) -> pd.DataFrame:
    numbers = {name: table.numbers(name, required=False) for name in ("low", "high")}
    frame = pd.DataFrame({"day": _days(table)} | numbers)
    _refuse_reversed(table, frame)
    table.done()
    return frame[list(EXTREMES)]


def _refuse_reversed(table: Table, frame: pd.DataFrame) -> None:
    reversed_ = np.asarray(frame["low"] > frame["high"], dtype=bool)
    table.refuse(reversed_, "low", "the day's low is above its high", expected="low at most high")


def _values(table: Table) -> pd.DataFrame:
    frame = pd.DataFrame({"time": table.times("time"), "value": table.numbers("value", required=False)})
    table.done()
    return frame


def _harvests(table: Table) -> pd.DataFrame:
    frame = pd.DataFrame({"lot": table.text("lot"), "cut": table.times("cut")})
    for name in HARVEST[2:]:
        frame[name] = table.text(name).astype(object).where(table.filled(name), None)
    again = np.asarray(frame["lot"].duplicated(), dtype=bool)
    table.refuse(again, "lot", lambda t: f"lot {t!r} is cut twice", expected="one row per lot")
    table.refuse(~table.filled("lot"), "lot", "the lot is missing", expected="the lot's name")
    table.done()
    return frame[list(HARVEST)]


def _cores(table: Table) -> pd.DataFrame:
    frame = pd.DataFrame(
        {"lot": table.text("lot"), "time": table.times("time"), "value": table.numbers("value", required=False)}
    )
    table.done()
    return frame


_WEATHER = Layout("weather", WEATHER[:3], WEATHER[3:], _weather)
_EXTREMES = Layout("days", EXTREMES, (), _extremes)
_VALUES = Layout("readings", ("time", "value"), (), _values)
_HARVESTS = Layout("harvests", HARVEST[:2], HARVEST[2:], _harvests)
_CORES = Layout("core temperatures", ("lot", "time", "value"), (), _cores)
