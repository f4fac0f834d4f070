"""What was measured stays as it was first said; what was decided changes only by an end, or when it is asked for."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa

from ledger.errors import Conflict
from ledger.store import Store, imports, measured
from ledger.store import quality_tables as tables
from ledger.store.measurements import IDENTITY, Added, add, add_versions, put_equipment

RESULT = ("time", "item", "sample", "laboratory", "method", "analyte", "value", "unit", "loq", "imported_at")
SPECIFICATION = ("item", "characteristic", "market", "low", "high", "unit", "valid_from", "valid_to", "imported_at")


def test_the_identities_are_the_tables_own() -> None:
    for name, columns in IDENTITY.items():
        table = tables.content.tables[name]
        unique = [tuple(key.columns.keys()) for key in table.constraints if isinstance(key, sa.UniqueConstraint)]
        unique.append(tuple(table.primary_key.columns.keys()))
        if name not in ("specification", "factor"):
            assert columns in unique


def test_the_first_value_stands_and_contradictions_are_counted(store: Store) -> None:
    rows = [(n, "urn:lot", "", "", "m", "chlorpyrifos", None if n % 2 else 0.02, "NA", 0.01, 7) for n in range(10)]
    changed = [(*row[:6], 0.5, *row[7:]) for row in rows[:3]]
    new = (99, "urn:lot", "", "", "m", "chlorpyrifos", 0.02, "NA", None, 8)
    with store.begin() as connection:
        assert add(connection, tables.laboratory_result, RESULT, rows) == Added(10)
        later = [(*row[:-1], 8) for row in rows]
        assert add(connection, tables.laboratory_result, RESULT, later) == Added(0, 10, 0)
        assert add(connection, tables.laboratory_result, RESULT, [*changed, *rows[3:5], new]) == Added(1, 2, 3)
        assert add(connection, tables.laboratory_result, RESULT, []) == Added(0)
        found = measured.results(connection, items=["urn:lot", "urn:other"], analyte="chlorpyrifos", start=1, end=4)
        assert [(row.time, row.value) for row in found] == [(1, None), (2, 0.02), (3, None)]
        assert measured.results(connection, analyte="other") == []
        assert len(measured.results(connection)) == 11


def test_the_columns_may_come_in_any_order(store: Store) -> None:
    names = tuple(reversed(RESULT))
    with store.begin() as connection:
        add(connection, tables.laboratory_result, names, [(7, None, "NA", 1.5, "a", "m", "", "s", "urn:i", 3)])
        (row,) = measured.results(connection)
    assert (row.time, row.item, row.sample, row.value, row.loq) == (3, "urn:i", "s", 1.5, None)


def specification(high: float, valid_from: int | None = None, valid_to: int | None = None) -> tuple[Any, ...]:
    return ("", "chlorpyrifos", "", None, high, "NA", valid_from, valid_to, 0)


@pytest.mark.parametrize("start", [None, 5])
def test_a_specification_ends_and_is_followed_but_never_silently_changed(store: Store, start: int | None) -> None:
    def put(*rows: tuple[Any, ...], replace: bool = False) -> Added:
        with store.begin() as connection:
            return add_versions(connection, tables.specification, SPECIFICATION, rows, replace=replace)

    assert put(specification(0.05, start)) == Added(1)
    assert put(specification(0.05, start)) == Added(0, 1)
    with pytest.raises(Conflict, match=r"1 would change: everything chlorpyrifos.*another start of validity"):
        put(specification(0.01, start))
    assert put(specification(0.05, start, 100), specification(0.01, 100)) == Added(2)
    with pytest.raises(Conflict, match="would change"):
        put(specification(0.05, start, 200))
    with pytest.raises(Conflict, match="would change"):
        put(specification(0.05, start))
    assert put(specification(0.02, start, 100), replace=True) == Added(1)
    with store.read() as connection:
        found = measured.specifications(connection, items=[""])
    assert [(row.high, row.valid_from, row.valid_to) for row in found] == [(0.02, start, 100), (0.01, 100, None)]


def test_equipment_is_what_was_said_last(store: Store) -> None:
    names = ("equipment", "kind", "ideal_rate")
    with store.begin() as connection:
        assert put_equipment(connection, names, [("urn:press", "press", 60.0), ("urn:oven", "oven", None)]) == Added(2)
        assert put_equipment(connection, names, [("urn:press", "press", 50.0), ("urn:oven", "oven", None)]) == Added(
            1, 1
        )
        (row,) = measured.equipment(connection, names=["urn:press"])
    assert row.ideal_rate == 50.0


def test_runs_activities_and_factors_are_selected_by_what_they_belong_to_and_when(store: Store) -> None:
    with store.begin() as connection:
        runs = [(f"r{n}", "urn:press", "urn:a", n * 10, n * 10 + 9, 9.0, 5, 4, 0) for n in range(4)]
        names = ("run", "equipment", "item", "start", "end", "planned", "total", "good", "imported_at")
        assert add(connection, tables.production_run, names, runs) == Added(4)
        assert [row.run for row in measured.runs(connection, equipment="urn:press", start=10, end=30)] == ["r1", "r2"]
        assert measured.runs(connection, items=["urn:b"]) == []
        used = [("urn:a", "diesel", 0, 10, 4.0, "LTR", 0), ("urn:a", "diesel", 10, 20, 4.0, "LTR", 0)]
        add(connection, tables.activity, ("subject", "activity", "start", "end", "amount", "unit", "imported_at"), used)
        assert len(measured.activities(connection, subjects=["urn:a"], start=9, end=10)) == 1
        assert len(measured.activities(connection, start=9, end=11)) == 2
        factor = [("diesel", "carbon", 2.68, "LTR", "kgCO2e", None, None, 0)]
        columns = ("activity", "indicator", "factor", "unit", "per", "valid_from", "valid_to", "imported_at")
        assert add_versions(connection, tables.factor, columns, factor) == Added(1)
        assert [row.factor for row in measured.factors(connection)] == [2.68]


def test_an_import_is_known_by_its_rows(store: Store) -> None:
    with store.begin() as connection:
        number = imports.begin(connection, digest=b"d" * 32, kind="results", source="a.csv", format="csv", rows=2)
        rows = [(n, "urn:lot", "", "", "m", "lead", 0.1, "NA", None, 7, number) for n in range(2)]
        imports.finish(connection, number, add(connection, tables.laboratory_result, (*RESULT, "import_id"), rows))
        (file,) = measured.imported_files(connection)
        assert (file.rows, file.new, file.conflicting, file.source) == (2, 2, 0, "a.csv")
        assert {row.import_id for row in measured.results(connection)} == {file.id}
