"""The same table in CSV, Excel, Parquet and JSON is the same frame; what is wrong is told at its place."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from contextlib import suppress
from datetime import date, datetime
from typing import Any

import numpy as np
import openpyxl
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from api.quality.columns import READING, TIME_DTYPE
from api.quality.intake import files
from api.quality.intake.files import LAYOUTS, read
from api.routes.quality.import_examples import EXAMPLES
from ledger.errors import InvalidDocument, InvalidInput, LotmarkError, TooLarge

COLUMNS = ("time", "sensor", "place", "quantity_kind", "value", "unit")
ROW = ("2026-05-04T06:00:00Z", "L1", "https://a.b/c", "Temperature", 3.8, "CEL")
Maker = Callable[..., bytes]


def workbook(*rows: tuple[Any, ...], header: tuple[str, ...] = COLUMNS, title: str = "Data") -> bytes:
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    page.title = title
    for row in (header, *rows):
        page.append(row)
    return saved(book)


def saved(book: openpyxl.Workbook) -> bytes:
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def parquet(*rows: tuple[Any, ...], header: tuple[str, ...] = COLUMNS, **types: pa.DataType) -> bytes:
    columns = zip(*rows, strict=True) if rows else [()] * len(header)
    arrays = [pa.array(column, types.get(name)) for name, column in zip(header, columns, strict=True)]
    buffer = io.BytesIO()
    pq.write_table(pa.table(arrays, names=list(header)), buffer)
    return buffer.getvalue()


def objects(*rows: tuple[Any, ...], header: tuple[str, ...] = COLUMNS) -> bytes:
    return json.dumps([dict(zip(header, row, strict=True)) for row in rows]).encode()


MAKERS: dict[str, Maker] = {"xlsx": workbook, "parquet": parquet, "json": objects}


@pytest.mark.parametrize("kind", LAYOUTS)
@pytest.mark.parametrize("format_", MAKERS)
def test_every_format_gives_the_same_frame(kind: str, format_: Any) -> None:
    header, *lines = EXAMPLES[kind].splitlines()
    rows = [tuple(line.split(",")) for line in lines]
    expected = read(kind, EXAMPLES[kind])
    assert len(expected) == 1
    assert_frame_equal(read(kind, MAKERS[format_](*rows, header=tuple(header.split(","))), format=format_), expected)


texts = st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "S")), min_size=1, max_size=8)
moments = st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1)).map(lambda t: t.replace(microsecond=0))
readings = st.lists(
    st.tuples(moments, texts, st.floats(-200, 1e6, allow_nan=False)),
    min_size=1,
    max_size=8,
    unique_by=lambda row: row[0],
)


@given(readings)
@settings(deadline=None, max_examples=60)
def test_typed_values_come_through_exactly(rows: list[tuple[datetime, str, float]]) -> None:
    typed = [(at, sensor, "https://a.b/c", "Temperature", value, "CEL") for at, sensor, value in rows]
    zoned = [(pd.Timestamp(row[0], tz="UTC").to_pydatetime(), *row[1:]) for row in typed]
    written = [(f"{at.isoformat()}Z", *rest) for at, *rest in typed]
    expected = read("readings", objects(*written), format="json")
    assert expected["value"].tolist() == [value for _, _, value in rows]
    assert expected["time"].dtype == TIME_DTYPE
    stamp = pa.timestamp("ms", "America/Lima")
    assert_frame_equal(read("readings", parquet(*zoned, time=stamp), format="parquet"), expected)
    if all(row[1].isprintable() and row[1][0] not in "=#" for row in typed):
        assert_frame_equal(read("readings", workbook(*typed), format="xlsx", zone="UTC"), expected)


@given(
    st.lists(st.lists(st.sampled_from(["a", "", " b ", '"q"', '"a,b"', "é", "1e5", "ab\r"]), min_size=1, max_size=4))
)
@settings(deadline=None, max_examples=300)
def test_the_fast_way_through_csv_is_the_strict_one(lines: list[list[str]]) -> None:
    """A quote anywhere takes the row-by-row way: the same lines with and without one in another row must agree."""
    body = "".join(",".join(line) + "\n" for line in lines)
    quoted = body + '"x","y","z"\n'
    layout = LAYOUTS["factors"].required[:3]

    def outcome(text: str) -> Any:
        try:
            table = files.csv_table(f"{','.join(layout)}\n{text}", source="", required=layout)
        except InvalidDocument as error:
            return str(error)
        return [table.text(name).tolist() for name in layout]

    fast, strict = outcome(body + "x,y,z\n"), outcome(quoted)
    assert fast == strict


def test_a_parquet_file_of_strange_but_honest_types() -> None:
    header = ("run", "equipment", "item", "start", "end", "planned", "total", "good")
    start, end = datetime(2026, 5, 4, 6), datetime(2026, 5, 4, 14)
    row = (7, "press", "https://a.b/c", start, end, 3600, 10, 9)
    data = parquet(row, header=header, total=pa.uint8(), planned=pa.decimal128(9, 2), start=pa.timestamp("ns"))
    (run,) = read("runs", data, format="parquet", zone="Europe/Madrid").to_dict("records")
    assert (run["run"], run["planned"], run["total"]) == ("7", 3600.0, 10)
    assert run["start"] == pd.Timestamp("2026-05-04T04:00Z")
    dated = ("item", "characteristic", "high", "unit", "valid_from")
    (limit,) = read(
        "specifications", parquet(("", "lead", 0.1, "NA", date(2026, 1, 1)), header=dated), format="parquet", zone="UTC"
    ).to_dict("records")
    assert limit["valid_from"] == pd.Timestamp("2026-01-01", tz="UTC")


@pytest.mark.parametrize(
    ("format_", "row", "said"),
    [
        ("xlsx", ("yesterday", *ROW[1:]), "f sheet Data cell A3: 'yesterday' is not a point in time"),
        ("xlsx", (datetime(2026, 5, 4), *ROW[1:]), "f sheet Data cell A3: time '2026-05-04T00:00:00' has no zone"),
        ("xlsx", (*ROW[:4], "warm", "CEL"), "f sheet Data cell E3: 'warm' is not a number"),
        ("xlsx", (*ROW[:4], "#DIV/0!", "CEL"), "f sheet Data cell E3: the cell shows #DIV/0!"),
        ("xlsx", (*ROW, "note"), "f sheet Data cell G3: there is a value outside the table"),
        ("xlsx", (*ROW[:5], "C"), "f sheet Data cell F3: unknown unit 'C'"),
        ("json", (*ROW[:4], "warm", "CEL"), "f /1/value: 'warm' is not a number"),
        ("json", (*ROW[:4], [1], "CEL"), "f /1/value: a list or an object"),
        ("json", (*ROW[:4], None, "CEL"), "f /1/value: the value is missing"),
        ("json", (*ROW[:4], True, "CEL"), "f /1/value: 'true' is not a number"),
    ],
)
def test_what_is_wrong_is_told_at_its_place(format_: Any, row: tuple[Any, ...], said: str) -> None:
    good = ("2026-05-05T06:00:00Z", *ROW[1:])
    with pytest.raises(InvalidDocument) as caught:
        read("readings", MAKERS[format_](good, row), source="f", format=format_)
    assert str(caught.value).startswith(said), caught.value


def test_parquet_tells_row_and_column() -> None:
    rows = [ROW, (*ROW[:4], float("nan"), "CEL")]
    with pytest.raises(InvalidDocument, match=r"^f row 2 column value: the value is missing"):
        read("readings", parquet(*rows), source="f", format="parquet")
    naive = (datetime(2026, 5, 4), *ROW[1:])
    with pytest.raises(InvalidDocument, match="row 1 column time: time '2026-05-04 00:00:00' has no zone"):
        read("readings", parquet(naive), source="f", format="parquet")


def test_a_told_zone_holds_for_times_without_one_and_not_where_clocks_change() -> None:
    def at(*times: str) -> pd.DataFrame:
        rows = "".join(f"{time},L1,https://a.b/c,Temperature,1,CEL\n" for time in times)
        return read("readings", f"{','.join(COLUMNS)}\n{rows}", zone="Europe/Madrid")

    found = at("2026-05-04T08:00", "2026-05-04T08:00Z", "2026-01-04")["time"]
    assert found.dt.hour.tolist() == [6, 8, 23]
    for time in ("2026-10-25T02:30", "2026-03-29T02:30"):
        with pytest.raises(InvalidDocument, match=f"local time '{time}' occurs twice or never in Europe/Madrid"):
            at("2026-05-04T08:00", time)
    with pytest.raises(InvalidInput, match="unknown time zone"):
        read("readings", EXAMPLES["readings"], zone="../etc")


def test_a_sheet_is_chosen_by_its_name() -> None:
    book = openpyxl.load_workbook(io.BytesIO(workbook(ROW)))
    book.create_sheet("Notes").append(["hello"])
    data = saved(book)
    assert len(read("readings", data, source="a.xlsx", sheet="Data")) == 1
    with pytest.raises(InvalidInput, match=r"there are 2 sheets; expected one of the sheets 'Data', 'Notes'"):
        read("readings", data, source="a.xlsx")
    with pytest.raises(InvalidInput, match="there is no sheet 'data'"):
        read("readings", data, source="a.xlsx", sheet="data")


def test_empty_tables_are_empty_frames() -> None:
    for format_, make in MAKERS.items():
        data = parquet(time=pa.string()) if format_ == "parquet" else make()
        frame = read("readings", data, format=format_)  # type: ignore[arg-type]
        assert (len(frame), tuple(frame.columns)) == (0, READING)


def zipped(**entries: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in entries.items():
            archive.writestr(name.replace("_", "/", 1), data)
    return buffer.getvalue()


def patched(entry: str, content: bytes) -> bytes:
    """A workbook with one of its parts exchanged."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook(ROW))) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, content if name == entry else old.read(name))
    return buffer.getvalue()


LAUGHS = b'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "' + b"ha" * 100 + b'">' + b"".join(
    b'<!ENTITY %c "%s">' % (ord("a") + n, b"&%c;" % (ord("a") + n - 1) * 20) for n in range(1, 9)
) + b"]><worksheet><sheetData><row><c t='str'><v>&i;</v></c></row></sheetData></worksheet>"  # fmt: skip


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"PK\x03\x04 not a zip",
        zipped(xl_workbook=b"<x/>"),
        patched("xl/worksheets/sheet1.xml", LAUGHS),
        patched("xl/worksheets/sheet1.xml", b"<worksheet><sheetData><row r='x'><c r='A1'><v>1</v></c></row>"),
        patched("xl/workbook.xml", b"<workbook"),
        patched("[Content_Types].xml", b""),
        workbook(ROW)[:-200],
    ],
)
def test_damaged_and_hostile_workbooks_are_refused(data: bytes) -> None:
    with pytest.raises(InvalidInput, match="f: not a readable workbook"):
        read("readings", data, source="f", format="xlsx")


def test_what_unpacks_to_too_much_is_refused_unread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "MOST_BYTES", 2**20)
    with pytest.raises(TooLarge, match=r"unpacks to 2,0\d\d,\d\d\d bytes"):
        read("readings", zipped(a=bytes(2_000_000), b=bytes(50_000)), format="xlsx")
    many = [(np.datetime64("2026-05-04") + np.timedelta64(n, "s"), *ROW[1:]) for n in range(140_000)]
    with pytest.raises(TooLarge, match="unpacks to 140,000 rows"):
        read("readings", parquet(*many), format="parquet")
    long = [(f"2026-05-04T06:{n:02d}:00Z", "x" * 50_000, *ROW[2:]) for n in range(60)]
    with pytest.raises(TooLarge, match="column sensor: unpacks to 3,000,000 bytes"):
        read("readings", parquet(*long), format="parquet")


WHOLE = [("xlsx", workbook(ROW)), ("parquet", parquet(ROW))]


@given(st.data())
@settings(deadline=None, max_examples=200)
def test_flipped_bytes_never_end_in_anything_but_an_error_of_ours(data: st.DataObject) -> None:
    format_, whole = data.draw(st.sampled_from(WHOLE))
    broken = bytearray(whole)
    for at in data.draw(st.lists(st.integers(0, len(whole) - 1), min_size=1, max_size=6)):
        broken[at] ^= data.draw(st.integers(1, 255))
    with suppress(LotmarkError):
        read("readings", bytes(broken), format=format_)  # type: ignore[arg-type]


@pytest.mark.parametrize("value", [{}, 7, None, "text", [1], [[1]], [{}], [{"time": 1}], [{"colour": 1}]])
def test_json_must_be_a_list_of_rows(value: Any) -> None:
    with pytest.raises(InvalidInput):
        read("readings", json.dumps(value), format="json")
