"""The commands for the field and the laboratory: text for people, JSON and CSV for programs."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest

LOT = "(01)09521000010093(10)cooled"
IRRIGATION = [
    "--latitude", "50.8", "--field-capacity", "0.32", "--wilting-point", "0.12", "--root-depth", "1",
    "--depletion-fraction", "0.5", "--planted", "2026-06-01", "--kc", "0.4", "1.2", "0.6", "--stages", "20", "30", "40",
    "20",
]  # fmt: skip


@pytest.fixture
def written(tmp_path: Path) -> Any:
    def write(name: str, text: str) -> Path:
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return write


@pytest.fixture
def known(cli: Any, written: Any) -> Any:
    """A lot with a result, a limit, readings, and what was used for it."""
    event = cli.event(epcList=[], quantityList=[
        {"epcClass": "https://id.gs1.org/01/09521000010093/10/cooled", "quantity": 10, "uom": "KGM"}
    ])  # fmt: skip
    cli("submit", written("event.json", json.dumps(event)))
    files = {
        "results": f"time,item,analyte,value,unit,certificate\n2026-06-01T06:00:00Z,{LOT},lead,0.3,NA,{'ab' * 32}\n",
        "specifications": "item,characteristic,high,unit\n(01)09521000010093,lead,0.1,NA\n",
        "readings": "time,sensor,item,quantity_kind,value,unit\n"
        + "".join(f"2026-06-01T{hour:02d}:12:00Z,s,{LOT},Temperature,4,CEL\n" for hour in range(5, 9)),
        "activities": "start,end,subject,activity,amount,unit\n"
        f"2026-06-01T05:00:00Z,2026-06-01T06:00:00Z,{LOT},diesel,10,LTR\n",
        "factors": "activity,indicator,factor,unit,per\ndiesel,carbon,2.7,LTR,kgCO2e\n",
    }
    for kind, text in files.items():
        ran = cli("import", kind, written(f"{kind}.csv", text))
        assert ran.code == 0, ran.err
    return cli


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_what_the_ledger_knows_of_a_lot(known: Any, written: Any) -> None:
    life = ("quality", "shelf-life", LOT, "--days", "10", "--until", "2026-06-01T08:12:00Z")
    assert known("--format", "json", *life).json["verdict"] == "left"
    assert "readings speak for 3.0 h of 3.0 h" in known(*life).out
    assert "outside" in known("quality", "residues", LOT).out
    assert rows(known("--format", "csv", "quality", "residues", LOT).out)[0]["verdict"] == "outside"
    document = written("certificate.pdf", "not the one")
    assert "its hash differs" in " ".join(known("quality", "certificate", LOT, "--document", document).out.split())
    assert rows(known("--format", "csv", "quality", "certificate", LOT).out)[0]["certificate"] == "ab" * 32
    assert "2.7" in known("quality", "footprint", LOT).out
    assert known("--format", "json", "quality", "footprint", LOT).json["lots"][0]["total"] == pytest.approx(27)
    assert known("--format", "json", "quality", "mass-balance", LOT).json["lots"][0]["made"] == 10
    assert known("quality", "mass-balance").out.startswith("0 steps")


def test_an_item_that_nobody_knows(cli: Any) -> None:
    assert cli("quality", "shelf-life", "urn:x:y", "--days", "1").code == 1
    assert "No laboratory result" in cli("quality", "residues", "urn:x:y").out
    assert "Nothing is known" in cli("quality", "footprint", "urn:x:y").out
    assert cli("quality", "certificate", "urn:x:y").code == 1


def test_irrigation_from_a_file(cli: Any, written: Any) -> None:
    days = "".join(f"2026-06-{day:02d},12.3,21.5,0,{moisture}\n" for day, moisture in ((1, 0.3), (2, ""), (3, 0.15)))
    weather = written("weather.csv", "day,low,high,rain,moisture\n" + days)
    ran = cli("quality", "irrigation", weather, *IRRIGATION)
    assert ran.out.startswith("irrigate 170 mm")
    found = cli("--format", "json", "quality", "irrigation", weather, *IRRIGATION).json
    assert (found["advice"]["action"], found["balance"][0]["method"]) == ("irrigate", "hargreaves")
    assert len(rows(cli("--format", "csv", "quality", "irrigation", weather, *IRRIGATION).out)) == 3


def test_degree_days_from_a_file(cli: Any, written: Any) -> None:
    days = written("days.csv", "day,low,high\n2026-04-01,20,40\n2026-04-02,,\n2026-04-03,20,40\n")
    options = ["--biofix", "2026-04-01", "--lower", "10", "--upper", "45", "--stage", "hatch=30"]
    ran = cli("quality", "degree-days", days, *options)
    assert ran.out.startswith("40 to 75 degree-days; hatch")
    assert "no stage yet, possibly hatch" in ran.out
    readings = written("hours.csv", "time,value\n" + "".join(f"2026-04-01T{h:02d}:00Z,20\n" for h in range(24)))
    (row,) = cli("--format", "json", "quality", "degree-days", readings, *options, "--zone", "UTC").json
    assert row["degree_days"] == 10
    assert cli("quality", "degree-days", days, "--biofix", "2026-04-01", "--lower", "10", "--stage", "x").code == 2


def test_harvest_to_cool_from_two_files(cli: Any, written: Any) -> None:
    harvests = written("harvests.csv", "lot,cut,crew\nA,2026-06-01T06:00Z,north\nB,2026-06-01T06:00Z,south\n")
    cores = written("cores.csv", "lot,time,value\nA,2026-06-01T08:00Z,4\nB,2026-06-01T12:00Z,9\n")
    options = ["--target", "4", "--limit-hours", "4", "--by", "crew"]
    found = rows(cli("--format", "csv", "quality", "harvest-to-cool", harvests, cores, *options).out)
    assert [(one["group"], one["over"]) for one in found] == [("north", "0.0"), ("south", "1.0")]
    assert "2.0 h" in cli("quality", "harvest-to-cool", harvests, cores, *options).out


def test_a_broken_file_is_told_with_line_and_column(cli: Any, written: Any) -> None:
    ran = cli("quality", "irrigation", written("weather.csv", "day,low,high\n2026-06-01,x,1\n"), *IRRIGATION)
    assert ran.code == 2
    assert "line 2 column low" in " ".join(ran.err.split())


def test_retests_show_a_bias(cli: Any, written: Any) -> None:
    rows_ = [
        f"2026-06-0{day}T06:00:00Z,(01)09521000010093(10)L{day},{laboratory},lead,{value},NA"
        for day in range(1, 8)
        for laboratory, value in (("theirs", 0.3 + day / 100), ("own", 0.4 + day / 90))
    ]
    text = "\n".join(["time,item,laboratory,analyte,value,unit", *rows_]) + "\n"
    assert cli("import", "results", written("results.csv", text)).code == 0
    said = cli("quality", "retest", "own")
    assert said.code == 0, said.err
    assert "-0.104" in said.out
    assert rows(cli("--format", "csv", "quality", "retest", "own").out)[0]["pairs"] == "7"
    assert cli("quality", "retest", "nobody").code != 0
