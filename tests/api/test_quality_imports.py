"""Files of quality data over HTTP and the command line: every format, where they came from, what is refused."""

from __future__ import annotations

import hashlib
import io
from typing import Any

import openpyxl
import pandas as pd
import pytest

from api.routes.quality.imports import MEDIA_TYPES

CSV = {"content-type": "text/csv"}
TYPES = {format_: {"content-type": media_type} for media_type, format_ in MEDIA_TYPES.items()}
READING = {"sensor": "import", "place": "https://a.b/c", "quantity_kind": "Temperature", "value": 3.8, "unit": "CEL"}


def table(time: str, **changed: Any) -> pd.DataFrame:
    return pd.DataFrame([{"time": time} | READING | changed])


def encoded(frame: pd.DataFrame, format_: str) -> bytes:
    buffer = io.BytesIO()
    if format_ == "csv":
        return frame.to_csv(index=False).encode()
    if format_ == "json":
        return frame.to_json(orient="records").encode()
    if format_ == "parquet":
        frame.to_parquet(buffer)
    else:
        book = openpyxl.Workbook()
        sheet = book.active
        assert sheet is not None
        for row in (list(frame.columns), *frame.values.tolist()):
            sheet.append(row)
        book.save(buffer)
    return buffer.getvalue()


@pytest.mark.parametrize("format_", TYPES)
def test_a_reading_comes_in_however_it_is_written_and_its_origin_is_kept(server: Any, format_: str) -> None:
    http, at = server.operator, f"2026-05-04T06:00:0{list(TYPES).index(format_)}Z"
    data = encoded(table(at), format_)
    done = http.post(f"/quality/readings?file=log.{format_}", content=data, headers=TYPES[format_]).json()
    assert (done["imported"], done["known"], done["conflicting"]) == (1, 0, 0)
    file = http.get("/quality/imports?limit=1").json()[0]
    assert file["digest"] == "0x" + hashlib.sha256(data).hexdigest()
    assert (file["id"], file["kind"], file["file"]) == (done["import_id"], "readings", f"log.{format_}")
    assert (file["format"], file["rows"], file["imported"], file["imported_by"]) == (format_, 1, 1, "operator")
    contradiction = encoded(table(at, value=9.9), format_)
    again = http.post("/quality/readings", content=contradiction, headers=TYPES[format_]).json()
    assert (again["imported"], again["known"], again["conflicting"]) == (0, 0, 1)


def test_a_key_is_named_as_the_origin(server: Any) -> None:
    key = server.key("write")
    sent = server.client(key).post("/quality/readings", content=encoded(table("2026-05-05T06:00Z"), "csv"), headers=CSV)
    assert sent.json()["imported"] == 1
    assert server.operator.get("/quality/imports?limit=1").json()[0]["imported_by"] == key[3:15]


def test_a_zone_and_a_sheet_may_be_said(server: Any) -> None:
    path, data = "/quality/readings", encoded(table("2026-05-06T06:00"), "xlsx")
    refused = server.operator.post(path, content=data, headers=TYPES["xlsx"])
    assert refused.status_code == 400
    assert refused.json()["problems"][0]["where"] == "sheet Sheet cell A2"
    told = {"zone": "Europe/Madrid", "sheet": "Sheet"}
    assert server.operator.post(path, params=told, content=data, headers=TYPES["xlsx"]).json()["imported"] == 1
    for params in ({"zone": "Nowhere/At_All"}, {"sheet": "Other", "zone": "UTC"}):
        assert server.operator.post(path, params=params, content=data, headers=TYPES["xlsx"]).status_code == 400


def test_a_specification_changes_only_when_it_says_so(server: Any) -> None:
    def put(row: str) -> Any:
        header = "item,characteristic,market,high,unit,valid_from,valid_to,replaces\n"
        return server.operator.post("/quality/specifications", content=header + row, headers=CSV)

    start, end = "2020-11-13T00:00Z", "2027-01-01T00:00Z"
    assert put(f",captan,EU,0.05,NA,{start},,").json()["imported"] == 1
    refused = put(f",captan,EU,0.01,NA,{start},,\n,folpet,EU,0.01,NA,,,")
    assert refused.status_code == 409
    assert "captan" in refused.json()["detail"]
    assert put(",folpet,EU,0.01,NA,,,").json()["imported"] == 1, "nothing of a refused file was kept"
    assert put(f",captan,EU,0.05,NA,{start},{end},\n,captan,EU,0.01,NA,{end},,").json()["imported"] == 2
    assert put(f",captan,EU,0.02,NA,{start},{end},yes").json()["imported"] == 1


@pytest.mark.parametrize("format_", ["xlsx", "parquet", "json"])
def test_garbage_is_a_400_and_too_much_a_413(serving: Any, format_: str) -> None:
    http = serving(max_document_bytes=20_000).operator
    for data in (b"", b"PK\x03\x04garbage", b"PAR1garbagePAR1", b"\xff\xfe", b"[1", b"null"):
        answer = http.post("/quality/results", content=data, headers=TYPES[format_])
        assert answer.status_code == 400, answer.text
        assert answer.json()["problems"]
    assert http.post("/quality/results", content=bytes(30_000), headers=TYPES[format_]).status_code == 413


def test_other_media_types_are_refused(server: Any) -> None:
    for media_type in ("application/xml", "", "text/plain"):
        answer = server.operator.post("/quality/results", content=b"a", headers={"content-type": media_type})
        assert answer.status_code == 415
