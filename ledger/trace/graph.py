"""The walk from one item through events, level by level: what belongs to its trace, when, and by which links.

Two facts spread from the origin, each with windows of time. *Presence*: what happens to this item then belongs to the
trace. *Opening*: what is inside this item then belongs to the trace too. A container that is reached from its contents
is present but not open, so the trace never leaks to what else it held. `docs/trace.md` has the rules in plain words.
Pure: what it does not know it asks of `Knowledge`, one level at a time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

from ledger.trace.containment import Stay
from ledger.trace.knowledge import Knowledge
from ledger.trace.naming import Naming, Relation
from ledger.trace.windows import ALWAYS, BEGINNING, END, Window, Windows, covers, holds, overlap, overlap_all, union


class Way(StrEnum):
    """The direction of a walk: to what it was made of, or to what it went into."""

    BACKWARD = "backward"
    FORWARD = "forward"

    @property
    def gate(self) -> str:
        """The role in which a transformation must name an item for the walk to pass through it."""
        return "output" if self is Way.BACKWARD else "input"

    def beyond(self, window: Window) -> Window:
        """When that matters which took part during `window`: until its end (backward), from its beginning (forward)."""
        return (BEGINNING, window[1]) if self is Way.BACKWARD else (window[0], END)


class Role(StrEnum):
    """What an item is to the origin of the trace."""

    ORIGIN = "origin"
    ANCESTOR = "ancestor"
    DESCENDANT = "descendant"
    CONTENT = "content"
    SERIAL = "serial"
    LOT = "lot"
    CONTAINER = "container"


#: which role an item has that is reached in several ways over the same number of links
_RANK = list(Role)


class Link(NamedTuple):
    """That one item is linked to another; who says so is in the walk."""

    source: str
    target: str
    relation: Relation


class Step(NamedTuple):
    """From an item over a link to the next one."""

    item: str
    link: Link
    role: Role
    presence: Window
    opening: Window | None
    #: the source as the events that make the link name it, or a serial item as it is named with its lot
    namings: tuple[Naming, ...]
    #: the events leave no doubt that the link held
    sure: bool


@dataclass(slots=True)
class Evidence:
    """What the walk saw of one link."""

    namings: set[Naming] = field(default_factory=set)
    sure: bool = False


@dataclass(slots=True)
class Visited:
    """What the walk knows of an item that it reached."""

    level: int
    role: Role
    presence: Windows = ()
    opening: Windows = ()


@dataclass(frozen=True, slots=True)
class Stop:
    """There is more beyond `item`, and the walk did not go there."""

    item: str
    reason: str
    level: int


@dataclass(slots=True)
class Walk:
    """The result of one walk."""

    way: Way
    visited: dict[str, Visited] = field(default_factory=dict)
    links: dict[Link, Evidence] = field(default_factory=dict)
    stops: dict[str, Stop] = field(default_factory=dict)


Arrivals = dict[str, set[tuple[Window, Window | None]]]


def walk(
    origin: str,
    way: Way,
    knowledge: Knowledge,
    *,
    depth: int | None = None,
    limit: int,
    passable: Callable[[Step], bool] = lambda step: True,
) -> Walk:
    """Everything reached from `origin` over at most `depth` links, and about `limit` items and events at most."""
    result = Walk(way, {origin: Visited(0, Role.ORIGIN)})
    arrivals: Arrivals = {origin: {(ALWAYS, ALWAYS)}}
    events: set[int] = set()
    level = 0
    while arrivals:
        _arrive(result, knowledge, arrivals)
        for item in arrivals:
            events.update(n.event for n in knowledge.namings(item) if holds(result.visited[item].presence, n.time))
        reason = "depth" if level == depth else "limit" if len(events) > limit else None
        arrivals = _advance(result, knowledge, arrivals, level + 1, reason, limit, passable)
        level += 1
    return result


def _arrive(result: Walk, knowledge: Knowledge, arrivals: Arrivals) -> None:
    opened = [item for item, windows in arrivals.items() if any(opening for _, opening in windows)]
    knowledge.learn(arrivals, opened, opened if result.way is Way.FORWARD else ())
    for item, windows in arrivals.items():
        visited = result.visited[item]
        for presence, opening in windows:
            visited.presence = union(visited.presence, presence)
            if opening:
                visited.opening = union(visited.opening, opening)


def _advance(
    result: Walk,
    knowledge: Knowledge,
    arrivals: Arrivals,
    level: int,
    reason: str | None,
    limit: int,
    passable: Callable[[Step], bool],
) -> Arrivals:
    """The arrivals of the next level, or, for a `reason` to go no further, none and where the walk stopped."""
    onward: Arrivals = {}
    for item, windows in arrivals.items():
        for step in _steps(item, windows, knowledge, result):
            if not passable(step):
                continue
            known = result.visited.get(step.item)
            is_new = known is None or not _is_covered(known, step)
            full = known is None and len(result.visited) >= limit
            if is_new and (reason or full):
                result.stops.setdefault(item, Stop(item, reason or "limit", level - 1))
                if known is None:
                    continue
            evidence = result.links.setdefault(step.link, Evidence())
            evidence.namings.update(step.namings)
            evidence.sure |= step.sure
            if is_new and not reason:
                visited = result.visited.setdefault(step.item, Visited(level, step.role))
                if visited.level == level:
                    visited.role = min(visited.role, step.role, key=_RANK.index)
                onward.setdefault(step.item, set()).add((step.presence, step.opening))
    return onward


def _is_covered(known: Visited, step: Step) -> bool:
    return covers(known.presence, step.presence) and (step.opening is None or covers(known.opening, step.opening))


def _steps(item: str, windows: set[tuple[Window, Window | None]], knowledge: Knowledge, result: Walk) -> Iterator[Step]:
    presences: Windows = ()
    openings: Windows = ()
    for presence, opening in windows:
        presences = union(presences, presence)
        if opening:
            openings = union(openings, opening)
    role = result.visited[item].role
    yield from _through_transformations(item, presences, knowledge, result.way)
    yield from _into_containers(item, presences, knowledge)
    yield from _to_lot(item, presences, role, knowledge)
    if openings:
        yield from _to_contents(item, openings, role, knowledge, result.way)
        if result.way is Way.FORWARD:
            yield from _to_serials(item, openings, role, knowledge)


def _through_transformations(item: str, presences: Windows, knowledge: Knowledge, way: Way) -> Iterator[Step]:
    """An output is made of all inputs of its transformation, whichever of its events named them."""
    role = Role.ANCESTOR if way is Way.BACKWARD else Role.DESCENDANT
    for key, gates in knowledge.gates(item, way.gate).items():
        if not any(holds(presences, gate.time) for gate in gates):
            continue
        transformation = knowledge.transformation(key)
        others = transformation.inputs if way is Way.BACKWARD else transformation.outputs
        for other, namings in others.items():
            source, target = (namings, gates) if way is Way.BACKWARD else (gates, namings)
            sure = min(each.time for each in source) <= max(each.time for each in target)
            link = Link(source[0].item, target[0].item, Relation.TRANSFORMED)
            evidence = tuple(source) + tuple(each for each in target if each.event not in {n.event for n in source})
            for each in namings:
                moment = (each.time, each.time)
                yield Step(other, link, role, way.beyond(moment), moment, evidence, sure)


def _into_containers(item: str, presences: Windows, knowledge: Knowledge) -> Iterator[Step]:
    for stay in knowledge.stays_of(item):
        for during in overlap_all(presences, stay.window):
            yield _stay_step(stay, stay.container, Role.CONTAINER, during, None)


def _to_contents(item: str, openings: Windows, role: Role, knowledge: Knowledge, way: Way) -> Iterator[Step]:
    reached = role if role in (Role.ANCESTOR, Role.DESCENDANT) else Role.CONTENT
    for stay in knowledge.stays_in(item):
        for opening in openings:
            during = overlap(opening, stay.window)
            if during:
                yield _stay_step(stay, stay.content, reached, way.beyond(during), during)


def _stay_step(stay: Stay, item: str, role: Role, presence: Window, opening: Window | None) -> Step:
    link = Link(stay.content, stay.container, stay.relation)
    return Step(item, link, role, presence, opening, stay.namings, stay.sure)


def _to_lot(serial: str, presences: Windows, role: Role, knowledge: Knowledge) -> Iterator[Step]:
    """What happened to the lot may have happened to the serial item; its other serial items are not reached."""
    reached = role if role in (Role.ANCESTOR, Role.DESCENDANT) else Role.LOT
    for lot, namings in knowledge.lots(serial).items():
        for presence in presences:
            yield Step(lot, Link(lot, serial, Relation.OF_LOT), reached, presence, None, tuple(namings), True)


def _to_serials(lot: str, openings: Windows, role: Role, knowledge: Knowledge) -> Iterator[Step]:
    reached = role if role in (Role.ANCESTOR, Role.DESCENDANT) else Role.SERIAL
    for serial, namings in knowledge.serials(lot).items():
        link = Link(lot, serial, Relation.OF_LOT)
        for opening in openings:
            yield Step(serial, link, reached, Way.FORWARD.beyond(opening), opening, tuple(namings), True)
