"""What spreadsheets do to tables behind their users' backs is told or put right, never imported as something else."""

from __future__ import annotations

import io
import json
import re
import zipfile
from datetime import datetime
from typing import Any

import openpyxl
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from api.quality.intake import excel_file, excel_gaps
from api.quality.intake.files import read
from ledger.errors import InvalidDocument, InvalidInput

READINGS = ("time", "sensor", "place", "quantity_kind", "value", "unit")
LIMITS = ("item", "characteristic", "market", "low", "high", "unit")
RESULTS = ("time", "item", "analyte", "value", "unit", "uncertainty")
READING = ("2026-05-04T06:15:00Z", "L1", "https://a.b/c", "Temperature", 3.8, "CEL")
ITEM = "https://id.gs1.org/01/09506000134352/10/AB"


def book(header: tuple[str, ...], *rows: tuple[Any, ...]) -> openpyxl.Workbook:
    made = openpyxl.Workbook()
    assert made.active is not None
    for row in (header, *rows):
        made.active.append(row)
    return made


def saved(made: openpyxl.Workbook, old: bytes = b"", new: bytes = b"") -> bytes:
    """The workbook's bytes, with something in its sheet exchanged."""
    buffer = io.BytesIO()
    made.save(buffer)
    changed = io.BytesIO()
    with zipfile.ZipFile(buffer) as whole, zipfile.ZipFile(changed, "w") as other:
        for name in whole.namelist():
            data = whole.read(name)
            other.writestr(name, re.sub(old, new, data) if old and name.endswith("sheet1.xml") else data)
    return changed.getvalue()


def told(kind: str, data: bytes, **how: Any) -> str:
    with pytest.raises(InvalidInput) as caught:
        read(kind, data, source="f", **({"format": "xlsx"} | how))
    return str(caught.value)


def test_merged_cells_are_no_empty_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    made = book(LIMITS, ("", "lead", "EU", None, 1, "MGM"), ("", "cadmium", None, None, 1, "MGM"))
    made.active.merge_cells("C2:C3")  # type: ignore[union-attr]
    assert told("specifications", saved(made)).startswith("f sheet Sheet cells C2:C3: the cells are merged")
    monkeypatch.setattr(excel_gaps, "_PIECE", 7)
    assert "cells C2:C3: the cells are merged" in told("specifications", saved(made))


def test_cells_merged_beside_the_table_are_nobodys_business() -> None:
    made = book(LIMITS, ("", "lead", "EU", None, 1, "MGM"))
    made.active.merge_cells("J20:K21")  # type: ignore[union-attr]
    assert len(read("specifications", saved(made), format="xlsx")) == 1


def test_a_formula_that_was_never_computed_is_no_open_bound() -> None:
    made = book(LIMITS, ("", "lead", "EU", 0, "=1+1", "MGM"))
    assert told("specifications", saved(made)).startswith("f sheet Sheet cell E2: the formula was never computed")
    computed = saved(made, rb"<v\s*/>|<v></v>", b"<v>2</v>")
    assert read("specifications", computed, format="xlsx")["high"].tolist() == [2.0]


def test_a_formula_that_gave_no_text_is_empty() -> None:
    made = book(LIMITS, ("", "lead", '=""', 0, 1, "MGM"))
    empty = saved(made, rb'<c r="C2"[^>]*>(<f>.*?</f>)<v\s*/?>(</v>)?', rb'<c r="C2" t="str">\1<v></v>')
    assert read("specifications", empty, format="xlsx")["market"].tolist() == [""]


def test_what_is_shown_in_percent_is_read_as_percent() -> None:
    made = book(RESULTS, ("2026-05-04T06:15:00Z", ITEM, "lead", 0.2, "MGM", 0.5))
    made.active["F2"].number_format = "0.0%"  # type: ignore[index]
    assert read("results", saved(made), format="xlsx")["uncertainty"].tolist() == [pytest.approx(0.1)]
    made.active["F2"].number_format = '0.0"%"'  # type: ignore[index]
    assert read("results", saved(made), format="xlsx")["uncertainty"].tolist() == [0.5]
    humid = book(READINGS, (*READING[:3], "RelativeHumidity", 0.45, "P1"))
    humid.active["E2"].number_format = "0%"  # type: ignore[index]
    assert "'45%' is not a number" in (said := told("readings", saved(humid)))
    assert "that of percent is P1" in said


def test_rows_beyond_the_size_that_a_sheet_claims_are_read() -> None:
    made = book(READINGS, READING, ("2026-05-04T06:16:00Z", *READING[1:]))
    assert len(read("readings", saved(made, rb'<dimension ref="[^"]*"', b'<dimension ref="A1"'), format="xlsx")) == 2


def test_a_row_that_no_sheet_has_is_refused_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(excel_file, "_MOST_ROWS", 1000)
    far = saved(book(READINGS, READING), rb'<row r="2"', b'<row r="2000000000"')
    assert "expected at most 1,000 rows" in told("readings", far)


def test_both_date_systems_of_excel() -> None:
    for epoch in (None, CALENDAR_MAC_1904):
        made = book(READINGS)
        made.epoch = epoch or made.epoch
        assert made.active is not None
        made.active.append((datetime(2026, 5, 4, 6, 15), *READING[1:]))
        frame = read("readings", saved(made), format="xlsx", zone="Europe/Madrid")
        assert frame["time"].tolist() == [pd.Timestamp("2026-05-04T04:15:00Z")]


def test_a_count_of_days_is_no_time_and_the_row_is_named() -> None:
    assert "format the column as dates" in told("readings", saved(book(READINGS, (46146.26, *READING[1:]))))
    nowhere = (*READING[:2], None, *READING[3:])
    assert told("readings", saved(book(READINGS, nowhere))).startswith("f sheet Sheet row 2: neither an item nor")


@pytest.mark.parametrize("text", ['"3,8"', '"1,234.5"'])
def test_a_decimal_comma_is_named(text: str) -> None:
    line = ",".join(map(str, READING)).replace("3.8", text)
    assert "Write a decimal point, not a comma" in told(
        "readings", f"{','.join(READINGS)}\n{line}".encode(), format="csv"
    )


def test_a_decimal_comma_that_became_two_fields_is_guessed() -> None:
    data = f"{','.join(READINGS)}\n{','.join(map(str, READING))}".replace("3.8", "3,8").encode()
    assert "A decimal comma is a point here" in told("readings", data, format="csv")


def test_names_of_columns_are_as_lenient_in_json_as_elsewhere() -> None:
    row = {"time": READING[0], "sensor": "L1", "place": READING[2], "unit": "CEL"}
    written = [{**row, "Quantity Kind": "Temperature", "Value": 3.8}]
    assert read("readings", json.dumps(written), format="json")["value"].tolist() == [3.8]
    written[0]["Value"] = "warm"
    assert told("readings", json.dumps(written).encode(), format="json").startswith(
        "f /0/Value: 'warm' is not a number"
    )


@pytest.mark.parametrize("text", ["9999-12-31T23:30:00-05:00", "0001-01-01T00:30:00+05:00"])
def test_times_that_no_calendar_here_has_are_refused(text: str) -> None:
    data = f"{','.join(READINGS)}\n{','.join(map(str, (text, *READING[1:])))}".encode()
    assert "is not a point in time" in told("readings", data, format="csv")


@pytest.mark.parametrize("milliseconds", [570_000_000_000_000, -80_000_000_000_000, 2**62])
def test_parquet_may_hold_times_that_are_none(milliseconds: int) -> None:
    times = pa.array([milliseconds], pa.timestamp("ms", "UTC"))
    columns = dict(zip(READINGS[1:], [[value] for value in READING[1:]], strict=True))
    buffer = io.BytesIO()
    pq.write_table(pa.table({"time": times, **columns}), buffer)
    with pytest.raises(InvalidInput):
        read("readings", buffer.getvalue(), format="parquet")


def test_an_uncertainty_beyond_all_numbers_is_refused() -> None:
    data = f"{','.join(RESULTS)}\n2026-05-04T06:15:00Z,{ITEM},lead,1e300,MGM,1e300%".encode()
    with pytest.raises(InvalidDocument, match="no uncertainty"):
        read("results", data, format="csv")
