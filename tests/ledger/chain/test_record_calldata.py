"""Calldata of `record` against eth-abi; the ledger's logs read back."""

from __future__ import annotations

import pytest
from eth_abi.abi import encode
from eth_hash.auto import keccak
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.batch import Header, OpenItem, encode_items
from ledger.chain.port import Log
from ledger.chain.records import BATCH_RECORDED, OPEN_ITEM_RECORDED, decode_logs, encode_record
from ledger.errors import ChainUnavailable

WORD = st.binary(min_size=32, max_size=32)
HEADER = st.builds(
    Header, WORD, st.integers(0, 2**64 - 1), WORD, st.integers(0, 2**32 - 1), items_hash=WORD, index_root=WORD
)
ITEMS = st.lists(st.builds(OpenItem, WORD, WORD), max_size=20)


@settings(max_examples=300, deadline=None)
@given(header=HEADER, signature=st.binary(max_size=100), items=ITEMS)
def test_calldata_is_what_a_general_encoder_makes(header, signature, items):
    types = ["(bytes32,uint64,bytes32,uint32,bytes32,bytes32)", "bytes", "(bytes32,bytes32)[]"]
    fields = (
        header.organisation,
        header.sequence,
        header.root,
        header.size,
        header.items_hash,
        header.index_root,
    )
    expected = encode(types, [fields, signature, [(item.item_key, item.commitment) for item in items]])
    selector = keccak(f"record({','.join(types)})".encode())[:4]
    assert encode_record(header, signature, items) == selector + expected
    assert encode_record(header, signature, encode_items(items)) == selector + expected


def log(topics: tuple[bytes, ...], data: bytes) -> Log:
    return Log(bytes(20), topics, data, 7, b"\x07" * 32, b"\x08" * 32, 3)


@settings(max_examples=200, deadline=None)
@given(header=HEADER, key=st.binary(min_size=20, max_size=20))
def test_logged_batch_is_the_header(header, key):
    content = encode(
        ["bytes32", "uint32", "bytes32", "bytes32"], [header.root, header.size, header.items_hash, header.index_root]
    )
    topics = (BATCH_RECORDED, header.organisation, header.sequence.to_bytes(32, "big"), bytes(12) + key)
    (record,) = decode_logs([log(topics, content)])
    assert record.header == header
    assert record.key == key
    assert (record.block_number, record.log_index) == (7, 3)


def test_logs_of_other_kinds_are_left_out():
    words = (b"\x01" * 32, b"\x02" * 32, b"\x03" * 32)
    found = decode_logs([log((), b""), log((b"\x09" * 32, *words), b""), log((OPEN_ITEM_RECORDED, *words), b"")])
    assert [(record.item_key, record.commitment, record.organisation) for record in found] == [words]


def test_malformed_log_is_said():
    with pytest.raises(ChainUnavailable, match="log 3 of block 7"):
        decode_logs([log((BATCH_RECORDED, bytes(32), bytes(32), bytes(32)), b"short")])


@pytest.mark.parametrize(
    ("sequence", "data"),
    [(b"\xff" * 32, bytes(128)), (bytes(32), bytes(127)), (bytes(32), bytes(32) + b"\xff" * 32 + bytes(64))],
)
def test_a_log_that_the_ledger_cannot_have_written_is_a_broken_node(sequence: bytes, data: bytes) -> None:
    log = Log(bytes(20), (BATCH_RECORDED, bytes(32), sequence, bytes(32)), data, 1, bytes(32), bytes(32), 0)
    with pytest.raises(ChainUnavailable, match="not what the ledger writes"):
        decode_logs([log])
