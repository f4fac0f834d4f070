"""`lotmark quality table`, `touched` and `pipeline` on a home of their own."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

ITEM = "urn:example:pack:1"


def test_an_inspection_of_an_ancestor_is_told_and_touches(cli: Any, tmp_path: Path) -> None:
    made = {
        "type": "TransformationEvent",
        "eventTime": "2026-06-01T10:00:00Z",
        "eventTimeZoneOffset": "+00:00",
        "inputQuantityList": [
            {"epcClass": f"urn:example:mix:{n}", "quantity": n, "uom": "KGM"} for n in (1, 3)
        ],
        "outputQuantityList": [{"epcClass": ITEM, "quantity": 4, "uom": "KGM"}],
    }  # fmt: skip
    whole = {"@context": cli.event()["@context"], "type": "EPCISDocument", "schemaVersion": "2.0"}
    whole |= {"creationDate": "2026-06-02T06:00:00Z", "epcisBody": {"eventList": [made]}}
    document = tmp_path / "made.json"
    document.write_text(json.dumps(whole))
    assert cli("submit", document).code == 0
    checks = tmp_path / "checks.csv"
    checks.write_text("time,item,characteristic,passed\n2026-06-01T09:00:00Z,urn:example:mix:3,leak,no\n")
    assert cli("import", "inspections", checks).code == 0
    told = cli("--format", "csv", "quality", "table", ITEM)
    [row] = list(csv.DictReader(io.StringIO(told.out)))
    assert (row["relation"], row["share"], row["verdict"]) == ("ancestor", "0.75", "outside")
    assert "75.0%" in cli("quality", "table", ITEM).out
    touched = cli("--format", "json", "quality", "touched", "--inspection", "1").json["touched"]
    assert {each["item"]: each["share"] for each in touched} == {"urn:example:mix:3": 1.0, ITEM: 0.75}
    assert cli("quality", "touched").code != 0


def test_the_pipeline_is_shown_and_set(cli: Any, tmp_path: Path) -> None:
    assert cli("--format", "json", "quality", "pipeline", "show").json["since"] is None
    file = tmp_path / "pipeline.json"
    file.write_text('[{"step": "missing"}]')
    assert "in force since" in cli("quality", "pipeline", "set", file).out
    file.write_text('[{"step": "polish"}]')
    done = cli("quality", "pipeline", "set", file)
    assert done.code != 0
    assert "unknown step 'polish'" in done.err
