"""Files from the field: what is read, and what is refused with its line and column."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest

from api.quality.agriculture.field_files import (
    read_core_temperatures,
    read_extremes,
    read_harvests,
    read_values,
    read_weather,
)
from ledger.errors import InvalidDocument


def test_weather_with_what_was_not_measured() -> None:
    found = read_weather("day,low,high,rain,moisture\n2026-06-01,12,21,,0.25\n2026-06-02,,,3.5,\n")
    assert found["rain"].tolist()[1] == 3.5
    assert np.isnan(found["rain"].iloc[0])
    assert found["wind"].isna().all()
    assert found["day"].tolist() == [pd.Timestamp("2026-06-01"), pd.Timestamp("2026-06-02")]


def test_extremes_values_harvests_and_cores() -> None:
    assert read_extremes("day,low,high\n2026-06-01,1,2\n")["high"].tolist() == [2]
    assert read_values("time,value\n2026-06-01T00:00Z,1.5\n2026-06-01T01:00Z,\n")["value"].isna().tolist() == [
        False,
        True,
    ]
    lots = read_harvests("lot,cut,crew\nA,2026-06-01T06:00Z,north\n")
    assert lots[["lot", "crew", "field"]].to_numpy().tolist() == [["A", "north", None]]
    assert read_core_temperatures("lot,time,value\nA,2026-06-01T06:00Z,4\n")["lot"].tolist() == ["A"]


@pytest.mark.parametrize(
    ("read", "text", "message"),
    [
        (read_weather, "day,low,high\n1 June,1,2\n", "line 2 column day.*not a day"),
        (read_weather, "day,low,high\n2026-06-01,9,2\n", "low is above its high"),
        (read_weather, "day,low,high,moisture\n2026-06-01,1,2,25\n", "0 to 1"),
        (read_weather, "day,low,high,rain\n2026-06-01,1,2,-1\n", "out of range"),
        (read_extremes, "day,low,high\n2026-06-01,1,2\n2026-06-01,1,2\n", "line 3.*twice"),
        (read_values, "time,value\n2026-06-01T00:00,1\n", "no zone"),
        (read_harvests, "lot,cut\nA,2026-06-01T06:00Z\nA,2026-06-01T07:00Z\n", "cut twice"),
        (read_harvests, "lot,cut\n,2026-06-01T06:00Z\n", "lot is missing"),
    ],
)
def test_what_is_wrong_is_told_with_its_place(read: Callable[[str], Any], text: str, message: str) -> None:
    with pytest.raises(InvalidDocument, match=message):
        read(text)
