"""Showing some leaves of an event and, of the others, the bare hashes: the commitment stays the same.

Never hidden are the event's type, eventTime and action, the presence of an error declaration, and the structure leaves
of all that encloses what is shown. Redactions are sets: narrowing in any order gives the same event, and combining
gives back what either shows. What a leaf's position tells of a hidden name is in docs/bundle.md.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from ledger.commitment.disclosure import Disclosure, Value
from ledger.commitment.event_tree import Commitment, EventTree, commitment_value
from ledger.commitment.leaves import parent
from ledger.commitment.merkle import merkle_root
from ledger.errors import InvalidInput

NEVER_HIDDEN = frozenset({"", "/type", "/eventTime", "/action", "/errorDeclaration"})

#: a leaf of a redacted event: shown, or its hash
RedactedLeaf = Disclosure | bytes


@dataclass(frozen=True, slots=True)
class RedactedEvent:
    """All leaves of one event in their order, each shown or as its hash."""

    leaves: tuple[RedactedLeaf, ...]

    @property
    def shown(self) -> tuple[Disclosure, ...]:
        return tuple(leaf for leaf in self.leaves if isinstance(leaf, Disclosure))

    @property
    def hidden_count(self) -> int:
        return len(self.leaves) - len(self.shown)

    @property
    def hashes(self) -> list[bytes]:
        return [leaf.hash if isinstance(leaf, Disclosure) else leaf for leaf in self.leaves]

    def values(self) -> dict[str, Value]:
        """Pointer → value of what is shown."""
        return {leaf.pointer: leaf.value for leaf in self.shown}

    def commitment(self, organisation: bytes) -> Commitment:
        root = merkle_root(self.hashes)
        return Commitment(commitment_value(organisation, len(self.leaves), root), root, len(self.leaves))

    def narrow(self, shown: Iterable[str]) -> RedactedEvent:
        """The same event showing, of what it shows now, only the leaves at `shown` and what is never hidden."""
        kept = _with_ancestors({*shown, *NEVER_HIDDEN})
        return RedactedEvent(
            tuple(
                leaf.hash if isinstance(leaf, Disclosure) and leaf.pointer not in kept else leaf for leaf in self.leaves
            )
        )

    def combine(self, other: RedactedEvent) -> RedactedEvent:
        """The same event showing what either shows."""
        if self.hashes != other.hashes:
            raise InvalidInput("two different events cannot be combined", expected="two redactions of one event")
        pairs = zip(self.leaves, other.leaves, strict=True)
        return RedactedEvent(tuple(mine if isinstance(mine, Disclosure) else theirs for mine, theirs in pairs))


def whole(tree: EventTree) -> RedactedEvent:
    """The event with every leaf shown."""
    return RedactedEvent(tuple(map(Disclosure.parse, tree.disclosures)))


def redact(tree: EventTree, shown: Collection[str]) -> RedactedEvent:
    """The event showing the leaves at the pointers `shown`, what encloses them and what is never hidden."""
    unknown = sorted(set(shown) - set(tree.pointers))
    if unknown:
        raise InvalidInput(f"the event has no leaf {unknown[0]!r} to show", expected="a JSON pointer into the event")
    kept = _with_ancestors({*shown, *NEVER_HIDDEN})
    leaves = zip(tree.pointers, tree.disclosures, tree.hashes, strict=True)
    return RedactedEvent(
        tuple(Disclosure.parse(disclosure) if pointer in kept else hash_ for pointer, disclosure, hash_ in leaves)
    )


def all_but(pointers: Iterable[str], hidden: Collection[str]) -> list[str]:
    """The `pointers` that are neither at nor beneath one of `hidden`."""
    return [p for p in pointers if not any(p == h or p.startswith(h + "/") for h in hidden)]


def _with_ancestors(pointers: Iterable[str]) -> set[str]:
    closed: set[str] = set()
    for pointer in pointers:
        while pointer not in closed:
            closed.add(pointer)
            pointer = parent(pointer)
    return closed
