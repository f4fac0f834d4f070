"""The read-only door: ordinary Web3 over HTTP sees the embedded chain, and nothing that strangers send breaks it."""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from web3 import HTTPProvider, Web3

from contracts import artifact
from ledger.batch import organisation_id
from ledger.chain import connect
from ledger.chain.contracts import register_organisation
from ledger.chain.guard import check, identify
from ledger.chain.rpc import MAX_BATCH, METHODS, handle

URI = "https://id.gs1.org/417/9506000134352"


@pytest.fixture(scope="module")
def organisation(embedded) -> bytes:
    register_organisation(embedded.chain, embedded.registry, embedded.carrier_key, URI, b"\x22" * 20)
    return organisation_id(URI)


@pytest.fixture(scope="module")
def door(embedded, organisation):
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.dumps(handle(embedded.chain, self.rfile.read(int(self.headers["Content-Length"])))).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_arguments: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def w3(door) -> Web3:
    return Web3(HTTPProvider(door))


def ask(chain, method, *params):
    return handle(chain, {"jsonrpc": "2.0", "id": 1, "method": method, "params": list(params)})


def test_web3_blocks_and_transactions(w3, embedded):
    assert w3.is_connected()
    assert w3.eth.chain_id == embedded.chain.chain_id
    assert w3.net.version == str(embedded.chain.chain_id)
    block = w3.eth.get_block("latest", full_transactions=True)
    assert bytes(block["hash"]) == embedded.chain.block("latest").hash
    assert w3.eth.get_block(block["hash"])["number"] == w3.eth.block_number
    assert w3.eth.get_block("finalized")["hash"] == block["hash"]
    transaction = block["transactions"][0]
    assert w3.eth.get_transaction(transaction["hash"])["from"] == w3.to_checksum_address(embedded.carrier)
    receipt = w3.eth.get_transaction_receipt(transaction["hash"])
    assert receipt["status"] == 1
    assert receipt["blockHash"] == block["hash"]
    assert receipt["gasUsed"] <= transaction["gas"]


def test_web3_contract_calls_and_logs(w3, embedded, organisation):
    registry = w3.eth.contract(w3.to_checksum_address(embedded.registry), abi=artifact("OrganisationRegistry")["abi"])
    assert registry.functions.rolesOf(organisation).call() == 1
    assert registry.functions.owner().call() == w3.to_checksum_address(embedded.carrier)
    (event,) = registry.events.OrganisationRegistered().get_logs(from_block=0)
    assert event["args"]["uri"] == URI
    assert w3.eth.get_logs({"fromBlock": 0, "toBlock": "latest", "topics": [None, "0x" + organisation.hex()]})


def test_web3_state_and_fees(w3, embedded):
    registry = w3.to_checksum_address(embedded.registry)
    assert bytes(w3.eth.get_code(registry)) == embedded.chain.code(embedded.registry)
    assert bytes(w3.eth.get_storage_at(registry, 0))[-20:] == embedded.carrier
    carrier = w3.to_checksum_address(embedded.carrier)
    assert w3.eth.get_balance(carrier) > 0
    assert w3.eth.get_transaction_count(carrier) == embedded.chain.nonce(embedded.carrier)
    assert w3.eth.gas_price > 0
    assert w3.eth.max_priority_fee == 0
    history = w3.eth.fee_history(2, "latest", [50])
    assert len(history["baseFeePerGas"]) == len(history["gasUsedRatio"]) + 1
    assert "lotmark" in w3.client_version
    assert w3.eth.syncing is False


def test_web3_batches(w3):
    with w3.batch_requests() as batch:
        batch.add(w3.eth.get_block(0))
        batch.add(w3.eth.get_block("latest"))
        first, last = batch.execute()
    assert first["number"] == 0
    assert last["number"] == w3.eth.block_number


def test_our_own_connection_takes_this_door(door, embedded):
    chain = connect(door)
    identity = identify(embedded.chain, embedded.ledger)
    check(chain, identity)
    assert identify(chain, embedded.ledger) == identity
    assert chain.block("latest") == embedded.chain.block("latest")
    assert chain.logs(embedded.registry, first=0) == embedded.chain.logs(embedded.registry, first=0)


def test_nothing_can_be_sent(embedded):
    for method in ("eth_sendRawTransaction", "eth_sendTransaction", "eth_estimateGas", "evm_mine", "anvil_x", ""):
        assert ask(embedded.chain, method, "0x00")["error"]["code"] == -32601


def test_code_of_strangers_is_not_run(embedded):
    assert ask(embedded.chain, "eth_call", {"data": "0x5b5f56"})["error"]["code"] == -32602


@pytest.mark.parametrize(
    ("payload", "code"),
    [
        (b"", -32700),
        (b"{", -32700),
        (b"\xff", -32700),
        (b"[" * 100_000, -32700),
        (b"[]", -32600),
        (b"1", -32600),
        (b"{}", -32600),
        (b'{"jsonrpc": "1.0", "id": 1, "method": "eth_chainId"}', -32600),
        (b'{"jsonrpc": "2.0", "id": 1, "method": 5}', -32600),
        (b'{"jsonrpc": "2.0", "id": 1, "method": "eth_chainId", "params": {}}', -32602),
        (b'{"jsonrpc": "2.0", "id": 1, "method": "eth_chainId", "params": [1]}', -32602),
        (b'{"jsonrpc": "2.0", "id": 1, "method": "eth_getBalance", "params": ["0x12"]}', -32602),
        (b'{"jsonrpc": "2.0", "id": 1, "method": "eth_getBlockByNumber", "params": ["0x0", 1]}', -32602),
    ],
)
def test_bad_requests(embedded, payload, code):
    assert handle(embedded.chain, payload)["error"]["code"] == code


def test_batches_and_notifications(embedded):
    request = {"jsonrpc": "2.0", "id": "a", "method": "eth_chainId"}
    note = {"jsonrpc": "2.0", "method": "eth_chainId"}
    assert [answer["id"] for answer in handle(embedded.chain, [request, note, request | {"id": 2}])] == ["a", 2]
    assert handle(embedded.chain, note) is None
    assert handle(embedded.chain, [note]) is None
    assert handle(embedded.chain, [request] * (MAX_BATCH + 1))["error"]["code"] == -32600
    assert [answer["error"]["code"] for answer in handle(embedded.chain, [1, {}])] == [-32600, -32600]


def test_unknown_things_are_null(embedded):
    word = "0x" + "11" * 32
    for method in ("eth_getTransactionByHash", "eth_getTransactionReceipt"):
        assert ask(embedded.chain, method, word)["result"] is None
    assert ask(embedded.chain, "eth_getBlockByHash", word, False)["result"] is None
    assert ask(embedded.chain, "eth_getBlockByNumber", "0xffff", False)["result"] is None


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20)
    | st.binary(max_size=33).map(lambda content: "0x" + content.hex())
    | st.sampled_from(["0x0", "0x1", "latest", "earliest", "0x" + "00" * 20, "0x" + "11" * 32, "0x" + "0" * 5000]),
    lambda inner: st.lists(inner, max_size=4)
    | st.dictionaries(
        st.sampled_from(["to", "from", "data", "input", "gas", "value", "fromBlock", "blockHash", "topics", "address"])
        | st.text(max_size=5),
        inner,
        max_size=4,
    ),
    max_leaves=8,
)  # fmt: skip


@settings(max_examples=500, deadline=None)
@given(method=st.sampled_from(sorted(METHODS)), params=JSON)
def test_no_parameters_raise_or_fail_inside(embedded, method, params):
    answer = handle(embedded.chain, {"jsonrpc": "2.0", "id": 1, "method": method, "params": params})
    assert ("result" in answer) != ("error" in answer)
    assert answer.get("error", {}).get("code") != -32603
    sendable(answer)


def sendable(answer) -> None:
    """As the strictest of servers would write it."""
    json.dumps(answer, allow_nan=False, ensure_ascii=False).encode()


@settings(max_examples=200, deadline=None)
@given(payload=JSON)
def test_no_payload_raises(embedded, payload):
    sendable(handle(embedded.chain, payload))


@settings(max_examples=200, deadline=None)
@given(name=st.text(max_size=5) | st.just("\ud800"), identifier=JSON | st.just("\ud800"))
def test_any_name_and_id_can_be_answered(embedded, name, identifier):
    request = {"jsonrpc": "2.0", "id": identifier, "method": name}
    sendable(handle(embedded.chain, request))
    sendable(handle(embedded.chain, json.dumps([request, request | {"method": "eth_chainId"}]).encode()))
