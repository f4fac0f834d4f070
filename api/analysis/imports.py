"""Bringing quality data into the store: all of a file or nothing, and where its rows came from.

What was measured stays as it was first said; a row that contradicts it is counted, and left out. Specifications and
factors change only by an end of their validity, or where the file says that a row replaces the one before; limits, the
short form, and equipment are what was said last.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, Unpack

import pandas as pd
from sqlalchemy import Connection, Integer, Table

from api.quality.columns import TIME_DTYPE
from api.quality.intake.files import format_of, read
from api.quality.intake.layout import How
from ledger.store import Store, imports
from ledger.store import quality_tables as tables
from ledger.store.clock import now
from ledger.store.measurements import Added, add, add_versions, put_equipment

_TABLES: Final[dict[str, Table]] = {
    "readings": tables.reading,
    "inspections": tables.inspection,
    "results": tables.laboratory_result,
    "specifications": tables.specification,
    "limits": tables.specification,
    "equipment": tables.equipment,
    "runs": tables.production_run,
    "activities": tables.activity,
    "factors": tables.factor,
}
#: what a limit leaves open
_LIMIT = {"market": "", "target": None, "valid_from": None, "valid_to": None, "source": ""}


@dataclass(frozen=True, slots=True)
class Imported:
    """How many rows of a file were new (or changed a decision), known before, and left out as contradictions."""

    imported: int
    known: int
    conflicting: int
    import_id: int


def import_file(
    store: Store, kind: str, data: bytes, *, file: str = "", imported_by: str = "", **how: Unpack[How]
) -> Imported:
    """All of the file or nothing; `file` is the name that is kept with it, and says its format where `how` does not.

    Raises InvalidDocument with every problem, TooLarge, and Conflict where a decision would change.
    """
    format_ = how.get("format") or format_of(file)
    how["format"] = format_
    frame = read(kind, data, **how)
    with store.begin() as connection:
        import_id = imports.begin(
            connection,
            digest=hashlib.sha256(data).digest(),
            kind=kind,
            source=file,
            format=format_,
            rows=len(frame),
            imported_by=imported_by,
        )
        added = keep(connection, kind, frame, import_id)
        imports.finish(connection, import_id, added)
    return Imported(added.new, added.known, added.conflicting, import_id)


def keep(connection: Connection, kind: str, frame: pd.DataFrame, import_id: int | None = None) -> Added:
    """Add a frame as the readers of `kind` give it; one made elsewhere is checked against its contract first."""
    table = _TABLES[kind]
    if kind == "limits":
        return _put(connection, table, _specified(frame), import_id, replace=True)
    if "replaces" in frame:
        kept = frame.drop(columns="replaces")
        changed = _put(connection, table, kept[frame["replaces"]], import_id, replace=True)
        others = _put(connection, table, kept[~frame["replaces"]], import_id, replace=False)
        return Added(changed.new + others.new, changed.known + others.known)
    if "time" in frame:  # as the index has them: one logger after another takes half as long again
        frame = frame.sort_values("time", kind="stable")
    names, rows = _rows(table, frame, import_id)
    return put_equipment(connection, names, rows) if kind == "equipment" else add(connection, table, names, rows)


def _put(connection: Connection, table: Table, frame: pd.DataFrame, import_id: int | None, *, replace: bool) -> Added:
    return add_versions(connection, table, *_rows(table, frame, import_id), replace=replace)


def _specified(limits: pd.DataFrame) -> pd.DataFrame:
    return limits.rename(columns={"quantity_kind": "characteristic"}).assign(**_LIMIT)


def _rows(table: Table, frame: pd.DataFrame, import_id: int | None) -> tuple[list[str], list[tuple[Any, ...]]]:
    """The store's columns and rows: times as microseconds, what is missing as None."""
    names = [str(name) for name in frame.columns]
    columns = [_values(frame[name], is_integer=isinstance(table.c[name].type, Integer)) for name in names]
    for name, value in (("import_id", import_id), ("imported_at", now())):
        if name in table.c:
            names.append(name)
            columns.append([value] * len(frame))
    return names, list(zip(*columns, strict=True))


def _values(column: pd.Series[Any], *, is_integer: bool) -> Sequence[Any]:
    if isinstance(column.dtype, pd.DatetimeTZDtype):
        numbers = column.astype(TIME_DTYPE).astype("int64")
    elif is_integer:
        numbers = column.astype("Int64")
    else:
        numbers = column
    plain = numbers.astype(object)
    missing = column.isna()
    return (plain.where(~missing, None) if missing.any() else plain).tolist()
