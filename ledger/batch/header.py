"""The header of a batch and what it hashes to: EIP-712 `hashStruct` and digest, as the contract ProvenanceLedger
computes them.

The encodings are all of fixed width, so they are written out here; tests hold them against eth-account's and eth-abi's
encoders.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from eth_hash.auto import keccak

from ledger.commitment.merkle import leaf_hash, merkle_root
from ledger.errors import InvalidInput

HEADER_TYPE = (
    "Header(bytes32 organisation,uint64 sequence,bytes32 root,uint32 size,bytes32 itemsHash,bytes32 indexRoot)"
)
DOMAIN_TYPE = "EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"
DOMAIN_NAME = "Lotmark"
DOMAIN_VERSION = "1"

_HEADER_TYPE_HASH = keccak(HEADER_TYPE.encode())
_DOMAIN_PREFIX = keccak(DOMAIN_TYPE.encode()) + keccak(DOMAIN_NAME.encode()) + keccak(DOMAIN_VERSION.encode())


@dataclass(frozen=True, slots=True)
class Header:
    """What an organisation signs for its `sequence`-th batch: `size` commitments under `root`, and the open items."""

    organisation: bytes
    sequence: int
    root: bytes
    size: int
    items_hash: bytes
    index_root: bytes = bytes(32)

    def __post_init__(self) -> None:
        for name in ("organisation", "root", "items_hash", "index_root"):
            _check_bytes(name, getattr(self, name), 32)
        _check_range("sequence", self.sequence, 64)
        _check_range("size", self.size, 32)


@dataclass(frozen=True, slots=True)
class OpenItem:
    """An entry for the chain's logs: the key of an item (or the commitment of a corrected event), and the event."""

    item_key: bytes
    commitment: bytes

    def __post_init__(self) -> None:
        _check_bytes("item key", self.item_key, 32)
        _check_bytes("commitment", self.commitment, 32)


@dataclass(frozen=True, slots=True)
class Domain:
    """The EIP-712 domain: one ledger on one chain."""

    chain_id: int
    ledger: bytes

    def __post_init__(self) -> None:
        _check_bytes("ledger address", self.ledger, 20)
        _check_range("chain id", self.chain_id, 256)

    @property
    def separator(self) -> bytes:
        return keccak(_DOMAIN_PREFIX + _word(self.chain_id) + self.ledger.rjust(32, b"\x00"))


def organisation_id(uri: str) -> bytes:
    """The 32 bytes that name an organisation everywhere: keccak-256 of its URI's UTF-8."""
    return keccak(uri.encode())


def batch_root(commitments: Sequence[bytes]) -> bytes:
    """The RFC 9162 root of a batch; its leaves are the hashes of the commitments."""
    if not commitments:
        raise InvalidInput("a batch without events", expected="at least one commitment")
    return merkle_root([leaf_hash(commitment) for commitment in commitments])


def encode_items(items: Sequence[OpenItem]) -> bytes:
    """abi.encode of the items as (bytes32,bytes32)[]."""
    return _word(32) + _word(len(items)) + b"".join(item.item_key + item.commitment for item in items)


def items_hash(items: Sequence[OpenItem]) -> bytes:
    return keccak(encode_items(items))


def header_hash(header: Header) -> bytes:
    """The header's EIP-712 hashStruct: what the contract keeps for (organisation, sequence)."""
    return keccak(
        _HEADER_TYPE_HASH
        + header.organisation
        + _word(header.sequence)
        + header.root
        + _word(header.size)
        + header.items_hash
        + header.index_root
    )


def digest(header: Header, domain: Domain) -> bytes:
    """The 32 bytes that are signed."""
    return keccak(b"\x19\x01" + domain.separator + header_hash(header))


def _word(number: int) -> bytes:
    return number.to_bytes(32, "big")


def _check_bytes(name: str, value: object, size: int) -> None:
    if not isinstance(value, bytes) or len(value) != size:
        raise InvalidInput(f"{name} is not {size} bytes", expected=f"{size} bytes")


def _check_range(name: str, value: object, bits: int) -> None:
    if not isinstance(value, int) or not 0 <= value < 2**bits:
        raise InvalidInput(f"{name} {value!r} is out of range", expected=f"an integer of {bits} bits, not negative")
