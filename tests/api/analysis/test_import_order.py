"""Readings are stored in the order of their index, whatever the order of the file, which makes no other difference."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import select, text

from api.analysis.imports import import_file
from ledger.store import Store
from ledger.store.quality_tables import reading

HEADER = "time,sensor,place,quantity_kind,value,unit\n"


def test_a_logger_after_the_other_is_stored_by_time(tmp_path: Path) -> None:
    lines = [
        f"2026-05-04T06:{minute:02d}:00Z,L{logger},https://a.b/{logger},Temperature,{logger}.{minute},CEL\n"
        for logger in (2, 1)
        for minute in range(10)
    ]
    store = Store.open(tmp_path)
    try:
        first = import_file(store, "readings", (HEADER + "".join(lines)).encode(), file="loggers.csv")
        assert (first.imported, first.known, first.conflicting) == (20, 0, 0)
        with store.read() as connection:
            times = list(connection.execute(select(reading.c.time).order_by(reading.c.id)).scalars())
        assert times == sorted(times)
        changed = HEADER + "".join(reversed(lines)).replace(",2.3,", ",9.9,")
        again = import_file(store, "readings", changed.encode(), file="loggers.csv")
        assert (again.imported, again.known, again.conflicting) == (0, 19, 1)
    finally:
        store.close()


def test_readings_are_found_by_index(tmp_path: Path) -> None:
    store = Store.open(tmp_path)
    try:
        with store.read() as connection:
            for name in ("item", "place"):
                plan = connection.execute(text(f"explain query plan select * from reading where {name} in ('a', 'b')"))
                assert f"reading_{name}" in str(plan.all())
    finally:
        store.close()
