"""`eth_getLogs` of the embedded chain against a plain filter over all receipts."""

from __future__ import annotations

import pytest
from eth_account import Account
from eth_hash.auto import keccak
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.chain.embedded.backend import CHAIN_ID
from ledger.chain.embedded.methods import answer
from ledger.chain.embedded.node import EmbeddedNode
from ledger.chain.json_rpc import RpcError
from ledger.chain.transactions import address_of

KEY = b"\x06" * 32
TOPICS = [bytes([number]) * 32 for number in range(4)]


def logger_code(count: int) -> bytes:
    """Init code of a contract that logs its calldata, under the first `count` words of it as topics."""
    loads = b"".join(bytes([0x60, 32 * (count - 1 - index), 0x35]) for index in range(count))
    body = bytes.fromhex("365f5f37") + loads + bytes.fromhex("365f") + bytes([0xA0 + count]) + b"\x00"
    return bytes([0x60, len(body), 0x60, 0x0A, 0x5F, 0x39, 0x60, len(body), 0x5F, 0xF3]) + body


@pytest.fixture(scope="module")
def node(tmp_path_factory):
    made = EmbeddedNode(tmp_path_factory.mktemp("logs") / "chain.sqlite", address_of(KEY))
    nonce = 0

    def signed(to: bytes, data: bytes) -> bytes:
        nonlocal nonce
        fields = {"type": 2, "chainId": CHAIN_ID, "nonce": nonce, "to": to, "value": 0, "data": data, "gas": 200_000}
        nonce += 1
        fields |= {"maxFeePerGas": 4 * 10**9, "maxPriorityFeePerGas": 0}
        return bytes(Account.sign_transaction(fields, KEY).raw_transaction)

    contracts = []
    for count in range(5):
        receipt = answer(made, "eth_getTransactionReceipt", ["0x" + made.send(signed(b"", logger_code(count))).hex()])
        contracts.append(bytes.fromhex(receipt["contractAddress"][2:]))
    for block in range(10):
        for index in range(block % 4):
            count = (block + index) % 5
            words = b"".join(TOPICS[(block * 7 + index * 3 + place) % 4] for place in range(count))
            made.backend.send_raw_transaction(signed(contracts[count], words + bytes(block)))
        made.backend.mine_blocks(1)
    yield made
    made.close()


def all_logs(node) -> list[dict]:
    logs = []
    for number in range(node.head().block_number + 1):
        block = answer(node, "eth_getBlockByNumber", [hex(number), False])
        for transaction_hash in block["transactions"]:
            logs += answer(node, "eth_getTransactionReceipt", [transaction_hash])["logs"]
    return logs


def matches(log: dict, addresses, topics) -> bool:
    if addresses and log["address"] not in addresses:
        return False
    if len(log["topics"]) < len(topics):
        return False
    pairs = zip(topics, log["topics"], strict=False)
    return all(wanted is None or found in ([wanted] if isinstance(wanted, str) else wanted) for wanted, found in pairs)


TOPIC = st.sampled_from(["0x" + topic.hex() for topic in TOPICS])
WANTED = st.lists(st.one_of(st.none(), TOPIC, st.lists(TOPIC, min_size=1, max_size=3)), max_size=4)


@settings(max_examples=300, deadline=None)
@given(topics=WANTED, picked=st.sets(st.integers(0, 4), max_size=3), first=st.integers(0, 15), last=st.integers(0, 15))
def test_filter_equals_a_scan(node, topics, picked, first, last):
    logs = all_logs_once(node)
    addresses = sorted({log["address"] for log in logs})
    wanted = [addresses[index] for index in picked]
    found = answer(
        node, "eth_getLogs", [{"fromBlock": hex(first), "toBlock": hex(last), "address": wanted, "topics": topics}]
    )
    assert found == [
        log for log in logs if first <= int(log["blockNumber"], 16) <= last and matches(log, wanted, topics)
    ]


_cache: list[list[dict]] = []


def all_logs_once(node) -> list[dict]:
    if not _cache:
        _cache.append(all_logs(node))
    return _cache[0]


def test_scan_has_logs_of_every_kind(node):
    assert {len(log["topics"]) for log in all_logs_once(node)} == {0, 1, 2, 3, 4}


def test_logs_of_a_block_by_its_hash(node):
    for number in range(node.head().block_number + 1):
        found = answer(node, "eth_getLogs", [{"blockHash": "0x" + node.block_hash(number).hex()}])
        assert found == [log for log in all_logs_once(node) if log["blockNumber"] == hex(number)]
        assert [log["logIndex"] for log in found] == [hex(index) for index in range(len(found))]


def test_logs_are_in_the_blocks_bloom(node):
    for log in all_logs_once(node):
        bloom = int(answer(node, "eth_getBlockByHash", [log["blockHash"]])["logsBloom"], 16)
        for value in (log["address"], *log["topics"]):
            digest = keccak(bytes.fromhex(value[2:]))
            for at in (0, 2, 4):
                assert bloom >> (int.from_bytes(digest[at : at + 2], "big") & 2047) & 1


def test_as_many_alternatives_as_nodes_take(node):
    words = ["0x" + number.to_bytes(32, "big").hex() for number in range(1, 1000)]
    topic = "0x" + TOPICS[1].hex()
    found = answer(node, "eth_getLogs", [{"fromBlock": "0x0", "topics": [[*words, topic]]}])
    assert found == answer(node, "eth_getLogs", [{"fromBlock": "0x0", "topics": [topic]}])
    assert found


@pytest.mark.parametrize(
    "wrong",
    [
        None,
        [],
        {"fromblock": "0x0"},
        {"fromBlock": 0},
        {"fromBlock": "0x00"},
        {"toBlock": "newest"},
        {"address": "0x11"},
        {"address": ["0x" + "11" * 20] * 1001},
        {"topics": ["0x11"]},
        {"topics": [None] * 5},
        {"topics": {"0": None}},
        {"topics": [{}]},
        {"blockHash": "0x" + "00" * 32},
        {"blockHash": "0x" + "00" * 32, "fromBlock": "0x0"},
        {"fromBlock": "0x" + "f" * 100},
    ],
)
def test_malformed_filters_are_refused(node, wrong):
    with pytest.raises(RpcError):
        answer(node, "eth_getLogs", [wrong])
