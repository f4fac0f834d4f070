"""A home on a real node: made, filled, followed to finality, and its proof verified by asking that node."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import httpx
import pytest

from api.cli.client import client
from api.cli.exits import Answered
from api.cli.main import main
from ledger.home import load_settings

#: the first of the accounts that anvil funds, published with it
FUNDED_KEY = "ac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80"
EVENT = {
    "@context": "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld",
    "type": "ObjectEvent",
    "eventTime": "2026-03-01T08:15:00+01:00",
    "eventTimeZoneOffset": "+01:00",
    "action": "OBSERVE",
    "epcList": ["https://id.gs1.org/01/09521000000018/21/7"],
    "bizStep": "shipping",
}


@pytest.fixture
def home(anvil_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    key = tmp_path / "key"
    key.write_text(FUNDED_KEY)
    key.chmod(0o600)
    monkeypatch.setenv("LOTMARK_HOME", str(tmp_path / "home"))
    assert main(["init", "--chain", anvil_url, "--carrier-key-file", str(key), "--name", "orchard"]) == 0
    return tmp_path / "home"


def test_from_init_to_a_verified_proof(
    home: Path, anvil_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    event, bundle = tmp_path / "event.json", tmp_path / "bundle.json"
    event.write_text(json.dumps(EVENT))
    assert main(["submit", str(event), "--wait", "recorded"]) == 0
    _mine(anvil_url, 80)
    assert main(["submit", str(event), "--wait", "final"]) == 0
    assert main(["prove", EVENT["epcList"][0], "-o", str(bundle)]) == 0
    capsys.readouterr()
    assert main(["verify", str(bundle), "--format", "json"]) == 0  # with the node that the home knows
    assert json.loads(capsys.readouterr().out)["verified"] is True
    assert main(["status", "--format", "json"]) == 0
    ledger = json.loads(capsys.readouterr().out)["chain"]["ledger"]
    assert main(["verify", str(bundle), "--rpc", anvil_url, "--ledger", ledger]) == 0
    assert main(["verify", str(bundle), "--rpc", anvil_url, "--ledger", "0x" + "11" * 20]) == 1


def test_the_server_is_no_door_to_somebody_elses_node(home: Path) -> None:
    request = {"jsonrpc": "2.0", "id": 1, "method": "eth_chainId", "params": []}
    with client(home, load_settings(home)[0]) as http, pytest.raises(Answered, match="not inside this server"):
        http.request("POST", "/rpc", json=request)


def _mine(url: str, blocks: int) -> Any:
    request = {"jsonrpc": "2.0", "id": 1, "method": "anvil_mine", "params": [hex(blocks)]}
    return httpx.post(url, json=request, timeout=60).raise_for_status()
