"""What strangers may make the embedded chain spend: no precompiled work, no answer without bound."""

from __future__ import annotations

import json
import secrets
import time

import pytest

from ledger.chain import connect, rpc
from ledger.chain.embedded.node import MAX_LOGS
from ledger.chain.json_rpc import LIMIT_EXCEEDED
from ledger.chain.transactions import address_of

BLAKE2F = (100_000_000).to_bytes(4, "big") + bytes(208) + b"\x01"  # a gas for each of its rounds


def ask(chain, method, *params):
    return rpc.handle(chain, request(method, *params))


def request(method, *params):
    return {"jsonrpc": "2.0", "id": 1, "method": method, "params": list(params)}


@pytest.fixture(scope="module")
def crowded(tmp_path_factory):
    """A chain with more logs than one answer may have."""
    chain = connect(
        "embedded", path=tmp_path_factory.mktemp("crowded") / "chain.sqlite", carrier=address_of(b"\x01" * 32)
    )
    database = chain.w3.provider.node.backend.database
    topics = [secrets.token_bytes(32) for _ in range(4)]
    database.add_logs((0, n, 0, bytes(32), bytes(20), *topics, b"") for n in range(MAX_LOGS + 1))
    database.commit()
    yield chain
    chain.close()


@pytest.mark.parametrize("number", [1, 2, 5, 8, 9, 10, 0x11])
def test_precompiled_contracts_do_no_work_for_strangers(embedded, number):
    started = time.monotonic()
    call = {"to": f"0x{number:040x}", "data": "0x" + BLAKE2F.hex(), "gas": hex(20_000)}
    assert ask(embedded.chain, "eth_call", call)["result"] == "0x"
    assert time.monotonic() - started < 1


def test_an_answer_has_a_limit_and_smaller_ranges_still_answer(crowded):
    assert ask(crowded, "eth_getLogs", {"fromBlock": "0x0"})["error"]["code"] == LIMIT_EXCEEDED


def test_a_batch_ends_where_its_answers_grow_too_large(crowded, monkeypatch):
    monkeypatch.setattr(rpc, "MAX_BATCH_BYTES", 5000)
    one = request("eth_getBlockByNumber", "0x0", False)
    size = len(json.dumps(rpc.handle(crowded, one)))
    answers = rpc.handle(crowded, [one] * 20)
    given = [answer for answer in answers if "result" in answer]
    assert len(answers) == 20
    assert 5000 <= len(given) * size <= 5000 + size
    assert {answer["error"]["code"] for answer in answers[len(given) :]} == {LIMIT_EXCEEDED}
