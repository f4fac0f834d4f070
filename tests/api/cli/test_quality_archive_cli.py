"""`lotmark quality archive` on a home of its own."""

from __future__ import annotations

from pathlib import Path
from typing import Any

HEADER = "time,sensor,place,quantity_kind,value,unit"
ROW = "2026-06-01T05:{:02d}:00Z,probe,https://id.gs1.org/414/9521000000018,Temperature,{},CEL"


def test_a_file_is_loaded_once(cli: Any, tmp_path: Path) -> None:
    file = tmp_path / "june.csv"
    file.write_text("\n".join([HEADER, *(ROW.format(minute, 3.5) for minute in range(60))]))
    assert "60 readings loaded." in cli("quality", "archive", file).out
    assert cli("--format", "json", "quality", "archive", file).json == {"imported": 0, "known": 60}


def test_what_is_wrong_is_told_by_line(cli: Any, tmp_path: Path) -> None:
    file = tmp_path / "july.csv"
    file.write_text("\n".join([HEADER, ROW.format(1, 3.5), ROW.format(2, "warm")]))
    refused = cli("quality", "archive", file)
    assert refused.code != 0
    assert "july.csv line 3 column value" in refused.err
