"""Whose word it is: corrections, conflicts, verdicts, states and records."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest

from ledger.store import tables

A, B, C = (f"urn:item:{letter}" for letter in "abc")
PALLET = "urn:box:pallet"


def test_an_event_declared_wrong_is_shown_but_makes_no_edge(world: Any) -> None:
    wrong = world.transform([A], [B], 10, name="mixing")
    world.declare_wrong(wrong)
    found = world.trace(B)
    assert (len(found.items), found.edges) == (1, ())
    shown = {world.names[each.commitment]: each for each in found.events}
    assert shown["mixing"].corrected_by == (shown["not mixing"].commitment,)
    assert shown["not mixing"].is_error_declaration
    assert not shown["mixing"].is_error_declaration


def test_a_corrective_event_counts_like_any_other(world: Any) -> None:
    wrong = world.transform([A], [B], 10)
    world.declare_wrong(wrong)
    world.transform([C], [B], 10, name="what truly happened")
    assert world.reached(B, "backward") == {C}


def test_another_organisations_declaration_corrects_nothing(world: Any) -> None:
    made = world.transform([A], [B], 10, by="A")
    world.declare_wrong(made, organisation_id=world.organisation("B"))
    assert world.reached(B, "backward") == {A}
    assert len(world.trace(B).edges) == 1, "the declaration itself is no occurrence"


def test_a_packing_declared_wrong_never_happened(world: Any) -> None:
    world.declare_wrong(world.pack(PALLET, [A], 10))
    world.about(PALLET, 20, name="shipped")
    assert world.shown(A) == {"event 1", "not event 1"}


def test_an_unpacking_declared_wrong_leaves_it_inside(world: Any) -> None:
    world.pack(PALLET, [A], 10)
    world.declare_wrong(world.unpack(PALLET, [], 20))
    world.about(PALLET, 30, name="shipped")
    assert "shipped" in world.shown(A)


def test_other_content_under_one_event_id_is_a_conflict(world: Any) -> None:
    world.about(A, 10, event_id="urn:uuid:same", name="one")
    world.about(A, 20, event_id="urn:uuid:same", name="other", by="B")
    one, other = world.trace(A).events
    assert one.conflicts_with == (other.commitment,)
    assert other.conflicts_with == (one.commitment,)


def test_a_conflict_outside_of_the_trace_is_told_too(world: Any) -> None:
    world.about(A, 10, event_id="urn:uuid:same")
    world.about(B, 10, event_id="urn:uuid:same")
    (event,) = world.trace(A).events
    assert len(event.conflicts_with) == 1


def test_an_error_declaration_and_what_it_corrects_do_not_conflict(world: Any) -> None:
    world.declare_wrong(world.about(A, 10))
    assert [each.conflicts_with for each in world.trace(A).events] == [(), ()]


def test_the_same_content_by_two_organisations_is_no_conflict(world: Any) -> None:
    digest = hashlib.sha256(b"same").digest()
    world.about(A, 10, event_id="urn:uuid:same", digest=digest)
    world.about(A, 10, event_id="urn:uuid:same", digest=digest, by="B")
    assert [each.conflicts_with for each in world.trace(A).events] == [(), ()]


def test_verdicts(world: Any, names: Any) -> None:
    mine, yours = names.serial(1), "(01)04012345000009(21)1"
    world.transform([yours], [mine], 10, by="A")
    world.transform([mine], ["(01)04012345000009(21)2"], 20, by="A")
    world.transform([mine], ["(01)04012345000009(21)3"], 20, by="A")
    world.transform([mine], ["(01)04012345000009(21)3"], 21, by="B")
    verdicts = {(each.target[-3:], each.claimant.name): each.verdict for each in world.trace(mine).edges}
    assert verdicts == {
        ("1/1", "A"): "own_prefix",
        ("1/2", "A"): "stranger",
        ("1/3", "A"): "corroborated",
        ("1/3", "B"): "corroborated",
    }


def test_a_receivers_unpacking_corroborates_the_packing(world: Any) -> None:
    world.pack(PALLET, [A], 10, by="B")
    world.unpack(PALLET, [A], 20, by="C")
    assert {(each.claimant.name, each.verdict) for each in world.trace(A).edges} == {
        ("B", "corroborated"),
        ("C", "corroborated"),
    }


def test_an_organisation_may_have_several_company_prefixes(world: Any) -> None:
    world.transform([A], ["(01)04012345000009(21)1"], 10, by="P")
    assert [each.verdict for each in world.trace(A).edges] == ["own_prefix"]


def test_every_event_names_its_claimant(world: Any) -> None:
    world.about(A, 10, by="B")
    (event,) = world.trace(A).events
    assert (event.organisation.name, event.organisation.uri) == ("B", "urn:org:B")


@pytest.mark.parametrize(
    ("batch_state", "on_chain", "state"),
    [
        ("signed", False, "captured"),
        ("sent", False, "sent"),
        ("recorded", True, "recorded"),
        ("final", True, "final"),
    ],
)
def test_state_and_record(world: Any, batch_state: str, on_chain: bool, state: str) -> None:
    digest = hashlib.sha256(b"some").digest()
    organisation = world.organisation("A")
    header = {"organisation_id": organisation, "sequence": 7, "root": digest, "size": 3, "items_hash": digest}
    header["index_root"] = bytes(32)
    batch = {"id": 1, "header_hash": digest, "signature": bytes(65), "signer": bytes(20), "open_items": b""}
    world.connection.execute(tables.batch.insert().values(**header, **batch, state=batch_state, created_at=0))
    if on_chain:
        block = {"number": 12, "hash": b"h" * 32, "parent_hash": b"p" * 32, "time": 0}
        world.connection.execute(tables.block.insert().values(**block))
        place = {"block_hash": b"h" * 32, "log_index": 0, "block_number": 12, "transaction_hash": b"t" * 32}
        world.connection.execute(tables.record.insert().values(**header, **place, signer=bytes(20)))
    world.about(A, 10, batch_id=1, batch_index=2)
    (event,) = world.trace(A).events
    assert event.state == state
    assert (event.record is not None) == on_chain
    if event.record:
        record = event.record
        assert (record.block_number, record.block_hash, record.transaction_hash) == (12, b"h" * 32, b"t" * 32)
        assert (record.sequence, record.batch_index) == (7, 2)


def test_without_a_batch_an_event_is_captured(world: Any) -> None:
    world.about(A, 10)
    (event,) = world.trace(A).events
    assert (event.state, event.record) == ("captured", None)


def test_without_access_to_sealed_events_the_trace_is_made_of_open_ones(world: Any) -> None:
    world.transform([A], [B], 10, is_open=True, name="open")
    world.transform([B], [C], 20, name="sealed")
    assert world.shown(B, only_open=True) == {"open"}
    assert world.reached(B, "both", only_open=True) == {A}


def test_a_sealed_declaration_corrects_an_open_event_for_everyone(world: Any) -> None:
    """The chain logs which commitment is declared wrong, also where the declaration is sealed."""
    wrong = world.transform([A], [B], 10, is_open=True, name="open")
    world.declare_wrong(wrong)
    world.connection.execute(tables.event.update().where(tables.event.c.id == world.count).values(is_open=False))
    found = world.trace(B, only_open=True)
    assert found.edges == ()
    assert [len(each.corrected_by) for each in found.events] == [1]


def test_two_declarations_of_one_event_do_not_conflict(world: Any) -> None:
    wrong = world.about(A, 10)
    world.declare_wrong(wrong)
    world.event("ObjectEvent", "OBSERVE", 10, [("epc", A)], event_id="urn:uuid:1", is_error_declaration=True)
    world.connection.execute(tables.correction.insert().values(event_id=world.count, corrected_id=wrong))
    assert [each.conflicts_with for each in world.trace(A).events] == [(), (), ()]


def test_declarations_of_different_contents_under_one_event_id_conflict(world: Any) -> None:
    for item in (A, B):
        world.about(item, 10, event_id="urn:uuid:same", is_error_declaration=True)
    (event,) = world.trace(A).events
    assert len(event.conflicts_with) == 1


def test_what_replaces_a_wrong_event_under_its_event_id_does_not_conflict_with_it(world: Any) -> None:
    world.declare_wrong(world.about(A, 10, event_id="urn:uuid:same"))
    world.about(A, 11, event_id="urn:uuid:same")
    assert [each.conflicts_with for each in world.trace(A).events] == [(), (), ()]
