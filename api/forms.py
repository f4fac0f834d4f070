"""How values look in JSON: hashes and ids as lower-case hex with 0x, times as RFC 3339 in UTC; and back."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from ledger.errors import InvalidInput

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_HASH = re.compile("0x[0-9a-fA-F]{64}")


def hex_of(value: bytes) -> str:
    return "0x" + value.hex()


def is_hash(text: str) -> bool:
    return _HASH.fullmatch(text) is not None


def parse_hash(text: str) -> bytes:
    """The 32 bytes of a commitment or an id. Raises InvalidInput."""
    if not is_hash(text):
        raise InvalidInput(f"{text[:80]!r} is no hash", expected="0x and 64 hexadecimal digits")
    return bytes.fromhex(text[2:])


def time_of(microseconds: int) -> str:
    """RFC 3339 in UTC, to the millisecond, or the microsecond where there is one."""
    moment = _EPOCH + timedelta(microseconds=microseconds)
    return moment.isoformat(timespec="microseconds" if microseconds % 1000 else "milliseconds").replace("+00:00", "Z")
