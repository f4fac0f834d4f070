"""`lotmark quality spc` and `lotmark quality capability` on a terminal, and for programs."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

import numpy as np
import pytest

GTIN = "https://id.gs1.org/01/09521000010017"


@pytest.fixture
def weighed(cli: Any, tmp_path: Path) -> Any:
    """Thirty lots weighed, the twentieth much too heavy."""
    random = np.random.default_rng(3)
    rows = [
        f"2026-05-{lot:02d}T08:00:00Z,{GTIN}/10/L{lot},net_weight,{random.normal(530 if lot == 20 else 500, 2)},GRM,{n}"
        for lot in range(1, 31)
        for n in range(4)
    ]
    inspections, limits = tmp_path / "inspections.csv", tmp_path / "specifications.csv"
    inspections.write_text("\n".join(["time,item,characteristic,value,unit,sample", *rows]))
    limits.write_text(f"item,characteristic,low,high,unit\n{GTIN},net_weight,480,520,GRM\n")
    assert cli("import", "inspections", inspections).code == 0
    assert cli("import", "specifications", limits).code == 0
    return cli


def test_a_process_is_listed_charted_frozen_and_judged(weighed: Any) -> None:
    listed = weighed("quality", "spc", "list")
    assert "net_weight" in listed.out
    assert "30 items" in listed.out

    charted = weighed("quality", "spc", "chart", "net_weight", "--item", "(01)09521000010017", "--limits", "own")
    assert charted.code == 0
    assert "X-bar chart against its own limits (phase I)" in charted.out
    assert "20 L20" in charted.out
    assert "one point beyond 3 sigma" in charted.out
    assert "█" in charted.out

    exclusion = ("--exclude", "L20=wrong nozzle")
    frozen = weighed("quality", "spc", "freeze", "net_weight", "--item", GTIN, *exclusion, "--as", "M. Weber")
    assert "version 1: centre" in frozen.out
    assert "from 29 points, left out: L20; frozen" in frozen.out.replace("\n", " ")
    assert frozen.out.rstrip().endswith("by M. Weber")
    assert "wrong nozzle" in weighed("quality", "spc", "limits", "--format", "json").out
    again = weighed("quality", "spc", "chart", "net_weight", "--item", GTIN)
    assert "against frozen limits, version 1" in again.out

    points = list(csv.DictReader(io.StringIO(weighed("quality", "spc", "chart", "net_weight", "--format", "csv").out)))
    assert len(points) == 30
    assert "1" in points[19]["signals"]

    judged = weighed("quality", "capability", "net_weight", "--item", GTIN)
    assert judged.code == 0
    assert "specification low 480 g, high 520 g; 120 values, 4 outside" in judged.out
    assert "not in control" in judged.out
    tight = weighed("quality", "capability", "net_weight", "--low", "499", "--high", "501", "--format", "json").json
    assert tight["verdict"] == "not_capable"


def test_a_mistake_is_told_with_what_to_do(weighed: Any) -> None:
    for arguments, told in (
        (("spc", "chart", "colour"), "lotmark quality spc list"),
        (("spc", "chart", "net_weight", "--kind", "pie"), "laney_p"),
        (("spc", "freeze", "net_weight", "--exclude", "L20"), "LABEL=REASON"),
        (("spc", "freeze", "net_weight", "--exclude", "L99=gone"), "no point 'L99'"),
        (("spc", "chart", "net_weight", "--limits", "77"), "lotmark quality spc freeze"),
        (("capability", "net_weight", "--low", "5", "--high", "4"), "from 5.0 to 4.0"),
    ):
        ran = weighed("quality", *arguments)
        assert ran.code != 0, arguments
        assert told in ran.err.replace("\n  ", " "), ran.err
        assert "Traceback" not in ran.err


def test_nothing_frozen_and_nothing_measured_yet(cli: Any) -> None:
    assert "No limits are frozen yet" in cli("quality", "spc", "limits", "nothing").out


def test_two_characteristics_together(cli: Any, tmp_path: Path) -> None:
    random = np.random.default_rng(5)
    rows = []
    for hour in range(24):
        x = random.normal(100, 1)
        y = x + random.normal(0, 0.1) + (2 if hour == 20 else 0)
        rows += [
            f"2026-06-01T{hour:02d}:00:00Z,{GTIN}/10/P{hour},{name},{v},MMT" for name, v in (("one", x), ("two", y))
        ]
    table = tmp_path / "pairs.csv"
    table.write_text("\n".join(["time,item,characteristic,value,unit", *rows]))
    assert cli("import", "inspections", table).code == 0
    shown = cli("quality", "spc", "multivariate", "one", "two", "--until", "2026-06-01T19:30:00Z")
    assert "one, two: Hotelling T², limits from 20 points" in shown.out
    assert "21 P20" in shown.out
