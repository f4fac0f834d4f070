"""A small world of events, written straight into the store's tables: traces are tested without capture and chain."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest
from sqlalchemy import Connection, create_engine

from ledger.identifiers import parse_item, with_check_digit
from ledger.store import tables
from ledger.trace import Trace, trace

GTIN = "09506000134352"
EVENT = {column.name: None for column in tables.event.columns if column.nullable}


def serial(number: object, lot: object = None) -> str:
    return f"(01){GTIN}" + (f"(10){lot}" if lot is not None else "") + f"(21){number}"


def lot(number: object) -> str:
    return f"(01){GTIN}(10){number}"


def pallet(number: int) -> str:
    return "(00)" + with_check_digit(f"09506000{number:09d}")


def uri(text: str) -> str:
    return parse_item(text).uri


@dataclass
class World:
    """Events of organisations A (company prefix 9506000), B and C (none)."""

    connection: Connection
    #: commitment → the name given to the event
    names: dict[bytes, str] = field(default_factory=dict)
    organisations: dict[str, bytes] = field(default_factory=dict)
    count: int = 0

    def clear(self) -> None:
        """Forget all events, keep the organisations."""
        for table in (tables.correction, tables.mention, tables.event):
            self.connection.execute(table.delete())
        self.names.clear()
        self.count = 0

    def organisation(self, name: str) -> bytes:
        if name not in self.organisations:
            self.organisations[name] = hashlib.sha256(name.encode()).digest()
            prefixes = {"A": "9506000", "P": "0614141, 4012345"}.get(name, "")
            values = {"id": self.organisations[name], "uri": f"urn:org:{name}", "name": name}
            self.connection.execute(tables.organisation.insert().values(**values, company_prefixes=prefixes))
        return self.organisations[name]

    def event(
        self,
        type_: str,
        action: str | None,
        time: int,
        mentions: Sequence[tuple[str, str] | tuple[str, str, float | None, str | None]],
        *,
        by: str = "A",
        name: str = "",
        **values: Any,
    ) -> int:
        self.count += 1
        name = name or f"event {self.count}"
        commitment = hashlib.sha256(f"{self.count}".encode()).digest()
        self.names[commitment] = name
        row = {
            "id": self.count,
            "organisation_id": self.organisation(by),
            "digest": commitment,
            "commitment": commitment,
            "leaf_count": 1,
            "root": commitment,
            "event_id": f"urn:uuid:{self.count}",
            "type": type_,
            "action": action,
            "event_time": time,
            "event_time_zone_offset": "+00:00",
            "is_error_declaration": False,
            "is_open": False,
            "captured_at": 0,
            "body": json.dumps({"type": type_, "name": name}),
        }
        self.connection.execute(tables.event.insert(), EVENT | row | values)
        rows = []
        for position, (role, text, *amount) in enumerate(mentions):
            item = parse_item(text)
            mention = {
                "event_id": self.count,
                "position": position,
                "item": item.uri,
                "kind": item.kind.value,
                "lot": item.lot,
                "role": role,
                "quantity": amount[0] if amount else None,
                "uom": amount[1] if amount else None,
                "has_quantity": bool(amount),
            }
            rows.append(mention)
        if rows:
            self.connection.execute(tables.mention.insert(), rows)
        return self.count

    def about(self, item: str, time: int, action: str = "OBSERVE", **values: Any) -> int:
        return self.event("ObjectEvent", action, time, [("epc", item)], **values)

    def transform(self, inputs: Sequence[Any], outputs: Sequence[Any], time: int, **values: Any) -> int:
        named = [_named("input", each) for each in inputs] + [_named("output", each) for each in outputs]
        return self.event("TransformationEvent", None, time, named, **values)

    def hold(self, action: str, parent: str | None, children: Sequence[Any], time: int, **values: Any) -> int:
        named = [_named("child", each) for each in children]
        parents = [("parent", parent)] if parent else []
        return self.event(values.pop("type_", "AggregationEvent"), action, time, [*parents, *named], **values)

    def pack(self, parent: str, children: Sequence[Any], time: int, **values: Any) -> int:
        return self.hold("ADD", parent, children, time, **values)

    def unpack(self, parent: str, children: Sequence[Any], time: int, **values: Any) -> int:
        return self.hold("DELETE", parent, children, time, **values)

    def declare_wrong(self, wrong: int, **values: Any) -> int:
        """The error declaration of an event: the same content, event ID and organisation."""
        old = self.connection.execute(tables.event.select().where(tables.event.c.id == wrong)).one()._asdict()
        commitment = hashlib.sha256(f"wrong {wrong}".encode()).digest()
        self.count += 1
        self.names[commitment] = f"not {self.names[old['commitment']]}"
        new = old | {"id": self.count, "commitment": commitment, "digest": commitment, "is_error_declaration": True}
        self.connection.execute(tables.event.insert().values(new | values))
        mentions = self.connection.execute(tables.mention.select().where(tables.mention.c.event_id == wrong)).all()
        for mention in mentions:
            self.connection.execute(tables.mention.insert().values(mention._asdict() | {"event_id": self.count}))
        if not values:
            row = {"event_id": self.count, "corrected_id": wrong}
            self.connection.execute(tables.correction.insert().values(row))
        return self.count

    def trace(self, item: str, **options: Any) -> Trace:
        return trace(self.connection, item, **options)

    def reached(self, item: str, direction: str, **options: Any) -> set[str]:
        """The other items of the trace, as element strings."""
        found = self.trace(item, direction=direction, **options)
        return {each.element_string for each in found.items[1:]}

    def shown(self, item: str, direction: str = "both", **options: Any) -> set[str]:
        """The names of the trace's events."""
        return {self.names[each.commitment] for each in self.trace(item, direction=direction, **options).events}


def _named(role: str, item: Any) -> tuple[Any, ...]:
    return (role, item) if isinstance(item, str) else (role, *item)


@pytest.fixture(scope="session")
def new_world() -> Callable[[], World]:
    """Makes worlds, one per example of a property test."""

    def make() -> World:
        engine = create_engine("sqlite://")
        tables.content.create_all(engine)
        return World(engine.connect())

    return make


@pytest.fixture
def world(new_world: Callable[[], World]) -> Iterator[World]:
    made = new_world()
    yield made
    made.connection.close()
    made.connection.engine.dispose()


@dataclass(frozen=True)
class Names:
    """How tests name items."""

    serial = staticmethod(serial)
    lot = staticmethod(lot)
    pallet = staticmethod(pallet)
    uri = staticmethod(uri)


@pytest.fixture(scope="session")
def names() -> Names:
    return Names()
