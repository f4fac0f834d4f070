"""What goes where: results to stdout, remarks to stderr; one JSON value or tidy text; colours only to terminals."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from api.cli import main as entry
from api.cli.exits import MEANINGS, Exit
from api.cli.reference import reference
from api.cli.wording import amount, local_time, measured, titled
from api.names import called, short

STEP = {
    "quantity_kind": "Temperature", "unit": "CEL", "count": 3, "minimum": 2.0, "maximum": 9.5, "low": 0.0, "high": 5.0,
    "seconds_outside": 0.0, "seconds_unknown": 0.0, "verdict": "in_range",
}  # fmt: skip


def test_json_before_and_after_the_command_and_by_environment(cli: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    after = cli("status", "--format", "json")
    before = cli("--format", "json", "status")
    monkeypatch.setenv("LOTMARK_FORMAT", "json")
    environment = cli("status")
    assert after.json == before.json == environment.json
    assert after.err == before.err == environment.err == ""
    assert cli("status", "--format", "text").out.startswith("chain embedded")


@pytest.mark.parametrize(
    ("arguments", "code", "name"),
    [
        (["trace", "(01)09521000010018(21)1"], 2, "invalid-input"),
        (["submit", "missing.json"], 2, "invalid-input"),
        (["nonsense"], 2, "usage"),
        (["submit"], 2, "usage"),
        (["prove", "urn:example:nothing"], 1, "not-found"),
        (["verify", "missing.json"], 2, "invalid-input"),
    ],
)
def test_an_error_is_one_json_value_too(cli: Any, arguments: list[str], code: int, name: str) -> None:
    ran = cli("--format", "json", *arguments)
    assert (ran.code, ran.json["error"]["code"], ran.err) == (code, name, "")
    assert set(ran.json["error"]["problems"][0]) == {"where", "message", "expected", "advice"}


def test_text_has_no_colours_and_no_trailing_spaces_in_a_pipe(cli: Any) -> None:
    for arguments in (["status"], ["config"], ["org", "list"], ["--help"]):
        out = cli(*arguments).out
        assert "\x1b" not in out
        assert all(line == line.rstrip() and len(line) <= 120 for line in out.splitlines())


@pytest.mark.parametrize("columns", ["80", "100", "120"])
def test_text_keeps_to_the_width_it_has(
    cli: Any, columns: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    path = tmp_path / "event.json"
    path.write_text(json.dumps(cli.event(epcList=["urn:example:width:" + "x" * 60])))
    assert cli("submit", path, "--wait", "final").code == 0
    monkeypatch.setenv("COLUMNS", columns)
    for arguments in (["trace", "urn:example:width:" + "x" * 60], ["config"], ["org", "list"]):
        out = cli(*arguments).out
        assert max(map(len, out.splitlines())) <= int(columns)
        assert "…" not in out


def test_a_long_list_of_verified_events_says_how_to_see_the_rest(
    cli: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    item = "urn:example:often:" + "y" * 60
    events = [cli.event(epcList=[item], eventTime=f"2026-06-01T05:{minute:02}:00Z") for minute in range(43)]
    context = events[0]["@context"]
    document = {"@context": context, "type": "EPCISDocument", "schemaVersion": "2.0"}
    document |= {"creationDate": "2026-06-02T05:12:00Z", "epcisBody": {"eventList": events}}
    path, bundle = tmp_path / "event.json", tmp_path / "bundle.json"
    path.write_text(json.dumps(document))
    assert cli("submit", path, "--wait", "recorded").code == 0
    assert cli("prove", item, "-o", bundle).code == 0
    monkeypatch.setenv("COLUMNS", "80")
    out = cli("verify", bundle).out
    assert [line for line in out.splitlines() if "…" in line] == ["… and 3 more: --format json shows all of them"]
    assert sum(line.count("y") for line in out.splitlines() if line.startswith(("2026-", " " * 20))) >= 40 * 60
    assert len(cli("verify", bundle, "--format", "json").json["events"]) == 43


def test_colours_where_they_are_asked_for(cli: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert "\x1b[" in cli("trace", "(01)09521000010018(21)1").err
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b[31" not in cli("trace", "(01)09521000010018(21)1").err


def test_no_arguments_show_the_help(capsys: pytest.CaptureFixture[str]) -> None:
    assert entry.main([]) == Exit.INPUT
    assert "Usage: lotmark" in capsys.readouterr().err


def test_the_reference_is_up_to_date() -> None:
    written = (Path(__file__).resolve().parents[3] / "docs" / "cli.md").read_text(encoding="utf-8")
    assert written == reference(), "run scripts/docs"


def test_every_exit_code_is_explained() -> None:
    assert set(MEANINGS) == set(Exit)
    assert all(f"| {code.value} |" in reference() for code in Exit)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, "Temperature 2 to 9.5 °C, in range"),
        ({"verdict": "no_limit", "low": None, "high": None}, "Temperature 2 to 9.5 °C"),
        ({"minimum": 9.5, "verdict": "no_limit"}, "Temperature 9.5 °C"),
        ({"verdict": "outside", "seconds_outside": 10800.0}, "Temperature 2 to 9.5 °C, outside 0 to 5 °C for 3.0 h"),
        ({"verdict": "outside", "low": None}, "Temperature 2 to 9.5 °C, outside ≤ 5 °C"),
        ({"verdict": "outside", "high": None}, "Temperature 2 to 9.5 °C, outside ≥ 0 °C"),
        ({"verdict": "unknown", "seconds_unknown": 300.0}, "Temperature 2 to 9.5 °C, unknown for 5 min"),
        ({"verdict": "unknown", "count": 0, "seconds_unknown": 200000.0}, "Temperature unknown for 2.3 d"),
    ],
)
def test_measurements_in_words(changes: dict[str, Any], words: str) -> None:
    assert measured({**STEP, **changes}).plain == words


def test_names_of_items_and_of_their_products() -> None:
    product = "https://id.gs1.org/01/09521000010017"
    names = {product: "Plums", "urn:example:crate": "Crate"}
    assert called(f"{product}/10/A", names) == called(product, names) == "Plums"
    assert called("urn:example:crate", names) == "Crate"
    assert called("urn:example:other", names) == called("no uri", names) == ""
    assert titled(f"{product}/21/7", names).plain == "(01)09521000010017(21)7  Plums"


def test_identifiers_times_and_amounts_in_words() -> None:
    assert short("https://id.gs1.org/01/09521000010017/21/1") == "(01)09521000010017(21)1"
    assert short("urn:example:x") == "urn:example:x"
    assert short("no uri") == "no uri"
    assert local_time("2026-06-01T05:12:00.000Z", "+02:00") == "2026-06-01 07:12 +02:00"
    assert local_time("2026-06-01T05:12:00.000Z", "-03:30") == "2026-06-01 01:42 -03:30"
    assert local_time("2026-06-01T05:12:00.000Z") == "2026-06-01 05:12Z"
    assert [amount(5, "KGM"), amount(2, None), amount(1.5, "XYZ")] == ["5 kg", "2", "1.5 XYZ"]
