"""POST /rpc: the chain for strangers, read only."""

from __future__ import annotations

import json
from typing import Any

import pytest

HEADERS = {"content-type": "application/json"}


def _ask(server: Any, body: bytes) -> Any:
    answer = server.client().post("/rpc", content=body, headers=HEADERS)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_single_batch_and_notification(server: Any) -> None:
    request = {"jsonrpc": "2.0", "id": 1, "method": "eth_chainId", "params": []}
    assert _ask(server, json.dumps(request).encode())["result"] == "0x4c4f544d"
    both = _ask(server, json.dumps([request, request | {"id": "b", "method": "eth_blockNumber"}]).encode())
    assert [one["id"] for one in both] == [1, "b"]
    del request["id"]
    silent = server.client().post("/rpc", json=request)
    assert (silent.status_code, silent.content) == (204, b"")


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", -32700), (b"{", -32700), (b'{"id": NaN}', -32700), (b'{"id": "\\ud800"}', -32700), (b"[" * 9999, -32700),
        (b"[]", -32600), (b"7", -32600), (b'{"jsonrpc": "2.0", "id": 1, "method": 7}', -32600),
        (b'{"jsonrpc": "2.0", "id": 1, "method": "eth_sendRawTransaction", "params": ["0x00"]}', -32601),
        (b'{"jsonrpc": "2.0", "id": 1, "method": "evm_mine"}', -32601),
        (b'{"jsonrpc": "2.0", "id": 1, "method": "eth_getBalance", "params": {}}', -32602),
    ],
)  # fmt: skip
def test_refusals(server: Any, body: bytes, code: int) -> None:
    assert _ask(server, body)["error"]["code"] == code


def test_size_and_type(server: Any) -> None:
    assert server.client().post("/rpc", content=b" " * (2**20 + 1), headers=HEADERS).status_code == 413
    assert server.client().post("/rpc", content=b"{}").status_code == 415
    assert server.client().get("/rpc").status_code == 405
