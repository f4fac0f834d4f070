"""Which readings are looked at for an item: those around its steps, and no others."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import event as listening

from api.analysis.quality_table import table_of
from api.analysis.trace_quality import quality_of
from ledger.events import parse_time
from ledger.store import Store, quality
from ledger.trace import trace

DAY = 24 * 3600 * 1_000_000


@pytest.fixture
def cold(store: Store, make: Any, capturing: Any) -> str:
    """A lot in a cold store for a day, then gone; the store's sensor speaks for two weeks before and after."""
    lot = f"{make.gtin}/10/L1"
    gone = make.mixing(["L1"], "L2")
    gone["bizLocation"] = {"id": "https://id.gs1.org/414/9521000000025"}
    capturing(make.event("L1"), gone)
    begin = parse_time("2026-06-01T05:00:00Z")
    rows = [
        {
            "time": begin + hour * DAY // 24,
            "sensor": "probe",
            "place": make.place,
            "quantity_kind": "Temperature",
            "value": 9.0 if hour == 24 else 3.0,
            "unit": "CEL",
        }
        for hour in range(-14 * 24, 15 * 24)
    ]
    with store.begin() as connection:
        quality.add_readings(connection, rows)
        quality.set_limit(connection, "", "Temperature", low=0, high=6, unit="CEL")
    return lot


def test_the_reading_that_holds_as_a_step_ends_is_known_to_hold(store: Store, cold: str) -> None:
    """It is taken at 05:00, the step ends at 05:12, the next reading comes at 06:00."""
    with store.read() as connection:
        [step] = [each for each in quality_of(connection, trace(connection, cold), [cold]) if each["seconds"]]
    assert (step["seconds"], step["seconds_unknown"], step["seconds_outside"]) == (24 * 3600, 0.0, 12 * 60)
    rows = table_of(store, cold)[0]
    [row] = rows[(rows["source"] == "reading") & (rows["seconds"] > 0)].to_dict("records")
    assert (row["seconds_unknown"], row["seconds_outside"], row["verdict"]) == (0.0, 12 * 60, "outside")


def test_readings_far_from_the_steps_are_not_read(store: Store, cold: str) -> None:
    fetched: list[tuple[Any, ...]] = []

    def note(_c: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        if "FROM reading" in statement:
            fetched.append(parameters)

    with store.read() as connection:
        engine = connection.engine
    listening.listen(engine, "before_cursor_execute", note)
    try:
        table_of(store, cold)
    finally:
        listening.remove(engine, "before_cursor_execute", note)
    begin, end = parse_time("2026-06-01T05:12:00Z") - DAY, parse_time("2026-06-02T05:12:00Z") + DAY
    assert fetched
    assert all(begin <= since and until <= end for _, since, until in fetched)
