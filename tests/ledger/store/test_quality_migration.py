"""A home whose quality data was written before laboratory results and specifications opens with nothing lost."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config

import ledger.store.migrate
from ledger.store import Store, measured, quality

MIGRATIONS = Path(ledger.store.migrate.__file__).parent / "migrations"


def write_before(file: Path) -> None:
    """A content database of the first schema, with rows in all its tables of quality data."""
    config = Config(attributes={})
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("version_locations", str(MIGRATIONS / "content"))
    config.set_main_option("path_separator", "newline")
    engine = sa.create_engine(f"sqlite:///{file}")
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "content_0001")
        reading = "insert into reading values (?, ?, 'probe', ?, ?, 'Temperature', ?, 'CEL', 9)"
        rows = [(7, 100, "urn:item", None, 3.8), (9, 200, None, "urn:place", -1.5)]
        connection.exec_driver_sql(reading, rows)
        inspection = "insert into inspection values (?, 100, 'urn:item', ?, ?, ?, ?, 'QA', 9)"
        connection.exec_driver_sql(inspection, [(3, "bore", 10.5, "MMT", None), (4, "look", None, None, False)])
        row = "insert into quality_limit (item, low, quantity_kind, high, unit) values (?, ?, 'Temperature', 8, 'CEL')"
        connection.exec_driver_sql(row, [("", None), ("urn:item", 2.0)])
    engine.dispose()


def test_nothing_is_lost(tmp_path: Path) -> None:
    write_before(tmp_path / "content.sqlite")
    store = Store.open(tmp_path)
    with store.read() as connection:
        one, other = quality.readings(connection, items=["urn:item"], places=["urn:place"])
        assert (one.id, one.time, one.sensor, one.item, one.place, one.value) == (
            7,
            100,
            "probe",
            "urn:item",
            None,
            3.8,
        )
        assert (other.id, other.time, other.item, other.place, other.value) == (9, 200, None, "urn:place", -1.5)
        assert (one.unit, one.quantity_kind, one.value, one.import_id) == ("CEL", "Temperature", 3.8, None)
        assert one.imported_at == 9
        bore, look = measured.inspections(connection, items=["urn:item"])
        assert (bore.id, bore.characteristic, bore.value, bore.unit, bore.passed) == (3, "bore", 10.5, "MMT", None)
        assert (look.id, look.value, look.passed, look.inspector, look.sample) == (4, None, False, "QA", "")
        assert [(row.item, row.low, row.high) for row in quality.limits(connection)] == [
            ("", None, 8.0),
            ("urn:item", 2.0, 8.0),
        ]
        assert all(row.imported_at > 0 for row in measured.specifications(connection))
    store.close()


def test_what_came_before_is_still_known_when_it_comes_again(tmp_path: Path) -> None:
    write_before(tmp_path / "content.sqlite")
    store = Store.open(tmp_path)
    row = {"time": 100, "sensor": "probe", "item": "urn:item", "quantity_kind": "Temperature", "value": 3.8}
    with store.begin() as connection:
        assert quality.add_readings(connection, [row | {"unit": "CEL"}]) == 0
        quality.set_limit(connection, "", "Temperature", low=None, high=9.0, unit="CEL")
        assert [limit.high for limit in quality.limits(connection, [])] == [9.0]
    store.close()
