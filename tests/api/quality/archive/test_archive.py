"""The archive: what it loads and answers, against the import of a small file; what it refuses, and where."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.quality.archive import Loaded, ReadingArchive, windows_over
from api.quality.columns import READING
from api.quality.intake.csv_file import csv_table
from api.quality.intake.readings import READINGS
from ledger.errors import InvalidDocument, InvalidInput

PLACES = [f"https://id.gs1.org/414/{number}" for number in ("9521000000018", "9521000000025")]
LOT = "https://id.gs1.org/01/09521000010017/10/L1"
HEADER = "time,sensor,item,place,quantity_kind,value,unit"


@pytest.fixture
def archive(tmp_path: Path) -> ReadingArchive:
    return ReadingArchive(tmp_path / "readings", memory="256MB", threads=1)


def csv(folder: Path, *rows: str, name: str = "readings.csv", header: str = HEADER) -> Path:
    file = folder / name
    file.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    return file


def row(time: str = "2026-06-01T06:00:00Z", sensor: str = "S1", value: str = "3.5", place: str = PLACES[0]) -> str:
    return f"{time},{sensor},,{place},Temperature,{value},CEL"


def everything(archive: ReadingArchive) -> pd.DataFrame:
    return archive.readings_within(windows_over([*PLACES, LOT], None, None))


def in_order(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.sort_values(["time", "sensor", "quantity_kind"]).reset_index(drop=True)


def test_a_csv_comes_back_as_the_small_import_reads_it(archive: ReadingArchive, tmp_path: Path) -> None:
    file = csv(
        tmp_path,
        row(),
        row("2026-06-01 08:30:00.25+0230", "S 2", "-1e1"),
        "",
        row("2026-07-01T06:00Z", place="(414)9521000000025"),
        "2026-06-01T06:00:00Z,S3,(01)09521000010017(10)L1,,RelativeHumidity,61,P1",
        '2026-06-01T06:00:00Z,"S, 4",,urn:epc:id:sgln:9521000.00001.0, Temperature ,41.5,FAH',
        row(),
    )
    small = in_order(
        READINGS.parse(csv_table(file.read_bytes(), source="", required=READINGS.required, optional=READINGS.optional))
    )
    assert archive.load(file) == Loaded(imported=5, known=1)
    found = archive.readings_within(windows_over({*small["item"].dropna(), *small["place"].dropna()}, None, None))
    pd.testing.assert_frame_equal(in_order(found), small, check_dtype=False)
    assert list(found.columns) == list(READING)
    assert str(found["time"].dtype) == "datetime64[us, UTC]"


def test_a_parquet_file_loads_as_its_rows_would_from_csv(archive: ReadingArchive, tmp_path: Path) -> None:
    times = pd.date_range("2026-05-31T23:00Z", periods=5, freq="30min")
    frame = pd.DataFrame({"time": times, "sensor": "S1", "place": PLACES[0], "quantity_kind": "Temperature"})
    frame = frame.assign(value=[0.1, 1 / 3, 1e-12, -5.0, 4.0], unit="CEL")
    frame.to_parquet(tmp_path / "readings.parquet")
    assert archive.load(tmp_path / "readings.parquet").imported == 5
    found = everything(archive)
    assert found["value"].to_list() == frame["value"].to_list()
    assert found["time"].to_list() == times.to_list()


def test_the_same_file_again_and_the_same_readings_again_change_nothing(
    archive: ReadingArchive, tmp_path: Path
) -> None:
    first = csv(tmp_path, row(), row(sensor="S2"))
    assert archive.load(first) == Loaded(2, 0)
    before = everything(archive)
    assert archive.load(first) == Loaded(0, 2)
    overlapping = csv(tmp_path, row(value="99"), row(sensor="S3"), name="next.csv")
    assert archive.load(overlapping) == Loaded(1, 1)
    assert everything(archive).iloc[:2].equals(before)


def test_every_problem_is_told_with_line_and_column_and_nothing_is_loaded(
    archive: ReadingArchive, tmp_path: Path
) -> None:
    file = csv(
        tmp_path,
        row(),
        "",
        row("2026-06-01T06:00:00"),
        row(value="3,5").replace("3,5", "x"),
        row(sensor="S3", value="-300"),
        f"2026-06-01T06:00:00Z,S1,{LOT},{PLACES[0]},Temprature,3.5,KGM",
        "2026-06-01T06:00:00Z,S4,,,Temperature,3.5,CEL",
        row(value="4.5"),
    )
    with pytest.raises(InvalidDocument) as raised:
        archive.load(file, source="mine.csv")
    assert sorted(problem.where for problem in raised.value.problems) == [
        "mine.csv line 4 column time",
        "mine.csv line 5 column value",
        "mine.csv line 6 column value",
        "mine.csv line 7 column place",
        "mine.csv line 7 column quantity_kind",
        "mine.csv line 8 column item",
    ]
    assert everything(archive).empty
    assert not list((tmp_path / "readings").iterdir())


def test_two_values_of_one_moment_are_refused(archive: ReadingArchive, tmp_path: Path) -> None:
    with pytest.raises(InvalidDocument, match=r"line 4 column value: a second, different reading"):
        archive.load(csv(tmp_path, row(), row(sensor="S2"), row(value="4.5")))


def test_a_problem_in_parquet_is_told_by_its_row(archive: ReadingArchive, tmp_path: Path) -> None:
    frame = pd.DataFrame({"time": ["2026-06-01T06:00:00Z", "soon"], "sensor": "S1", "place": PLACES[0]})
    frame.assign(quantity_kind="Temperature", value=3.5, unit="CEL").to_parquet(tmp_path / "r.parquet")
    with pytest.raises(InvalidDocument, match=r"r.parquet row 2 column time"):
        archive.load(tmp_path / "r.parquet")


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "column time is missing"),
        (b"time;sensor\n", "column time is missing"),
        ((HEADER + ",colour\n").encode(), "unknown column 'colour'"),
        ((HEADER + ",unit\n").encode(), "column unit occurs twice"),
        ((HEADER + "\n1,2,3\n").encode(), "line 2: 3 fields, not 7"),
        ((HEADER + "\n" + row() + ",9\n").encode(), "line 2: 8 fields, not 7"),
        ((HEADER + "\n" + row(sensor="\xff") + "\n").encode("latin-1"), "line 2: "),
        ((HEADER + "\n" + row(sensor='"a\nb"') + "\n").encode(), "line 2"),
        (b"\xff\xfe\x00", "cannot be read"),
    ],
)
def test_what_is_no_table_of_readings_is_refused(
    archive: ReadingArchive, tmp_path: Path, content: bytes, told: str
) -> None:
    file = tmp_path / "bad.csv"
    file.write_bytes(content)
    with pytest.raises(InvalidInput, match=told):
        archive.load(file)


def test_what_is_no_parquet_is_refused(archive: ReadingArchive, tmp_path: Path) -> None:
    file = tmp_path / "bad.parquet"
    file.write_bytes(b"PAR0")
    with pytest.raises(InvalidInput, match="cannot be read"):
        archive.load(file)


def many(count: int, seed: int = 1) -> pd.DataFrame:
    dice = np.random.default_rng(seed)
    frame = pd.DataFrame(
        {
            "time": pd.Timestamp("2026-05-20T00:00Z") + pd.to_timedelta(dice.integers(0, 40 * 1440, count), unit="min"),
            "sensor": dice.choice([f"S{number}" for number in range(7)], count),
            "quantity_kind": dice.choice(["Temperature", "RelativeHumidity"], count),
            "value": dice.normal(4, 1, count),
        }
    ).drop_duplicates(["time", "sensor", "quantity_kind"])
    place = np.where(frame["sensor"] < "S4", PLACES[0], np.where(frame["sensor"] < "S6", PLACES[1], ""))
    item = np.where(place == "", LOT, "")
    return frame.assign(place=place, item=item, unit=np.where(frame["quantity_kind"] == "Temperature", "CEL", "P1"))


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> tuple[ReadingArchive, pd.DataFrame]:
    """Three files with 9,000 readings over three months, and the frame of them."""
    folder = tmp_path_factory.mktemp("archive")
    archive, frame = ReadingArchive(folder / "readings", memory="256MB", threads=1), many(9000)
    for number in range(3):
        frame.iloc[number::3].to_csv(folder / f"{number}.csv", index=False)
        archive.load(folder / f"{number}.csv")
    return archive, frame


days = st.integers(-1, 41).map(lambda day: pd.Timestamp("2026-05-20T00:00Z") + pd.Timedelta(days=day))
windows = st.lists(st.tuples(st.sampled_from([*PLACES, LOT, "urn:no:one"]), days, days), max_size=5)


@settings(deadline=None, max_examples=40)
@given(windows)
def test_readings_within_windows_equal_a_scan(
    loaded: tuple[ReadingArchive, pd.DataFrame], drawn: list[tuple[str, pd.Timestamp, pd.Timestamp]]
) -> None:
    archive, frame = loaded
    wanted = pd.Series(False, index=frame.index)
    for key, start, end in drawn:
        wanted |= ((frame["place"] == key) | (frame["item"] == key)) & (frame["time"] >= start) & (frame["time"] < end)
    found = archive.readings_within(pd.DataFrame(drawn, columns=["key", "start", "end"]))
    expected = in_order(frame[wanted])
    assert found["value"].to_list() == expected["value"].to_list()
    assert found["time"].to_list() == expected["time"].to_list()


def test_subgroups_equal_pandas(loaded: tuple[ReadingArchive, pd.DataFrame]) -> None:
    archive, frame = loaded
    start, end = pd.Timestamp("2026-05-25T00:00Z"), pd.Timestamp("2026-06-20T12:00Z")
    found = archive.subgroups("Temperature", start, end, width="6h")
    part = frame[(frame["quantity_kind"] == "Temperature") & (frame["time"] >= start) & (frame["time"] < end)]
    groups = part.groupby(["sensor", part["time"].dt.floor("6h")])["value"]
    expected = groups.agg(n="size", mean="mean", range=lambda v: v.max() - v.min(), sd="std").reset_index()
    assert found["start"].to_list() == expected["time"].to_list()
    for name in ("n", "mean", "range", "sd"):
        np.testing.assert_allclose(found[name].astype(float), expected[name].astype(float), atol=1e-12)


def test_an_empty_archive_answers_with_empty_frames(archive: ReadingArchive) -> None:
    start, end = pd.Timestamp("2026-05-25T00:00Z"), pd.Timestamp("2026-06-20T12:00Z")
    assert everything(archive).empty
    assert archive.readings_within(windows_over([], None, None)).empty
    assert archive.subgroups("Temperature", start, end).empty
    with pytest.raises(InvalidInput, match="no positive duration"):
        archive.subgroups("Temperature", start, end, width="0h")
