"""When one item was inside another: stays, from AggregationEvents and AssociationEvents (EPCIS 2.0).

Pure. ADD begins a stay, DELETE ends it, DELETE without children ends all of that container's, OBSERVE confirms. An
item found inside without a known ADD was inside since some unknown time: since it was last known to be out. Only a
DELETE ends a stay; an ADD elsewhere does not, for nobody's word alone may take an item out of another's container.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from ledger.trace.naming import Naming, Relation
from ledger.trace.windows import BEGINNING, END, Window

_ROUNDING = 1e-9


@dataclass(frozen=True, slots=True)
class Stay:
    """`content` inside `container` for one window of time."""

    content: str
    container: str
    relation: Relation
    window: Window
    #: an event says when it began
    sure: bool
    #: the content, as the events of this stay name it
    namings: tuple[Naming, ...]


@dataclass(slots=True)
class _Pair:
    """The timeline of one content in one container, played moment by moment."""

    stays: list[tuple[Window, bool, tuple[Naming, ...]]] = field(default_factory=list)
    out_since: int = BEGINNING
    start: int | None = None
    sure: bool = False
    namings: list[Naming] = field(default_factory=list)
    #: how much is inside, by unit; None where an event left it open
    inside: dict[str | None, float] | None = None

    def play(self, time: int, signals: Sequence[Naming], emptied: bool) -> None:
        """All events of one moment: what is inside leaves before it returns; what is not, comes before it leaves."""
        added = [each for each in signals if each.action == "ADD"]
        observed = [each for each in signals if each.action == "OBSERVE"]
        deleted = [each for each in signals if each.action == "DELETE"]
        leaves_first = self.start is not None
        if leaves_first:
            self._leave(time, deleted, emptied)
        self._enter(time, added, observed)
        if not leaves_first:
            self._leave(time, deleted, emptied)

    def _enter(self, time: int, added: Sequence[Naming], observed: Sequence[Naming]) -> None:
        if added:
            if self.start is None:
                self.start, self.sure, self.inside = time, True, {}
            for each in added:
                self._count(each)
        elif observed and self.start is None:
            self.start, self.sure, self.inside = self.out_since, False, None
        self.namings += [*added, *observed]

    def _count(self, added: Naming) -> None:
        if added.quantity is None:
            self.inside = None
        elif self.inside is not None:
            self.inside[added.uom] = self.inside.get(added.uom, 0.0) + added.quantity

    def _leave(self, time: int, deleted: Sequence[Naming], emptied: bool) -> None:
        only_seen_leaving = bool(deleted) and self.start is None
        if only_seen_leaving:
            self.start, self.sure = self.out_since, False
        self.namings += deleted
        if emptied or only_seen_leaving or (deleted and self._left(deleted)):
            self.close(time)

    def _left(self, deleted: Sequence[Naming]) -> bool:
        """Whether nothing of it is inside any more; a part of an unknown quantity may leave something."""
        if any(each.quantity is None for each in deleted):
            return True
        if self.inside is None or any(each.uom not in self.inside for each in deleted):
            return False
        for each in deleted:
            self.inside[each.uom] -= each.quantity or 0.0
        return all(amount <= _ROUNDING for amount in self.inside.values())

    def close(self, time: int) -> None:
        """The stay ends, if there is one."""
        if self.start is not None:
            self.stays.append(((self.start, time), self.sure, tuple(self.namings)))
        self.start, self.namings, self.out_since = None, [], time


def stays(
    content: str, container: str, relation: Relation, signals: Iterable[Naming], emptied: Iterable[int]
) -> list[Stay]:
    """The stays of `content` in `container`; `signals` name it as a child, `emptied` are moments of DELETEs of all."""
    moments: dict[int, list[Naming]] = defaultdict(list)
    for signal in signals:
        moments[signal.time].append(signal)
    emptyings = set(emptied)
    pair = _Pair()
    for time in sorted(moments.keys() | emptyings):
        pair.play(time, sorted(moments.get(time, ()), key=lambda each: each.event), time in emptyings)
    pair.close(END)
    return [Stay(content, container, relation, *stay) for stay in pair.stays]
