"""One item in one container: from when to when, by the events that name both. The rules of `ledger.trace.containment`.

ADD begins a stay, DELETE ends it, a DELETE without children ends all of that container's, OBSERVE confirms. Found
inside without a known ADD: inside since it was last known to be out. A DELETE of a part leaves the rest inside, as far
as quantities in one unit tell. Plain Python, that the package may stand without the ledger's store; a test holds the
two to the same answers.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

BEGINNING = -(2**63)
END = 2**63 - 1

_ROUNDING = 1e-9


class Signal(NamedTuple):
    """A child as an event names it: ADD, OBSERVE or DELETE, and how much of it."""

    time: int
    action: str
    quantity: float | None
    uom: str | None


class Stay(NamedTuple):
    """Inside during [start, end], both ends included; not `sure` where no event says when it began.

    `kind` is the type of the events that say so: AggregationEvent or AssociationEvent.
    """

    container: str
    start: int
    end: int
    sure: bool
    kind: str


@dataclass(slots=True)
class _Pair:
    container: str
    kind: str
    stays: list[Stay] = field(default_factory=list)
    out_since: int = BEGINNING
    start: int | None = None
    sure: bool = False
    #: how much is inside, by unit; None where an event left it open
    inside: dict[str | None, float] | None = None

    def play(self, time: int, signals: list[Signal], emptied: bool) -> None:
        """All of one moment: what is inside leaves before it returns; what is outside arrives before it leaves."""
        by_action: dict[str, list[Signal]] = defaultdict(list)
        for signal in signals:
            by_action[signal.action].append(signal)
        was_inside = self.start is not None
        if was_inside:
            self._leave(time, by_action["DELETE"], emptied)
        self._enter(time, by_action["ADD"], bool(by_action["OBSERVE"]))
        if not was_inside:
            self._leave(time, by_action["DELETE"], emptied)

    def _enter(self, time: int, added: list[Signal], observed: bool) -> None:
        if added:
            if self.start is None:
                self.start, self.sure, self.inside = time, True, {}
            for each in added:
                self._count(each)
        elif observed and self.start is None:
            self.start, self.sure, self.inside = self.out_since, False, None

    def _count(self, added: Signal) -> None:
        if added.quantity is None:
            self.inside = None
        elif self.inside is not None:
            self.inside[added.uom] = self.inside.get(added.uom, 0.0) + added.quantity

    def _leave(self, time: int, deleted: list[Signal], emptied: bool) -> None:
        only_seen_leaving = bool(deleted) and self.start is None
        if only_seen_leaving:
            self.start, self.sure = self.out_since, False
        if emptied or only_seen_leaving or (deleted and self._all_left(deleted)):
            self.close(time)

    def _all_left(self, deleted: list[Signal]) -> bool:
        if any(each.quantity is None for each in deleted):
            return True
        if self.inside is None or any(each.uom not in self.inside for each in deleted):
            return False
        for each in deleted:
            self.inside[each.uom] -= each.quantity or 0.0
        return all(amount <= _ROUNDING for amount in self.inside.values())

    def close(self, time: int) -> None:
        if self.start is not None:
            self.stays.append(Stay(self.container, self.start, time, self.sure, self.kind))
        self.start, self.out_since = None, time


def stays(container: str, kind: str, signals: Iterable[Signal], emptied: Iterable[int]) -> list[Stay]:
    """The stays in `container` of what `signals` name; `emptied` are the moments of DELETEs of all its contents.

    `signals` are in the order in which their events were captured.
    """
    moments: dict[int, list[Signal]] = defaultdict(list)
    for signal in signals:
        moments[signal.time].append(signal)
    emptyings = set(emptied)
    pair = _Pair(container, kind)
    for time in sorted(moments.keys() | emptyings):
        pair.play(time, moments.get(time, []), time in emptyings)
    pair.close(END)
    return pair.stays
