"""Readings from CSV: what is taken, what is refused with its line and column, and that nothing is half imported."""

from __future__ import annotations

import re
import time

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.quality import read_readings
from api.quality.columns import READING, TIME_DTYPE
from ledger.errors import InvalidDocument

HEADER = "time,sensor,item,place,quantity_kind,value,unit\n"
GOOD = "2026-05-04T06:00:00-07:00,L1,(01)09506000134352(10)AB,,Temperature,3.8,CEL"


def problem(rows: str, header: str = HEADER) -> str:
    with pytest.raises(InvalidDocument) as caught:
        read_readings(header + rows, source="r.csv")
    assert len(caught.value.problems) == 1, caught.value.problems
    return str(caught.value)


def test_forms_and_offsets_come_out_canonical() -> None:
    rows = [
        "2026-05-04T06:00:00-07:00,L1,(01)09506000134352(10)AB,,Temperature,3.8,CEL",
        "2026-05-04T13:15:00Z,L1,urn:epc:class:lgtin:9506000.013435.AB,,Temperature,+3.9e0,CEL",
        "2026-05-04 15:30:00.25+02,L1,,urn:epc:id:sgln:9521003.00001.0,RelativeHumidity,95,P1",
        '"2026-05-04T15:45+0200", "L,1",,https://id.gs1.org/414/9521003000015,Temperature, 4 ,CEL',
    ]
    frame = read_readings((HEADER + "\r\n".join(rows) + "\r\n\r\n").encode("utf-8-sig"))
    assert tuple(frame.columns) == READING
    assert frame["time"].dtype == TIME_DTYPE
    assert [str(moment) for moment in frame["time"]] == [
        "2026-05-04 13:00:00+00:00",
        "2026-05-04 13:15:00+00:00",
        "2026-05-04 13:30:00.250000+00:00",
        "2026-05-04 13:45:00+00:00",
    ]
    assert frame["item"].tolist() == ["https://id.gs1.org/01/09506000134352/10/AB"] * 2 + [None, None]
    assert frame["place"].tolist() == [None, None, *["https://id.gs1.org/414/9521003000015"] * 2]
    assert frame["sensor"].tolist() == ["L1", "L1", "L1", "L,1"]
    assert frame["value"].tolist() == [3.8, 3.9, 95.0, 4.0]


def test_one_of_item_and_place_may_be_no_column() -> None:
    frame = read_readings(
        "Time,Sensor,Place,Quantity kind,Value,Unit\n2026-05-04T00:00Z,L1,https://a.b/c,Temperature,1,CEL\n"
    )
    assert frame[["item", "place"]].values.tolist() == [[None, "https://a.b/c"]]
    assert len(read_readings(HEADER)) == 0


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            "-07:00",
            "",
            "r.csv line 3 column time: time '2026-05-04T06:00:00' has no zone; expected ISO 8601 with a zone",
        ),
        ("2026-05-04T06", "2026-02-30T06", "line 3 column time: '2026-02-30T06:00:00-07:00' is not a point in time"),
        ("2026-05-04T06:00:00-07:00", "yesterday", "line 3 column time: 'yesterday' is not a point in time"),
        ("L1", "", "line 3 column sensor: column sensor is empty"),
        ("3.8", "NaN", "line 3 column value: 'NaN' is not a number"),
        ("3.8", "inf", "line 3 column value: 'inf' is not a number"),
        ("3.8", "1e400", "line 3 column value: '1e400' is not a number"),
        ("3.8", "1_0", "line 3 column value: '1_0' is not a number"),
        ("3.8", '"3,8"', "line 3 column value: '3,8' is not a number; expected a finite number with a decimal point"),
        ("3.8", "", "line 3 column value: the value is missing"),
        ("CEL", "C", "line 3 column unit: unknown unit 'C'; expected a UN/ECE Recommendation 20 code. Write CEL."),
        ("CEL", "KGM", "line 3 column unit: Temperature cannot be in KGM; expected a unit such as CEL"),
        ("3.8,CEL", "-300,CEL", "line 3 column value: below absolute zero"),
        ("Temperature", "Temprature", "line 3 column quantity_kind: unknown quantity kind.*Did you mean Temperature"),
        ("34352(10)AB", "34353(10)AB", "line 3 column item: "),
        (",,Temp", ",https://a.b/c,Temp", "line 3 column place: both an item and a place are given"),
        ("(01)09506000134352(10)AB", "", "line 3 column item: neither an item nor a place is given"),
        (",CEL", "", "line 3: 6 fields; expected 7 fields"),
        (",CEL", ",CEL,x", "line 3: 8 fields; expected 7 fields"),
        ("L1", '"L\n1"', "line 3: a quoted value runs over the end of the line"),
        ("L1", '"L1', "line 3: (broken CSV|a quoted value)"),
        ("L1", "L\x001", "line 3 column sensor: there are control characters"),
    ],
)
def test_each_fault_is_named_with_line_and_column(old: str, new: str, said: str) -> None:
    bad = GOOD.replace(old, new)
    assert bad != GOOD
    other = GOOD.replace("06:00:00", "07:00:00")
    message = problem(f"{other}\n{bad}\n{other.replace('07', '08', 1)}\n")
    assert re.search(said, message), message


@pytest.mark.parametrize(
    ("header", "said"),
    [
        (
            "time,sensor,item,place,quantity_kind,value\n",
            "line 1: column unit is missing; expected columns time, sensor",
        ),
        (HEADER.replace("unit", "unit,colour"), "line 1: unknown column 'colour'"),
        (HEADER.replace("place", "item"), "line 1: column item occurs twice"),
    ],
)
def test_the_header_is_checked(header: str, said: str) -> None:
    assert said in problem(GOOD + "\n", header)


def test_semicolons_are_recognised() -> None:
    with pytest.raises(InvalidDocument) as caught:
        read_readings(HEADER.replace(",", ";"))
    assert "line 1: unknown column" in str(caught.value.problems[-1])
    with pytest.raises(InvalidDocument, match="Separate columns with commas"):
        read_readings(HEADER.replace(",", ";") + GOOD)
    with pytest.raises(InvalidDocument, match="line 1: column time is missing"):
        read_readings("")
    with pytest.raises(InvalidDocument, match="line 2: the file is not UTF-8"):
        read_readings(HEADER.encode() + b"\xff\xfe\n")


def test_all_problems_are_told_at_once_but_no_more_than_a_hundred() -> None:
    with pytest.raises(InvalidDocument) as caught:
        read_readings(HEADER + f"{GOOD.replace('3.8', 'x')}\n\n{GOOD.replace('CEL', 'x').replace('06:00', '09:00')}\n")
    assert [p.where for p in caught.value.problems] == [
        "readings.csv line 2 column value",
        "readings.csv line 4 column unit",
    ]
    with pytest.raises(InvalidDocument) as caught:
        read_readings(HEADER + f"{GOOD.replace('3.8', 'x')}\n" * 500)
    assert len(caught.value.problems) == 100


def test_the_same_reading_twice_is_one_and_a_contradiction_is_refused() -> None:
    assert len(read_readings(HEADER + f"{GOOD}\n{GOOD.replace('06:00:00-07:00', '13:00:00Z')}\n")) == 1
    assert "line 3 column value: a second, different reading" in problem(f"{GOOD}\n{GOOD.replace('3.8', '3.9')}\n")


values = st.floats(-200, 1e6, allow_nan=False)
moments = st.datetimes(pd.Timestamp("1990-01-01").to_pydatetime(), pd.Timestamp("2100-01-01").to_pydatetime())


@given(st.lists(st.tuples(moments, values, st.integers(-14, 14)), max_size=20, unique_by=lambda row: row[0]))
@settings(deadline=None, max_examples=200)
def test_what_is_written_is_read_back_exactly(rows: list[tuple[pd.Timestamp, float, int]]) -> None:
    lines = []
    for moment, value, hours in rows:
        local = pd.Timestamp(moment, tz="UTC").tz_convert(f"{hours:+03d}:00")
        lines.append(f"{local.isoformat()},L1,,https://a.b/c,Temperature,{value!r},CEL\n")
    frame = read_readings(HEADER + "".join(lines))
    assert frame["value"].tolist() == [value for _, value, _ in rows]
    assert frame["time"].tolist() == [pd.Timestamp(moment, tz="UTC") for moment, _, _ in rows]


def test_a_hundred_thousand_readings_are_read_quickly() -> None:
    times = pd.date_range("2026-05-04", periods=10_000, freq="15min", tz="UTC").strftime("%Y-%m-%dT%H:%M:%SZ")
    rng = np.random.default_rng(1)
    text = HEADER + "".join(
        f"{moment},L{sensor},,https://id.gs1.org/414/9521003000015,Temperature,{value:.2f},CEL\n"
        for sensor in range(10)
        for moment, value in zip(times, rng.normal(3, 1, 10_000), strict=True)
    )
    begun = time.perf_counter()
    assert len(read_readings(text)) == 100_000
    assert time.perf_counter() - begun < 1.5 * 4, "four times the target, for a busy machine"
