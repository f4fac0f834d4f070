"""Reports that are written by themselves, once a month is over."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pypdf import PdfReader

from api.analysis.imports import import_file
from api.reporting import MonthlyReports
from ledger.errors import InvalidInput
from ledger.store import Store

CHECKS = b"""\
time,item,characteristic,value,unit
2026-05-06T08:00:00Z,urn:example:lot:1,weight,5.1,KGM
2026-05-06T09:00:00Z,urn:example:lot:2,weight,5.2,KGM
"""


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store.open(tmp_path / "store")
    import_file(opened, "inspections", CHECKS, file="checks.csv")
    yield opened
    opened.close()


def reports(store: Store, home: Path, *, month: int, languages: str = "en, zh") -> MonthlyReports:
    return MonthlyReports(store, home, languages, now=lambda: datetime(2026, month, 3, 4, tzinfo=UTC))


@pytest.mark.usefixtures("pango")
def test_a_month_that_is_over_is_written_once_in_each_language(store: Store, tmp_path: Path) -> None:
    written = reports(store, tmp_path, month=6).write()
    assert [path.name for path in written] == ["2026-05.en.pdf", "2026-05.zh.pdf"]
    texts = [PdfReader(io.BytesIO(path.read_bytes())).pages[0].extract_text() for path in written]
    assert "Monthly report" in texts[0]
    assert "月度报告" in texts[1]
    assert {path.stat().st_mode & 0o777 for path in written} == {0o600}
    assert reports(store, tmp_path, month=6).write() == []


@pytest.mark.usefixtures("pango")
def test_what_a_kill_left_out_is_written_next_time(store: Store, tmp_path: Path) -> None:
    first, second = reports(store, tmp_path, month=6).write()
    second.unlink()
    second.with_name(f".{second.name}.partial").write_bytes(b"half")
    assert reports(store, tmp_path, month=6).write() == [second]
    assert [path.name for path in sorted(first.parent.iterdir())] == [first.name, second.name]


def test_a_month_without_data_has_no_report(store: Store, tmp_path: Path) -> None:
    assert reports(store, tmp_path, month=5).write() == []
    assert not (tmp_path / "reports").exists()


def test_without_languages_nothing_is_wanted(store: Store, tmp_path: Path) -> None:
    assert not reports(store, tmp_path, month=6, languages="").wanted
    with pytest.raises(InvalidInput, match="no reports in 'fr'"):
        reports(store, tmp_path, month=6, languages="en fr")
