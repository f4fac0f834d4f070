"""`lotmark import` of other formats than CSV."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl


def test_an_excel_file_in_the_clock_of_its_place(cli: Any, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for name, hour in (("May", 6), ("June", 7)):
        page = book.create_sheet(name)
        page.append(["time", "item", "analyte", "value", "unit"])
        page.append([datetime(2026, 5, 4, hour), "https://a.b/c", "lead", "<0.01", "NA"])
    del book["Sheet"]
    path = tmp_path / "analyses.xlsx"
    book.save(path)
    ran = cli("import", "results", path)
    assert ran.code != 0
    assert "'May', 'June'" in ran.err
    assert cli("import", "results", path, "--sheet", "May").code != 0
    told = ("--sheet", "May", "--zone", "Europe/Madrid")
    assert cli("import", "results", path, *told).out == "Imported 1 result; 0 known before.\n"
    assert cli("import", "results", path, *told).out == "Imported 0 results; 1 known before.\n"
    csv = tmp_path / "analyses.csv"
    csv.write_text("time,item,analyte,value,unit\n2026-05-04T04:00Z,https://a.b/c,lead,0.5,NA\n", encoding="utf-8")
    said = cli("import", "results", csv).out
    assert said == "Imported 0 results; 0 known before. 1 contradict what was there and were left out.\n"
