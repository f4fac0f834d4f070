"""The embedded chain's file: reopened, refused, raced for, and whole after a write that fails."""

from __future__ import annotations

import secrets
import sqlite3
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from eth_account import Account
from eth_tester import EthereumTester
from web3 import EthereumTesterProvider, Web3

from ledger.chain import connect
from ledger.chain.embedded import backend as embedded_backend
from ledger.chain.embedded.backend import CHAIN_ID, EmbeddedBackend
from ledger.chain.embedded.database import ChainDatabase
from ledger.chain.embedded.node import EmbeddedNode
from ledger.chain.json_rpc import RpcError
from ledger.chain.transactions import address_of
from ledger.errors import ChainUnavailable, HomeBusy, InvalidInput

KEY = b"\x05" * 32
CARRIER = address_of(KEY)


def raw_transaction(nonce: int, **changed) -> bytes:
    fields = {
        "type": 2,
        "chainId": CHAIN_ID,
        "nonce": nonce,
        "to": b"\x11" * 20,
        "value": 1,
        "data": b"",
        "gas": 30_000,
    }
    fields |= {"maxFeePerGas": 4 * 10**9, "maxPriorityFeePerGas": 0} | changed
    return bytes(Account.sign_transaction(fields, KEY).raw_transaction)


@pytest.fixture
def path(tmp_path) -> Path:
    return tmp_path / "home" / "chain.sqlite"


@pytest.fixture
def node(path):
    made = EmbeddedNode(path, CARRIER)
    yield made
    made.close()


def test_reopened_chain_is_the_same(path):
    first = EmbeddedNode(path, CARRIER)
    for nonce in range(5):
        first.send(raw_transaction(nonce))
    hashes = [first.block_hash(number) for number in range(6)]
    first.close()

    again = EmbeddedNode(path)
    assert [again.block_hash(number) for number in range(6)] == hashes
    assert again.backend.get_nonce(CARRIER) == 5
    assert again.backend.get_balance(b"\x11" * 20) == 5
    assert again.backend.get_balance(b"\x11" * 20, 2) == 2
    again.send(raw_transaction(5))
    assert again.head().block_number == 6
    assert again.head().parent_hash == hashes[5]
    again.close()


def test_every_new_chain_has_its_own_first_block(tmp_path):
    nodes = [EmbeddedNode(tmp_path / f"{index}.sqlite", CARRIER) for index in range(3)]
    assert len({node.block_hash(0) for node in nodes}) == 3
    for node in nodes:
        node.close()


def test_carrier_of_an_existing_chain_is_not_funded_again(path):
    EmbeddedNode(path, CARRIER).close()
    other = secrets.token_bytes(20)
    node = EmbeddedNode(path, other)
    assert node.backend.get_balance(other) == 0
    node.close()


def test_opening_nothing_is_refused_and_leaves_nothing(path):
    with pytest.raises(InvalidInput, match="no embedded chain"):
        connect("embedded", path=path)
    assert not path.exists()


def test_url_may_carry_the_path(path):
    chain = connect(f"embedded:{path}", carrier=CARRIER)
    assert chain.chain_id == CHAIN_ID
    assert chain.url == "embedded"
    chain.close()


def test_second_process_is_refused(node, path):
    script = (
        f"from pathlib import Path; from ledger.chain import connect; connect('embedded', path=Path({str(path)!r}))"
    )
    second = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert "HomeBusy" in second.stderr
    with pytest.raises(HomeBusy, match="another process"):
        EmbeddedNode(path)
    node.send(raw_transaction(0))


@pytest.mark.parametrize(
    "content", [b"not a database, but long enough to be looked at" * 20, b"SQLite format 3\0" + b"x" * 200]
)
def test_file_that_is_no_database_is_refused(path, content):
    path.parent.mkdir()
    path.write_bytes(content)
    with pytest.raises(InvalidInput, match="cannot be read"):
        EmbeddedNode(path, CARRIER)
    assert path.read_bytes() == content


def test_database_of_something_else_is_refused(path):
    path.parent.mkdir()
    with sqlite3.connect(path) as connection:
        connection.execute("create table other (x)")
    connection.close()
    with pytest.raises(InvalidInput, match="not an embedded chain"):
        EmbeddedNode(path, CARRIER)


def test_failed_write_leaves_the_block_before(node, monkeypatch):
    node.send(raw_transaction(0))

    def fail(*_arguments):
        raise sqlite3.OperationalError("database or disk is full")

    with monkeypatch.context() as patched:
        patched.setattr(type(node.backend.database), "commit", fail)
        with pytest.raises(sqlite3.OperationalError):
            node.send(raw_transaction(1))
    assert node.head().block_number == 1
    assert node.backend.get_nonce(CARRIER) == 1
    node.send(raw_transaction(1))
    assert node.head().block_number == 2


def test_failing_file_is_an_unavailable_chain(path, monkeypatch):
    chain = connect("embedded", path=path, carrier=CARRIER)

    def fail(*_arguments):
        raise sqlite3.OperationalError("disk I/O error")

    monkeypatch.setattr(ChainDatabase, "commit", fail)
    with pytest.raises(ChainUnavailable, match="disk I/O error"):
        chain.send_raw(raw_transaction(0))
    assert chain.block("latest").number == 0
    chain.close()


def test_full_disk_is_survived(path):
    node = EmbeddedNode(path, CARRIER)
    connection = node.backend.database._connection
    pages = connection.execute("pragma page_count").fetchone()[0]
    connection.execute(f"pragma max_page_count = {pages + 2}")
    nonce = 0

    def fill() -> None:
        nonlocal nonce
        while True:
            node.send(raw_transaction(nonce, data=secrets.token_bytes(2000), gas=200_000))
            nonce += 1

    with pytest.raises(sqlite3.OperationalError, match="full"):
        fill()
    assert node.head().block_number == nonce
    connection.execute("pragma max_page_count = 1000000")
    node.send(raw_transaction(nonce))
    node.close()
    again = EmbeddedNode(path)
    assert again.head().block_number == nonce + 1
    again.close()


def test_refusals_are_in_the_words_of_nodes(node):
    node.send(raw_transaction(0))
    poor = Account.from_key(b"\x08" * 32)
    unfunded = {"type": 2, "chainId": CHAIN_ID, "nonce": 0, "to": b"\x11" * 20, "value": 0, "data": b"", "gas": 30_000}
    unfunded |= {"maxFeePerGas": 4 * 10**9, "maxPriorityFeePerGas": 0}
    for raw, text in (
        (raw_transaction(0), "already known"),
        (raw_transaction(0, value=2), "nonce too low: next nonce 1, tx nonce 0"),
        (raw_transaction(7), "nonce too high"),
        (raw_transaction(1, gas=31_000_000), "exceeds block gas limit"),
        (raw_transaction(1, gas=20_000), "intrinsic gas too low"),
        (raw_transaction(1, gas=23_000, data=b"x" * 100), "floor data gas"),
        (raw_transaction(1, maxFeePerGas=1), "max fee per gas less than block base fee"),
        (raw_transaction(1, chainId=1), "invalid chain id"),
        (bytes(poor.sign_transaction(unfunded).raw_transaction), "insufficient funds"),
        (b"\x00", "not supported"),
        (b"\x02\xc0", "malformed"),
    ):
        with pytest.raises(RpcError, match=text):
            node.send(raw)
    assert node.head().block_number == 1
    node.send(raw_transaction(1))


def test_legacy_transaction(node):
    fields = {"chainId": CHAIN_ID, "nonce": 0, "to": b"\x11" * 20, "value": 0, "data": b"", "gas": 30_000}
    signed = Account.sign_transaction(fields | {"gasPrice": 4 * 10**9}, KEY)
    place = node.transaction_place(node.send(bytes(signed.raw_transaction)))
    assert place == (1, 0)


def test_refused_transactions_make_no_block(node):
    for raw in (raw_transaction(1), raw_transaction(0, chainId=1), raw_transaction(0, gas=21_001, data=b"x" * 100)):
        with pytest.raises(RpcError):
            node.send(raw)
    assert node.head().block_number == 0
    node.send(raw_transaction(0))


def test_time_is_the_clocks_and_never_goes_back(node, monkeypatch):
    for nonce in range(4):
        node.send(raw_transaction(nonce))
    assert abs(node.head().timestamp - time.time()) <= 2
    last = node.head().timestamp
    monkeypatch.setattr(embedded_backend.time, "time", lambda: last - 1000)
    node.send(raw_transaction(4))
    assert node.head().timestamp == last
    monkeypatch.setattr(embedded_backend.time, "time", lambda: last + 1000)
    node.send(raw_transaction(5))
    assert node.head().timestamp == last + 1000


def test_many_threads_read_and_write(path):
    chain = connect("embedded", path=path, carrier=CARRIER)
    failures: list[BaseException] = []
    raws = [raw_transaction(nonce) for nonce in range(40)]
    done = threading.Event()

    def read() -> None:
        try:
            while not done.is_set():
                head = chain.block("latest")
                assert chain.block(head.number) == head
                assert chain.nonce(CARRIER) >= head.number
        except BaseException as error:
            failures.append(error)

    readers = [threading.Thread(target=read) for _ in range(3)]
    for reader in readers:
        reader.start()
    for raw in raws:
        chain.send_raw(raw)
    done.set()
    for reader in readers:
        reader.join()
    assert not failures
    assert chain.block("latest").number == 40
    chain.close()


def test_eth_tester_and_its_web3_provider_work_on_it(path):
    backend = EmbeddedBackend(path, CARRIER)
    w3 = Web3(EthereumTesterProvider(EthereumTester(backend)))
    sent = w3.eth.send_raw_transaction(raw_transaction(0))
    assert w3.eth.get_transaction_receipt(sent)["status"] == 1
    assert w3.eth.get_block("latest")["number"] == 1
    backend.close()
    again = EmbeddedNode(path)
    assert again.transaction_place(bytes(sent)) == (1, 0)
    again.close()
