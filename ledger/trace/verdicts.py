"""Whose word an edge is. Pure.

Anyone registered may claim anything about any item, so every edge says how its claim stands: it is made under the
*own prefix* of the claimant, it is *corroborated* by another organisation's claim of the same link, or it is a
*stranger's* word. A verdict weighs words; it does not say that the claim is true, nor does it know who was truly
given a company prefix.
"""

from __future__ import annotations

from collections.abc import Collection
from enum import StrEnum

from ledger.errors import InvalidInput
from ledger.identifiers import parse_item


class Verdict(StrEnum):
    """How far an edge's claim goes beyond one organisation's word about another's item."""

    OWN_PREFIX = "own_prefix"
    CORROBORATED = "corroborated"
    STRANGER = "stranger"


def verdict(target: str, prefixes: Collection[str], *, claimed_by_others: bool) -> Verdict:
    """`target` is what the edge is about: the item that was made of something, or that held it."""
    if is_own(target, prefixes):
        return Verdict.OWN_PREFIX
    return Verdict.CORROBORATED if claimed_by_others else Verdict.STRANGER


def is_own(item: str, prefixes: Collection[str]) -> bool:
    """Whether the item's key was issued under one of these GS1 company prefixes; never so for private URIs."""
    try:
        digits = parse_item(item).prefix_digits
    except InvalidInput:
        return False
    return digits is not None and any(digits.startswith(prefix) for prefix in prefixes if prefix)
