"""The commitment of one event of one organisation: 32 bytes that bind it completely and reveal nothing.

    disclosure  = RFC 8785 bytes of [salt, pointer, value], the salt as lower-case hex
    salt        = the first 16 bytes of HMAC-SHA-256(secret, pointer)
    leaf        = SHA-256(0x00 ‖ disclosure), in an RFC 9162 tree over the leaves sorted by pointer
    commitment  = SHA-256("lotmark:event:v1" ‖ organisation ‖ uint64 number of leaves ‖ root)

The exact bytes are in docs/commitment.md. What is committed is the parsed JSON as it is; whether it is an EPCIS event
is not asked.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from ledger.commitment.canonical import string_text
from ledger.commitment.disclosure import SALT_SIZE
from ledger.commitment.leaves import split
from ledger.commitment.merkle import merkle_root
from ledger.errors import InvalidInput

TAG = b"lotmark:event:v1"
SECRET_SIZE = 32
ORGANISATION_SIZE = 32

_INNER = bytes(byte ^ 0x36 for byte in range(256))
_OUTER = bytes(byte ^ 0x5C for byte in range(256))


@dataclass(frozen=True, slots=True)
class Commitment:
    value: bytes
    root: bytes
    leaf_count: int


@dataclass(frozen=True, slots=True, repr=False)
class EventTree:
    """An event's disclosures and leaf hashes, all in the order of their pointers."""

    pointers: tuple[str, ...]
    disclosures: tuple[bytes, ...]
    hashes: tuple[bytes, ...]
    root: bytes

    @classmethod
    def of(cls, body: dict[str, Any], secret: bytes) -> EventTree:
        pointers, disclosures = _disclose(body, secret)
        hashes = _leaf_hashes(disclosures)
        return cls(tuple(pointers), tuple(disclosures), tuple(hashes), merkle_root(hashes))

    def commitment(self, organisation: bytes) -> Commitment:
        count = len(self.hashes)
        return Commitment(commitment_value(organisation, count, self.root), self.root, count)


def commit(body: dict[str, Any], organisation: bytes, secret: bytes) -> Commitment:
    """The commitment of the standalone event `body` of `organisation`, its leaves salted from `secret`."""
    hashes = _leaf_hashes(_disclose(body, secret)[1])
    root = merkle_root(hashes)
    return Commitment(commitment_value(organisation, len(hashes), root), root, len(hashes))


def commitment_value(organisation: bytes, leaf_count: int, root: bytes) -> bytes:
    if len(organisation) != ORGANISATION_SIZE:
        raise InvalidInput(f"an organisation id of {len(organisation)} bytes", expected=f"{ORGANISATION_SIZE} bytes")
    return sha256(TAG + organisation + leaf_count.to_bytes(8, "big") + root).digest()


def _leaf_hashes(disclosures: list[bytes]) -> list[bytes]:
    return [sha256(b"\x00" + disclosure).digest() for disclosure in disclosures]


def _disclose(body: dict[str, Any], secret: bytes) -> tuple[list[str], list[bytes]]:
    """The pointers and disclosures. HMAC's two keyed states are made once and copied, in half `hmac.digest`'s time."""
    if len(secret) != SECRET_SIZE:
        raise InvalidInput(f"an event's secret of {len(secret)} bytes", expected=f"{SECRET_SIZE} random bytes")
    block = secret.ljust(64, b"\x00")
    inner, outer = sha256(block.translate(_INNER)), sha256(block.translate(_OUTER))
    pointers, disclosures = [], []
    try:
        for pointer, text in split(body):
            within = inner.copy()
            within.update(pointer.encode())
            around = outer.copy()
            around.update(within.digest())
            salt = around.hexdigest()[: SALT_SIZE * 2]
            pointers.append(pointer)
            disclosures.append(f'["{salt}",{string_text(pointer)},{text}]'.encode())
    except UnicodeEncodeError as error:
        raise InvalidInput("a lone surrogate in a text or name", expected="Unicode text") from error
    except RecursionError as error:
        raise InvalidInput("objects or lists nested too deeply", expected="fewer levels") from error
    return pointers, disclosures
