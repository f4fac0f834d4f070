"""Hashes and ids read back from JSON and paths; they are written by `ledger.hexadecimal`, times by `ledger.events`."""

from __future__ import annotations

import re

from ledger.errors import InvalidInput

_HASH = re.compile("0x[0-9a-fA-F]{64}")


def is_hash(text: str) -> bool:
    return _HASH.fullmatch(text) is not None


def parse_hash(text: str) -> bytes:
    """The 32 bytes of a commitment or an id. Raises InvalidInput."""
    if not is_hash(text):
        raise InvalidInput(f"{text[:80]!r} is no hash", expected="0x and 64 hexadecimal digits")
    return bytes.fromhex(text[2:])
