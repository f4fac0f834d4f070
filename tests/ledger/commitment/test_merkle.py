"""The Merkle trees against RFC 9162's own recursive definitions, and against forged proofs."""

from __future__ import annotations

from hashlib import sha256

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from ledger.commitment.merkle import inclusion_path, leaf_hash, merkle_root, node_hash, root_from_path
from ledger.errors import InvalidInput

hashes = st.lists(st.binary(min_size=32, max_size=32), min_size=1, max_size=40, unique=True)


def largest_power_below(n: int) -> int:
    k = 1
    while k * 2 < n:
        k *= 2
    return k


def mth(leaves: list[bytes]) -> bytes:
    """RFC 9162 §2.1.1, word for word, over leaf hashes."""
    if not leaves:
        return sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    k = largest_power_below(len(leaves))
    return sha256(b"\x01" + mth(leaves[:k]) + mth(leaves[k:])).digest()


def path_of(m: int, leaves: list[bytes]) -> list[bytes]:
    """RFC 9162 §2.1.3.1, word for word."""
    if len(leaves) == 1:
        return []
    k = largest_power_below(len(leaves))
    if m < k:
        return [*path_of(m, leaves[:k]), mth(leaves[k:])]
    return [*path_of(m - k, leaves[k:]), mth(leaves[:k])]


def test_known_roots() -> None:
    assert merkle_root([]) == sha256(b"").digest()
    assert leaf_hash(b"") == sha256(b"\x00").digest()
    # the tree of RFC 6962's reference implementation: its first three entries
    entries = [b"", b"\x00", b"\x10"]
    expected = "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77"
    assert merkle_root([leaf_hash(entry) for entry in entries]).hex() == expected


@settings(max_examples=200, deadline=None)
@given(st.data(), hashes)
def test_equals_the_recursive_definition(data: st.DataObject, leaves: list[bytes]) -> None:
    index = data.draw(st.integers(0, len(leaves) - 1))
    path = inclusion_path(leaves, index)
    assert merkle_root(leaves) == mth(leaves)
    assert path == path_of(index, leaves)
    assert root_from_path(leaves[index], index, len(leaves), path) == mth(leaves)


def reaches(root: bytes, leaf: bytes, index: int, size: int, path: list[bytes]) -> bool:
    try:
        return root_from_path(leaf, index, size, path) == root
    except InvalidInput:
        return False


@settings(max_examples=200, deadline=None)
@given(st.data(), hashes)
def test_forged_paths_do_not_reach_the_root(data: st.DataObject, leaves: list[bytes]) -> None:
    index = data.draw(st.integers(0, len(leaves) - 1))
    leaf, size, root, path = leaves[index], len(leaves), merkle_root(leaves), inclusion_path(leaves, index)
    assert not reaches(root, leaf, index, size, [*path, leaf])
    for other in range(size):
        assert other == index or not reaches(root, leaf, other, size, path)
    if path:
        assert not reaches(root, leaf, index, size, path[:-1])
        assert not reaches(root, leaf, index, size, path[1:])
        flipped = data.draw(st.integers(0, len(path) - 1))
        forged = [bytes([h[0] ^ 1]) + h[1:] if n == flipped else h for n, h in enumerate(path)]
        assert not reaches(root, leaf, index, size, forged)
        assert not reaches(root, leaf, index, size, [path[0][:-1], *path[1:]])
    if len(path) > 1:
        assert not reaches(root, leaf, index, size, path[::-1])


@settings(max_examples=200, deadline=None)
@given(hashes)
def test_an_inner_node_is_no_leaf(leaves: list[bytes]) -> None:
    """The parent of two leaves would reach the root in a tree of half the size, but no leaf's data hashes to it."""
    assume(len(leaves) > 1)
    path, pair = inclusion_path(leaves, 0), leaves[0] + leaves[1]
    assert not reaches(merkle_root(leaves), node_hash(leaves[0], leaves[1]), 0, len(leaves), path[1:])
    assert not reaches(merkle_root(leaves), leaf_hash(pair), 0, (len(leaves) + 1) // 2, path[1:])


@settings(max_examples=200, deadline=None)
@given(st.data(), hashes)
def test_another_size_reaches_another_root_or_none(data: st.DataObject, leaves: list[bytes]) -> None:
    """A path fits several sizes only where the tree's shape above the leaf is the same: the header signs the size."""
    index = data.draw(st.integers(0, len(leaves) - 1))
    path, root = inclusion_path(leaves, index), merkle_root(leaves)
    for size in range(1, 2 * len(leaves) + 2):
        if index >= size or len(path) != len(path_of(index, [bytes(32)] * size)):
            assert not reaches(root, leaves[index], index, size, path)


@pytest.mark.parametrize(("index", "size"), [(-1, 3), (3, 3), (0, 0)])
def test_an_index_outside_is_refused(index: int, size: int) -> None:
    with pytest.raises(InvalidInput, match="no leaf"):
        root_from_path(bytes(32), index, size, [])
    with pytest.raises(InvalidInput, match="no leaf"):
        inclusion_path([bytes(32)] * size, index)
