"""Ethereum's JSON-RPC encodings (execution-apis: quantities and unformatted data), and its errors as an exception.

What each method means is the business of whoever asks or answers.
"""

from __future__ import annotations

import re
from typing import Any

PARSE_ERROR = -32700
INVALID_REQUEST = -32600
METHOD_NOT_FOUND = -32601
INVALID_PARAMS = -32602
INTERNAL_ERROR = -32603
SERVER_ERROR = -32000
LIMIT_EXCEEDED = -32005
EXECUTION_REVERTED = 3

_QUANTITY = re.compile(r"0x(0|[1-9a-f][0-9a-f]*)", re.IGNORECASE)
_DATA = re.compile(r"0x([0-9a-f]{2})*", re.IGNORECASE)


class RpcError(Exception):
    """An error object of JSON-RPC 2.0; never leaves `ledger.chain`."""

    def __init__(self, code: int, message: str, data: Any = None) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.data = data

    def as_dict(self) -> dict[str, Any]:
        return {"code": self.code, "message": self.message} | ({} if self.data is None else {"data": self.data})


def quantity(value: int) -> str:
    return hex(value)


def data(value: bytes) -> str:
    return "0x" + value.hex()


def parse_quantity(value: object) -> int:
    """The integer that a quantity encodes; ValueError if it is none, or more than 256 bits."""
    if not isinstance(value, str) or len(value) > 66 or not _QUANTITY.fullmatch(value):
        raise ValueError(f"not a quantity: {value!r:.100}")
    return int(value, 16)


def parse_data(value: object, size: int | None = None) -> bytes:
    """The bytes that unformatted data encodes; ValueError if it is none, or not of `size` bytes."""
    if not isinstance(value, str) or not _DATA.fullmatch(value) or (size is not None and len(value) != 2 + 2 * size):
        raise ValueError(f"not {'data' if size is None else f'{size} bytes of data'}: {value!r:.100}")
    return bytes.fromhex(value[2:])
