#!/usr/bin/env python
"""How long a full trace takes, both ways, in a ledger of 100,000 generated events.

The generated supply chains are ten layers deep. Each lot of a layer is made of one to three lots of the layer before
(so lots are split and merged), inspected, packed on a pallet with a neighbour, shipped, received and unpacked; the last
layer's lots have serial items. Only traces of at least 1,000 events are measured. Events
are written straight into the store's tables: capture has its own benchmark.

    python scripts/bench/trace.py [--events 100000] [--items 60] [--seed 1]
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from ledger.batch import organisation_id
from ledger.identifiers import parse_item, with_check_digit
from ledger.store import Store, tables
from ledger.trace import Trace, trace

LAYERS = 10
WIDTH = 30
SERIALS = 1
HOUR = 3_600_000_000
START = 1_767_225_600_000_000  # 2026-01-01
LEAST = 1_000

Named = tuple[str, str, float | None]


@dataclass
class Rows:
    """Rows of the store's tables, as capture would have made them."""

    organisations: list[dict[str, Any]] = field(default_factory=list)
    events: list[dict[str, Any]] = field(default_factory=list)
    mentions: list[dict[str, Any]] = field(default_factory=list)
    items: set[str] = field(default_factory=set)

    def organisation(self, number: int) -> bytes:
        uri = f"https://id.gs1.org/417/{with_check_digit(f'9506{number:03d}00000')}"
        identity = organisation_id(uri)
        if all(each["id"] != identity for each in self.organisations):
            name = f"Organisation {number}"
            self.organisations.append(
                {"id": identity, "uri": uri, "name": name, "company_prefixes": f"9506{number:03d}"}
            )
        return identity

    def event(self, by: bytes, type_: str, action: str | None, at: int, step: str, named: list[Named]) -> None:
        number = len(self.events) + 1
        unique = number.to_bytes(32, "big")
        self.events.append(
            {
                "id": number,
                "organisation_id": by,
                "digest": unique,
                "commitment": unique,
                "leaf_count": 20,
                "root": unique,
                "event_id": f"urn:uuid:{number:032x}",
                "type": type_,
                "action": action,
                "event_time": at,
                "event_time_zone_offset": "+00:00",
                "biz_step": step,
                "disposition": "active",
                "read_point": "https://id.gs1.org/414/9506000000006",
                "biz_location": "https://id.gs1.org/414/9506000000006",
                "is_error_declaration": False,
                "is_open": False,
                "captured_at": at,
                "body": _body(number, type_, action, at, step, named),
            }
        )
        for position, (role, text, quantity) in enumerate(named):
            item = parse_item(text)
            self.items.add(item.uri)
            self.mentions.append(
                {
                    "event_id": number,
                    "position": position,
                    "item": item.uri,
                    "kind": item.kind.value,
                    "lot": item.lot,
                    "role": role,
                    "quantity": quantity,
                    "uom": "KGM" if quantity is not None else None,
                    "has_quantity": quantity is not None,
                }
            )


def _body(number: int, type_: str, action: str | None, at: int, step: str, named: list[Named]) -> str:
    body = {
        "@context": ["https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"],
        "type": type_,
        "eventID": f"urn:uuid:{number:032x}",
        "eventTime": at,
        "eventTimeZoneOffset": "+00:00",
        "action": action,
        "bizStep": step,
        "disposition": "active",
        "readPoint": {"id": "https://id.gs1.org/414/9506000000006"},
        "bizLocation": {"id": "https://id.gs1.org/414/9506000000006"},
        "named": [{"role": role, "epcClass": item, "quantity": quantity} for role, item, quantity in named],
        "bizTransactionList": [{"type": "po", "bizTransaction": f"urn:epc:id:gdti:9506000.00001.{number}"}],
    }
    return json.dumps(body)


def generate(target: int, dice: random.Random) -> Rows:
    """About `target` events, family by family; no family shares an item with another."""
    rows = Rows()
    family = 0
    while len(rows.events) < target:
        _family(rows, family, dice)
        family += 1
    return rows


def _family(rows: Rows, family: int, dice: random.Random) -> None:
    before: list[str] = []
    for layer in range(LAYERS):
        maker = rows.organisation(layer)
        receiver = rows.organisation(layer + 1)
        gtin = with_check_digit(f"09506{layer:03d}{1:05d}")
        lots = [f"(01){gtin}(10)F{family}-{number}" for number in range(WIDTH)]
        day = START + (family * LAYERS + layer) * 24 * HOUR
        for number, lot in enumerate(lots):
            at = day + number * HOUR // 4
            if before:
                sources = dice.sample(before, dice.randint(1, 3))
                inputs: list[Named] = [("input", each, 10.0) for each in sources]
                rows.event(maker, "TransformationEvent", None, at, "commissioning", [*inputs, ("output", lot, 30.0)])
            else:
                rows.event(maker, "ObjectEvent", "ADD", at, "commissioning", [("epc", lot, 30.0)])
            rows.event(maker, "ObjectEvent", "OBSERVE", at + HOUR, "inspecting", [("epc", lot, 30.0)])
        _deliver(rows, maker, receiver, lots, day + 8 * HOUR, family * LAYERS + layer)
        before = lots
    for lot in before:
        for number in range(SERIALS):
            rows.event(rows.organisation(LAYERS), "ObjectEvent", "OBSERVE", day + 20 * HOUR, "retail_selling", [
                ("epc", f"{lot}(21){lot.partition('F')[2]}-{number}", None),
            ])  # fmt: skip


def _deliver(rows: Rows, maker: bytes, receiver: bytes, lots: list[str], at: int, layer: int) -> None:
    """Two neighbours share a pallet; each lot also leaves and arrives under its own name."""
    for number in range(0, len(lots), 2):
        pallet = "(00)" + with_check_digit(f"09506000{layer * WIDTH + number:09d}")
        inside: list[Named] = [("child", lot, 30.0) for lot in lots[number : number + 2]]
        rows.event(maker, "AggregationEvent", "ADD", at, "packing", [("parent", pallet, None), *inside])
        for hour, (by, step) in enumerate(
            [(maker, "loading"), (maker, "shipping"), (receiver, "receiving"), (receiver, "storing")]
        ):
            rows.event(by, "ObjectEvent", "OBSERVE", at + (hour + 1) * HOUR, step, [("epc", pallet, None)])
        rows.event(
            receiver, "AggregationEvent", "DELETE", at + 6 * HOUR, "unpacking", [("parent", pallet, None), *inside]
        )
        for lot in lots[number : number + 2]:
            rows.event(maker, "ObjectEvent", "OBSERVE", at + HOUR, "picking", [("epc", lot, 30.0)])
            rows.event(receiver, "ObjectEvent", "OBSERVE", at + 7 * HOUR, "accepting", [("epc", lot, 30.0)])


def fill(store: Store, rows: Rows) -> None:
    with store.begin() as connection:
        connection.execute(tables.organisation.insert(), rows.organisations)
        connection.execute(tables.event.insert(), rows.events)
        connection.execute(tables.mention.insert(), rows.mentions)


@dataclass(frozen=True)
class Measured:
    milliseconds: float
    processor: float
    events: int
    items: int
    edges: int
    furthest: int
    json_milliseconds: float
    json_bytes: int


def measure(store: Store, items: Iterator[str], count: int) -> tuple[list[Measured], int]:
    """`count` traces of at least `LEAST` events, and how many items were tried for them."""
    measured: list[Measured] = []
    tried = 0
    while len(measured) < count and (item := next(items, None)):
        tried += 1
        started, processor_started = time.perf_counter(), time.process_time()
        found = trace(store, item)
        took, processor = time.perf_counter() - started, time.process_time() - processor_started
        if len(found.events) >= LEAST:
            measured.append(_measured(found, took, processor))
    return measured, tried


def _measured(found: Trace, took: float, processor: float) -> Measured:
    started = time.perf_counter()
    size = len(json.dumps(found.as_dict()))
    return Measured(
        milliseconds=took * 1000,
        processor=processor * 1000,
        events=len(found.events),
        items=len(found.items),
        edges=len(found.edges),
        furthest=max(item.level for item in found.items),
        json_milliseconds=(time.perf_counter() - started) * 1000,
        json_bytes=size,
    )


def report(measured: list[Measured], tried: int) -> None:
    print(f"{len(measured)} traces of at least {LEAST:,} events, of {tried} random items")
    for name, attribute, unit in (
        ("a full trace, both ways", "milliseconds", "ms"),
        ("  its processor time", "processor", "ms"),
        ("  its events", "events", ""),
        ("  its items", "items", ""),
        ("  its edges", "edges", ""),
        ("  its furthest item", "furthest", "edges"),
        ("  as JSON, besides", "json_milliseconds", "ms"),
        ("  its JSON", "json_bytes", "bytes"),
    ):
        values = sorted(getattr(each, attribute) for each in measured)
        p95 = values[max(0, -(-len(values) * 95 // 100) - 1)]
        middle = statistics.median(values)
        print(f"{name:<26} median {middle:>10,.0f}   p95 {p95:>10,.0f}   max {values[-1]:>10,.0f} {unit}".rstrip())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--events", type=int, default=100_000)
    parser.add_argument("--items", type=int, default=60)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    dice = random.Random(options.seed)  # noqa: S311
    with tempfile.TemporaryDirectory() as folder:
        store = Store.open(Path(folder))
        rows = generate(options.events, dice)
        fill(store, rows)
        items = iter(dice.sample(sorted(rows.items), len(rows.items)))
        print(
            f"{len(rows.events):,} events, {len(rows.mentions):,} mentions, {len(rows.items):,} items, {LAYERS} layers"
        )
        print(f"Python {platform.python_version()}, {os.cpu_count()} cores (one used), seed {options.seed}")
        report(*measure(store, items, options.items))
        store.close()


if __name__ == "__main__":
    main()
