"""Bundles over HTTP, verified with nothing but the server's JSON-RPC and what the verifier brought."""

from __future__ import annotations

import time
from typing import Any

import pytest

from ledger.chain import connect
from ledger.chain.witness import NodeWitness
from ledger.verify import Trust, Verified, verify


@pytest.fixture(scope="module")
def recorded(server: Any, make: Any) -> Any:
    spicy = make.event("made", ilmd={"ex:recipe": "secret", "ex:grade": "A"})
    spicy = spicy | {"action": "ADD", "@context": {"ex": "https://example.org/"}}
    server.capture(make.document(spicy, make.event("in"), make.mixing(["in"], "made")))
    server.settle()
    return server


def _verified(server: Any, bundle: bytes, item: str | None = None) -> Verified:
    chain = server.client().get("/health").json()["chain"]
    ledger = bytes.fromhex(chain["ledger"][2:])
    trust = Trust(chain["chain_id"], ledger, bytes.fromhex(chain["code_hash"][2:]))
    connection = connect(f"{server.url}/rpc")
    try:
        return verify(bundle, trust, NodeWitness(connection, ledger), item)
    finally:
        connection.close()


def test_a_trace_proves(recorded: Any) -> None:
    answer = recorded.operator.get("/proofs", params={"item": "(01)09521000010017(10)made"})
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["content-disposition"] == 'attachment; filename="trace.bundle.json"'
    assert len(_verified(recorded, answer.content).events) == 3
    backward = recorded.operator.get("/proofs?item=(01)09521000010017(10)in&direction=backward")
    assert len(_verified(recorded, backward.content).events) == 2


def test_fields_can_be_hidden(recorded: Any) -> None:
    trace = recorded.operator.get("/trace/(01)09521000010017(10)made").json()
    commitment = next(event["commitment"] for event in trace["events"] if event["action"] == "ADD")
    whole = recorded.operator.get(f"/proofs/{commitment}")
    assert b"secret" in whole.content
    hidden = recorded.operator.get(f"/proofs/{commitment}", params={"hide": ["/ilmd/ex:recipe", "/bizStep"]})
    assert b"secret" not in hidden.content
    assert b'"inspecting"' not in hidden.content
    for answer in (whole, hidden):
        assert len(_verified(recorded, answer.content, "(01)09521000010017(10)made").events) == 1
    tampered = whole.content.replace(b'"A"', b'"B"')
    with pytest.raises(Exception, match="step 2"):
        _verified(recorded, tampered)


@pytest.mark.parametrize("pointer", ["ilmd", "/nothing", "/~2", "/ilmd/", ""])
def test_pointers_that_lead_nowhere(recorded: Any, pointer: str) -> None:
    trace = recorded.operator.get("/trace/(01)09521000010017(10)made").json()
    answer = recorded.operator.get(f"/proofs/{trace['events'][0]['commitment']}", params={"hide": pointer})
    assert answer.status_code in (200, 400)


def test_what_is_not_recorded_yet(serving: Any, make: Any) -> None:
    server = serving(batch_seconds=3600.0)  # the recorder sleeps after its first round
    time.sleep(0.5)
    server.capture(make.document(make.event("waiting")))
    (event,) = server.operator.get("/trace/(01)09521000010017(10)waiting").json()["events"]
    assert (event["state"], event["record"]) == ("captured", None)
    assert server.operator.get(f"/proofs/{event['commitment']}").status_code == 409
    assert server.operator.get("/proofs?item=(01)09521000010017(10)waiting").status_code == 404
