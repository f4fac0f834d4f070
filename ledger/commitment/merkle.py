"""RFC 9162 §2.1 Merkle trees over SHA-256: roots, inclusion paths and their verification.

A path binds the leaf, its index and the size of the tree. The functions take leaf hashes; what is in a leaf is the
caller's.
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256

from ledger.errors import InvalidInput

HASH_SIZE = 32


def leaf_hash(data: bytes) -> bytes:
    return sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return sha256(b"\x01" + left + right).digest()


def merkle_root(hashes: Sequence[bytes]) -> bytes:
    """MTH of RFC 9162 §2.1.1 for leaves already hashed; of none, the hash of nothing."""
    if not hashes:
        return sha256(b"").digest()
    level = list(hashes)
    while len(level) > 1:
        level = _next_level(level)
    return level[0]


def _next_level(level: list[bytes]) -> list[bytes]:
    """The level above: neighbours paired, an odd last one carried up as it is."""
    joined = b"".join(level)
    paired = len(level) // 2 * 64
    above = [sha256(b"\x01" + joined[at : at + 64]).digest() for at in range(0, paired, 64)]
    if len(level) % 2:
        above.append(level[-1])
    return above


def inclusion_path(hashes: Sequence[bytes], index: int) -> list[bytes]:
    """PATH of RFC 9162 §2.1.3.1: the siblings from leaf `index` up to the root."""
    if not 0 <= index < len(hashes):
        raise InvalidInput(f"no leaf {index} in a tree of {len(hashes)}")
    level, path = list(hashes), []
    while len(level) > 1:
        sibling = index ^ 1
        if sibling < len(level):
            path.append(level[sibling])
        level = _next_level(level)
        index //= 2
    return path


def root_from_path(leaf: bytes, index: int, size: int, path: Sequence[bytes]) -> bytes:
    """The root to which `path` takes a leaf's hash (RFC 9162 §2.1.3.2); InvalidInput for a path of another length."""
    if not 0 <= index < size:
        raise InvalidInput(f"no leaf {index} in a tree of {size}")
    if len(path) != _path_length(index, size):
        raise InvalidInput(
            f"a path of {len(path)} hashes for leaf {index} of {size}", expected=f"{_path_length(index, size)} hashes"
        )
    if any(len(step) != HASH_SIZE for step in (leaf, *path)):
        raise InvalidInput("a hash of another length in a path", expected=f"{HASH_SIZE} bytes each")
    steps, last, reached = iter(path), size - 1, leaf
    while last:
        if index % 2:
            reached = node_hash(next(steps), reached)
        elif index < last:
            reached = node_hash(reached, next(steps))
        index, last = index // 2, last // 2
    return reached


def _path_length(index: int, size: int) -> int:
    """Levels at which leaf `index` has a sibling: all below where it joins the right border, then one per set bit."""
    inner = (index ^ (size - 1)).bit_length()
    return inner + (index >> inner).bit_count()
