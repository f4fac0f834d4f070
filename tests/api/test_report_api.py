"""Reports over HTTP: of a lot and of a month of the demonstration, in both languages, read back."""

from __future__ import annotations

import io
import re
from typing import Any
from urllib.parse import quote

import pytest
from pypdf import PdfReader

LOT = "(01)09521003003504(10)CL-0505-3"
OF_LOT, OF_MONTH = f"/quality/report/lot/{quote(LOT)}", "/quality/report/month/2026-05"


def text_of(pdf: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)


@pytest.mark.parametrize(
    ("path", "language", "words"),
    [
        (OF_LOT, "zh", ["批次报告", "冷链", LOT, "imidacloprid", "(01)09521002002010(10)GR-0505-11"]),
        (OF_MONTH, "zh", ["2026-05", "供应商", "imidacloprid"]),
        (OF_MONTH, "en", ["2026-05", "Suppliers", "Gabilan Ridge Farms", "imidacloprid"]),
    ],
)
def test_a_pdf_reads_back(shown: Any, path: str, language: str, words: list[str]) -> None:
    answer = shown.operator.get(path, params={"language": language, "format": "pdf"})
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/pdf"
    text = text_of(answer.content)
    assert [word for word in words if word not in text] == []


def test_html_stands_alone_and_may_run_nothing(shown: Any) -> None:
    answer = shown.operator.get(OF_LOT)
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert LOT in answer.text
    assert not re.findall(r"(?:src|href)=\"(?!#|data:)", answer.text)


def test_the_data_of_a_report_is_that_of_the_screen(shown: Any) -> None:
    screen = shown.operator.get(f"/quality/lot/{quote(LOT)}").json()
    assert shown.operator.get(OF_LOT, params={"format": "json"}).json() == screen


@pytest.mark.parametrize("month", ["garbage", "2026-5", "2026-13", "2026-00", "1969-12", "9999-12", "٢٠٢٦-05", "%00"])
@pytest.mark.parametrize("format", ["html", "json"])
def test_what_is_no_month(shown: Any, month: str, format: str) -> None:
    answer = shown.operator.get(f"/quality/report/month/{month}", params={"format": format})
    assert answer.status_code == 400, answer.text
    assert "2026-05" in answer.json()["problems"][0]["expected"]


@pytest.mark.parametrize("query", ["format=docx", "format=", "language=tlh", "market=" + "x" * 65])
@pytest.mark.parametrize("path", [OF_LOT, OF_MONTH])
def test_what_cannot_be_asked(shown: Any, path: str, query: str) -> None:
    assert shown.operator.get(f"{path}?{query}").status_code == 400
