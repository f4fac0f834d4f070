"""`lotmark quality lot` and `report` on the demonstration: as text, as data, and files whole or not at all."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from api.models.lot import LotAnswer

LOT = "(01)09521003003504(10)CL-0505-3"
CLAMSHELL = "(01)09521003003504(21)1101"


@pytest.fixture
def lotmark(shown: Any, cli: Any) -> Any:
    """Commands on the demonstration."""
    return type(cli)(shown.home, cli.capsys)


def test_one_lot_on_one_screen(lotmark: Any) -> None:
    ran = lotmark("quality", "lot", LOT)
    assert ran.code == 0, ran.err
    text = " ".join(ran.out.split())
    assert text.startswith(LOT)
    for words in ("on hold since", "by Coastal QA", "imidacloprid 1.9 mg/kg", "final on the chain", "W-GR-0505-11"):
        assert words in text
    lines = ran.out.splitlines()
    severities = [word for line in lines if (word := line.split(" ")[0]) in ("critical", "major", "minor", "warning")]
    assert severities[0] == "major"
    assert severities[-1] == "warning"


def test_what_was_said_of_it_when_it_began(lotmark: Any) -> None:
    for command in ("lot", "item"):
        text = " ".join(lotmark("quality", command, "(01)09521003003030(10)W-GR-0505-11").out.split())
        assert "lot number W-GR-0505-11; country of origin US" in text


def test_for_programs(lotmark: Any) -> None:
    found = lotmark("--format", "json", "quality", "lot", CLAMSHELL).json
    LotAnswer.model_validate(found)
    rows = list(csv.DictReader(io.StringIO(lotmark("--format", "csv", "quality", "lot", CLAMSHELL).out)))
    assert [row["kind"] for row in rows] == [signal["kind"] for signal in found["signals"]]
    assert rows[0]["kind"] == "excursion"


def test_reports_as_files(lotmark: Any, tmp_path: Path) -> None:
    paper, page = tmp_path / "lot.PDF", tmp_path / "month.htm"
    ran = lotmark("quality", "report", "lot", LOT, "-o", paper, "--language", "zh")
    assert ran.code == 0, ran.err
    text = "\n".join(each.extract_text() for each in PdfReader(paper).pages)
    assert "批次报告" in text
    assert LOT in text
    made = lotmark("--format", "json", "quality", "report", "month", "2026-05", "-o", page).json
    assert made == {"file": str(page), "bytes": page.stat().st_size}
    assert "imidacloprid" in page.read_text(encoding="utf-8")
    assert {each.name for each in tmp_path.iterdir()} == {"lot.PDF", "month.htm"}


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("month", "1999-1", "-o", "old.pdf"), "no month"),
        (("month", "9999-12", "-o", "old.pdf"), "no month"),
        (("lot", "(01)09521003003504(10)NOBODY", "-o", "old.pdf"), "NOBODY"),
        (("lot", "garbage", "-o", "old.html"), "garbage"),
        (("lot", LOT, "-o", "old.docx"), ".pdf or .html"),
        (("lot", LOT, "-o", "old"), ".pdf or .html"),
        (("lot", LOT, "-o", "nowhere/new.html"), "nowhere"),
    ],
)
def test_what_fails_leaves_what_was_there(
    lotmark: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], words: str
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("old.pdf", "old.html", "old.docx", "old"):
        (tmp_path / name).write_text("as it was")
    before = {each.name: each.read_text() for each in tmp_path.iterdir()}
    ran = lotmark("quality", "report", *arguments)
    assert ran.code not in (0, 70), ran.out
    assert words in ran.err
    assert "Traceback" not in ran.err
    assert {each.name: each.read_text() for each in tmp_path.iterdir()} == before


@pytest.mark.parametrize(("item", "code"), [("(01)09521003003504(10)NOBODY", 1), ("garbage", 2)])
def test_what_cannot_be_shown(lotmark: Any, item: str, code: int) -> None:
    ran = lotmark("quality", "lot", item)
    assert (ran.code, ran.out) == (code, "")
    assert ran.err
