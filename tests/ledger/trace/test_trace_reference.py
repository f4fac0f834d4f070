"""Random small chains against a brute-force reference: a naive fixpoint, moment by moment, over all events.

The reference shares nothing with the implementation but the rules of docs/trace.md: it knows no windows, no levels and
no queries, only which item is present or open at which of a few moments.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ledger.trace.graph import Way, walk
from ledger.trace.knowledge import Knowledge
from ledger.trace.queries import StoredEvents
from ledger.trace.windows import BEGINNING, END, holds

LAST = 6
BEFORE, AFTER = -1, LAST + 1
MOMENTS = range(BEFORE, AFTER + 1)

THINGS = tuple(f"urn:thing:{number}" for number in range(5))
BOXES = tuple(f"urn:box:{number}" for number in range(3))
LOT = "https://id.gs1.org/01/09506000134352/10/L"
SERIALS = tuple(f"https://id.gs1.org/01/09506000134352/21/{number}" for number in range(2))
GTIN = "https://id.gs1.org/01/09506000134352"
HOLDING = {"AggregationEvent": "contained", "AssociationEvent": "associated"}


@dataclass(frozen=True)
class Happening:
    """An event as a test makes it up."""

    type: str
    action: str | None
    time: int
    by: str
    run: str | None = None
    parent: tuple[str, ...] = ()
    children: tuple[str, ...] = ()
    inputs: tuple[str, ...] = ()
    outputs: tuple[str, ...] = ()
    epcs: tuple[str, ...] = ()
    is_wrong: bool = False

    @property
    def named(self) -> list[tuple[str, str]]:
        sides = ("parent", self.parent), ("child", self.children), ("input", self.inputs), ("output", self.outputs)
        return [(role, item) for role, items in (*sides, ("epc", self.epcs)) for item in items]


def happenings(items: tuple[str, ...], containers: tuple[str, ...]) -> st.SearchStrategy[list[Happening]]:
    some = st.lists(st.sampled_from(items), max_size=3, unique=True).map(tuple)
    common = {
        "time": st.integers(0, LAST),
        "by": st.sampled_from("AB"),
        "is_wrong": st.sampled_from([False, False, False, False, True]),
    }
    transformation = st.builds(
        Happening,
        type=st.just("TransformationEvent"),
        action=st.none(),
        run=st.sampled_from([None, None, "urn:run:1"]),
        inputs=some,
        outputs=some,
        **common,
    )
    holding = st.builds(
        Happening,
        type=st.sampled_from(["AggregationEvent", "AggregationEvent", "AssociationEvent"]),
        action=st.sampled_from(["ADD", "ADD", "DELETE", "OBSERVE"]),
        parent=st.sampled_from(containers).map(lambda item: (item,)),
        children=some,
        **common,
    )
    seen = st.builds(Happening, type=st.just("ObjectEvent"), action=st.just("OBSERVE"), epcs=some, **common)
    return st.lists(transformation | holding | holding | seen, min_size=1, max_size=12)


def tell(world: Any, events: Iterable[Happening]) -> Any:
    """The world in which exactly this happened. Serial items are named with their lot by A and without it by B."""
    world.clear()
    for each in events:
        forms = [
            (role, item.replace("/21/", "/10/L/21/") if each.by == "A" and item in SERIALS else item)
            for role, item in each.named
        ]
        made = world.event(each.type, each.action, each.time, forms, by=each.by, transformation_id=each.run)
        if each.is_wrong:
            world.declare_wrong(made)
    return world


@dataclass
class Reference:
    """Presence and opening, moment by moment."""

    events: list[Happening]
    way: str
    present: set[tuple[str, int]] = field(default_factory=set)
    opened: set[tuple[str, int]] = field(default_factory=set)
    links: set[tuple[str, str, str]] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.standing = [each for each in self.events if not each.is_wrong]
        self.inside = {
            (child, parent, type_): moments
            for type_ in HOLDING
            for child in {item for each in self.standing if each.type == type_ for item in each.children}
            for parent in {item for each in self.standing if each.type == type_ for item in each.parent}
            if child != parent and GTIN not in (child, parent)
            if (moments := self._inside(child, parent, type_))
        }
        self.lots = {item for each in self.standing if each.by == "A" for _, item in each.named if item in SERIALS}

    def _inside(self, child: str, parent: str, type_: str) -> set[int]:
        moments: set[int] = set()
        was_in, out_since = False, BEFORE
        for now in range(LAST + 1):
            here = [each for each in self.standing if each.type == type_ and each.time == now and parent in each.parent]
            actions = {each.action for each in here if child in each.children}
            leaves = "DELETE" in actions or any(each.action == "DELETE" and not each.children for each in here)
            enters = bool(actions & {"ADD", "OBSERVE"})
            if was_in or actions:
                moments.add(now)
            if not was_in and actions and "ADD" not in actions:
                moments.update(range(out_since, now))
            if leaves:
                out_since = now
            was_in = (enters if was_in else False) if leaves else was_in or enters
        return moments | {AFTER} if was_in else moments

    def beyond(self, now: int) -> range:
        return range(BEFORE, now + 1) if self.way == "backward" else range(now, AFTER + 1)

    def runs(self) -> dict[Any, list[Happening]]:
        found: dict[Any, list[Happening]] = {}
        for index, each in enumerate(self.standing):
            if each.type == "TransformationEvent":
                found.setdefault((each.by, each.run) if each.run else index, []).append(each)
        return found

    def from_(self, origin: str) -> Reference:
        self.present = {(origin, now) for now in MOMENTS}
        self.opened = set(self.present)
        if origin == GTIN:
            return self
        before = None
        while before != (before := (len(self.present), len(self.opened), len(self.links))):
            self._transform()
            self._contain()
            self._lots()
        return self

    def _transform(self) -> None:
        here, there = ("outputs", "inputs") if self.way == "backward" else ("inputs", "outputs")
        for run in self.runs().values():
            for gate in {item for each in run for item in getattr(each, here) if (item, each.time) in self.present}:
                for each in run:
                    for other in getattr(each, there):
                        if GTIN in (gate, other):
                            continue
                        self.links.add((*((other, gate) if self.way == "backward" else (gate, other)), "transformed"))
                        self.opened.add((other, each.time))
                        self.present.update((other, now) for now in self.beyond(each.time))

    def _contain(self) -> None:
        for (child, parent, type_), moments in self.inside.items():
            for now in moments:
                if (child, now) in self.present:
                    self.links.add((child, parent, HOLDING[type_]))
                    self.present.add((parent, now))
                if (parent, now) in self.opened:
                    self.links.add((child, parent, HOLDING[type_]))
                    self.opened.add((child, now))
                    self.present.update((child, each) for each in self.beyond(now))

    def _lots(self) -> None:
        for serial in self.lots:
            for now in MOMENTS:
                if (serial, now) in self.present:
                    self.links.add((LOT, serial, "of_lot"))
                    self.present.add((LOT, now))
                if self.way == "forward" and (LOT, now) in self.opened:
                    self.links.add((LOT, serial, "of_lot"))
                    self.opened.add((serial, now))
                    self.present.update((serial, each) for each in self.beyond(now))


def moments_of(windows: Any) -> set[int]:
    points = {BEFORE: BEGINNING, AFTER: END}
    return {now for now in MOMENTS if holds(windows, points.get(now, now))}


EVERYTHING = (*THINGS, *BOXES, LOT, *SERIALS, GTIN)
SETTINGS = settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


@pytest.mark.parametrize("way", ["backward", "forward"])
@SETTINGS
@given(data=st.data())
def test_items_windows_and_edges_are_those_of_the_reference(world: Any, way: str, data: st.DataObject) -> None:
    events = data.draw(happenings(EVERYTHING, (*BOXES, THINGS[0], LOT, SERIALS[0])))
    tell(world, events)
    origin = data.draw(st.sampled_from(sorted({item for each in events for _, item in each.named} or {""})))
    if not origin:
        return
    found = world.trace(origin, direction=way)
    expected = Reference(events, way).from_(origin)
    assert {each.uri: moments_of(each.windows) for each in found.items} == {
        item: {now for other, now in expected.present if other == item} for item, _ in expected.present
    }
    assert {(each.source, each.target, each.relation.value) for each in found.edges} == expected.links
    assert found.cuts == ()


@SETTINGS
@given(events=happenings(EVERYTHING, (*BOXES, THINGS[0], LOT)))
def test_both_is_backward_and_forward(world: Any, events: list[Happening]) -> None:
    tell(world, events)
    for origin in {item for each in events[:1] for _, item in each.named[:1]}:
        both, backward, forward = (world.trace(origin, direction=way) for way in ("both", "backward", "forward"))
        assert {each.uri for each in both.items} == {each.uri for each in (*backward.items, *forward.items)}
        assert set(both.events) == {*backward.events, *forward.events}
        assert {(each.source, each.target, each.relation) for each in both.edges} == {
            (each.source, each.target, each.relation) for each in (*backward.edges, *forward.edges)
        }


def reach(world: Any) -> dict[tuple[str, Way], set[str]]:
    knowledge = Knowledge(StoredEvents(world.connection, 10_000))
    return {
        (item, way): set(walk(item, way, knowledge, limit=10_000).visited) for item in EVERYTHING[:-1] for way in Way
    }


@SETTINGS
@given(events=happenings((*THINGS, *BOXES), (*BOXES, THINGS[0])))
def test_forward_from_a_reaches_b_exactly_if_backward_from_b_reaches_a(world: Any, events: list[Happening]) -> None:
    """Without lots and bounds; containers and contents, nested or consumed, included."""
    reached = reach(tell(world, events))
    for one in EVERYTHING[:-1]:
        for other in EVERYTHING[:-1]:
            assert (other in reached[one, Way.FORWARD]) == (one in reached[other, Way.BACKWARD])


@SETTINGS
@given(events=happenings(EVERYTHING, (*BOXES, LOT, SERIALS[0])))
def test_with_lots_a_recall_never_misses_what_a_backward_trace_finds(world: Any, events: list[Happening]) -> None:
    """The other way round, forward finds more: it goes from a serial item up to its lot and on."""
    reached = reach(tell(world, events))
    for one in EVERYTHING[:-1]:
        for other in reached[one, Way.BACKWARD]:
            assert one in reached[other, Way.FORWARD]


@SETTINGS
@given(events=happenings(EVERYTHING, BOXES), depth=st.integers(0, 3))
def test_a_bounded_trace_has_exactly_the_near_items_of_the_whole(
    world: Any, events: list[Happening], depth: int
) -> None:
    tell(world, events)
    for origin in {item for each in events[:1] for _, item in each.named[:1]}:
        whole, bounded = world.trace(origin), world.trace(origin, depth=depth)
        assert {each.uri: each.level for each in bounded.items} == {
            each.uri: each.level for each in whole.items if each.level <= depth
        }
        if not bounded.cuts:
            assert {each.uri for each in bounded.items} == {each.uri for each in whole.items}


@SETTINGS
@given(events=happenings(EVERYTHING, BOXES))
def test_what_is_certain_is_reached_over_a_certain_edge(world: Any, events: list[Happening]) -> None:
    tell(world, events)
    for origin in {item for each in events[:1] for _, item in each.named[:1]}:
        found = world.trace(origin)
        sure = {end for edge in found.edges if edge.certainty == "certain" for end in (edge.source, edge.target)}
        assert {each.uri for each in found.items if each.certain} <= sure | {found.item}
