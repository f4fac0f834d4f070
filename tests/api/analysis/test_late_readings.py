"""Readings that came too late to act on are counted, of those that belong to the item."""

from __future__ import annotations

from typing import Any

from api.analysis.data_quality import late_readings
from api.analysis.trace_quality import along_the_way
from ledger.events import parse_time
from ledger.store import Store, quality
from ledger.trace import trace

HOUR = 3600 * 1_000_000


def test_late_is_what_arrived_a_day_after_it_was_taken(store: Store, make: Any, capturing: Any) -> None:
    capturing(make.event("L1"), make.mixing(["L1"], "L2") | {"bizLocation": {"id": "https://place.example/2"}})
    lot, begin = f"{make.gtin}/10/L1", parse_time("2026-06-01T05:12:00Z")
    delays = {-2: 48, 0: 0, 1: 24, 2: 25, 3: 48}  # hours after the beginning → hours until it arrived
    rows = [
        {"time": begin + hour * HOUR, "imported_at": begin + (hour + delay) * HOUR, "sensor": "probe", "value": 3.0,
         "place": make.place, "quantity_kind": "Temperature", "unit": "CEL"}
        for hour, delay in delays.items()
    ]  # fmt: skip
    with store.begin() as connection:
        quality.add_readings(connection, rows)
    with store.read() as connection:
        assert late_readings(along_the_way(connection, trace(connection, lot), [lot])) == 2
