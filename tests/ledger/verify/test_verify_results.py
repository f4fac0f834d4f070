"""Faithful bundles verify, and the result says what was found and what is left to judge."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Callable
from typing import Any

import pytest

from ledger.batch import organisation_id, sign_header
from ledger.commitment import all_but, redact
from ledger.errors import VerificationFailed
from ledger.verify import Checkpoint, Relation, Trust, verify
from ledger.verify.named_items import relations

ORCHARD = "https://orchard.example"
PACKER = "https://packer.example"
STRANGER = "https://stranger.example"
CRATE = "urn:example:crate:0"


def fails(step: int, message: str) -> Any:
    return pytest.raises(VerificationFailed, match=rf"step {step} failed.*{message}")


def test_a_whole_event(world: Any, make_event: Callable[..., Any]) -> None:
    recorded = world.record(ORCHARD, [make_event(n) for n in range(5)])
    result = verify(world.bundle(recorded.proof(0)), world.trust, world, CRATE)
    (found,) = result.events
    assert found.organisation == ORCHARD
    assert found.commitment == recorded.commitments[0]
    assert found.signer in {key for organisation, key in world.ranges}
    assert (found.sequence, found.index, found.block_number) == (1, 0, world.block)
    assert found.values["/eventTime"] == "2026-03-01T08:00:00Z"
    assert found.items == {CRATE}
    assert found.relation is Relation.NAMES
    assert found.corrected_by == ()
    assert found.hidden_count == 0
    assert found.placed
    assert [line[:3] for line in result.checked] == [
        "(1)",
        "(2)",
        "(3)",
        "(4)",
        "(5)",
        "(6)",
        "(7)",
        "(8)",
        "(9)",
        "(9)",
    ]


def test_every_result_says_what_it_does_not_show(world: Any, make_event: Callable[..., Any]) -> None:
    recorded = world.record(ORCHARD, [make_event()])
    bare = verify(world.bundle(recorded.proof(0)), Trust(31337, world.ledger()), world)
    said = " ".join(bare.to_judge)
    for words in (
        "sealed",
        "embedded chain",
        "custodial",
        "no code hash",
        "no organisations",
        "no checkpoint",
        "no item",
    ):
        assert words in said
    point = Checkpoint(world.block, world.block_hash(world.block))
    full = Trust(31337, world.ledger(), world.code, frozenset([ORCHARD]), point)
    said = " ".join(verify(world.bundle(recorded.proof(0)), full, world, CRATE).to_judge)
    for words in ("sealed", "embedded chain", "custodial"):
        assert words in said
    assert "You" not in said


def test_a_redacted_event(world: Any, make_event: Callable[..., Any]) -> None:
    recorded = world.record(ORCHARD, [make_event(bizLocation={"id": "https://orchard.example/barn"})])
    tree = recorded.trees[0]
    shown = redact(tree, all_but(tree.pointers, ["/bizLocation"]))
    data = world.bundle(recorded.proof(0, shown))
    assert b"barn" not in data
    result = verify(data, world.trust, world, CRATE)
    assert result.events[0].hidden_count == 2
    assert "1 of the events hide" in " ".join(result.to_judge)


def test_a_trace_of_several_organisations(world: Any, make_event: Callable[..., Any]) -> None:
    """Mixing connects crates with the pallet over a transformation in two events; a stray event is unconnected."""
    harvest = world.record(ORCHARD, [make_event(0), make_event(1)])
    mix: dict[str, Any] = {"type": "TransformationEvent", "transformationID": "urn:example:mix:1"}
    bodies = [
        {"eventTime": "t1", "inputEPCList": [CRATE], **mix},
        {"eventTime": "t2", "outputQuantityList": [{"epcClass": "urn:example:jam", "quantity": 3}], **mix},
        make_event(7, epcList=["urn:example:other"]),
    ]
    packed = world.record(PACKER, bodies)
    data = world.bundle(harvest.proof(0), *(packed.proof(n) for n in range(3)))
    result = verify(data, world.trust, world, "urn:example:jam")
    assert [event.relation for event in result.events] == [
        Relation.CONNECTED,
        Relation.CONNECTED,
        Relation.NAMES,
        Relation.UNCONNECTED,
    ]
    assert "1 of the events are not connected" in " ".join(result.to_judge)


def test_a_class_connects_nothing(world: Any, make_event: Callable[..., Any]) -> None:
    """A GTIN alone says nothing about where one of its kind came from."""
    gtin = {"quantityList": [{"epcClass": "urn:epc:idpat:sgtin:9506000.013435.*", "quantity": 1}]}
    recorded = world.record(ORCHARD, [make_event(**gtin), make_event(1, **gtin)])
    data = world.bundle(recorded.proof(0), recorded.proof(1))
    of_crate = verify(data, world.trust, world, CRATE)
    assert [event.relation for event in of_crate.events] == [Relation.NAMES, Relation.UNCONNECTED]
    of_class = verify(data, world.trust, world, "(01)09506000134352")
    assert [event.relation for event in of_class.events] == [Relation.NAMES, Relation.NAMES]


def test_a_strangers_transformation_of_the_same_id_is_another(world: Any) -> None:
    mix: dict[str, Any] = {"type": "TransformationEvent", "eventTime": "t", "transformationID": "urn:example:mix:1"}
    own = world.record(ORCHARD, [{**mix, "inputEPCList": [CRATE]}])
    other = world.record(STRANGER, [{**mix, "outputEPCList": ["urn:example:gold"]}])
    named = world.record(STRANGER, [{**mix, "inputEPCList": ["transformation urn:example:mix:1"]}])
    result = verify(world.bundle(own.proof(0), other.proof(0), named.proof(0)), world.trust, world, CRATE)
    assert [event.relation for event in result.events] == [
        Relation.NAMES,
        Relation.UNCONNECTED,
        Relation.UNCONNECTED,
    ]


def test_a_long_chain_of_events_in_any_order_is_quickly_related() -> None:
    chain = [("", {"/inputEPCList/0": f"urn:x:{n + 1}", "/outputEPCList/0": f"urn:x:{n}"}) for n in range(5000)]
    started = time.monotonic()
    found = relations("urn:x:0", chain[::-1])
    assert found == [Relation.CONNECTED] * 4999 + [Relation.NAMES]
    assert time.monotonic() - started < 2


def test_forms_of_an_identifier_find_the_same_item(world: Any, make_event: Callable[..., Any]) -> None:
    recorded = world.record(ORCHARD, [make_event(epcList=["urn:epc:id:sgtin:9506000.013435.12345"])])
    data = world.bundle(recorded.proof(0))
    for form in ("(01)09506000134352(21)12345", "https://id.gs1.org/01/09506000134352/21/12345"):
        assert verify(data, world.trust, world, form).item == "https://id.gs1.org/01/09506000134352/21/12345"


def test_a_serial_items_link_names_its_lot(world: Any, make_event: Callable[..., Any]) -> None:
    link = "https://id.gs1.org/01/09506000134352/10/L1/21/12345"
    recorded = world.record(ORCHARD, [make_event(epcList=[link])])
    result = verify(world.bundle(recorded.proof(0)), world.trust, world, "(01)09506000134352(10)L1")
    assert result.events[0].relation is Relation.NAMES


def test_corrections_count_only_by_the_same_organisation(world: Any, make_event: Callable[..., Any]) -> None:
    wrong = world.record(ORCHARD, [make_event(), make_event(1)])
    declaring = make_event(errorDeclaration={"declarationTime": "t"})
    correcting = world.record(ORCHARD, [declaring], corrects={0: wrong.commitments[0]})
    world.record(STRANGER, [declaring], corrects={0: wrong.commitments[1]})
    data = world.bundle(wrong.proof(0), wrong.proof(1), correcting.proof(0))
    result = verify(data, world.trust, world)
    assert [event.corrected_by for event in result.events] == [(correcting.commitments[0],), (), ()]
    assert [event.declares_error for event in result.events] == [False, False, True]
    assert "1 of the events were declared wrong" in " ".join(result.to_judge)


def test_no_event_of_another_organisation_is_a_correction(world: Any, make_event: Callable[..., Any]) -> None:
    """Else who handled goods once could keep every bundle with a partner's event from verifying."""
    partners = world.record(PACKER, [make_event(1)])
    own = world.record(ORCHARD, [make_event()])
    world.record(ORCHARD, [make_event(2)], corrects={0: own.commitments[0]})
    world.items[-1] = dataclasses.replace(world.items[-1], commitment=partners.commitments[0])
    result = verify(world.bundle(own.proof(0), partners.proof(0)), world.trust, world)
    assert [event.corrected_by for event in result.events] == [(), ()]


def test_open_events_that_are_left_out_are_reported(world: Any, make_event: Callable[..., Any]) -> None:
    first = world.record(ORCHARD, [make_event()], open_=True)
    complete = verify(world.bundle(first.proof(0)), world.trust, world, CRATE, require_complete=True)
    assert complete.completeness.missing == ()
    assert complete.completeness.sequences == {ORCHARD: 1}
    second = world.record(ORCHARD, [make_event(disposition="in_transit")], open_=True)
    world.record(STRANGER, [make_event()], open_=True)
    found = verify(world.bundle(first.proof(0)), world.trust, world, CRATE).completeness
    assert [log.commitment for log in found.missing or ()] == second.commitments
    assert [log.organisation for log in found.strangers] == [organisation_id(STRANGER)]
    with fails(9, "1 open events"):
        verify(world.bundle(first.proof(0)), world.trust, world, CRATE, require_complete=True)


def test_a_witness_without_logs_says_so(world: Any, make_event: Callable[..., Any]) -> None:
    recorded = world.record(ORCHARD, [make_event()])
    world.has_logs = False
    result = verify(world.bundle(recorded.proof(0)), world.trust, world, CRATE)
    assert result.events[0].corrected_by is None
    assert result.completeness.missing is None
    assert result.completeness.sequences == {ORCHARD: None}
    assert not result.events[0].placed
    assert sum("has no logs" in line for line in result.to_judge) == 3
    with fails(9, "cannot be told"):
        verify(world.bundle(recorded.proof(0)), world.trust, world, CRATE, require_complete=True)


def test_without_logs_block_and_signer_are_the_bundles_word(world: Any, make_event: Callable[..., Any]) -> None:
    """A later key may sign a recorded header again, and name a later block: only a log shows who was first."""
    recorded = world.record(ORCHARD, [make_event()])
    later = world.add_key(ORCHARD, 1)
    signature = sign_header(recorded.record.header, world.trust.domain, world.private_key(ORCHARD, 1))
    moved = dataclasses.replace(
        recorded.record, signature=signature, block_number=world.block, block_hash=world.block_hash(world.block)
    )
    data = world.bundle(dataclasses.replace(recorded.proof(0), record=moved))
    with fails(6, "no such log"):
        verify(data, world.trust, world)
    world.has_logs = False
    result = verify(data, world.trust, world)
    assert result.events[0].signer == later
    assert not result.events[0].placed
    assert "the bundle's word" in " ".join(result.to_judge)
    before = Checkpoint(world.block - 1, world.block_hash(world.block - 1))
    with fails(6, "after your checkpoint"):
        verify(data, dataclasses.replace(world.trust, checkpoint=before), world)


def test_a_checkpoint_does_not_make_a_nodes_word_a_proof(world: Any, make_event: Callable[..., Any]) -> None:
    recorded = world.record(ORCHARD, [make_event()])
    point = Checkpoint(world.block, world.block_hash(world.block))
    result = verify(world.bundle(recorded.proof(0)), dataclasses.replace(world.trust, checkpoint=point), world)
    assert "the word of the node" in " ".join(result.to_judge)
