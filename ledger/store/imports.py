"""Where rows came from: each imported file by its SHA-256, with what became of it and who sent it."""

from __future__ import annotations

from sqlalchemy import Connection

from ledger.store.clock import now
from ledger.store.measurements import Added
from ledger.store.quality_tables import imported_file


def begin(
    connection: Connection, *, digest: bytes, kind: str, source: str, format: str, rows: int, imported_by: str = ""
) -> int:
    """Note an import that is under way in this transaction; its id, which its rows carry."""
    statement = imported_file.insert().values(
        digest=digest,
        kind=kind,
        source=source,
        format=format,
        rows=rows,
        new=0,
        imported_at=now(),
        imported_by=imported_by,
    )
    return int(connection.execute(statement).inserted_primary_key[0])  # type: ignore[index]  # it has one


def finish(connection: Connection, import_id: int, added: Added) -> None:
    connection.execute(
        imported_file.update()
        .where(imported_file.c.id == import_id)
        .values(new=added.new, conflicting=added.conflicting)
    )
