"""What a walk knows of the events so far, asked of a source in batches: a few questions a level, never one per item.

Pure: `Source` is the narrow door to wherever events are kept (`queries.StoredEvents` for the store). Answers are
kept, so both directions of one trace share them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from ledger.trace.containment import Stay, stays
from ledger.trace.naming import HOLDING, TRANSFORMATION, Naming, Relation, TransformationKey, transformation_key


class Source(Protocol):
    """Where namings come from. Each answer may be cut at the source's own bound, which `incomplete` then tells."""

    def of_items(self, items: Collection[str]) -> Sequence[Naming]:
        """Everything that names one of `items`."""

    def of_events(self, events: Collection[int], roles: Collection[str]) -> Sequence[Naming]:
        """What these events name in these roles."""

    def of_transformations(self, transformation_ids: Collection[str]) -> Sequence[Naming]:
        """The inputs and outputs of the transformations of these transformationIDs, of any organisation."""

    def of_lots(self, lots: Collection[str]) -> Sequence[Naming]:
        """Everything that names a serial item of one of these lots beside its lot."""

    @property
    def incomplete(self) -> Collection[str]:
        """Items and lots of which not everything was answered."""


@dataclass(slots=True)
class Transformation:
    """Inputs and outputs of one transformation, which one organisation vouches for."""

    inputs: dict[str, list[Naming]] = field(default_factory=dict)
    outputs: dict[str, list[Naming]] = field(default_factory=dict)

    def add(self, naming: Naming) -> None:
        side = self.inputs if naming.role == "input" else self.outputs
        side.setdefault(naming.item, []).append(naming)


class Knowledge:
    """Answers about items that `learn` has been told of."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._namings: dict[str, list[Naming]] = {}
        self._transformations: dict[TransformationKey, Transformation] = {}
        self._parents: dict[int, str | None] = {}
        self._children: dict[int, list[Naming]] = {}
        self._serials: dict[str, list[Naming]] = {}
        self._stays: dict[str, list[Stay]] = {}

    def learn(self, items: Collection[str], opened: Collection[str] = (), lots: Collection[str] = ()) -> None:
        """Make these items known; of those `opened`, their contents too, and of `lots` their serial items."""
        self._learn_namings(items)
        self._learn_transformations(items)
        self._learn_parents(items)
        self._learn_children(opened)
        missing = {lot for lot in lots if lot not in self._serials}
        self._serials.update((lot, []) for lot in missing)
        for naming in self._source.of_lots(missing) if missing else ():
            self._serials[str(naming.lot)].append(naming)

    def _learn_namings(self, items: Iterable[str]) -> None:
        missing = {item for item in items if item not in self._namings}
        self._namings.update((item, []) for item in missing)
        for naming in self._source.of_items(missing) if missing else ():
            self._namings[naming.item].append(naming)

    def _learn_transformations(self, items: Iterable[str]) -> None:
        events, ids = set(), set()
        for naming in self._standing(items):
            if naming.type != TRANSFORMATION or transformation_key(naming) in self._transformations:
                continue
            if naming.transformation_id is None:
                events.add(naming.event)
            else:
                ids.add(naming.transformation_id)
        answer = [
            *(self._source.of_events(events, ("input", "output")) if events else ()),
            *(self._source.of_transformations(ids) if ids else ()),
        ]
        for naming in answer:
            if naming.stands and naming.traceable:
                self._transformations.setdefault(transformation_key(naming), Transformation()).add(naming)

    def _learn_parents(self, items: Iterable[str]) -> None:
        events = {n.event for n in self._standing(items) if n.role == "child" and n.event not in self._parents}
        self._parents.update((event, None) for event in events)
        for naming in self._source.of_events(events, ("parent",)) if events else ():
            if naming.traceable:
                self._parents[naming.event] = naming.item
        self._learn_namings({parent for event in events if (parent := self._parents[event])})

    def _learn_children(self, opened: Iterable[str]) -> None:
        events = {
            naming.event
            for naming in self._standing(opened)
            if naming.role == "parent" and naming.type in HOLDING and naming.event not in self._children
        }
        self._children.update((event, []) for event in events)
        for naming in self._source.of_events(events, ("child",)) if events else ():
            if naming.traceable:
                self._children[naming.event].append(naming)

    def _standing(self, items: Iterable[str]) -> Iterator[Naming]:
        return (naming for item in items for naming in self._namings[item] if naming.stands and naming.traceable)

    @property
    def incomplete(self) -> Collection[str]:
        return self._source.incomplete

    def knows(self, item: str) -> bool:
        return item in self._namings

    def namings(self, item: str) -> Sequence[Naming]:
        """Every naming of the item, also by events that are declared wrong or that declare others wrong."""
        return self._namings[item]

    def gates(self, item: str, role: str) -> dict[TransformationKey, list[Naming]]:
        """The transformations that name the item as 'input' or 'output', with these namings."""
        found: dict[TransformationKey, list[Naming]] = defaultdict(list)
        for naming in self._standing((item,)):
            if naming.role == role and naming.type == TRANSFORMATION:
                found[transformation_key(naming)].append(naming)
        return found

    def transformation(self, key: TransformationKey) -> Transformation:
        return self._transformations[key]

    def lots(self, serial: str) -> dict[str, list[Naming]]:
        """The lots that events name beside the serial item: one, unless events contradict each other."""
        found: dict[str, list[Naming]] = defaultdict(list)
        for naming in self._standing((serial,)):
            if naming.lot is not None:
                found[naming.lot].append(naming)
        return found

    def serials(self, lot: str) -> dict[str, list[Naming]]:
        """The serial items of a lot, with the namings that say so."""
        found: dict[str, list[Naming]] = defaultdict(list)
        for naming in self._serials[lot]:
            if naming.stands:
                found[naming.item].append(naming)
        return found

    def stays_of(self, content: str) -> Sequence[Stay]:
        """When the item was inside others."""
        if content not in self._stays:
            signals: dict[tuple[str, Relation], list[Naming]] = defaultdict(list)
            for naming in self._standing((content,)):
                container = self._parents.get(naming.event)
                if naming.role == "child" and naming.type in HOLDING and container not in (None, content):
                    signals[str(container), HOLDING[naming.type]].append(naming)
            self._stays[content] = self._play({(content, *pair): each for pair, each in signals.items()})
        return self._stays[content]

    def stays_in(self, container: str) -> Sequence[Stay]:
        """When others were inside the item; known for what `learn` opened."""
        signals: dict[tuple[str, str, Relation], list[Naming]] = defaultdict(list)
        for naming in self._standing((container,)):
            if naming.role == "parent" and naming.type in HOLDING:
                for child in self._children[naming.event]:
                    if child.item != container:
                        signals[child.item, container, HOLDING[naming.type]].append(child)
        return self._play(signals)

    def _play(self, signals: dict[tuple[str, str, Relation], list[Naming]]) -> list[Stay]:
        emptied = {
            (container, relation): [
                naming.time
                for naming in self._standing((container,))
                if naming.empties and HOLDING.get(naming.type) is relation
            ]
            for _, container, relation in signals
        }
        return [
            stay
            for (content, container, relation), namings in signals.items()
            for stay in stays(content, container, relation, namings, emptied[container, relation])
        ]
