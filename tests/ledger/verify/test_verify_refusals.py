"""Each step refuses what it is there to refuse."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable
from typing import Any

import pytest
import rfc8785

from ledger.batch import Domain, organisation_id, sign_header
from ledger.commitment import EventTree, all_but, redact
from ledger.errors import VerificationFailed
from ledger.identifiers import item_key
from ledger.proof.bundle import EventProof
from ledger.verify import Checkpoint, KeyRange, verify

ORCHARD = "https://orchard.example"
PACKER = "https://packer.example"
CRATE = "urn:example:crate:0"


def fails(step: int, message: str) -> Any:
    return pytest.raises(VerificationFailed, match=rf"step {step} failed.*{message}")


def refused(world: Any, parsed: Any) -> VerificationFailed:
    with pytest.raises(VerificationFailed) as raised:
        verify(rfc8785.dumps(parsed), world.trust, world, CRATE)
    return raised.value


def test_the_untampered_bundle_verifies(world: Any, parsed: Any) -> None:
    assert len(verify(rfc8785.dumps(parsed), world.trust, world, CRATE).events) == 2


STEP_1: list[Callable[[Any], Any]] = [
    lambda b: b.update(note="x"),
    lambda b: b.pop("format"),
    lambda b: b.update(format="lotmark:bundle:v2"),
    lambda b: b.update(events=[]),
    lambda b: b.update(events={}),
    lambda b: b["chain"].update(name="x"),
    lambda b: b["chain"].update(id="31337"),
    lambda b: b["chain"].update(id=-1),
    lambda b: b["chain"].update(ledger=b["chain"]["ledger"].upper()),
    lambda b: b["chain"].update(ledger=b["chain"]["ledger"][2:]),
    lambda b: b["records"].reverse(),
    lambda b: b["records"].pop(),
    lambda b: b["records"].append(b["records"][0]),
    lambda b: b["records"].append({**b["records"][0], "sequence": 9}),
    lambda b: b["records"][0].update(sequence=True),
    lambda b: b["records"][0].update(sequence=1.5),
    lambda b: b["records"][0].update(size=2**32),
    lambda b: b["records"][0].update(organisation=""),
    lambda b: b["records"][0].update(signature="0x"),
    lambda b: b["records"][0]["block"].pop("hash"),
    lambda b: b["events"].reverse(),
    lambda b: b["events"].append(b["events"][0]),
    lambda b: b["events"].append(b["events"][1]),
    lambda b: b["events"][0].update(record=2),
    lambda b: b["events"][0].update(record=-1),
    lambda b: b["events"][0].update(note="x"),
    lambda b: b["events"][0]["path"].append("0x00"),
    lambda b: b["events"][0]["leaves"].append(None),
    lambda b: b["events"][0]["leaves"][1].append(1),
    lambda b: b["events"][0]["leaves"][1].__setitem__(0, "0x" + "00" * 16),
]


@pytest.mark.parametrize("tamper", STEP_1)
def test_step_1_refuses_what_is_no_bundle(world: Any, parsed: Any, tamper: Callable[[Any], Any]) -> None:
    tamper(parsed)
    assert refused(world, parsed).step == 1


@pytest.mark.parametrize(
    "change", [lambda d: d + b"\n", lambda d: b" " + d, lambda d: d[:-1], lambda d: b"", json.loads]
)
def test_step_1_refuses_other_bytes(world: Any, parsed: Any, change: Callable[[bytes], Any]) -> None:
    changed = change(rfc8785.dumps(parsed))
    data = changed if isinstance(changed, bytes) else json.dumps(changed).encode()
    with fails(1, ""):
        verify(data, world.trust, world)


def shown(bundle: Any, pointer: str) -> Any:
    return next(leaf for leaf in bundle["events"][0]["leaves"] if leaf[1] == pointer)


STEP_2: list[Callable[[Any], Any]] = [
    lambda b: shown(b, "/eventTime").__setitem__(2, "2026-03-01T09:00:00Z"),
    lambda b: shown(b, "/eventTime").__setitem__(0, "00" * 16),
    lambda b: shown(b, "/epcList/0").__setitem__(1, "/epcList/1"),
    lambda b: shown(b, "/epcList").__setitem__(2, {"list": 2}),
    lambda b: shown(b, "").__setitem__(2, {"errorDeclaration": True, "object": 5}),
    lambda b: b["events"][0]["leaves"].pop(),
    lambda b: b["events"][0]["leaves"].append("0x" + "00" * 32),
    lambda b: b["events"][0]["leaves"].reverse(),
    lambda b: b["events"][0]["leaves"].clear(),
    lambda b: b["events"][0].update(leaves=["0x" + "00" * 32]),
    lambda b: b["events"][0].update(commitment="0x" + "00" * 32),
    lambda b: b["events"][0].update(leaves=b["events"][1]["leaves"]),
    lambda b: b["records"][0].update(organisation="https://orchard.examplf"),
]


@pytest.mark.parametrize("tamper", STEP_2)
def test_step_2_refuses_leaves_of_another_commitment(world: Any, parsed: Any, tamper: Callable[[Any], Any]) -> None:
    tamper(parsed)
    assert refused(world, parsed).step == 2


STEP_3: list[Callable[[Any], Any]] = [
    lambda b: b["events"][0].update(index=1),
    lambda b: b["events"][0].update(index=3),
    lambda b: b["events"][0]["path"].pop(),
    lambda b: b["events"][0]["path"].append("0x" + "00" * 32),
    lambda b: b["events"][0]["path"].reverse(),
    lambda b: b["records"][0].update(size=2),
    lambda b: b["records"][0].update(root="0x" + "00" * 32),
]


@pytest.mark.parametrize("tamper", STEP_3)
def test_step_3_refuses_another_place_in_the_batch(world: Any, parsed: Any, tamper: Callable[[Any], Any]) -> None:
    tamper(parsed)
    assert refused(world, parsed).step == 3


def test_step_3_refuses_a_batch_of_another_size_whose_paths_fit(world: Any, make_event: Callable[..., Any]) -> None:
    """The path of leaf 0 of 3 is one of leaf 0 of 4, too: the size is bound by the signature over the header."""
    recorded = world.record(ORCHARD, [make_event(n) for n in range(3)])
    parsed = json.loads(world.bundle(recorded.proof(0)))
    parsed["records"][0]["size"] = 4
    assert refused(world, parsed).step == 5


STEP_4: list[Callable[[Any], Any]] = [
    lambda b: b["chain"].update(id=1),
    lambda b: b["chain"].update(ledger="0x" + "00" * 20),
    lambda b: b["records"][0].update(signature="0x" + "00" * 65),
    lambda b: b["records"][0].update(signature=b["records"][0]["signature"][:-2] + "00"),
]


@pytest.mark.parametrize("tamper", STEP_4)
def test_step_4_refuses_another_domain_and_bad_signatures(
    world: Any, parsed: Any, tamper: Callable[[Any], Any]
) -> None:
    tamper(parsed)
    assert refused(world, parsed).step == 4


STEP_5: list[Callable[[Any], Any]] = [
    lambda b: b["records"][0].update(itemsHash="0x" + "00" * 32),
    lambda b: b["records"][0].update(indexRoot="0x" + "01" * 32),
    lambda b: b["records"][0].update(sequence=2),
    lambda b: b["records"][0].update(signature=b["records"][1]["signature"]),
    lambda b: b["records"][0]["block"].update(number=0),
]


@pytest.mark.parametrize("tamper", STEP_5)
def test_step_5_refuses_a_key_that_is_not_the_organisations(
    world: Any, parsed: Any, tamper: Callable[[Any], Any]
) -> None:
    tamper(parsed)
    assert refused(world, parsed).step == 5


def test_step_5_refuses_a_key_outside_its_blocks(world: Any, make_event: Callable[..., Any]) -> None:
    recorded = world.record(ORCHARD, [make_event()])
    data = world.bundle(recorded.proof(0))
    world.revoke(ORCHARD)
    verify(data, world.trust, world)  # revoked later: what was signed before stays
    place = next(iter(world.ranges))
    for outside in (
        KeyRange(0, 0),
        KeyRange(recorded.record.block_number + 1, 0),
        KeyRange(1, recorded.record.block_number),
    ):
        world.ranges[place] = outside
        with fails(5, "was no key of"):
            verify(data, world.trust, world)


def test_step_5_refuses_an_organisation_that_is_not_expected(world: Any, parsed: Any) -> None:
    trust = dataclasses.replace(world.trust, organisations=frozenset([ORCHARD]))
    with fails(5, "https://packer.example is not expected"):
        verify(rfc8785.dumps(parsed), trust, world)


def test_step_5_refuses_another_chain(world: Any, parsed: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    data, trust = rfc8785.dumps(parsed), world.trust
    with fails(5, "code has hash"):
        verify(data, dataclasses.replace(trust, code_hash=bytes(32)), world)
    with fails(5, "does not have your checkpoint"):
        verify(data, dataclasses.replace(trust, checkpoint=Checkpoint(1, bytes(32))), world)
    for answer, other in (("chain_id", 1), ("ledger", bytes(20))):
        with monkeypatch.context() as patched:
            patched.setattr(world, answer, lambda other=other: other)
            with fails(5, "the chain asked is"):
                verify(data, trust, world)


STEP_6: list[Callable[[Any], Any]] = [
    lambda b: b["records"][0].update(transaction="0x" + "00" * 32),
    lambda b: b["records"][0]["block"].update(hash="0x" + "00" * 32),
    lambda b: b["records"][0]["block"].update(number=b["records"][0]["block"]["number"] + 1),
    lambda b: b["records"][0]["block"].update(number=99),
]


@pytest.mark.parametrize("tamper", STEP_6)
def test_step_6_refuses_a_record_that_is_not_there(world: Any, parsed: Any, tamper: Callable[[Any], Any]) -> None:
    tamper(parsed)
    assert refused(world, parsed).step == 6


def test_step_6_refuses_what_was_signed_but_not_recorded(world: Any, make_event: Callable[..., Any]) -> None:
    recorded = world.record(ORCHARD, [make_event()])
    header = dataclasses.replace(recorded.record.header, sequence=2)
    signature = sign_header(header, Domain(31337, world.ledger()), world.private_key(ORCHARD))
    record = dataclasses.replace(recorded.record, sequence=2, signature=signature)
    proof = recorded.proof(0)
    data = world.bundle(EventProof(record, 0, proof.commitment, proof.path, proof.event))
    with fails(6, "does not have this header"):
        verify(data, world.trust, world)


def test_step_6_refuses_what_came_after_the_checkpoint(world: Any, make_event: Callable[..., Any]) -> None:
    world.add_key(ORCHARD)
    point = Checkpoint(world.block, world.block_hash(world.block))
    recorded = world.record(ORCHARD, [make_event()])
    with fails(6, "does not have this header"):
        verify(world.bundle(recorded.proof(0)), dataclasses.replace(world.trust, checkpoint=point), world)


def test_step_7_refuses_events_of_another_item(world: Any, parsed: Any) -> None:
    with fails(7, "no event shows that it names urn:example:crate:1"):
        verify(rfc8785.dumps(parsed), world.trust, world, "urn:example:crate:1")
    with fails(7, ""):
        verify(rfc8785.dumps(parsed), world.trust, world, "(01)09506000134353")


def test_step_7_refuses_an_item_that_is_hidden(world: Any, make_event: Callable[..., Any]) -> None:
    recorded = world.record(ORCHARD, [make_event()])
    tree: EventTree = recorded.trees[0]
    data = world.bundle(recorded.proof(0, redact(tree, all_but(tree.pointers, ["/epcList/0"]))))
    assert len(verify(data, world.trust, world).events) == 1
    with fails(7, "no event shows"):
        verify(data, world.trust, world, CRATE)


def test_step_8_refuses_a_correction_that_declares_no_error(world: Any, make_event: Callable[..., Any]) -> None:
    wrong = world.record(ORCHARD, [make_event()])
    correcting = world.record(ORCHARD, [make_event(1)], corrects={0: wrong.commitments[0]})
    with fails(8, "declares no error"):
        verify(world.bundle(wrong.proof(0), correcting.proof(0)), world.trust, world)


def test_step_9_refuses_a_node_that_leaves_out_logs(world: Any, parsed: Any, make_event: Callable[..., Any]) -> None:
    world.record(PACKER, [make_event()])
    complete = list(world.records)
    del world.records[-1]
    world.last_sequence = lambda organisation: sum(log.header.organisation == organisation for log in complete)
    with fails(9, "1 logs for 2 records"):
        verify(rfc8785.dumps(parsed), world.trust, world)


def test_a_correction_and_an_item_cannot_share_a_key() -> None:
    assert item_key("x") != organisation_id("x")
