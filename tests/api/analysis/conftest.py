"""A store with events in it, without a server and a chain."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection

from ledger.batch import organisation_id
from ledger.capture import capture
from ledger.events import read_document
from ledger.identifiers import parse_item, with_check_digit
from ledger.store import Store, organisations, tables
from ledger.store.organisations import Organisation

Captures = Callable[..., None]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store.open(tmp_path / "store")
    yield opened
    opened.close()


@pytest.fixture
def capturing(store: Store, make: Any) -> Captures:
    """Capture the bodies of events for an organisation, sealed unless told otherwise."""

    def captures(*bodies: dict[str, Any], by: str = "https://orchard.example/", is_open: bool = False) -> None:
        with store.begin() as connection:
            organisations.put(connection, Organisation(organisation_id(by), by, "orchard", ("9521000",)))
        capture(store, organisation_id(by), read_document(make.document(*bodies)), is_open=is_open)

    return captures


#: URIs of items that random histories are about
GTIN = "https://id.gs1.org/01/09506000134352"
LOTS = tuple(f"{GTIN}/10/{name}" for name in "ABCD")
SERIALS = tuple(f"{GTIN}/21/{number}" for number in range(2))
PALLETS = tuple(f"https://id.gs1.org/00/{with_check_digit(f'09506000{number:09d}')}" for number in range(2))
PLACES = tuple(with_check_digit(f"95060000000{number}") for number in range(2))
MINUTE = 60_000_000


@dataclass
class RandomHistory:
    """Random events, straight in the store's tables: transformations, pallets, serial items with and without a lot."""

    connection: Connection
    items = (*LOTS, *SERIALS, *PALLETS)
    places = tuple(f"https://id.gs1.org/414/{number}" for number in PLACES)
    pallets = PALLETS
    minute = MINUTE
    _consumed: tuple[str, ...] = ()

    def tell(self, seed: int, *, consumes_pallets: bool = True) -> None:
        """The store holds this history and nothing else."""
        self._consumed = (*LOTS, *SERIALS, *PALLETS[:1]) if consumes_pallets else (*LOTS, *SERIALS)
        for table in (tables.mention, tables.event):
            self.connection.execute(table.delete())
        draw = random.Random(seed)
        organisations.put(self.connection, Organisation(b"\1" * 32, "https://orchard.example/", "orchard", ()))
        for number in range(1, draw.randint(3, 14)):
            kind, action, named = self._made_up(draw)
            self._write(draw, number, kind, action, named)

    def _made_up(self, draw: random.Random) -> tuple[str, str | None, list[tuple[str, str]]]:
        dice = draw.random()
        if dice < 0.5:
            sides = [("input", each) for each in draw.sample(self._consumed, draw.randint(1, 3))]
            return "TransformationEvent", None, sides + [("output", each) for each in draw.sample([*LOTS, *SERIALS], 1)]
        if dice < 0.8:
            pallet = draw.choice(PALLETS)
            inside = draw.sample([each for each in self.items if each != pallet], draw.randint(0, 2))
            action = draw.choice(["ADD", "ADD", "DELETE", "OBSERVE"]) if inside else "DELETE"
            return "AggregationEvent", action, [("parent", pallet), *(("child", each) for each in inside)]
        return "ObjectEvent", draw.choice(["OBSERVE", "ADD"]), [("epc", each) for each in draw.sample(self.items, 2)]

    def _write(
        self, draw: random.Random, number: int, kind: str, action: str | None, named: list[tuple[str, str]]
    ) -> None:
        unique = number.to_bytes(32, "big")
        is_transformation = kind == "TransformationEvent"
        self.connection.execute(
            tables.event.insert(),
            {
                "id": number, "organisation_id": b"\1" * 32, "digest": unique, "commitment": unique, "leaf_count": 1,
                "root": unique, "event_id": f"urn:uuid:{number}", "type": kind, "action": action,
                "event_time": draw.randint(0, 9) * MINUTE, "event_time_zone_offset": "+00:00",
                "biz_location": draw.choice([*self.places, None]), "is_error_declaration": False, "is_open": False,
                "transformation_id": draw.choice([None, None, "urn:run:1"]) if is_transformation else None,
                "captured_at": 0, "body": "{}",
            },
        )  # fmt: skip
        rows = []
        for position, (role, item) in enumerate(named):
            lot = LOTS[int(item[-1])] if item in SERIALS and draw.random() < 0.6 else None
            amount = draw.choice([None, 1.0, 2.0, 5.0]) if role in ("input", "output") and item in LOTS else None
            rows.append(
                {
                    "event_id": number, "position": position, "item": item, "kind": parse_item(item).kind.value,
                    "lot": item if item in LOTS else lot, "role": role, "quantity": amount,
                    "uom": None if amount is None else "KGM", "has_quantity": amount is not None,
                }
            )  # fmt: skip
        self.connection.execute(tables.mention.insert(), rows)


@pytest.fixture
def random_history(store: Store) -> Iterator[RandomHistory]:
    with store.begin() as connection:
        yield RandomHistory(connection)
