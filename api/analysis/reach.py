"""The part of the store's history that can say what came of some items: their reach, forward.

Everything that they may have gone into, through mixtures, containers and lots, whenever; with all events that name any
of that, and what the containers in its mixtures held. More than the reach does no harm: the join judges by time.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from typing import NamedTuple

from sqlalchemy import Connection, select

from api.analysis.genealogy import History, history_of_events, standing
from api.quality.join.transformations import is_carrier
from ledger.store.insert import chunks
from ledger.store.tables import event, mention


def history_reaching(connection: Connection, items: Iterable[str], *, only_open: bool = False) -> History:
    """All events that may matter for what `items`, and what was inside them, went into."""
    known = _Known(connection, only_open)
    waiting, reached = {(item, True) for item in items}, set[tuple[str, bool]]()
    while waiting:
        known.load({item for item, _ in waiting})
        reached |= waiting
        waiting = {each for item, brings in waiting for each in known.onward(item, brings)} - reached
    while carriers := {item for item in known.named if is_carrier(item)} - known.loaded:
        known.load(carriers)
    return history_of_events(connection, known.events)


def items_at(connection: Connection, place: str, until: int, *, only_open: bool = False) -> set[str]:
    """All that events at the place named until then (microseconds)."""
    statement = (
        select(mention.c.item)
        .distinct()
        .join(event, event.c.id == mention.c.event_id)
        .where(standing(only_open=only_open), event.c.biz_location == place, event.c.event_time <= until)
    )
    return set(connection.execute(statement).scalars())


class _Naming(NamedTuple):
    item: str
    role: str
    lot: str | None


class _Known:
    """What was read of the store so far: whole events, all those of each item that was asked for."""

    def __init__(self, connection: Connection, only_open: bool) -> None:
        self._connection, self._standing = connection, standing(only_open=only_open)
        self.loaded: set[str] = set()
        #: the number of an event → its transformation, if it has an ID
        self.events: dict[int, tuple[bytes, str] | None] = {}
        self._namings: dict[int, list[_Naming]] = defaultdict(list)
        self._by_item: dict[str, list[tuple[int, _Naming]]] = defaultdict(list)
        self._together: dict[tuple[bytes, str], set[int]] = defaultdict(set)

    @property
    def named(self) -> Collection[str]:
        return self._by_item.keys()

    def load(self, items: Collection[str]) -> None:
        """All events that name one of these, or a serial item of one; with those of the same transformations."""
        self.loaded |= set(items)
        found = select(event.c.id, event.c.organisation_id, event.c.transformation_id).where(self._standing).distinct()
        naming = found.join(mention, mention.c.event_id == event.c.id)
        new = [
            *self._new(naming.where(mention.c.item.in_(some)) for some in chunks(sorted(items))),
            *self._new(naming.where(mention.c.lot.in_(some)) for some in chunks(sorted(items))),
        ]
        names = sorted({name for each in new if (name := self.events[each]) is not None})
        new += self._new(
            found.where(event.c.transformation_id.in_([name for _, name in some])) for some in chunks(names)
        )
        for numbers in chunks(new):
            columns = (mention.c.event_id, mention.c.item, mention.c.role, mention.c.lot)
            for number, *fields in self._connection.execute(select(*columns).where(mention.c.event_id.in_(numbers))):
                one = _Naming(*fields)
                self._namings[number].append(one)
                self._by_item[one.item].append((number, one))
                if one.lot is not None and one.lot != one.item:
                    self._by_item[one.lot].append((number, _Naming(one.item, "serial", None)))

    def _new(self, statements: Iterable[object]) -> list[int]:
        new = []
        for statement in statements:
            for number, organisation, name in self._connection.execute(statement):  # type: ignore[call-overload]
                if number not in self.events:
                    self.events[number] = None if name is None else (organisation, name)
                    new.append(number)
                    if name is not None:
                        self._together[organisation, name].add(number)
        return new

    def onward(self, item: str, brings: bool) -> Iterator[tuple[str, bool]]:
        """What this item is in, or went into; what is inside it, if it `brings` that (True of what comes with it)."""
        for number, naming in self._by_item[item]:
            if naming.role == "input":
                yield from ((each, True) for each in self._of(number, "output"))
            elif naming.role == "child":
                yield from ((each, False) for each in self._of(number, "parent"))
            elif naming.role == "parent" and brings:
                yield from ((each, True) for each in self._of(number, "child"))
            elif naming.role == "serial":
                yield naming.item, True
            if naming.lot is not None:
                yield naming.lot, True

    def _of(self, number: int, role: str) -> list[str]:
        """The items in a role of the event, and of all events of its transformation."""
        name = self.events[number]
        numbers = self._together[name] if name is not None and role == "output" else {number}
        return [naming.item for each in numbers for naming in self._namings[each] if naming.role == role]
