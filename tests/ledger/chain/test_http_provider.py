"""A node that is silent, broken, busy or no node: a clear ChainUnavailable, in bounded time, without credentials."""

from __future__ import annotations

import itertools
import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from ledger.chain import connect, http_provider
from ledger.chain.http_provider import shown_url
from ledger.chain.refusals import NodeRefused, Reason, TransactionRefused, reason_of
from ledger.errors import ChainUnavailable, ContractRefused

Answer = tuple[int, bytes]


class FakeNode:
    """Answers eth_chainId well, everything else as told; counts what was asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.answer: Callable[[str, Any], Answer | None] = lambda _method, _params: None
        node = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                node.asked.append(request["method"])
                told = node.answer(request["method"], request["params"])
                status, body = told or (200, result("0x1"))
                self.send_response(status)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_arguments: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://user:secret@127.0.0.1:{self.server.server_port}/v3/projectkey?token=secret"
        threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True).start()

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()


def result(value: Any) -> bytes:
    return json.dumps({"jsonrpc": "2.0", "id": 0, "result": value}).encode()


def error(code: int, message: str, data: Any = None) -> bytes:
    return json.dumps({"jsonrpc": "2.0", "id": 0, "error": {"code": code, "message": message, "data": data}}).encode()


@pytest.fixture
def node(monkeypatch) -> Iterator[FakeNode]:
    monkeypatch.setattr(http_provider, "FIRST_PAUSE", 0.01)
    made = FakeNode()
    yield made
    made.close()


def unused_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_nobody_answers(monkeypatch):
    monkeypatch.setattr(http_provider, "FIRST_PAUSE", 0.01)
    port = unused_port()
    with pytest.raises(ChainUnavailable, match="refuses the connection") as caught:
        connect(f"http://user:secret@127.0.0.1:{port}/key")
    assert caught.value.problem.where == f"http://127.0.0.1:{port}"
    assert "secret" not in str(caught.value)
    assert "/key" not in str(caught.value)
    assert caught.value.problem.advice


def test_unknown_host(monkeypatch):
    monkeypatch.setattr(http_provider, "FIRST_PAUSE", 0.01)
    with pytest.raises(ChainUnavailable, match="cannot be reached"):
        connect("http://nowhere.invalid:8545")


def test_silent_node(monkeypatch):
    monkeypatch.setattr(http_provider, "FIRST_PAUSE", 0.01)
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        begin = time.monotonic()
        with pytest.raises(ChainUnavailable, match="does not answer within"):
            connect(f"http://127.0.0.1:{silent.getsockname()[1]}", timeout=0.1)
        assert time.monotonic() - begin < 5


@pytest.mark.parametrize(
    "body",
    [
        b"<html>a web page</html>",
        b"",
        b"[]",
        b"null",
        b"{}",
        b'"0x1"',
        b"\xff\xfe",
        b'{"result": "nonsense"}',
        b'{"error": "text"}',
        b'{"jsonrpc": "2.0", "id": 0, "result": "0x' + b"f" * 300 + b'"}',
    ],
)
def test_what_is_no_node(node, body):
    node.answer = lambda _method, _params: (200, body)
    with pytest.raises(ChainUnavailable) as caught:
        connect(node.url)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(("status", "requests"), [(429, 4), (503, 4), (500, 4), (401, 1), (403, 1), (404, 1)])
def test_http_errors(node, status, requests):
    node.answer = lambda _method, _params: (status, b"no")
    with pytest.raises(ChainUnavailable, match=f"HTTP {status}"):
        connect(node.url)
    assert len(node.asked) == requests


def test_busy_node_is_asked_again(node):
    node.answer = lambda _method, _params: (429, b"later") if len(node.asked) < 3 else None
    assert connect(node.url).chain_id == 1
    assert len(node.asked) == 3


def test_redirects_are_not_followed(node):
    node.answer = lambda _method, _params: (307, b"")
    with pytest.raises(ChainUnavailable):
        connect(node.url)


def test_sends_are_not_repeated(node):
    chain = connect(node.url)
    node.answer = lambda _method, _params: (503, b"")
    node.asked.clear()
    with pytest.raises(ChainUnavailable):
        chain.send_raw(b"\x02raw")
    assert node.asked == ["eth_sendRawTransaction"]


@pytest.mark.parametrize("text", ["already known", "transaction already imported", "known transaction: 0x12"])
def test_known_transaction_counts_as_sent(node, text):
    chain = connect(node.url)
    node.answer = lambda _method, _params: (200, error(-32000, text))
    assert len(chain.send_raw(b"\x02raw")) == 32


def test_spent_nonce_of_a_mined_transaction_counts_as_sent(node):
    chain = connect(node.url)
    word, receipt = "0x" + "11" * 32, {"status": "0x1", "gasUsed": "0x1", "blockNumber": "0x1", "logs": []}
    receipt |= {"transactionHash": word, "blockHash": word}

    def answer(method: str, _params: Any) -> Answer:
        if method == "eth_getTransactionReceipt":
            return 200, result(receipt)
        return 200, error(-32000, "nonce too low: next nonce 5, tx nonce 4")

    node.answer = answer
    assert len(chain.send_raw(b"\x02raw")) == 32
    receipt.clear()
    node.answer = lambda method, _params: (200, result(None) if "Receipt" in method else error(-32000, "nonce too low"))
    with pytest.raises(TransactionRefused) as caught:
        chain.send_raw(b"\x02raw")
    assert caught.value.reason is Reason.NONCE_TOO_LOW


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("replacement transaction underpriced", Reason.UNDERPRICED),
        ("max fee per gas less than block base fee", Reason.UNDERPRICED),
        ("Insufficient funds for gas * price + value", Reason.INSUFFICIENT_FUNDS),
        ("Transaction nonce is too far in the future", Reason.NONCE_TOO_HIGH),
        ("exceeds block gas limit", Reason.TOO_MUCH_GAS),
        ("the moon is full", Reason.OTHER),
    ],
)
def test_reasons(text, reason):
    assert reason_of(text) is reason


def test_limited_log_ranges_are_halved(node):
    chain = connect(node.url)
    asked: list[tuple[int, int]] = []

    def answer(method: str, params: Any) -> Answer | None:
        if method != "eth_getLogs":
            return None
        first, last = (int(params[0][end], 16) for end in ("fromBlock", "toBlock"))
        if last - first >= 10:
            return 200, error(-32602, "exceed maximum block range 10")
        asked.append((first, last))
        return 200, result([])

    node.answer = answer
    assert chain.logs(first=3, last=99) == []
    assert asked[0][0] == 3
    assert asked[-1][1] == 99
    assert all(following[0] == before[1] + 1 for before, following in itertools.pairwise(asked))


def test_unavailable_node_is_not_asked_for_halves(node):
    chain = connect(node.url)
    node.answer = lambda _method, _params: (404, b"")
    node.asked.clear()
    with pytest.raises(ChainUnavailable):
        chain.logs(first=0, last=10**6)
    assert len(node.asked) == 1


def test_revert_data_in_every_nodes_form(node):
    chain = connect(node.url)
    content = "0x08c379a0" + "20".rjust(64, "0") + "2".rjust(64, "0") + "6e6f".ljust(64, "0")
    for code, data in ((3, content), (-32000, content), (-32015, f"Reverted {content}"), (3, {"data": content})):
        node.answer = lambda _method, _params, code=code, data=data: (200, error(code, "execution reverted", data))
        with pytest.raises(ContractRefused) as caught:
            chain.call(bytes(20), b"")
        assert caught.value.name == "Error"
        assert caught.value.values == {"message": "no"}


def test_other_refusals_keep_their_code(node):
    chain = connect(node.url)
    node.answer = lambda _method, _params: (200, error(-32601, "the method does not exist"))
    with pytest.raises(NodeRefused) as caught:
        chain.balance(bytes(20))
    assert caught.value.rpc_code == -32601


def test_node_without_finality(node):
    chain = connect(node.url)
    node.answer = lambda _method, _params: (200, result(None))
    with pytest.raises(ChainUnavailable, match="no finalized block"):
        chain.block("finalized")


@pytest.mark.parametrize(
    "form", [{}, [], "0x1", {"number": "0x1", "hash": "0x11", "parentHash": "0x", "timestamp": "1"}]
)
def test_malformed_blocks(node, form):
    chain = connect(node.url)
    node.answer = lambda _method, _params: (200, result(form))
    with pytest.raises(ChainUnavailable, match="malformed"):
        chain.block(1)


def test_shown_urls():
    assert shown_url("https://me:pass@node.example/v3/key?x=y") == "https://node.example"
    assert shown_url("http://[::1]:8545/") == "http://[::1]:8545"
