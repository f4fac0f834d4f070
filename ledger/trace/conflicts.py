"""Events that contradict each other: different contents under one eventID, which is meant to name one event. Pure.

No conflict: an error declaration and the event that it corrects, which share their eventID by EPCIS 2.0; several
declarations that correct the same event; an event that is declared wrong, with whatever replaced it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Bearer:
    """An event as one of those that bear its eventID."""

    id: int
    event_id: str
    commitment: bytes
    digest: bytes
    is_error_declaration: bool
    is_wrong: bool
    #: the events that it declares wrong
    corrects: frozenset[int]


def conflicts(bearers: Iterable[Bearer]) -> dict[int, tuple[bytes, ...]]:
    """For each event that has them, the commitments of those it contradicts."""
    by_event_id: dict[str, list[Bearer]] = defaultdict(list)
    for bearer in bearers:
        if not bearer.is_wrong:
            by_event_id[bearer.event_id].append(bearer)
    found = {
        one.id: tuple(other.commitment for other in same if _contradict(one, other))
        for same in by_event_id.values()
        for one in same
    }
    return {id_: commitments for id_, commitments in found.items() if commitments}


def _contradict(one: Bearer, other: Bearer) -> bool:
    return (
        one.digest != other.digest
        and one.is_error_declaration == other.is_error_declaration
        and not one.corrects & other.corrects
    )
