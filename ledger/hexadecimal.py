"""How hashes, ids and addresses are shown and written: lower-case hex behind 0x, as Ethereum's JSON-RPC has data."""

from __future__ import annotations


def hex_of(value: bytes) -> str:
    return "0x" + value.hex()
