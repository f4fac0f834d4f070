"""The GS1 example documents, all of them: captured, recorded, traced, proven and verified."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import func, select

from ledger.chain.witness import NodeWitness
from ledger.errors import InvalidInput
from ledger.events import facts, parse_json, read_document
from ledger.home import Settings
from ledger.ledger import Ledger
from ledger.store import events as stored
from ledger.store.tables import event, mention
from ledger.trace import trace
from ledger.verify import Trust, verify

DUPLICATE_KEY = "AssociationEvent__AssociationEvent-h.jsonld"  # its eventID comes twice, with two values


@pytest.fixture(scope="module")
def documents(shared: Path) -> list[Path]:
    return sorted((shared / "epcis" / "examples").iterdir())


@pytest.fixture(scope="module")
def ledger(documents: list[Path], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ledger]:
    path = tmp_path_factory.mktemp("gs1") / "home"
    Ledger.create(path, Settings())
    with Ledger.open(path, Settings()) as opened:
        organisation = opened.add_organisation("https://id.gs1.org/417/4012345000009", "GS1")
        for document in documents:
            last = "last" if document.name == DUPLICATE_KEY else "refuse"
            opened.jobs.accept(document.read_bytes(), organisation.id, duplicate_keys=last)
        assert opened.jobs.run_unfinished() == 47
        while not opened.recorder.step().is_settled:
            pass
        yield opened


def test_all_47_documents_hold_51_distinct_events(documents: list[Path], ledger: Ledger) -> None:
    assert len(documents) == 47
    with ledger.store.read() as connection:
        assert connection.scalar(select(func.count()).select_from(event)) == 51
        states = connection.execute(select(stored.event_state, func.count()).select_from(stored.with_state())).all()
    assert [tuple(row) for row in states] == [("final", 51)]


def test_a_document_with_a_duplicate_key_is_refused_unless_told_which_counts(
    documents: list[Path], ledger: Ledger
) -> None:
    (path,) = [document for document in documents if document.name == DUPLICATE_KEY]
    with pytest.raises(InvalidInput, match=r"eventID.*twice"):
        ledger.jobs.accept(path.read_bytes(), ledger.organisation("GS1").id)


def test_three_event_ids_bear_different_contents(ledger: Ledger) -> None:
    with ledger.store.read() as connection:
        shared_ids = connection.scalars(select(event.c.event_id).group_by(event.c.event_id).having(func.count() > 1))
        contents = {event_id: stored.by_event_id(connection, event_id) for event_id in shared_ids.all()}
    assert len(contents) == 3
    assert all(len({one.commitment for one in events}) == len(events) for events in contents.values())


def test_every_event_is_proven_and_verified_alone_and_together(ledger: Ledger) -> None:
    with ledger.store.read() as connection:
        commitments = list(connection.scalars(select(event.c.commitment)))
    trust = Trust(ledger.identity.chain_id, ledger.identity.ledger, ledger.identity.code_hash)
    witness = NodeWitness(ledger.chain, ledger.identity.ledger)
    for commitment in commitments:
        verified = verify(ledger.prove([commitment]).encode(), trust, witness)
        assert [one.commitment for one in verified.events] == [commitment]
    assert len(verify(ledger.prove(commitments).encode(), trust, witness).events) == 51


def test_every_item_is_traced_to_the_events_that_name_it(documents: list[Path], ledger: Ledger) -> None:
    named = {
        told.item.uri
        for document in documents
        for one in read_document(parse_json(document.read_bytes(), duplicate_keys="last"))
        for told in facts(one.body).mentions
    }
    with ledger.store.read() as connection:
        assert named == set(connection.scalars(select(mention.c.item).distinct()))
        naming = {uri: set(connection.scalars(_commitments_naming(uri))) for uri in named}
    for uri in named:
        traced = trace(ledger.store, uri)
        assert naming[uri] <= {one.commitment for one in traced.events}


def _commitments_naming(uri: str):  # type: ignore[no-untyped-def]
    return select(event.c.commitment).join(mention).where(mention.c.item == uri)
