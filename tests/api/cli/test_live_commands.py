"""Incidents, holds, rules, webhooks and the stream from the command line, through a real server."""

from __future__ import annotations

import csv
import io
import select
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

LOT = "(01)09521000010017(10)CLI"
CSV = "time,sensor,item,quantity_kind,value,unit\n2026-06-01T06:00:00Z,s1,{lot},Temperature,9,CEL\n"


def did(cli: Any, *arguments: str | Path, code: int = 0) -> str:
    ran = cli("quality", *arguments)
    assert ran.code == code, ran.err
    return str(ran.out)


@contextmanager
def watching(cli: Any) -> Iterator[IO[str]]:
    """What `watch` writes; it follows already, since a hold was placed until it told of one."""
    other = "(01)09521000010017(10)OTHER"
    with subprocess.Popen(cli.line("quality", "watch"), stdout=subprocess.PIPE, text=True) as watch:
        assert watch.stdout is not None
        ends = threading.Timer(60, watch.kill)
        ends.start()
        try:
            while watch.poll() is None and not select.select([watch.stdout], [], [], 0.3)[0]:
                did(cli, "hold", other, "--reason", "Is anybody there?")
                did(cli, "release", other, "--reason", "For now.")
            yield watch.stdout
        finally:
            ends.cancel()
            watch.kill()


def test_what_is_watched_ends_when_enough_was_told(cli: Any) -> None:
    did(cli, "hold", LOT, "--reason", "Look at it.")
    with subprocess.Popen(cli.line("quality", "watch", "--count", "1"), stdout=subprocess.PIPE, text=True) as watch:
        deadline = time.monotonic() + 60
        while watch.poll() is None and time.monotonic() < deadline:
            did(cli, "release", LOT, "--reason", "Looked at.")
            did(cli, "hold", LOT, "--reason", "Look at it.")
            time.sleep(0.2)
        watch.kill()
        told, _ = watch.communicate()
    did(cli, "release", LOT, "--reason", "Looked at.")
    assert (watch.returncode, len(told.splitlines())) == (0, 1)


def test_from_a_rule_to_a_closed_incident(cli: Any, tmp_path: Path) -> None:
    did(cli, "rules", "add", "cold", "specification", "quantity_kind=Temperature", "high=5", "unit=CEL")
    assert "high 5" in did(cli, "rules", "list")
    file = tmp_path / "readings.csv"
    file.write_text(CSV.format(lot=LOT))
    with watching(cli) as told:
        assert cli("import", "readings", file).code == 0
        assert any("incident opened" in line for line in told)
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
