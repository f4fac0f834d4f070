"""Inspections and readings as subgroups, counts and hourly means."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from api.quality.columns import INSPECTION, READING
from api.quality.spc.limits import freeze
from api.quality.spc.process_series import chart_of, hourly_series, series_of
from ledger.errors import InvalidInput

_LOT = "https://id.gs1.org/01/09521000010017/10/"


def _inspections(rows: list[dict[str, Any]]) -> pd.DataFrame:
    frame = pd.DataFrame([dict.fromkeys(INSPECTION) | {"inspector": "", "sample": ""} | row for row in rows])
    for name in ("value", "size", "nonconforming", "defects"):
        frame[name] = frame[name].astype("float64")
    frame["time"] = pd.to_datetime(frame["time"], utc=True).dt.as_unit("us")
    return frame[list(INSPECTION)]


def _weights(subgroup: int = 4, count: int = 25, **fields: Any) -> pd.DataFrame:
    random = np.random.default_rng(1)
    return _inspections(
        [
            {
                "time": f"2026-06-{1 + number:02d}T08:00Z",
                "item": f"{_LOT}L{number}",
                "characteristic": "weight",
                "value": random.normal(500, 2),
                "unit": "GRM",
                "sample": str(piece),
            }
            | fields
            for number in range(count)
            for piece in range(subgroup)
        ]
    )


def test_pieces_of_one_inspection_are_a_subgroup() -> None:
    chart = chart_of(_weights(), "weight")
    assert (chart.kind, chart.unit, len(chart.points)) == ("xbar", "GRM", 25)
    assert set(chart.points["n"]) == {4}
    assert chart.points["label"][2] == "L2"
    assert chart.points["time"][2] == pd.Timestamp("2026-06-03T08:00Z")
    assert chart.sigma == pytest.approx(2, abs=0.4)


def test_the_order_of_rows_does_not_matter() -> None:
    frame = _weights()
    shuffled = frame.sample(frac=1, random_state=1)
    pd.testing.assert_series_equal(
        chart_of(shuffled, "weight").points["value"], chart_of(frame, "weight").points["value"]
    )


def test_single_values_are_individuals() -> None:
    chart = chart_of(_weights(subgroup=1), "weight")
    assert (chart.kind, len(chart.points)) == ("i", 25)


def test_units_are_converted_to_one() -> None:
    frame = _weights()
    frame.loc[frame.index[4:8], ["value", "unit"]] = [0.5, "KGM"]
    assert chart_of(frame, "weight").points["value"][1] == pytest.approx(500)
    limits = freeze("xbar", series_of(frame, "weight", unit="KGM").points, characteristic="weight", unit="KGM",
                    at=pd.Timestamp("2026-07-01", tz="UTC"))  # fmt: skip
    chart = chart_of(frame, "weight", limits=limits)
    assert (chart.unit, chart.limits.phase) == ("KGM", "II")
    assert chart.center == pytest.approx(0.5, rel=0.01)
    frame.loc[frame.index[0], "unit"] = "CEL"
    with pytest.raises(InvalidInput, match="cannot be converted"):
        chart_of(frame, "weight")


def test_subgroups_by_run_day_and_item() -> None:
    frame = _weights(subgroup=1)
    frame["run"] = [f"R{number // 5}" for number in range(25)]
    by_run = chart_of(frame, "weight", by="run")
    assert (by_run.kind, by_run.points["label"].tolist()) == ("xbar", ["R0", "R1", "R2", "R3", "R4"])
    frame["time"] = frame["time"].iloc[0] + pd.to_timedelta(np.arange(25), "h")
    assert chart_of(frame, "weight", by="day").points["label"].tolist() == ["2026-06-01", "2026-06-02"]
    assert len(chart_of(frame, "weight", by="item").points) == 25
    frame.loc[3, "run"] = None
    with pytest.raises(InvalidInput, match="no run"):
        chart_of(frame, "weight", by="run")
    with pytest.raises(InvalidInput, match="grouping"):
        chart_of(frame, "weight", by="month")  # type: ignore[arg-type]


def _counted(**fields: Any) -> dict[str, Any]:
    return {"time": "2026-06-01T08:00Z", "item": f"{_LOT}L1", "characteristic": "bruises"} | fields


def test_counts_become_p_u_and_c_charts() -> None:
    found = [12, 15, 8, 10, 4, 7]
    p = chart_of(_inspections([_counted(size=50, nonconforming=n) for n in found]), "bruises")
    assert (p.kind, p.points["value"].tolist()) == ("p", [n / 50 for n in found])
    u = chart_of(_inspections([_counted(size=5, defects=n) for n in found]), "bruises")
    assert (u.kind, u.center) == ("u", pytest.approx(sum(found) / 30))
    c = chart_of(_inspections([_counted(defects=n) for n in found]), "bruises")
    assert (c.kind, c.points["value"].tolist()) == ("c", found)
    assert chart_of(_inspections([_counted(size=50, nonconforming=n) for n in found]), "bruises", "np").kind == "np"


def test_passes_and_failures_are_counted_by_day_or_run() -> None:
    rows = [
        _counted(time=f"2026-06-{day:02d}T{hour:02d}:00Z", passed=passed)
        for day in (1, 2, 3)
        for hour, passed in enumerate([True] * 8 + [False] * day + [None])
    ]
    chart = chart_of(_inspections(rows), "bruises")
    assert chart.kind == "p"
    assert chart.points["n"].tolist() == [9, 10, 11]
    np.testing.assert_allclose(chart.points["value"], [1 / 9, 2 / 10, 3 / 11])
    by_run = chart_of(_inspections([row | {"run": f"R{i % 2}"} for i, row in enumerate(rows)]), "bruises")
    assert by_run.points["label"].tolist() == ["R0", "R1"]


def test_values_that_also_passed_are_charted_as_values_or_as_asked() -> None:
    frame = _weights(subgroup=1, passed=True)
    assert chart_of(frame, "weight").kind == "i"
    assert chart_of(frame, "weight", "p").center == 0


def test_hours_without_readings_are_missing() -> None:
    times = pd.date_range("2026-06-01", periods=600, freq="1min", tz="UTC", unit="us")
    frame = pd.DataFrame(
        {
            "time": times,
            "sensor": "t1",
            "item": None,
            "place": "cold room",
            "quantity_kind": "Temperature",
            "value": np.sin(np.arange(600)) + np.arange(600) // 60,
            "unit": "CEL",
        }
    )[list(READING)]
    series = hourly_series(frame[(times.hour != 4) & (times.hour != 5)])
    assert (series.characteristic, series.unit, series.kind) == ("Temperature", "CEL", "i")
    assert np.isnan(series.points["mean"][[4, 5]]).all()
    np.testing.assert_allclose(series.points["mean"][[0, 1, 9]], [0, 1, 9], atol=0.05)
    assert series.points["label"][1] == "2026-06-01 01:00"


def test_nothing_to_chart_is_said() -> None:
    for frame, name in ((_weights(), "colour"), (_inspections([_counted(nonconforming=1)]), "bruises")):
        with pytest.raises(InvalidInput):
            chart_of(frame, name)
    with pytest.raises(InvalidInput, match="no values"):
        chart_of(_inspections([_counted(size=5, nonconforming=1)]), "bruises", "i")


def test_an_inspection_without_its_value_is_a_missing_point() -> None:
    frame = _weights(1)
    frame.loc[10, "value"] = np.nan
    points = series_of(frame, "weight").points
    assert len(points) == 25
    assert points["mean"].isna().sum() == 1
    assert np.isnan(points["mean"][10])
    with pytest.raises(InvalidInput, match="no values"):
        series_of(frame.assign(value=np.nan), "weight")


def test_defects_of_a_sample_of_unknown_size_are_unknown_where_others_say_theirs() -> None:
    rows = [
        {
            "time": f"2026-06-0{day}T08:00Z",
            "item": f"{_LOT}{day}",
            "characteristic": "scratches",
            "defects": 4,
            "size": n,
        }
        for day, n in ((1, 50), (2, 60), (3, None))
    ]
    series = series_of(_inspections(rows), "scratches")
    assert series.kind == "u"
    assert series.points["count"].isna().tolist() == [False, False, True]


def test_readings_over_centuries_are_not_filled_up_hour_by_hour() -> None:
    readings = pd.DataFrame(
        {
            "time": pd.to_datetime(["1800-01-01T00:00Z", "2026-01-01T00:00Z"], utc=True),
            "quantity_kind": "Temperature", "value": [1.0, 2.0], "unit": "CEL",
        }
    )  # fmt: skip
    with pytest.raises(InvalidInput, match="too many hours"):
        hourly_series(readings)
