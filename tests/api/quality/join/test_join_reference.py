"""The join against plain Python: random supply chains, and a reference that asks of every reading whom it concerns.

Chains split, merge and rework lots, nest and overlap pallets, put a lot on two of them, correct what they said, and
tell their times in zones whose clocks change meanwhile. `scripts/bench/join` runs five hundred of them.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd
import pytest

from api.quality.columns import EVENT, INSPECTION, READING, RESULT, TIME_DTYPE
from api.quality.join.quality_table import quality_table

LOTS, SERIALS, PALLETS, PLACES = "ABCDEF", ("s1", "s2"), "PQR", ("X", "Y", None)
#: zones, and hours in which their clocks change
ZONES = ["Europe/Berlin", "America/New_York", "Asia/Shanghai", "Australia/Lord_Howe"]
CHANGES = [(2026, 3, 28, 22), (2026, 10, 24, 22), (2026, 11, 1, 3), (2026, 10, 3, 12)]


@dataclass(frozen=True)
class Told:
    """One event, at a minute of its own."""

    name: str
    minute: int
    type: str
    action: str | None
    place: str | None
    #: role, item, kilograms
    named: tuple[tuple[str, str, int | None], ...]
    transformation: str | None = None

    def items(self, *roles: str) -> list[str]:
        return [item for role, item, _ in self.named if role in roles]


@dataclass
class Chain:
    start: datetime
    zone: random.Random
    events: list[Told] = field(default_factory=list)
    #: those that were declared wrong
    wrong: list[Told] = field(default_factory=list)
    #: minute, sensor, item, place, value
    readings: list[tuple[int, str, str | None, str | None, float]] = field(default_factory=list)
    #: minute, item, value
    checks: list[tuple[int, str, float]] = field(default_factory=list)
    lots: dict[str, str] = field(default_factory=dict)

    def time(self, minute: int) -> str:
        """As somebody's clock showed it."""
        zone = ZoneInfo(self.zone.choice(ZONES))
        return (self.start + timedelta(minutes=minute)).astimezone(zone).isoformat()


def chain(seed: int) -> Chain:
    """Two days of a supply chain."""
    draw = random.Random(seed)
    made = Chain(datetime(*draw.choice(CHANGES), tzinfo=UTC) - timedelta(days=1), random.Random(seed + 1))
    made.lots = {serial: draw.choice(LOTS) for serial in SERIALS if draw.random() < 0.6}
    minutes = sorted(draw.sample(range(1, 2800), draw.randint(4, 22)))
    for number, minute in enumerate(minutes):
        told = _event(draw, f"e{number}", minute)
        (made.wrong if draw.random() < 0.1 else made.events).append(told)
    if draw.random() < 0.4:
        made.events.sort(key=lambda each: each.minute)
        first, second = sorted(draw.sample(sorted(set(range(1, 2800)) - set(minutes)), 2))
        inputs = tuple(("input", item, draw.randint(1, 9)) for item in draw.sample(LOTS, 2))
        outputs = (("output", draw.choice(LOTS), draw.randint(1, 9)),)
        made.events.append(Told("t1", first, "TransformationEvent", None, draw.choice(PLACES), inputs, "T"))
        made.events.append(Told("t2", second, "TransformationEvent", None, draw.choice(PLACES), outputs, "T"))
    made.events.sort(key=lambda each: each.minute)
    subjects: list[tuple[str | None, str | None]] = [(item, None) for item in (*LOTS, *SERIALS, *PALLETS)]
    subjects += [(None, place) for place in PLACES if place]
    for sensor, (item, place) in enumerate(draw.sample(subjects, 6)):
        rhythm = draw.choice([30, 60, 120])
        begin = draw.randint(0, 2000)
        for minute in range(begin, min(begin + 20 * rhythm, 3000), rhythm):
            made.readings.append((minute, f"S{sensor}", item, place, draw.randint(-50, 90) / 10))
    for _ in range(draw.randint(0, 6)):
        made.checks.append((draw.randint(0, 3000), draw.choice([*LOTS, *SERIALS]), draw.randint(0, 9) / 1.0))
    return made


def _event(draw: random.Random, name: str, minute: int) -> Told:
    place = draw.choice(PLACES)
    dice = draw.random()
    if dice < 0.4:
        inputs = draw.sample([*LOTS, *SERIALS[:1]], draw.randint(1, 3))
        if draw.random() < 0.1:
            inputs.append(draw.choice(PALLETS))
        named = [("input", item, None if draw.random() < 0.1 else draw.randint(1, 9)) for item in inputs]
        named += [("output", item, draw.randint(1, 9)) for item in draw.sample([*LOTS, SERIALS[1]], draw.randint(1, 2))]
        return Told(name, minute, "TransformationEvent", None, place, tuple(named))
    if dice < 0.8:
        parent = draw.choice(PALLETS)
        action = draw.choices(["ADD", "OBSERVE", "DELETE"], [5, 1, 4])[0]
        some = [item for item in (*LOTS, *SERIALS, *PALLETS) if item != parent]
        children = draw.sample(some, draw.randint(0 if action == "DELETE" else 1, 2))
        named = [("parent", parent, None), *(("child", item, None) for item in children)]
        kind = draw.choices(["AggregationEvent", "AssociationEvent"], [5, 1])[0]
        return Told(name, minute, kind, action, place, tuple(named))
    action = draw.choices(["ADD", "OBSERVE", "DELETE"], [2, 6, 1])[0]
    items = draw.sample([*LOTS, *SERIALS, *PALLETS], draw.randint(1, 2))
    return Told(name, minute, "ObjectEvent", action, place, tuple(("epc", item, None) for item in items))


class Reference:
    """Answers by looking at all events, every time."""

    def __init__(self, told: Chain) -> None:
        self.told = told
        self.transformations: dict[str, list[Told]] = {}
        for each in told.events:
            if each.type == "TransformationEvent":
                self.transformations.setdefault(each.transformation or each.name, []).append(each)

    def directly_inside(self, item: str, minute: float) -> set[str]:
        """The containers that hold the item itself, between events."""
        return {
            pallet
            for pallet in PALLETS
            for kind in ("AggregationEvent", "AssociationEvent")
            if pallet != item and self._is_in(item, pallet, kind, minute)
        }

    def _is_in(self, item: str, pallet: str, kind: str, minute: float) -> bool:
        signals = []
        for each in self.told.events:
            if each.type == kind and pallet in each.items("parent"):
                if item in each.items("child"):
                    signals.append((each.minute, str(each.action)))
                elif each.action == "DELETE" and not each.items("child"):
                    signals.append((each.minute, "EMPTY"))
        before = [action for at, action in signals if at <= minute]
        after = [action for at, action in signals if at > minute]
        return before[-1:] in (["ADD"], ["OBSERVE"]) or after[:1] in (["OBSERVE"], ["DELETE"])

    def inside(self, item: str, minute: float) -> set[str]:
        """The containers that hold the item, and those that hold these."""
        found: set[str] = set()
        waiting = [item]
        while waiting:
            for pallet in self.directly_inside(waiting.pop(), minute):
                if pallet not in found and pallet != item:
                    found.add(pallet)
                    waiting.append(pallet)
        return found

    def inside_at(self, item: str, minute: int) -> set[str]:
        """At the moment of an event: as it was before, and as it is after."""
        return self.inside(item, minute - 0.5) | self.inside(item, minute + 0.5)

    def gates(self, name: str, role: str) -> list[tuple[str, int]]:
        """The inputs or outputs of a transformation with their minutes, contents of containers among them."""
        found = []
        for each in self.transformations[name]:
            for item in each.items(role):
                found.append((item, each.minute))
                every = [other for other in (*LOTS, *SERIALS, *PALLETS) if item in self.inside_at(other, each.minute)]
                found += [(other, each.minute) for other in every]
        return found

    def backward(self, origin: str) -> dict[str, tuple[str, int, float]]:
        """Relation, level and until when, of everything that the item was made of."""
        found: dict[str, tuple[str, int, float]] = {origin: ("own", 0, float("inf"))}
        layer: list[tuple[str, str, float]] = [(origin, "own", float("inf"))]
        seen = set(layer)
        level = 0
        while layer:
            level += 1
            onward = []
            for item, relation, until in layer:
                for other, new, time in self._behind(origin, item, relation, until):
                    known = found.get(other)
                    if known is None:
                        found[other] = (new, level, time)
                    else:
                        best = min(new, known[0], key=RANK.index) if known[1] == level else known[0]
                        found[other] = (best, known[1], max(time, known[2]))
                    if (other, found[other][0], time) not in seen:
                        seen.add((other, found[other][0], time))
                        onward.append((other, found[other][0], time))
            layer = onward
        return found

    def _behind(self, origin: str, item: str, relation: str, until: float) -> list[tuple[str, str, float]]:
        found: list[tuple[str, str, float]] = []
        for name in self.transformations:
            made = [minute for other, minute in self.gates(name, "output") if other == item]
            if made and min(made) <= until:
                inputs = self.gates(name, "input")
                latest = {other: max(minute for each, minute in inputs if each == other) for other, _ in inputs}
                found += [(other, "ancestor", minute) for other, minute in latest.items() if other != item]
        if item == origin:
            for other in {*LOTS, *SERIALS, *PALLETS} - {item}:
                moments = [minute for minute in self._moments() if item in self.inside(other, minute)]
                if moments:
                    found.append((other, "content", self._left(other, item, max(moments))))
        lot = self.told.lots.get(item)
        if lot is not None:
            found.append((lot, "ancestor" if relation == "ancestor" else "lot", until))
        return found

    def _moments(self) -> list[float]:
        minutes = [each.minute for each in self.told.events]
        return [minutes[0] - 0.5, *(minute + 0.5 for minute in minutes)] if minutes else []

    def _left(self, content: str, container: str, moment: float) -> float:
        following = [each.minute for each in self.told.events if each.minute > moment]
        return next(
            (minute for minute in following if container not in self.inside(content, minute + 0.5)), float("inf")
        )

    def step(self, item: str, minute: float) -> Told | None:
        """The last event by then that names the item, or a container that holds it."""
        found = None
        for each in self.told.events:
            named = each.items("epc", "parent", "child", "input", "output")
            if each.minute <= minute and (item in named or self.inside_at(item, each.minute) & set(named)):
                found = each
        return found

    def is_over(self, item: str, last: Told) -> bool:
        """Whether nothing comes after an event, as it consumed or deleted the item."""
        later = any(
            item in each.items("epc", "parent", "child", "input", "output")
            or self.inside_at(item, each.minute) & set(each.items("epc", "parent", "child", "input", "output"))
            for each in self.told.events
            if each.minute > last.minute
        )
        roles = {role for role, name, _ in last.named if name == item}
        return not later and (
            roles == {"input"} or (bool(roles) and (last.type, last.action) == ("ObjectEvent", "DELETE"))
        )

    def rows(self, origin: str) -> dict[tuple[str, str, str, str | None], tuple[str, int, int, float, float]]:
        """(source, item, quantity, event) → relation, level, count, minimum, maximum."""
        members = self.backward(origin)
        values: dict[tuple[str, str, str, str | None], list[float]] = {}
        for minute, _, item, place, value in self.told.readings:
            for member, (_, _, until) in members.items():
                event = self.step(member, minute)
                if event is None or minute >= until or self.is_over(member, event):
                    continue
                if (
                    item == member
                    or item in self.inside(member, minute)
                    or (place is not None and event.place == place)
                ):
                    values.setdefault(("reading", member, "Temperature", event.name), []).append(value)
        for minute, item, value in self.told.checks:
            if item in members:
                event = self.step(item, minute)
                for source, quantity in (("inspection", "firmness"), ("result", "lead")):
                    values.setdefault((source, item, quantity, event.name if event else None), []).append(value)
        return {
            key: (*members[key[1]][:2], len(found), min(found), max(found)) for key, found in values.items()
        }  # fmt: skip


RANK = ["own", "ancestor", "descendant", "content", "serial", "lot"]


def times(values: list[str]) -> pd.Series[pd.Timestamp]:
    return pd.to_datetime(pd.Series(values, dtype="object"), utc=True, format="ISO8601").astype(TIME_DTYPE)


def joined(told: Chain, origin: str) -> dict[tuple[str, str, str, str | None], tuple[str, int, int, float, float]]:
    """The same from the join."""
    facts = [(e.name, told.time(e.minute), e.type, e.action, e.place, "o", e.transformation) for e in told.events]
    events = pd.DataFrame(facts, columns=[*EVENT, "organisation", "transformation"])
    events["time"] = times(events["time"].tolist())
    named = [(e.name, item, role, amount, amount and "KGM") for e in told.events for role, item, amount in e.named]
    mentions = pd.DataFrame(named, columns=["event", "item", "role", "quantity", "uom"]).astype({"quantity": "float64"})
    rows = [
        (told.time(minute), sensor, item, place, "Temperature", value, "CEL")
        for minute, sensor, item, place, value in told.readings
    ]
    readings = pd.DataFrame(rows, columns=list(READING)).astype({"value": "float64"})
    readings["time"] = times(readings["time"].tolist())
    moments = times([told.time(minute) for minute, _, _ in told.checks])
    items, values = [item for _, item, _ in told.checks], [value for _, _, value in told.checks]
    checked = pd.DataFrame({"time": moments, "item": items, "value": values}, columns=["time", "item", "value"])
    inspections = checked.assign(characteristic="firmness", unit="NEW", inspector="").reindex(columns=[*INSPECTION])
    results = checked.assign(analyte="lead", unit="NA", laboratory="lab").reindex(columns=[*RESULT])
    found = quality_table(
        events, mentions, origin, readings, inspections=inspections, results=results,
        lots=told.lots,
    )  # fmt: skip
    return {
        (row["source"], row["item"], row["quantity"], row["event"] if isinstance(row["event"], str) else None): (
            row["relation"], row["level"], row["count"], row["minimum"], row["maximum"],
        )
        for row in found.to_dict("records") if row["count"]
    }  # fmt: skip


def differences(seed: int) -> list[Any]:
    """What the join and the reference do not agree on, for one item of one chain."""
    told = chain(seed)
    if not told.events:
        return []
    named = sorted({item for each in told.events for _, item, _ in each.named})
    origin = random.Random(seed).choice(named)
    expected, found = Reference(told).rows(origin), joined(told, origin)
    return [
        (seed, origin, key, expected.get(key), found.get(key))
        for key in sorted({*expected, *found}, key=str)
        if expected.get(key) != found.get(key)
    ]


@pytest.mark.parametrize("seed", range(0, 30, 10))
def test_no_difference_on_random_supply_chains(seed: int) -> None:
    assert [each for one in range(seed, seed + 10) for each in differences(one)] == []
