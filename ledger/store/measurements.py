"""Adding what was measured or decided, in bulk: the first value of an identity stands, and contradictions are counted.

Rows are tuples in the order of the named columns, handed to the driver as they are: millions of them are usual. What
an identity is, is the unique key of the table.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from operator import itemgetter
from typing import Any, Final

from sqlalchemy import Column, ColumnElement, Connection, MetaData, Row, Table, and_, func, or_, select

from ledger.errors import Conflict
from ledger.store import quality_tables as tables
from ledger.store.insert import insert

Rows = Sequence[tuple[Any, ...]]

#: the columns that say which measurement or decision a row is
IDENTITY: Final[dict[str, tuple[str, ...]]] = {
    "reading": ("time", "sensor", "quantity_kind"),
    "inspection": ("time", "item", "characteristic", "inspector", "sample"),
    "laboratory_result": ("item", "sample", "laboratory", "analyte", "method", "time"),
    "specification": ("item", "characteristic", "market", "valid_from"),
    "equipment": ("equipment",),
    "production_run": ("run",),
    "activity": ("subject", "activity", "start", "end"),
    "factor": ("activity", "indicator", "valid_from"),
}
_BOOKKEEPING = {"id", "imported_at", "import_id"}
_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Added:
    """How many rows were new (or changed a decision), there before, and refused since another value was there."""

    new: int
    known: int = 0
    conflicting: int = 0


def add(connection: Connection, table: Table, names: Sequence[str], rows: Rows) -> Added:
    """Add measurements. A row whose identity is there already is left out, whatever its values."""
    if not rows:
        return Added(0)
    statement = insert(connection, table).on_conflict_do_nothing()
    new = _execute(connection, statement, names, rows)
    if new == len(rows):
        return Added(new)
    with _incoming(connection, table, names, rows) as incoming:
        conflicting = connection.execute(
            select(func.count())
            .select_from(table)
            .join(incoming, _same(table, incoming))
            .where(_other(table, incoming))
        ).scalar_one()
    return Added(new, len(rows) - new - conflicting, conflicting)


def put_equipment(connection: Connection, names: Sequence[str], rows: Rows) -> Added:
    """Set what is known of equipment; a row replaces the one before of the same name."""
    return _put(connection, tables.equipment, names, rows)


def add_versions(
    connection: Connection, table: Table, names: Sequence[str], rows: Rows, *, replace: bool = False
) -> Added:
    """Add specifications or factors, with both ends of their validity: one may be given an end, and else never changes.

    Conflict names those that would: another value with the same start of validity. With `replace` they are changed.
    """
    if not rows:
        return Added(0)
    if not replace:
        with _incoming(connection, table, names, rows) as incoming:
            changed = connection.execute(
                select(table).join(incoming, _same(table, incoming)).where(_refused(table, incoming))
            ).all()
        if changed:
            raise Conflict(
                f"{len(changed)} would change: {_said(table, changed)}",
                expected="another start of validity, or the same values with an end",
                advice="End the old one and start a new one, or write yes in the column replaces.",
            )
    return _put(connection, table, names, rows)


def _put(connection: Connection, table: Table, names: Sequence[str], rows: Rows) -> Added:
    if not rows:
        return Added(0)
    with _incoming(connection, table, names, rows) as incoming:
        same = select(func.count()).select_from(table).join(incoming, _same(table, incoming))
        known = connection.execute(same.where(~_other(table, incoming))).scalar_one()
    statement = insert(connection, table)
    identity = [_index_element(table, name) for name in IDENTITY[table.name]]
    replaced = {name: statement.excluded[name] for name in names if name not in IDENTITY[table.name]}
    other = [table.c[name].is_distinct_from(new) for name, new in replaced.items() if name not in _BOOKKEEPING]
    upsert = statement.on_conflict_do_update(index_elements=identity, set_=replaced, where=or_(*other))
    _execute(connection, upsert, names, rows)
    return Added(len(rows) - known, known)


def _execute(connection: Connection, statement: Any, names: Sequence[str], rows: Rows) -> int:
    """How many rows were written."""
    compiled = statement.compile(dialect=connection.dialect, column_keys=list(names))
    order = [names.index(name) for name in compiled.positiontup or ()]
    ordered = list(rows) if order == list(range(len(names))) else list(map(itemgetter(*order), rows))
    return connection.exec_driver_sql(str(compiled), ordered).rowcount


@contextmanager
def _incoming(connection: Connection, table: Table, names: Sequence[str], rows: Rows) -> Iterator[Table]:
    """The rows as a temporary table, to be compared with `table`."""
    columns = [Column(name, table.c[name].type) for name in names if name not in _BOOKKEEPING]
    incoming = Table("incoming", MetaData(), *columns, prefixes=["TEMPORARY"])
    incoming.create(connection)
    try:
        kept = [names.index(column.name) for column in columns]
        _execute(connection, incoming.insert(), incoming.c.keys(), list(map(itemgetter(*kept), rows)))
        yield incoming
    finally:
        incoming.drop(connection)


def _same(table: Table, incoming: Table) -> ColumnElement[bool]:
    pairs = [(table.c[name], incoming.c[name]) for name in IDENTITY[table.name]]
    return and_(*(old.is_not_distinct_from(new) if old.nullable else old == new for old, new in pairs))


def _other(table: Table, incoming: Table, apart_from: Sequence[str] = ()) -> ColumnElement[bool]:
    left_out = {*IDENTITY[table.name], *apart_from}
    return or_(
        *(
            table.c[column.name].is_distinct_from(incoming.c[column.name])
            for column in incoming.c
            if column.name not in left_out
        )
    )


def _refused(table: Table, incoming: Table) -> ColumnElement[bool]:
    """Another value, or another end where there was one already."""
    ended = and_(table.c.valid_to.is_not(None), table.c.valid_to.is_distinct_from(incoming.c.valid_to))
    return or_(_other(table, incoming, ("valid_to",)), ended)


def _index_element(table: Table, name: str) -> Any:
    """As the table's unique index has it: a missing start of validity is the earliest."""
    return tables.since_ever() if name == "valid_from" else table.c[name]


def _said(table: Table, changed: Sequence[Row[Any]]) -> str:
    names = [name for name in IDENTITY[table.name] if name != "valid_from"]
    shown = [" ".join(str(getattr(row, name)) or "everything" for name in names).strip() for row in changed[:_SHOWN]]
    return ", ".join(shown) + (" …" if len(changed) > _SHOWN else "")
