"""`lotmark quality root-cause` on a home of its own."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest

MIX, PACK = "urn:example:mix:", "urn:example:pack:"


def _packed(mix: int, pack: int) -> dict[str, Any]:
    def named(item: str) -> list[dict[str, Any]]:
        return [{"epcClass": item, "quantity": 1, "uom": "KGM"}]

    return {
        "type": "TransformationEvent",
        "eventTime": f"2026-06-01T10:{pack:02d}:00Z",
        "eventTimeZoneOffset": "+00:00",
        "inputQuantityList": named(f"{MIX}{mix}"),
        "outputQuantityList": named(f"{PACK}{pack}"),
    }


@pytest.fixture
def plant(cli: Any, tmp_path: Path) -> Any:
    """Six mixes in sixty packs; what was made of mix 0 leaks."""
    events = [_packed(pack % 6, pack) for pack in range(60)]
    whole = {"@context": cli.event()["@context"], "type": "EPCISDocument", "schemaVersion": "2.0"}
    whole |= {"creationDate": "2026-06-02T06:00:00Z", "epcisBody": {"eventList": events}}
    document = tmp_path / "made.json"
    document.write_text(json.dumps(whole))
    done = cli("submit", document)
    assert done.code == 0, done.err
    checks = tmp_path / "checks.csv"
    rows = [f"2026-06-02T08:00:00Z,{PACK}{n},leak,{'no' if n % 6 == 0 else 'yes'}" for n in range(60)]
    checks.write_text("\n".join(["time,item,characteristic,passed", *rows]))
    assert cli("import", "inspections", checks).code == 0
    return cli


def test_the_words_the_rows_and_the_json_tell_the_same(plant: Any, tmp_path: Path) -> None:
    shown = plant("quality", "root-cause", "--characteristic", "leak")
    assert shown.code == 0, shown.err
    assert f"Alarm 1: lot {MIX}0" in shown.out
    assert "10 of 60 items bad." in shown.out
    assert "10/10" in shown.out
    assert "Association, not cause" in shown.out
    rows = list(
        csv.DictReader(io.StringIO(plant("--format", "csv", "quality", "root-cause", "--characteristic", "leak").out))
    )
    assert {row["list"] for row in rows} == {"screening", "separation"}
    assert [row["name"] for row in rows if row["alarm"] == "1"] == [f"{MIX}0"] * 2
    named = tmp_path / "bad.csv"
    named.write_text("\n".join(["item", *(f"{PACK}{n}" for n in range(0, 60, 6))]))
    found = plant("--format", "json", "quality", "root-cause", "--bad", named).json
    assert found["alarms"][0]["name"] == f"{MIX}0"


def test_one_of_both_questions_is_asked(cli: Any) -> None:
    refused = cli("quality", "root-cause")
    assert refused.code == 2
    assert "--characteristic NAME or --bad FILE" in refused.err
