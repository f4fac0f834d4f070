"""Every command, in the order in which a newcomer uses them, through a server and without one."""

from __future__ import annotations

import csv
import io
import json
import stat
from pathlib import Path
from typing import Any

import pytest

from api.cli.status import _problems as status_problems
from ledger.keys import KeyStore

LOT = "https://id.gs1.org/01/09521000010017/10/H26-1"
MIXED = "https://id.gs1.org/01/09521000010024/10/MIX-1"


@pytest.fixture
def chain(cli: Any, tmp_path: Path) -> Path:
    """A lot that is harvested, stored and mixed: three documents in a folder, one of them CSV."""
    folder = tmp_path / "events"
    folder.mkdir()
    lot = [{"epcClass": LOT, "quantity": 120, "uom": "KGM"}]
    harvest = cli.event(quantityList=lot, epcList=[], bizStep="creating_class_instance", eventID="urn:uuid:cli-harvest")
    mixing = {
        **cli.event(type="TransformationEvent", eventTime="2026-06-02T05:12:00Z", bizStep="creating_class_instance"),
        "inputQuantityList": lot,
        "outputQuantityList": [{"epcClass": MIXED, "quantity": 119, "uom": "KGM"}],
        "eventID": "urn:uuid:cli-mixing",
    }
    for name in ("action", "epcList"):
        del mixing[name]
    rows = [
        ["type", "eventTime", "eventTimeZoneOffset", "eventID", "action", "bizStep", "bizLocation", "quantityList"],
        ["ObjectEvent", "2026-06-01T07:00:00Z", "+02:00", "urn:uuid:cli-storing", "OBSERVE", "storing",
         "https://id.gs1.org/414/9521000000025", f"{LOT}|120|KGM"],
    ]  # fmt: skip
    table = io.StringIO()
    csv.writer(table).writerows(rows)
    (folder / "1-harvest.json").write_text(json.dumps(harvest))
    (folder / "2-storing.csv").write_text(table.getvalue())
    (folder / "3-mixing.jsonld").write_text(json.dumps(mixing))
    return folder


def test_a_folder_is_captured_recorded_traced_proven_and_verified(cli: Any, chain: Path, tmp_path: Path) -> None:
    submitted = cli("submit", chain, "--wait", "final")
    assert submitted.code == 0
    assert submitted.out.endswith("Captured 3 events of 3 documents.\n")
    assert submitted.err == "Everything is final.\n"
    assert cli("submit", chain).out.endswith("Captured 0 events of 3 documents; 3 known before.\n")

    traced = cli("trace", "(01)09521000010024(10)MIX-1")
    assert "3 events of 1 organisation about 2 items, all final" in traced.out
    assert "└── (01)09521000010017(10)H26-1  transformed 120 kg" in traced.out
    assert "2026-06-01 09:00 +02:00  storing" in traced.out
    forward = cli("trace", LOT, "--direction", "forward", "--format", "json").json
    assert [edge["target"] for edge in forward["edges"]] == [MIXED]

    bundle = tmp_path / "bundle.json"
    assert cli("prove", MIXED, "-o", bundle, "--hide", "/bizLocation").out.startswith(f"Wrote {bundle} (")
    verified = cli("verify", bundle, "--item", MIXED)
    assert verified.code == 0
    assert "verified: 3 events" in verified.out
    assert "2026-06-01 07:12 +02:00  creating class instance" in verified.out
    assert "left for you to judge" in verified.out
    assert "An embedded chain proves nothing against its operator" in verified.out
    everything = cli("verify", bundle, "--format", "json").json
    assert {event["hidden"] for event in everything["events"]} == {2}
    assert len(everything["checked"]) >= 6


def test_one_event_is_proven_to_stdout_and_a_tampered_bundle_fails_at_its_step(
    cli: Any, chain: Path, tmp_path: Path
) -> None:
    assert cli("submit", chain, "--wait", "recorded").code == 0
    commitment = cli("trace", LOT, "--format", "json").json["events"][0]["commitment"]
    proven = cli("prove", commitment)
    assert (proven.code, proven.err) == (0, "")
    path = tmp_path / "bundle.json"
    path.write_text(proven.out)
    assert cli("verify", path).code == 0
    for old, new, step in (
        ('"creating_class_instance"', '"destroying"', 2),
        ('"index":', '"index":1', 3),
        ('"format":', '"form":', 1),
    ):
        path.write_text(proven.out.replace(old, new, 1))
        ran = cli("verify", path)
        assert (ran.code, f"step {step} failed" in ran.err) == (1, True), (old, ran.err)
    path.write_text(proven.out)
    other = cli("verify", path, "--item", "urn:example:other")
    assert (other.code, "step 7 failed" in other.err) == (1, True)
    stranger = cli("verify", path, "--organisation", "urn:example:somebody")
    assert (stranger.code, "failed" in stranger.err) == (1, True)


def test_verifying_against_a_node_of_ones_own_choice(cli: Any, chain: Path, tmp_path: Path) -> None:
    assert cli("submit", chain, "--wait", "recorded").code == 0
    path = tmp_path / "bundle.json"
    assert cli("prove", LOT, "-o", path).code == 0
    chain_ = cli("status", "--format", "json").json["chain"]
    rpc = json.loads((cli.home / "server.json").read_text())["url"] + "/rpc"
    mine = ["--rpc", rpc, "--ledger", chain_["ledger"], "--code-hash", chain_["code_hash"]]
    assert cli("verify", path, *mine).code == 0
    elsewhere = cli("verify", path, "--rpc", rpc, "--ledger", "0x" + "11" * 20)
    assert (elsewhere.code, "step" in elsewhere.err) == (1, True)
    code = cli("verify", path, *mine[:-1], "0x" + "22" * 32)
    assert (code.code, "step" in code.err) == (1, True)
    assert cli("verify", path, "--rpc", rpc).code == 2
    homeless = type(cli)(tmp_path / "none", cli.capsys)
    assert homeless("verify", path, *mine).code == 0
    refused = homeless("verify", path)
    assert (refused.code, "--ledger 0x… --rpc URL" in refused.err, "lotmark init" in refused.err) == (2, True, False)
    assert cli("verify", path, *mine, "--checkpoint", "zero").code == 2


def test_quality_of_an_item_that_was_too_warm(cli: Any, chain: Path, tmp_path: Path) -> None:
    assert cli("submit", chain).code == 0
    rows = [
        f"2026-06-01T{7 + i // 4:02}:{i % 4 * 15:02}:00Z,urn:x:logger,{LOT},Temperature,{3 + i % 7},CEL"
        for i in range(32)
    ]
    readings = tmp_path / "readings.csv"
    readings.write_text("\n".join(["time,sensor,item,quantity_kind,value,unit", *rows]))
    limits = tmp_path / "limits.csv"
    limits.write_text("item,quantity_kind,low,high,unit\n(01)09521000010017,Temperature,0,5,CEL\n")
    inspections = tmp_path / "inspections.csv"
    inspections.write_text(
        "time,item,characteristic,value,unit,passed,inspector\n"
        f"2026-06-01T08:00:00Z,{LOT},firmness,6.8,KGM,yes,line 2\n"
    )
    assert cli("import", "readings", readings).out == "Imported 32 readings; 0 known before.\n"
    assert cli("import", "limits", limits).out == "Imported 1 limit; 0 known before.\n"
    assert cli("import", "inspections", inspections).code == 0
    shown = cli("quality", LOT)
    assert "outside 0 to 5 °C for" in shown.out
    assert "6.8 kg, passed" in shown.out
    assert "2026-06-01 07:12 +02:00  2026-06-01 09:00  " in shown.out
    assert "outside 0 to 5 °C for" in cli("trace", LOT).out


def test_standard_input_and_duplicate_keys(cli: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    text = json.dumps(cli.event(epcList=["urn:example:stdin"])).replace('"action"', '"action": "OBSERVE", "action"')
    for options, code in ([], 2), (["--duplicate-keys", "last"], 0):
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(text.encode())))
        assert cli("submit", "-", *options).code == code


def test_proceed_captures_what_is_valid(cli: Any, tmp_path: Path) -> None:
    good, bad = cli.event(epcList=["urn:example:proceed"]), cli.event(eventTime="yesterday")
    document = {"@context": good["@context"], "type": "EPCISDocument", "schemaVersion": "2.0"}
    document |= {"creationDate": "2026-06-01T05:12:00Z", "epcisBody": {"eventList": [good, bad]}}
    path = tmp_path / "both.json"
    path.write_text(json.dumps(document))
    assert cli("submit", path).out == "Captured nothing.\n"
    ran = cli("submit", path, "--proceed")
    assert (ran.code, ran.out) == (2, "Captured 1 event of 1 document.\n")
    assert f"{path} event 2 /eventTime" in ran.err


def test_open_events_leave_their_items_on_the_chain_but_never_persons(cli: Any, tmp_path: Path) -> None:
    path = tmp_path / "open.json"
    path.write_text(json.dumps(cli.event(epcList=["urn:example:open"])))
    assert cli("submit", path, "--open", "--wait", "final").code == 0
    (found,) = cli("trace", "urn:example:open", "--format", "json").json["events"]
    assert found["is_open"]
    bundle = tmp_path / "bundle.json"
    assert cli("prove", "urn:example:open", "-o", bundle).code == 0
    assert "leaves out: 0" in cli("verify", bundle, "--item", "urn:example:open", "--complete").out
    path.write_text(json.dumps(cli.event(epcList=["https://id.gs1.org/8018/952100000000000002"])))
    assert cli("submit", path, "--open").code == 2


def test_keys_are_shown_once(cli: Any) -> None:
    made = cli("key", "add", "--scope", "write", "--note", "dock 3")
    key = made.out.strip()
    assert key.startswith("lm_")
    assert made.err == "This key is shown once; keep it safe.\n"
    listed = cli("key", "list")
    assert "dock 3" in listed.out
    assert key not in listed.out
    (one,) = [one for one in cli("key", "list", "--format", "json").json if one["note"] == "dock 3"]
    assert cli("key", "revoke", one["id"]).code == 0
    assert cli("key", "revoke", one["id"]).code == 1


def test_config_says_where_each_value_comes_from(cli: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOTMARK_PORT", "9000")
    settings = cli("config", "--format", "json").json["settings"]
    assert settings["port"]["value"] == 9000
    assert settings["port"]["source"] == "environment variable LOTMARK_PORT"
    assert settings["batch_size"]["source"] == "default"
    assert "LOTMARK_PORT" in cli("config").out
    monkeypatch.setenv("LOTMARK_PORT", "many")
    wrong = cli("config")
    assert (wrong.code, "LOTMARK_PORT" in wrong.err) == (2, True)


def test_init_without_a_terminal_makes_a_password_file_that_only_its_owner_reads(somewhere: Any) -> None:
    made = somewhere("init", "--format", "json").json
    password_file = Path(made["password_file"])
    assert stat.S_IMODE(password_file.stat().st_mode) == 0o600
    assert len(password_file.read_text().strip()) >= 40
    again = somewhere("init")
    assert (again.code, "exists and is not empty" in again.err) == (1, True)
    assert "export LOTMARK_HOME=~/my-ledger" in again.err


@pytest.mark.parametrize(
    ("options", "word"),
    [
        (["--organisation", "https://id.gs1.org/417/9521000000002"], "check digit"),
        (["--prefix", "9521000", "--prefix", "12x"], "'12x' is no GS1 company prefix"),
        (["--name", " "], "the name is empty"),
        (["--password-file", "/nowhere"], "the password file cannot be read"),
    ],
)
def test_init_refuses_bad_input_before_it_makes_anything(somewhere: Any, options: list[str], word: str) -> None:
    ran = somewhere("init", *options)
    assert (ran.code, word in ran.err, ran.out) == (2, True, "")
    assert list(somewhere.home.parent.iterdir()) == []


def test_init_says_what_was_chosen(somewhere: Any) -> None:
    ran = somewhere("init", "--prefix", "9521000", "--policy", "open", "--access", "open")
    assert "Policy open: " in ran.out
    assert "Access open: " in ran.out
    assert "GS1 company prefix 9521000" in ran.out


def test_init_with_a_password_file(somewhere: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(KeyStore.__init__.__kwdefaults__, "cost", 2**12)  # the strong one takes a second each time
    password = tmp_path / "password"
    password.write_text("correct horse\n")
    assert somewhere("init", "--password-file", password).code == 1
    password.chmod(0o600)
    made = somewhere("init", "--password-file", password, "--name", "Orchard", "--policy", "open")
    assert made.code == 0
    assert "random password" not in made.out
    locked = somewhere("status")
    assert (locked.code, "LOTMARK_PASSWORD_FILE" in locked.err) == (2, True)
    monkeypatch.setenv("LOTMARK_PASSWORD_FILE", str(password))
    password.write_text("wrong horse\n")
    wrong = somewhere("status")
    assert (wrong.code, "wrong password" in wrong.err) == (1, True)
    password.write_text("correct horse\n")
    assert somewhere("org", "list", "--format", "json").json[0]["policy"] == "open"


def test_without_a_home_every_command_says_how_to_make_one(somewhere: Any) -> None:
    for arguments in (["status"], ["org", "list"], ["trace", "urn:a:b"]):
        ran = somewhere(*arguments)
        assert (ran.code, "lotmark init" in ran.err) == (1, True)


def test_a_chain_that_does_not_answer(somewhere: Any) -> None:
    ran = somewhere("init", "--chain", "http://127.0.0.1:1")
    assert (ran.code, "refuses the connection" in ran.err) == (4, True)
    assert not somewhere.home.exists()
    assert list(somewhere.home.parent.iterdir()) == []


def test_a_chain_that_is_not_this_homes(cli: Any, somewhere: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    assert somewhere("init").code == 0
    other = json.loads((cli.home / "server.json").read_text())["url"] + "/rpc"
    monkeypatch.setenv("LOTMARK_CHAIN", other)
    ran = somewhere("status")
    assert (ran.code, "this is not this home's chain" in ran.err) == (4, True)
    (somewhere.home / "chain.sqlite").unlink()
    monkeypatch.delenv("LOTMARK_CHAIN")
    assert somewhere("status").code == 4


def test_a_disk_that_cannot_be_written(alone: Any, capsys: pytest.CaptureFixture[str]) -> None:
    ran = type(alone)(Path("/proc/lotmark"), capsys)("init")
    assert (ran.code, "error: " in ran.err) == (4, True)


def test_the_demonstration_is_written_to_a_folder_and_can_be_submitted(
    cli: Any, somewhere: Any, tmp_path: Path
) -> None:
    folder = tmp_path / "demo"
    written = somewhere("demo", folder, "--format", "json").json
    index = json.loads(Path(written["index"]).read_text())
    assert written["documents"] == len(index["documents"]) > 5
    again = somewhere("demo", folder)
    assert (again.code, "not empty" in again.err) == (1, True)
    submitted = cli("submit", folder / "documents", "--org", "Sunny Fields", "--format", "json").json
    assert submitted["captured"] == written["events"]
    assert cli("import", "readings", folder / "readings.csv").code == 0
    item = index["showcase"][0]["item"]
    assert "went into" in cli("trace", item).out
    assert "°C" in cli("quality", item).out


def test_what_keeps_events_from_going_on_is_told() -> None:
    problem = {"message": "the node is gone", "where": "http://node", "expected": "an answer", "advice": "Wait"}
    (told,) = status_problems({"problems": [problem]})
    assert told.plain == "problem: http://node: the node is gone; expected an answer. Wait"
