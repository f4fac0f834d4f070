"""Bad input: said with its place, what was expected and what to do, the right exit code, and nothing half-done."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

VALID = '"action": "ADD"'

#: what is done to a valid event's text → what the error must say
DOCUMENTS: dict[str, tuple[Callable[[str], str | bytes], list[str]]] = {
    "truncated": (lambda text: text[:150], ["line 1, column", "ends in the middle", "send the whole file"]),
    "empty": (lambda text: "", ["the document is empty"]),
    "wrong-type": (lambda text: text.replace("ObjectEvent", "ObjectivEvent"), ["/type", "Did you mean ObjectEvent?"]),
    "duplicate-key": (lambda text: text.replace(VALID, f"{VALID}, {VALID}"), ['"action" comes twice', "line 1"]),
    "nan": (lambda text: text.replace(VALID, f'{VALID}, "ex:x": NaN'), ["NaN is not a JSON number", "/ex:x"]),
    "1e400": (lambda text: text.replace(VALID, f'{VALID}, "ex:x": 1e400'), ["1e400 would change", "string"]),
    "changed-number": (
        lambda text: text.replace(VALID, f'{VALID}, "ex:x": 9007199254740993'),
        ["9007199254740993 would change", "expected: a number that a double holds"],
    ),
    "lone-surrogate": (lambda text: text.replace(VALID, f'{VALID}, "ex:x": "\\ud800"'), ["lone surrogate"]),
    "not-utf-8": (lambda text: text.replace("commissioning", "ä").encode("latin-1"), ["not UTF-8"]),
    "time-without-zone": (lambda text: text.replace("05:12:00Z", "05:12:00"), ["/eventTime", "no time zone"]),
    "impossible-offset": (lambda text: text.replace("+02:00", "+25:00"), ["/eventTimeZoneOffset", "-14:00"]),
    "check-digit": (lambda text: text.replace("010017", "010018"), ["/epcList/0", "check digit", "expected: 7"]),
    "a-list": (lambda text: f"[{text}]", ["the document is a list", "eventList"]),
}

EVENTS_CSV = {
    "missing-column": ("type,eventTime\nObjectEvent,2026-06-01T05:12:00Z\n", ["eventTimeZoneOffset is missing"]),
    "no-number": (
        "type,eventTime,eventTimeZoneOffset,action,quantityList\n"
        "ObjectEvent,2026-06-01T05:12:00Z,+02:00,ADD,https://id.gs1.org/01/09521000010017/10/A|lots|KGM\n",
        ["line 2", "quantityList", '"lots" is not a number'],
    ),
}

READINGS_HEAD = "time,sensor,place,quantity_kind,value,unit\n"
READING = "2026-06-01T06:00:00Z,urn:x:s1,https://id.gs1.org/414/9521000000018,Temperature,{},{}\n"
READINGS_CSV = {
    "missing-column": ("time,sensor,place,quantity_kind,value\n", ["line 1", "column unit is missing"]),
    "no-number": (READINGS_HEAD + READING.format("warm", "CEL"), ["line 2", "column value", "'warm' is not a number"]),
    "unknown-unit": (READINGS_HEAD + READING.format("3.4", "XYZ"), ["line 2", "column unit", "unknown unit 'XYZ'"]),
}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_bad_document_is_refused(cli: Any, tmp_path: Path, name: str) -> None:
    spoil, words = DOCUMENTS[name]
    spoilt = spoil(json.dumps(cli.event()))
    path = tmp_path / f"{name}.json"
    path.write_bytes(spoilt if isinstance(spoilt, bytes) else spoilt.encode())
    before = cli("status", "--format", "json").json
    ran = cli("submit", path)
    assert ran.code == 2
    assert ran.err.startswith(f"error: {path}")
    for word in words:
        assert word in ran.err
    after = cli("status", "--format", "json").json
    assert after["events"] == before["events"]
    assert after["jobs"] == {"unfinished": 0}


@pytest.mark.parametrize("name", EVENTS_CSV)
def test_a_bad_event_table_is_refused(cli: Any, tmp_path: Path, name: str) -> None:
    text, words = EVENTS_CSV[name]
    path = tmp_path / f"{name}.csv"
    path.write_text(text)
    ran = cli("submit", path)
    assert ran.code == 2
    assert all(word in ran.err for word in [str(path), *words]), ran.err


@pytest.mark.parametrize("name", READINGS_CSV)
def test_a_bad_table_of_readings_is_refused(cli: Any, tmp_path: Path, name: str) -> None:
    text, words = READINGS_CSV[name]
    path = tmp_path / f"{name}.csv"
    path.write_text(text)
    ran = cli("import", "readings", path)
    assert ran.code == 2
    assert all(word in ran.err for word in [str(path), *words]), ran.err


def test_a_table_with_one_bad_row_leaves_none_of_it(cli: Any, tmp_path: Path) -> None:
    path = tmp_path / "readings.csv"
    path.write_text(READINGS_HEAD + READING.format("3", "CEL") + "yesterday\n")
    ran = cli("import", "readings", path)
    assert (ran.code, f"{path} line 3" in ran.err) == (2, True)
    path.write_text(READINGS_HEAD + READING.format("3", "CEL"))
    done = cli("import", "readings", path, "--format", "json").json
    assert (done["imported"], done["known"], done["conflicting"]) == (1, 0, 0)


def test_fifty_megabytes_are_refused_before_they_are_read(somewhere: Any, tmp_path: Path) -> None:
    path = tmp_path / "big.json"
    with path.open("wb") as file:
        file.truncate(50_000_000)
    start = time.perf_counter()
    ran = somewhere("submit", path)
    assert time.perf_counter() - start < 1
    assert ran.code == 2
    assert "it has 50,000,000 bytes" in ran.err
    assert "expected: at most 16,777,216 bytes" in ran.err


def test_a_document_that_is_too_large_does_not_keep_others_out(cli: Any, tmp_path: Path) -> None:
    (tmp_path / "a.json").write_bytes(b" " * 17_000_000)
    (tmp_path / "b.json").write_text(json.dumps(cli.event(epcList=["urn:example:beside-a-large-one"])))
    ran = cli("submit", tmp_path, "--format", "json")
    assert ran.code == 2
    assert ran.json["captured"] == 1
    assert [bool(one["problems"]) for one in ran.json["documents"]] == [True, False]


def test_paths_that_lead_nowhere(cli: Any, tmp_path: Path) -> None:
    missing = cli("submit", tmp_path / "missing.json")
    assert (missing.code, "there is no such file or folder" in missing.err) == (2, True)
    empty = cli("submit", tmp_path)
    assert (empty.code, "files named *.json" in empty.err) == (2, True)
    assert cli("import", "readings", tmp_path / "missing.csv").code == 2
    assert cli("prove", "urn:example:x", "-o", tmp_path / "no" / "folder.json").code == 2


def test_an_unknown_item_has_an_empty_trace_and_no_proof(cli: Any) -> None:
    item = "(01)09521000010017(21)never-seen"
    traced = cli("trace", item)
    assert (traced.code, "No event in this ledger names it" in traced.out) == (0, True)
    assert cli("trace", item, "--format", "json").json["events"] == []
    measured = cli("quality", item)
    assert (measured.code, "Nothing was measured" in measured.out) == (0, True)
    proven = cli("prove", item)
    assert (proven.code, proven.out, "no event names" in proven.err) == (1, "", True)
    unknown = cli("prove", "0x" + "00" * 32)
    assert (unknown.code, "no event with the commitment" in unknown.err) == (1, True)


@pytest.mark.parametrize("command", ["trace", "quality", "prove"])
def test_an_item_that_is_none(cli: Any, command: str) -> None:
    ran = cli(command, "(01)09521000010018(21)1")
    assert (ran.code, "check digit" in ran.err, ran.out) == (2, True, "")


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (["bogus"], "no such command 'bogus'"),
        (["submit", "--bogus", "x"], "no such option"),
        (["submit"], "missing argument"),
        (["import"], "missing argument 'KIND': one of readings, inspections, results, specifications"),
        (["import", "apples", "x"], "'apples' is not one of 'readings', 'inspections', 'results', 'specifications'"),
        (["trace", "urn:a:b", "--depth", "-1"], "not in the range"),
        (["submit", "x", "--format", "xml"], "--format"),
        (["prove", "urn:a:b", "--hide", "ilmd"], "is no JSON pointer"),
        (["verify", "x", "--rpc", "http://127.0.0.1:1"], "cannot be read"),
    ],
)
def test_wrong_usage(cli: Any, arguments: list[str], word: str) -> None:
    ran = cli(*arguments)
    assert (ran.code, word in ran.err, ran.out) == (2, True, ""), ran.err


def test_organisations_and_keys_that_are_not_there(cli: Any, tmp_path: Path) -> None:
    path = tmp_path / "event.json"
    path.write_text(json.dumps(cli.event()))
    ran = cli("submit", path, "--org", "Nobody")
    assert (ran.code, "expected: one of Sunny Fields" in ran.err) == (2, True)
    assert cli("org", "add", "not a uri", "X").code == 2
    assert cli("org", "add", "urn:example:org", "X", "--prefix", "12x").code == 2
    assert cli("key", "add", "--org", "Nobody").code == 2
    assert cli("key", "revoke", "nothing").code == 1
