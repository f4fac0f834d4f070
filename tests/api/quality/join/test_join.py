"""The join of steps and readings, against a walk through every minute; and single cases that a person can follow."""

from __future__ import annotations

import time
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.quality import QUALITY_COLUMNS, containment, mean_kinetic_temperature, quality_by_step, sensor_readings, steps
from api.quality.columns import EVENT, LIMIT, MENTION, READING, TIME_DTYPE

START = pd.Timestamp("2026-05-04T00:00Z")
LOW, HIGH = 2.0, 5.0
LIMITS = pd.DataFrame([["", "Temperature", LOW, HIGH, "CEL"]], columns=list(LIMIT))


def at(minute: float) -> pd.Timestamp:
    return START + pd.Timedelta(minutes=minute)


def events(*rows: tuple[str, int, str, str | None, str | None]) -> pd.DataFrame:
    frame = pd.DataFrame([(e, at(m), t, a, p) for e, m, t, a, p in rows], columns=list(EVENT))
    return frame.astype({"time": TIME_DTYPE})


def mentions(*rows: tuple[str, str, str]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=list(MENTION))


def readings(rows: list[tuple[int, str, str | None, str | None, float]]) -> pd.DataFrame:
    full = [(at(m), sensor, item, place, "Temperature", value, "CEL") for m, sensor, item, place, value in rows]
    return pd.DataFrame(full, columns=list(READING)).astype({"time": TIME_DTYPE, "value": "float64"})


JOURNEY = events(
    ("pack", 0, "AggregationEvent", "ADD", "cold store"),
    ("load", 60, "AggregationEvent", "ADD", None),
    ("unload", 180, "AggregationEvent", "DELETE", "shop"),
    ("open", 240, "AggregationEvent", "DELETE", "shop"),
    ("sell", 300, "ObjectEvent", "DELETE", None),
)
NAMED = mentions(
    ("pack", "pallet", "parent"), ("pack", "bag", "child"), ("load", "truck", "parent"), ("load", "pallet", "child"),
    ("unload", "truck", "parent"), ("unload", "pallet", "child"), ("open", "pallet", "parent"), ("sell", "bag", "epc"),
)  # fmt: skip


def test_what_happens_to_a_container_happens_to_its_contents() -> None:
    inside = containment(JOURNEY, NAMED)
    assert inside[["item", "container"]].values.tolist() == [["bag", "pallet"], ["bag", "truck"], ["pallet", "truck"]]
    assert inside["end"].tolist() == [at(240), at(180), at(180)]
    found = steps(JOURNEY, NAMED, inside, ["bag"])
    assert found["event"].tolist() == ["pack", "load", "unload", "open", "sell"]
    assert found["through"].tolist() == [None, "pallet", "pallet", "pallet", None]
    assert found["place"].tolist() == ["cold store", None, "shop", "shop", None]
    assert found["end"].tolist() == [at(60), at(180), at(240), at(300), at(300)]


def test_readings_of_place_and_truck_reach_the_bag() -> None:
    rows = [(m, "S", None, "cold store", 3.0) for m in range(-30, 120, 15)]
    rows += [(m, "T", "truck", None, 9.0 if 90 <= m < 120 else 4.0) for m in range(0, 240, 15)]
    rows += [(m, "F", None, "shop", 4.5) for m in range(170, 215, 15)]
    inside = containment(JOURNEY, NAMED)
    found = quality_by_step(
        steps(JOURNEY, NAMED, inside, ["bag"]), readings(rows), inside=inside, limits=LIMITS
    ).set_index("event")
    assert found["count"].to_dict() == {"pack": 4, "load": 8, "unload": 2, "open": 0}
    assert found["verdict"].to_dict() == {
        "pack": "in_range",
        "load": "outside",
        "unload": "in_range",
        "open": "unknown",
    }
    assert found.loc["load", ["seconds_above", "longest_outside", "seconds_unknown"]].tolist() == [1800, 1800, 0]
    assert found.loc["unload", "seconds_unknown"] == 40 * 60
    assert found["sources"].tolist() == [("cold store",), ("truck",), ("shop",), ()]
    expected = mean_kinetic_temperature([9.0, 4.0], [30, 90])
    assert found.loc["load", "mean_kinetic_temperature"] == pytest.approx(expected, abs=1e-9)
    assert (found.loc["load", "first"], found.loc["load", "last"]) == (at(60), at(165))


def test_limits_without_readings_are_unknown_and_readings_without_limits_are_told() -> None:
    journey = steps(JOURNEY, NAMED, containment(JOURNEY, NAMED), ["bag"])
    silent = quality_by_step(journey, readings([]), limits=LIMITS)
    assert set(silent["verdict"]) == {"unknown"}
    assert silent["seconds_unknown"].tolist() == silent["seconds"].tolist() == [3600, 7200, 3600, 3600]
    rows = readings([(m, "S", None, "cold store", 30.0) for m in range(0, 60, 15)])
    told = quality_by_step(journey, rows)
    assert told[["count", "maximum", "verdict", "seconds_outside"]].values.tolist() == [[4, 30.0, "no_limit", 0.0]]
    assert quality_by_step(journey, readings([])).columns.tolist() == list(QUALITY_COLUMNS)


def test_units_of_one_kind_are_brought_together_and_limits_follow() -> None:
    journey = steps(JOURNEY, NAMED, containment(JOURNEY, NAMED), ["bag"])
    rows = readings([(m, "S", None, "cold store", 41.9) for m in range(0, 60, 15)])
    rows["unit"] = "FAH"
    found = quality_by_step(journey, rows, limits=LIMITS).iloc[0]
    assert (found["unit"], found["verdict"]) == ("FAH", "outside")
    assert found["high"] == pytest.approx(41.0)
    assert found["mean_kinetic_temperature"] == pytest.approx(41.9)
    mixed = pd.concat([rows, readings([(m, "R", None, "cold store", 3.0) for m in range(0, 60, 15)])])
    found = quality_by_step(journey, mixed, limits=LIMITS).iloc[0]
    assert (found["unit"], found["count"]) == ("CEL", 8)
    assert (found["minimum"], found["maximum"]) == (pytest.approx(3.0), pytest.approx(5.5))


def test_an_events_own_sensor_elements_belong_to_its_step() -> None:
    body: dict[str, Any] = {
        "eventTime": at(0).isoformat(),
        "sensorElementList": [
            {
                "sensorMetadata": {"startTime": at(-120).isoformat(), "endTime": at(-60).isoformat(), "deviceID": "d"},
                "sensorReport": [
                    {"type": "Temperature", "minValue": 6.0, "maxValue": 8.0, "meanValue": 7.0, "uom": "CEL"},
                    {"type": "example:words", "stringValue": "ok"},
                ],
            },
            {"sensorReport": [{"type": "Temperature", "value": 4.0, "uom": "CEL"}]},
        ],
    }
    own = sensor_readings([("pack", body)])
    assert own[["value", "minimum", "maximum", "sensor"]].values.tolist() == [[7, 6, 8, "d"], [4, 4, 4, ""]]
    journey = steps(JOURNEY, NAMED, containment(JOURNEY, NAMED), ["bag"])
    found = quality_by_step(journey, readings([]), sensor_readings=own, limits=LIMITS).iloc[0]
    assert found[["event", "count", "minimum", "maximum", "verdict"]].tolist() == ["pack", 2, 4.0, 8.0, "outside"]
    assert found[["seconds_above", "seconds_unknown"]].tolist() == [3600, 3600]
    assert found["mean_kinetic_temperature"] == pytest.approx(4.0), "a sum over a time has no kinetic mean"


def test_the_nearest_limit_binds() -> None:
    serial, lot, gtin = (f"https://id.gs1.org/01/09521003000012{tail}" for tail in ("/21/7", "/10/L", ""))
    journey = steps(events(("e", 0, "ObjectEvent", "ADD", "P"), ("f", 60, "ObjectEvent", "OBSERVE", "P")),
                    mentions(("e", serial, "epc"), ("f", serial, "epc")), containment(JOURNEY, NAMED))  # fmt: skip
    rows = readings([(m, "S", None, "P", 4.0) for m in range(0, 90, 15)])
    table = pd.DataFrame(
        [[key, "Temperature", np.nan, high, "CEL"] for key, high in (("", 1), (gtin, 2), (lot, 3), (serial, 6))],
        columns=list(LIMIT),
    ).astype({"high": "float64"})
    for left, expected in ((4, serial), (3, lot), (2, gtin), (1, "")):
        found = quality_by_step(journey, rows, limits=table.head(left), lots={serial: lot}).iloc[0]
        assert (found["limit_item"], found["verdict"]) == (expected, "in_range" if expected == serial else "outside")


places = st.sampled_from(["P", "Q", None])
plan = st.lists(st.tuples(st.integers(0, 40), places), min_size=1, max_size=6)
series = st.tuples(
    st.sampled_from(["place:P", "place:Q", "item:A", "item:C", "item:X"]),
    st.integers(-20, 30),
    st.lists(st.tuples(st.integers(1, 25), st.integers(0, 8)), min_size=1, max_size=12),
)


@given(plan, st.lists(series, max_size=5), st.integers(0, 120), st.integers(0, 120))
@settings(deadline=None, max_examples=60)
def test_the_join_equals_a_walk_through_every_minute(
    stops: list[tuple[int, str | None]], logs: list[Any], one: int, other: int
) -> None:
    begins = np.cumsum([gap for gap, _ in stops]).tolist()
    journey = pd.DataFrame(
        {
            "step": range(len(stops)), "item": "A", "event": [f"e{n}" for n in range(len(stops))],
            "start": [at(m) for m in begins], "end": [at(m) for m in [*begins[1:], begins[-1] + 30]],
            "place": [place for _, place in stops], "through": None,
        }
    ).astype({"start": TIME_DTYPE, "end": TIME_DTYPE})  # fmt: skip
    stay = (min(one, other), max(one, other))
    inside = pd.DataFrame({"item": ["A"], "container": ["C"], "start": [at(stay[0])], "end": [at(stay[1])]})
    told = []
    for number, (key, begin, samples) in enumerate(logs):
        what, name = key.split(":")
        minutes = begin + np.cumsum([gap for gap, _ in samples])
        told += [
            (int(m), f"S{number}", name if what == "item" else None, name if what == "place" else None, float(v))
            for m, (_, v) in zip(minutes, samples, strict=True)
        ]
    found = quality_by_step(journey, readings(told), inside=inside, limits=LIMITS).set_index("step")
    for step, (begin, (_, place)) in enumerate(zip(begins, stops, strict=True)):
        end = [*begins[1:], begins[-1] + 30][step]
        expected = walk(told, begin, end, place, stay)
        if begin == end:
            assert step not in found.index
            continue
        row = found.loc[step]
        for name, value in expected.items():
            assert row[name] == pytest.approx(value, abs=1e-6, nan_ok=True), name


def walk(told: list[Any], begin: int, end: int, place: str | None, stay: tuple[int, int]) -> dict[str, float]:
    """The same figures by going through every minute of the step and asking every sensor."""
    belonging: list[float] = []
    state = [set[str]() for _ in range(begin, end)]
    held: list[tuple[float, int]] = []
    for sensor in {row[1] for row in told}:
        log = sorted((row for row in told if row[1] == sensor), key=lambda row: row[0])
        item, where = log[0][2], log[0][3]
        allowed = np.median(np.diff([row[0] for row in log])) * 3 if len(log) > 1 else 0
        inside = range(*stay) if item == "C" else range(begin, end) if item == "A" or (where and where == place) else ()
        belonging += [row[4] for row in log if begin <= row[0] < end and row[0] in inside]
        for row, after in pairwise(log):
            if after[0] - row[0] > allowed:
                continue
            mine = [m for m in range(max(begin, row[0]), min(end, after[0])) if m in inside]
            held.append((row[4], len(mine)))
            for minute in mine:
                state[minute - begin].add("above" if row[4] > HIGH else "below" if row[4] < LOW else "in")
    weight = sum(minutes for _, minutes in held)
    kinetic = float("nan")
    if weight:
        kinetic = mean_kinetic_temperature([v for v, _ in held], [m for _, m in held])
    elif belonging:
        kinetic = mean_kinetic_temperature(belonging)
    return {
        "count": len(belonging),
        "minimum": min(belonging, default=float("nan")),
        "maximum": max(belonging, default=float("nan")),
        "mean_kinetic_temperature": kinetic,
        "seconds": (end - begin) * 60,
        "seconds_above": sum("above" in minute for minute in state) * 60,
        "seconds_below": sum("below" in minute for minute in state) * 60,
        "seconds_outside": sum(bool(minute & {"above", "below"}) for minute in state) * 60,
        "seconds_unknown": sum(not minute for minute in state) * 60,
    }


def test_a_million_readings_and_two_hundred_steps_take_little_time() -> None:
    rng = np.random.default_rng(1)
    times = pd.date_range(START, periods=50_000, freq="1min").as_unit("us")
    big = pd.DataFrame(
        {
            "time": np.tile(times, 20), "sensor": np.repeat([f"S{n}" for n in range(20)], 50_000), "item": None,
            "place": np.repeat([f"P{n % 10}" for n in range(20)], 50_000), "quantity_kind": "Temperature",
            "value": rng.normal(3.5, 0.7, 1_000_000), "unit": "CEL",
        }
    )  # fmt: skip
    starts = times[:: len(times) // 200][:200]
    journey = pd.DataFrame(
        {
            "step": range(200), "item": "A", "event": [f"e{n}" for n in range(200)], "start": starts,
            "end": [*starts[1:], times[-1]], "place": [f"P{n % 10}" for n in range(200)], "through": None,
        }
    ).astype({"start": TIME_DTYPE, "end": TIME_DTYPE})  # fmt: skip
    begun = time.perf_counter()
    found = quality_by_step(journey, big, limits=LIMITS)
    spent = time.perf_counter() - begun
    assert found["count"].sum() == 2 * (len(times) - 1)
    assert spent < 2.0 * 4, "four times the target, for a busy machine"
