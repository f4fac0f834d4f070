"""What belongs to an item by genealogy, and when: the trace's walk (docs/trace.md), on frames.

Backward from a use at time t only what happened until t counts, forward from an arrival at t only what happened since.
Containers are no members: what happens to them happens to the members inside (`steps`, `windows`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

import pandas as pd

from api.quality.columns import empty
from api.quality.frames import microseconds, timestamps
from api.quality.join.containment import CONTAINMENT
from api.quality.join.genealogy import edges
from api.quality.join.stays import BEGINNING, END
from api.quality.join.transformations import Transformations

Direction = Literal["backward", "forward", "both"]

#: `item` belongs during [start, end] (NaT: open), by so many edges; relation is 'own', 'ancestor', 'descendant',
#: 'content', 'serial' or 'lot' (of the origin); certainty is 'certain' where every edge to it is
MEMBER = ("item", "relation", "level", "start", "end", "certainty")

_RANK = ("own", "ancestor", "descendant", "content", "serial", "lot")
_KEPT = ("ancestor", "descendant")


@dataclass(frozen=True, slots=True)
class _Reached:
    """`bound` is the end of the window (backward) or its start (forward)."""

    item: str
    relation: str
    bound: int
    sure: bool


def members_of(
    transformations: Transformations,
    inside: pd.DataFrame,
    item: str,
    *,
    direction: Direction = "backward",
    depth: int | None = None,
    since: int = BEGINNING,
) -> pd.DataFrame:
    """A frame with the columns `MEMBER`, the origin first, then by level; nothing beyond `depth` edges.

    Forward, only what happened to the item from `since` (microseconds) on is followed.
    """
    ways = ("backward", "forward") if direction == "both" else (direction,)
    rows: dict[str, tuple[str, int, int, int, bool]] = {}
    for way in ways:
        steps = _Steps(transformations, inside, item, way == "backward")
        bound = END if steps.backward else since
        certain = set(_walk(steps, item, bound, depth, only_sure=True))
        for name, (relation, level, reach) in _walk(steps, item, bound, depth, only_sure=False).items():
            start, end = (BEGINNING, reach) if way == "backward" else (reach, END)
            known = rows.get(name, (relation, level, start, end, False))
            nearer = min((relation, level), known[:2], key=lambda each: (each[1], _RANK.index(each[0])))
            rows[name] = (*nearer, min(start, known[2]), max(end, known[3]), known[4] or name in certain)
    rows[item] = ("own", 0, BEGINNING, END, True)
    found = pd.DataFrame([(name, *row) for name, row in rows.items()], columns=list(MEMBER))
    found = found.sort_values(["level", "item"], kind="stable").reset_index(drop=True)
    found["start"] = timestamps(found["start"], missing=BEGINNING)
    found["end"] = timestamps(found["end"], missing=END)
    found["certainty"] = found["certainty"].map({True: "certain", False: "possible"})
    return found


def _walk(
    steps: _Steps, origin: str, bound: int, depth: int | None, *, only_sure: bool
) -> dict[str, tuple[str, int, int]]:
    """Relation, level and bound of everything reached; a wider window is walked again."""
    better = max if steps.backward else min
    found = {origin: ("own", 0, bound)}
    waiting, level = [origin], 0
    while waiting and (depth is None or level < depth):
        level += 1
        widened: dict[str, None] = {}
        arrived = [(item, *found[item]) for item in waiting]
        for item, relation, _, reach in arrived:
            for each in steps.of(item, relation, reach):
                if only_sure and not each.sure:
                    continue
                known = found.get(each.item)
                if known is None:
                    found[each.item] = (each.relation, level, each.bound)
                elif better(each.bound, known[2]) != known[2] or (known[1] == level and known[0] != each.relation):
                    relation_ = min(each.relation, known[0], key=_RANK.index) if known[1] == level else known[0]
                    found[each.item] = (relation_, known[1], better(each.bound, known[2]))
                else:
                    continue
                widened[each.item] = None
        waiting = list(widened)
    return found


def descendants_of(transformations: Transformations, items: Iterable[str], *, since: int = BEGINNING) -> pd.DataFrame:
    """Of several origins at once, forward from `since`: origin, item, level and certainty, without the origins."""
    steps = _Steps(transformations, empty(CONTAINMENT), "", backward=False)
    rows = []
    for origin in items:
        certain = _walk(steps, origin, since, None, only_sure=True)
        rows += [
            (origin, item, level, "certain" if item in certain else "possible")
            for item, (_, level, _) in _walk(steps, origin, since, None, only_sure=False).items()
            if level > 0
        ]
    return pd.DataFrame(rows, columns=["origin", "item", "level", "certainty"])


class _Steps:
    """From an item over one edge."""

    def __init__(self, transformations: Transformations, inside: pd.DataFrame, origin: str, backward: bool) -> None:
        self.backward = backward
        self._origin = origin
        self._lots = transformations.lots
        self._serials: dict[str, list[str]] = defaultdict(list)
        for serial, lot in transformations.lots.items():
            self._serials[lot].append(serial)
        found = edges(transformations)
        doubtful = found["certainty"] == "possible"
        self._doubtful = set(zip(found["parent"][doubtful], found["child"][doubtful], strict=True))
        gates = (transformations.outputs, transformations.inputs)
        own, other = gates if backward else gates[::-1]
        self._passed = _by_item(own, "first" if backward else "last")
        self._beyond = _by_transformation(other, "last" if backward else "first")
        held = inside[inside["container"] == origin]
        bounds = microseconds(held["end"], END) if backward else microseconds(held["start"], BEGINNING)
        self._contents = list(zip(held["item"], bounds, held["certainty"] == "certain", strict=True))

    def of(self, item: str, relation: str, bound: int) -> Iterator[_Reached]:
        yield from self._through_transformations(item, bound)
        if item == self._origin:
            for content, until, sure in self._contents:
                yield _Reached(content, "content", int(until), bool(sure))
        kept = relation if relation in _KEPT else ""
        lot = self._lots.get(item)
        if lot is not None:
            yield _Reached(lot, kept or "lot", bound, self.backward)
        if not self.backward and relation not in ("lot", "serial"):
            for serial in self._serials.get(item, ()):
                yield _Reached(serial, kept or "serial", bound, True)

    def _through_transformations(self, item: str, bound: int) -> Iterator[_Reached]:
        relation = "ancestor" if self.backward else "descendant"
        for number, time in self._passed.get(item, ()):
            if (time > bound) if self.backward else (time < bound):
                continue
            for other, beyond in self._beyond.get(number, ()):
                pair = (other, item) if self.backward else (item, other)
                if other != item:
                    yield _Reached(other, relation, beyond, pair not in self._doubtful)


def _by_item(gates: pd.DataFrame, column: str) -> dict[str, list[tuple[int, int]]]:
    found: dict[str, list[tuple[int, int]]] = defaultdict(list)
    times = microseconds(gates[column], 0)
    for item, number, time in zip(gates["item"], gates["transformation"], times, strict=True):
        found[item].append((int(number), int(time)))
    return found


def _by_transformation(gates: pd.DataFrame, column: str) -> dict[int, list[tuple[str, int]]]:
    found: dict[int, list[tuple[str, int]]] = defaultdict(list)
    traced = gates[gates["traced"]]
    times = microseconds(traced[column], 0)
    for item, number, time in zip(traced["item"], traced["transformation"], times, strict=True):
        found[int(number)].append((item, int(time)))
    return found
