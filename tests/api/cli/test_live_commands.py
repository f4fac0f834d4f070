"""Incidents, holds, rules, webhooks and the stream from the command line, through a real server."""

from __future__ import annotations

import csv
import io
import subprocess
import time
from pathlib import Path
from typing import Any

LOT = "(01)09521000010017(10)CLI"
CSV = "time,sensor,item,quantity_kind,value,unit\n2026-06-01T06:00:00Z,s1,{lot},Temperature,9,CEL\n"


def did(cli: Any, *arguments: str | Path, code: int = 0) -> str:
    ran = cli("quality", *arguments)
    assert ran.code == code, ran.err
    return str(ran.out)


def test_from_a_rule_to_a_closed_incident(cli: Any, tmp_path: Path) -> None:
    did(cli, "rules", "add", "cold", "specification", "quantity_kind=Temperature", "high=5", "unit=CEL")
    assert "high 5" in did(cli, "rules", "list")
    with subprocess.Popen(cli.line("quality", "watch", "--count", "1"), stdout=subprocess.PIPE, text=True) as watching:
        time.sleep(3.0)
        file = tmp_path / "readings.csv"
        file.write_text(CSV.format(lot=LOT))
        assert cli("import", "readings", file).code == 0
        told, _ = watching.communicate(timeout=30)
    assert "incident opened" in told
    (found,) = cli("--format", "json", "quality", "incidents", "--live").json
    number = str(found["id"])
    did(cli, "acknowledge", number, "--owner", "Ann")
    assert "Ann" in did(cli, "incidents")
    did(cli, "close", number, "--cause", "door", "--action", "Shut it.")
    (row,) = csv.DictReader(io.StringIO(did(cli, "incidents", "--format", "csv")))
    assert (row["state"], row["cause_code"]) == ("cleared_acknowledged", "door")
    assert "No incident is active" in did(cli, "incidents", "--live")
    did(cli, "rules", "remove", "cold")


def test_a_hold_is_a_visible_line(cli: Any) -> None:
    did(cli, "hold", LOT, "--reason", "Too warm.", "--cause", "cooling")
    assert "ON HOLD" in cli("trace", LOT).out
    assert "ON HOLD" in did(cli, "item", LOT)
    assert "Too warm." in did(cli, "holds")
    did(cli, "release", LOT, "--reason", "It was the sensor.")
    assert "ON HOLD" not in cli("trace", LOT).out
    assert "Nothing is on hold" in did(cli, "holds")
    did(cli, "release", LOT, "--reason", "Again.", code=2)


def test_webhooks(cli: Any) -> None:
    assert len(did(cli, "webhook", "add", "http://127.0.0.1:9/hook").strip()) == 64
    assert "http://127.0.0.1:9/hook" in did(cli, "webhook", "list")
    did(cli, "webhook", "remove", "1")
    assert "No webhook" in did(cli, "webhook", "list")
