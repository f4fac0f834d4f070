"""Commands on a home that nobody serves start the application themselves, and leave the home free."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ledger.home import Home


def test_submitting_without_a_server_is_durable_and_recorded_by_whoever_comes_next(alone: Any, tmp_path: Path) -> None:
    path = tmp_path / "event.json"
    path.write_text(json.dumps(alone.event()))
    ran = alone("submit", path)
    assert (ran.code, ran.out) == (0, "Captured 1 event of 1 document.\n")
    assert "lotmark serve" in ran.err
    assert alone("submit", path, "--wait", "final").code == 0
    assert alone("status", "--format", "json").json["events"]["final"] == 1
    assert "all final" in alone("trace", "(01)09521000010017(21)1").out
    Home.open(alone.home).close()


def test_a_home_in_use_is_out_of_reach(alone: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.cli.client._PATIENCE", 0.2)
    holder = Home.open(alone.home)
    try:
        ran = alone("status")
        assert (ran.code, "another process has the home" in ran.err) == (4, True)
        assert alone("serve", "--port", "0").code == 4
    finally:
        holder.close()


def test_more_than_one_organisation_must_be_told_apart(alone: Any, tmp_path: Path) -> None:
    assert (
        alone("org", "add", "urn:example:dairy", "Dairy", "--policy", "open").out
        == "Added Dairy (urn:example:dairy).\n"
    )
    assert "Dairy" in alone("org", "list").out
    path = tmp_path / "event.json"
    path.write_text(json.dumps(alone.event(epcList=["urn:example:milk"])))
    ran = alone("submit", path)
    assert (ran.code, "more than one organisation signs here" in ran.err) == (2, True)
    assert alone("submit", path, "--org", "Dairy").code == 0
