"""GS1's own example documents use three eventIDs for different contents; the traces say so."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import select

from ledger.batch import organisation_id
from ledger.capture import capture
from ledger.events import parse_json, read_document
from ledger.store import Store, organisations, tables
from ledger.trace import trace

URI = "https://id.gs1.org/417/9506000000006"


def test_event_ids_that_bear_different_contents_are_shown_as_conflicts(shared: Path, tmp_path: Path) -> None:
    store = Store.open(tmp_path)
    identity = organisation_id(URI)
    with store.begin() as connection:
        organisations.put(connection, organisations.Organisation(identity, URI, "Example"))
    for file in sorted((shared / "epcis" / "examples").iterdir()):
        document = parse_json(file.read_bytes(), duplicate_keys="last")
        capture(store, identity, read_document(document, source=file.name), is_open=False)
    with store.read() as connection:
        items = connection.scalars(select(tables.mention.c.item).distinct()).all()
        events = [event for item in items for event in trace(connection, item).events]
    store.close()
    assert len({event.event_id for event in events if event.conflicts_with}) == 3
