"""One item as one event names it: all that the walk needs to know of an event, and nothing else of it.

The body stays in the store until the trace is known; where a quantity is meant, and in which unit, is the event's own
claim.
"""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple


class Relation(StrEnum):
    """What an edge says of its source and its target."""

    TRANSFORMED = "transformed"  # the source went into the target
    CONTAINED = "contained"  # the source was inside the target (AggregationEvent)
    ASSOCIATED = "associated"  # the source was part of the target (AssociationEvent)
    OF_LOT = "of_lot"  # the target is a serial item of the source, a lot


#: the relation that an event with a parent and children makes
HOLDING = {"AggregationEvent": Relation.CONTAINED, "AssociationEvent": Relation.ASSOCIATED}
TRANSFORMATION = "TransformationEvent"


class Naming(NamedTuple):
    """An item in an event."""

    item: str
    event: int
    role: str
    kind: str
    lot: str | None
    quantity: float | None
    uom: str | None
    counted: bool  # named in a quantity list, so a class or a lot of it and no single thing
    type: str
    action: str | None
    time: int
    organisation: bytes
    transformation_id: str | None
    stands: bool  # neither an error declaration nor declared wrong
    empties: bool  # a DELETE that names this parent and no children

    @property
    def traceable(self) -> bool:
        """A GTIN alone says nothing about where one of its kind came from or went."""
        return self.kind != "class"


#: several events of one organisation that bear one transformationID are one transformation
TransformationKey = tuple[bytes, str] | int


def transformation_key(naming: Naming) -> TransformationKey:
    if naming.transformation_id is None:
        return naming.event
    return naming.organisation, naming.transformation_id
