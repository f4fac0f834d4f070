"""Commands for manufactured goods: some need no home at all, the others read what was imported."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

import pytest

_STUDY = "part,operator,value\n" + "".join(
    f"{part},{who},{10 * part + number + 0.1 * trial}\n"
    for part in (1, 2, 3)
    for number, who in enumerate(("Ana", "Ben"))
    for trial in (1, 2)
)
_EQUIPMENT = """\
equipment,kind,ideal_rate,calibration_due
press 1,press,60,
press 2,press,50,2021-01-01T00:00:00Z
"""
_RUNS = """\
run,equipment,item,start,end,planned,downtime,total,good,supplier
r1,press 1,(01)09521000010017(10)R1,2026-06-01T06:00:00Z,2026-06-01T14:00:00Z,25200,2820,19271,18848,North
r2,press 2,(01)09521000010017(10)R2,2026-06-02T06:00:00Z,2026-06-02T14:00:00Z,25200,0,20000,19990,South
"""


def test_sampling_needs_no_home(somewhere: Any) -> None:
    said = somewhere("quality", "sampling", "plan", "5000", "1.5")
    assert said.code == 0
    assert "Code letter L. Draw 200, accept up to 7, reject from 8." in said.out
    found = somewhere("quality", "sampling", "plan", "5000", "1.5", "--double", "--format", "json").json
    assert found["plan"]["re"] == [7, 9]
    small = somewhere("quality", "sampling", "plan", "20", "0.1")
    assert "inspect every unit" in small.out
    # two units are drawn of which one may fail, and not the five that the plan asks for
    tiny = somewhere("quality", "sampling", "plan", "2", "10", "--format", "json").json
    assert tiny["accepted_at_aql"] == pytest.approx(1 - 0.1**2)
    curve = somewhere("quality", "sampling", "oc", "-n", "80", "--ac", "7", "--format", "csv")
    assert next(csv.reader(io.StringIO(curve.out))) == ["quality", "accepted", "aoq", "asn", "ati"]
    plan = somewhere("quality", "sampling", "find", "--producer", "0.05", "0.95", "--consumer", "0.15", "0.075")
    assert "Draw 80, accept up to 7" in plan.out
    points = ("--producer", "0.01", "0.95", "--consumer", "0.06", "0.1", "--method", "sigma_known")
    assert "Measure 15; k is 1.9016" in somewhere("quality", "sampling", "find", *points).out
    assert not somewhere.home.exists()


def test_lots_in_a_file_are_switched(somewhere: Any, tmp_path: Path) -> None:
    file = tmp_path / "lots.csv"
    file.write_text("lot,lot_size,found,inspected\na,5000,8,\nb,5000,8,200\nc,5000,0,10\n")
    rows = somewhere("quality", "sampling", "switching", file, "--aql", "1.5", "--format", "json").json
    assert [row["next"] for row in rows] == ["normal", "tightened", "tightened"]
    assert [row["verdict"] for row in rows] == ["reject", "reject", "unknown"]


def test_studies_in_files(somewhere: Any, tmp_path: Path) -> None:
    study, ages = tmp_path / "study.csv", tmp_path / "ages.csv"
    study.write_text(_STUDY)
    ages.write_text("age,failed\n10,yes\n20,yes\n30,no\n45,\n")
    assert "3 parts, 2 operators, 2 trials." in somewhere("quality", "gage", study, "--low", "0", "--high", "50").out
    found = somewhere("quality", "weibull", ages, "--format", "json").json
    assert (found["units"], found["failures"]) == (4, 3)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("gage",), "say what to judge"),
        (("gage", "study.csv"), "study.csv line 2 column value: 'x' is not a number"),
        (("weibull", "ages.csv"), "ages.csv line 3 column failed: 'perhaps' is neither yes nor no"),
        (("sampling", "switching", "lots.csv", "--aql", "1.5"), "column found is missing"),
        (("sampling", "plan", "5000", "1.2"), "no plans are tabulated"),
    ],
)
def test_wrong_input_is_told_with_its_place(
    somewhere: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], words: str
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("study.csv").write_text("part,operator,value\na,b,x\n")
    Path("ages.csv").write_text("age,failed\n1,yes\n2,perhaps\n")
    Path("lots.csv").write_text("lot,lot_size\na,5000\n")
    said = somewhere("quality", *arguments)
    assert said.code == 2
    assert words in said.err


def test_figures_of_the_ledger(cli: Any, tmp_path: Path) -> None:
    equipment, runs = tmp_path / "equipment.csv", tmp_path / "runs.csv"
    assert "no production runs" in cli("quality", "oee").out
    equipment.write_text(
        "equipment,kind,ideal_rate,calibration_due\npress 1,press,60,\npress 2,press,50,2021-01-01T00:00:00Z\n"
    )
    runs.write_text(_RUNS)
    for kind, file in (("equipment", equipment), ("runs", runs)):
        assert cli("import", kind, file).code == 0
    oee = cli("quality", "oee")
    assert "74.79%" in oee.out
    assert [row["group"]["equipment"] for row in cli("quality", "oee", "--format", "json").json] == [
        "press 1",
        "press 2",
    ]
    assert "Rolled throughput" in cli("quality", "yield").out
    assert "cannot be told apart" in cli("quality", "suppliers").out
    assert "overdue" in cli("quality", "calibration").out
    shares = cli("quality", "suppliers", "--format", "csv").out
    assert shares.startswith("supplier,measure,count")


def test_inspectors_who_judge_by_eye(somewhere: Any, tmp_path: Path) -> None:
    file = tmp_path / "ratings.csv"
    verdicts = {"1": ("good", "good"), "2": ("bad", "good"), "3": ("bad", "bad")}
    rows = "".join(
        f"{part},{who},{rating},{'good' if part == '1' else 'bad'}\n"
        for part, both in verdicts.items()
        for who, rating in zip(("Ana", "Ben"), both, strict=True)
        for _ in range(2)
    )
    file.write_text("part,operator,rating,standard\n" + rows)
    said = somewhere("quality", "agreement", file)
    assert said.code == 0
    assert "3 parts, 2 operators, 2 trials." in said.out
    found = somewhere("quality", "agreement", file, "--format", "json").json["table"]
    assert {row["scope"]: row["agreed"] for row in found if row["operator"] in (None, "Ben")} == {
        "within": 3, "standard": 2, "between": 2, "all_standard": 2,
    }  # fmt: skip
    file.write_text("part,operator,rating\n1,Ana,good\n")
    assert somewhere("quality", "agreement", file).code != 0


def test_runs_that_name_nobody_have_a_line_of_their_own(cli: Any, tmp_path: Path) -> None:
    for kind, text in {
        "equipment": _EQUIPMENT,
        "runs": _RUNS.replace(",supplier", ",operator").replace(",South", ","),
    }.items():
        file = tmp_path / f"{kind}.csv"
        file.write_text(text)
        assert cli("import", kind, file).code == 0
    said = cli("quality", "oee", "--by", "operator")
    assert said.code == 0, said.err
    assert "not told" in said.out
