"""Reports read back: the text of the PDF, in both languages, the charts, and that nothing is fetched or smuggled in."""

from __future__ import annotations

import io
import re
from typing import Any

import pytest
from pypdf import PdfReader

from api.quality.reports import Language
from api.quality.reports.document import html_report, pdf_report
from api.quality.reports.font import missing_glyphs
from api.quality.reports.words import CHINESE

MADE = "2026-06-01T06:00:00.000Z"


def text_of(pdf: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)


def fonts_of(pdf: bytes) -> set[str]:
    pages = PdfReader(io.BytesIO(pdf)).pages
    named = [font.get_object()["/BaseFont"] for page in pages for font in page["/Resources"]["/Font"].values()]
    return {str(name).partition("+")[2] for name in named}


@pytest.mark.usefixtures("pango")
@pytest.mark.parametrize(
    ("language", "expected"),
    [
        (Language.ENGLISH, ["Lot report", "on hold", "Cold chain", "mean kinetic temperature", "imidacloprid"]),
        (Language.CHINESE, ["批次报告", "冻结", "冷链", "平均动力学温度", "剩余保质期", "控制图", "imidacloprid"]),
    ],
)
def test_the_text_of_a_lot_report_reads_back(lot: dict[str, Any], language: Language, expected: list[str]) -> None:
    pdf = pdf_report("lot", lot, language=language, made=MADE)
    text = text_of(pdf)
    assert fonts_of(pdf) == {"Noto-Sans-SC"}
    assert [word for word in expected if word not in text] == []
    assert "Romaine <b>washed & cut" in text
    assert "(01)09521000010017(10)A7" in text


@pytest.mark.usefixtures("pango")
@pytest.mark.parametrize("language", list(Language))
def test_a_month_reads_back(month: dict[str, Any], language: Language) -> None:
    text = text_of(pdf_report("month", month, language=language, made=MADE))
    assert "2026-05" in text
    assert "74.8 %" in text
    assert ("Suppliers" if language is Language.ENGLISH else "供应商") in text


def test_an_empty_month_says_so(month: dict[str, Any]) -> None:
    assert "Nothing was measured" in html_report("month", month | {"empty": True}, made=MADE)


def test_a_lot_of_which_nothing_is_known_has_a_report(lot: dict[str, Any]) -> None:
    bare = lot | {
        "name": None, "quantity_now": None, "disposition": {"state": "unknown", "since": None, "by": None,
        "reason": None}, "signals": [], "genealogy": {"parents": [], "children": [], "closure": []}, "cold_chain": [],
        "shelf_life": None, "charts": [], "capability": [], "results": [], "inspections": [], "incidents": [],
        "sisters": [], "data_quality": {"known": None, "flagged": {}, "late": 0, "unverified": 0},
    }  # fmt: skip
    page = html_report("lot", bare, made=MADE)
    assert "no decision" in page
    assert "Nothing calls for attention" in page


def test_the_font_has_every_word() -> None:
    assert missing_glyphs("".join(CHINESE) + "".join(CHINESE.values()) + "±≤≥′²σ°µ") == ""


def test_html_stands_alone_and_says_nothing_of_its_own_accord(lot: dict[str, Any]) -> None:
    page = html_report("lot", lot, made=MADE)
    assert "<b>washed" not in page
    assert not re.findall(r"(?:src|href)=\"(?!#|data:)", page)
    assert "<script" not in page
    assert page.count("<svg role=") == 4


def test_the_same_data_give_the_same_page(lot: dict[str, Any]) -> None:
    assert html_report("lot", lot, made=MADE) == html_report("lot", lot, made=MADE)
