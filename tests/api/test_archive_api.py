"""The archive through the application: loaded by the operator, seen by traces beside what was imported."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

CSV = {"content-type": "text/csv"}
HEADER = "time,sensor,place,quantity_kind,value,unit"


def _row(make: Any, minute: int, value: float, sensor: str = "probe") -> str:
    return f"2026-06-01T05:{minute:02d}:00Z,{sensor},{make.place},Temperature,{value},CEL"


@pytest.fixture(scope="module")
def archived(serving: Any, make: Any) -> Any:
    """A lot at a place for an hour; some readings of it were imported, others are in the archive, one is in both."""
    server = serving(max_document_bytes=2000)
    server.capture(make.document(make.event("L1", eventTime="2026-06-01T05:00:00Z")))
    server.capture(
        make.document(
            make.event(
                "L1", eventTime="2026-06-01T06:00:00Z", bizLocation={"id": "https://id.gs1.org/414/9521000000025"}
            )
        )
    )
    imported = "\n".join([HEADER, _row(make, 10, 4.0), _row(make, 20, 5.0)])
    assert server.operator.post("/quality/readings", content=imported, headers=CSV).is_success
    large = "\n".join([HEADER, _row(make, 20, 99.0), *(_row(make, minute, 3.0) for minute in range(30, 60))])
    assert len(large) > 2000
    answer = server.operator.post("/quality/archive", content=large, headers=CSV)
    assert (answer.status_code, answer.json()) == (200, {"imported": 31, "known": 0}), answer.text
    again = server.operator.post("/quality/archive", content=large, headers=CSV)
    assert again.json() == {"imported": 0, "known": 31}
    return server


def test_a_trace_sees_both_and_of_two_the_imported_one(archived: Any) -> None:
    steps = archived.operator.get("/trace/(01)09521000010017(10)L1").json()["quality"]
    assert next((step["count"], step["minimum"], step["maximum"]) for step in steps) == (32, 3.0, 5.0)


def test_a_parquet_file_is_loaded(archived: Any, make: Any, tmp_path: Path) -> None:
    frame = pd.DataFrame([row.split(",") for row in (_row(make, n, 2.5, "other") for n in range(5))])
    frame.columns = HEADER.split(",")
    frame.to_parquet(tmp_path / "r.parquet")
    headers = {"content-type": "application/vnd.apache.parquet"}
    answer = archived.operator.post("/quality/archive", content=(tmp_path / "r.parquet").read_bytes(), headers=headers)
    assert answer.json() == {"imported": 5, "known": 0}


def test_a_bad_file_is_refused_by_line(archived: Any, make: Any) -> None:
    table = "\n".join([HEADER, _row(make, 1, 3.0, "new"), _row(make, 2, 3.0).replace("3.0", "warm")])
    answer = archived.operator.post("/quality/archive", params={"file": "june.csv"}, content=table, headers=CSV)
    assert answer.status_code == 400
    assert answer.json()["problems"][0]["where"] == "june.csv line 3 column value"


def test_only_the_operator_may_load_and_only_tables(archived: Any) -> None:
    writer = archived.client(archived.key("write"))
    assert writer.post("/quality/archive", content=HEADER, headers=CSV).status_code == 403
    assert archived.client().post("/quality/archive", content=HEADER, headers=CSV).status_code == 401
    post = archived.operator.post
    assert post("/quality/archive", content="{}", headers={"content-type": "application/json"}).status_code == 415
    assert post("/quality/archive", content=HEADER, headers=CSV | {"content-encoding": "gzip"}).status_code == 415
