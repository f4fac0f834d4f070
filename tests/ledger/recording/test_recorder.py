"""From captured to final on both kinds of chain, and back where the chain says so."""

from __future__ import annotations

import threading
from typing import Any

import pytest
import sqlalchemy as sa

from ledger.batch import batch_root, header_hash, recover_signer, signer_address
from ledger.chain.contracts import add_key, recorded_header_hash, revoke_key, set_roles
from ledger.chain.records import BatchRecorded, OpenItemRecorded, encode_record, records
from ledger.chain.transactions import prepare, transact
from ledger.errors import ChainUnavailable, NotFound
from ledger.identifiers import item_key
from ledger.recording import ChainRewritten, Limits, Progress, Recorder, following, header_of, open_items_of, sign_next
from ledger.store import batches, blocks, events
from ledger.store.states import BatchState
from ledger.store.tables import batch, event, record, transaction

CARRIER = b"\x11" * 32
BODY: dict[str, Any] = {
    "@context": "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld",
    "type": "ObjectEvent",
    "eventTime": "2026-03-01T08:15:00Z",
    "eventTimeZoneOffset": "+01:00",
    "action": "OBSERVE",
}


def serial(number: int) -> str:
    return f"https://id.gs1.org/01/09506000134352/21/{number}"


def bodies(count: int, start: int = 0, **fields: Any) -> list[dict[str, Any]]:
    return [BODY | {"epcList": [serial(n)]} | fields for n in range(start, start + count)]


def logs(workshop) -> tuple[list[BatchRecorded], list[OpenItemRecorded]]:
    head = workshop.chain.block("latest").number
    found = records(workshop.chain, workshop.deployment.ledger, workshop.deployment.block, head)
    return (
        [log for log in found if isinstance(log, BatchRecorded)],
        [log for log in found if isinstance(log, OpenItemRecorded)],
    )


def assert_every_event_is_recorded_once(workshop) -> None:
    """What the chain holds is what the store says, batch by batch, and every event is in exactly one batch."""
    on_chain, _ = logs(workshop)
    with workshop.store.read() as connection:
        total = connection.scalar(sa.select(sa.func.count()).select_from(event))
        members = [e for log in on_chain for e in _members(connection, log)]
    assert len(members) == len(set(members)) == total


def _members(connection: sa.Connection, log: BatchRecorded) -> list[bytes]:
    stored = batches.by_sequence(connection, log.organisation, log.sequence)
    assert stored is not None
    assert header_hash(header_of(stored)) == header_hash(log.header)
    commitments = [e.commitment for e in events.of_batch(connection, stored.id)]
    assert batch_root(commitments) == log.root
    return commitments


def test_events_of_two_organisations_become_final_on_an_embedded_chain(workshop) -> None:
    workshop.limits = Limits(commitments=10)
    workshop.capture(*bodies(25))
    workshop.capture(*bodies(3), by=_other(workshop))
    assert workshop.states() == {"captured": 28}
    workshop.settle()
    assert workshop.states() == {"final": 28}
    on_chain, open_items = logs(workshop)
    assert [log.size for log in on_chain if log.organisation != _other(workshop)] == [10, 10, 5]
    assert [log.sequence for log in on_chain if log.organisation != _other(workshop)] == [1, 2, 3]
    assert open_items == []
    assert_every_event_is_recorded_once(workshop)


def _maker(workshop) -> bytes:
    return next(iter(list(workshop.keys.held)[1:]))


def _other(workshop) -> bytes:
    return list(workshop.keys.held)[2]


def test_the_signature_is_the_organisations_over_this_ledger(workshop) -> None:
    workshop.capture(*bodies(2))
    workshop.settle()
    with workshop.store.read() as connection:
        stored = batches.by_sequence(connection, _maker(workshop), 1)
    assert stored is not None
    signer = recover_signer(header_of(stored), workshop.domain, stored.signature)
    assert [signer] == workshop.keys.addresses(_maker(workshop)) == [stored.signer]


def test_states_on_a_node_follow_its_blocks(node_workshop) -> None:
    workshop = node_workshop
    [one] = workshop.capture(*bodies(1))
    recorder = workshop.recorder()
    assert recorder.step().sent == 1
    assert workshop.state_of(one) == "recorded"  # anvil makes a block at once
    workshop.mine(4)
    recorder.step()
    assert workshop.state_of(one) == "final"
    assert recorder.step().is_settled


def test_an_event_is_sent_while_its_transaction_waits_for_a_block(node_workshop) -> None:
    workshop = node_workshop
    workshop.chain.make_request("evm_setAutomine", [False])
    try:
        [one] = workshop.capture(*bodies(1))
        recorder = workshop.recorder()
        assert recorder.step().sent == 1
        assert workshop.state_of(one) == "sent"
        assert recorder.step().sent == 0  # the node knows it: nothing to send again
        workshop.capture(*bodies(1, start=9))
        assert recorder.step().signed == 0  # one batch of an organisation at a time
        workshop.mine()
        recorder.step()
        assert workshop.state_of(one) == "recorded"
    finally:
        workshop.chain.make_request("evm_setAutomine", [True])


def test_a_reorganisation_sends_the_same_bytes_again(node_workshop) -> None:
    workshop = node_workshop
    recorder = workshop.recorder()
    first = workshop.capture(*bodies(3))
    recorder.step()
    workshop.mine()
    second = workshop.capture(*bodies(2, start=3))
    recorder.step()
    assert workshop.states() == {"recorded": 5}
    before = _transactions(workshop)
    workshop.reorganise(3)
    head = workshop.chain.block("latest")
    recorder.step()
    recorder.step()
    assert workshop.states() == {"recorded": 5}
    assert _transactions(workshop) == before
    assert workshop.chain.block("latest").number > head.number
    workshop.mine(5)
    workshop.settle()
    assert {workshop.state_of(e) for e in first + second} == {"final"}
    assert_every_event_is_recorded_once(workshop)


def _transactions(workshop) -> list[bytes]:
    with workshop.store.read() as connection:
        return list(connection.scalars(sa.select(transaction.c.hash).order_by(transaction.c.nonce)))


def test_a_record_that_a_reorganisation_took_away_is_sent_not_recorded(node_workshop) -> None:
    workshop = node_workshop
    [one] = workshop.capture(*bodies(1))
    recorder = workshop.recorder()
    recorder.step()
    workshop.chain.make_request("evm_setAutomine", [False])
    try:
        workshop.reorganise(1)
        recorder.step()
        assert workshop.state_of(one) == "sent"
        with workshop.store.read() as connection:
            assert blocks.counts(connection)["record"] == 0
    finally:
        workshop.chain.make_request("evm_setAutomine", [True])


def test_a_reorganisation_past_finality_stops_and_changes_nothing(node_workshop) -> None:
    workshop = node_workshop
    [one] = workshop.capture(*bodies(1))
    recorder = workshop.recorder()
    recorder.step()
    workshop.mine(5)
    recorder.step()
    workshop.reorganise(6)
    with pytest.raises(ChainRewritten, match=r"counted as final.*Nothing was changed"):
        recorder.step()
    assert workshop.state_of(one) == "final"


def test_open_items_are_logged_once_each_with_lots_but_never_those_of_sealed_events(workshop) -> None:
    lot, unit = "https://id.gs1.org/01/09506000134352/10/L1", "https://id.gs1.org/01/09506000134352/10/L1/21/7"
    names = [serial(1), serial(1), unit, "urn:example:crate:7"]
    [opened] = workshop.capture(BODY | {"epcList": names}, is_open=True)
    workshop.capture(*bodies(3, start=50))
    workshop.settle()
    _, found = logs(workshop)
    expected = {item_key(uri) for uri in (serial(1), serial(7), lot, "urn:example:crate:7")}
    assert [log.item_key for log in found] == sorted(expected)
    assert {(log.commitment, log.organisation) for log in found} == {(opened.commitment, _maker(workshop))}


def test_a_batch_holds_no_more_open_items_than_its_limit(workshop) -> None:
    workshop.limits = Limits(commitments=100, open_items=5)
    workshop.capture(*[BODY | {"epcList": [serial(2 * n), serial(2 * n + 1)]} for n in range(5)], is_open=True)
    workshop.settle()
    on_chain, found = logs(workshop)
    assert [log.size for log in on_chain] == [2, 2, 1]
    assert len(found) == 10
    with workshop.store.read() as connection:
        stored = batches.by_sequence(connection, _maker(workshop), 1)
    assert stored is not None
    assert [item.commitment for item in open_items_of(stored)] == [log.commitment for log in found[:4]]


@pytest.mark.parametrize("declared_first", [False, True])
@pytest.mark.parametrize("together", [False, True])
def test_a_correction_is_logged_with_the_later_of_its_two_events(
    workshop, declared_first: bool, together: bool
) -> None:
    declaration = {"errorDeclaration": {"declarationTime": "2026-03-02T00:00:00Z"}}
    pair = [BODY | {"epcList": [serial(1)], "eventID": "urn:wrong"} | more for more in ({}, declaration)]
    order = pair[::-1] if declared_first else pair
    captured = {}
    for one in order:
        [new] = workshop.capture(one)
        captured["errorDeclaration" in one] = new.commitment
        if not together:
            workshop.settle()
    workshop.settle()
    on_chain, found = logs(workshop)
    assert [(log.item_key, log.commitment) for log in found] == [(captured[False], captured[True])]
    assert found[0].transaction_hash == on_chain[-1].transaction_hash


@pytest.mark.parametrize("faults", [["refuse"], ["lose"], ["lose", "refuse", "lose"], ["refuse"] * 5])
def test_lost_sends_and_lost_answers_record_once(workshop, faulty, faults: list[str]) -> None:
    workshop.capture(*bodies(4))
    chain = faulty(workshop.chain, *faults)
    recorder = workshop.recorder(chain)
    failures = 0
    while workshop.states() != {"final": 4}:
        try:
            recorder.step()
        except ChainUnavailable:
            failures += 1
            recorder = workshop.recorder(chain)  # as after a restart
    assert failures <= len(faults)
    assert len(set(chain.sent)) == 1  # only ever the same bytes
    assert_every_event_is_recorded_once(workshop)


def test_events_whose_key_was_revoked_first_are_signed_again_with_another_key(workshop) -> None:
    maker = _maker(workshop)
    [old] = workshop.keys.held[maker]
    new = b"\x44" * 32
    captured = workshop.capture(*bodies(2))
    registry = workshop.deployment.registry
    signed = sign_next(workshop.store, maker, old, workshop.domain, workshop.limits)
    assert signed is not None
    add_key(workshop.chain, registry, CARRIER, maker, signer_address(new), signed_by=old)
    revoke_key(workshop.chain, registry, CARRIER, maker, signer_address(old))
    progress = workshop.recorder().step()
    assert progress.sent == 0
    assert {workshop.state_of(e) for e in captured} == {"captured"}
    stuck = workshop.recorder().step()
    assert "none of its keys is both unlocked here and accepted" in str(stuck.problems[0])
    workshop.keys.held[maker].append(new)
    workshop.settle()
    assert {workshop.state_of(e) for e in captured} == {"final"}
    with workshop.store.read() as connection:
        found = connection.execute(
            sa.select(batch.c.sequence, batch.c.state, batch.c.signer).order_by(batch.c.id)
        ).all()
    assert found == [(1, "void", signer_address(old)), (1, "final", signer_address(new))]
    assert_every_event_is_recorded_once(workshop)


def test_on_a_node_a_batch_is_not_given_up_before_the_revocation_is_final(node_workshop) -> None:
    workshop = node_workshop
    maker = _maker(workshop)
    [key] = workshop.keys.held[maker]
    workshop.capture(*bodies(1))
    signed = sign_next(workshop.store, maker, key, workshop.domain, workshop.limits)
    assert signed is not None
    revoke_key(workshop.chain, workshop.deployment.registry, CARRIER, maker, signer_address(key))
    recorder = workshop.recorder()
    assert "MayNotRecord" in str(recorder.step().problems[0])
    assert _batch_states(workshop) == ["signed"]
    workshop.mine(4)
    recorder.step()
    assert _batch_states(workshop) == ["void"]
    assert workshop.states() == {"captured": 1}


def test_nothing_is_signed_with_a_key_that_ends_with_this_block(workshop) -> None:
    maker = _maker(workshop)
    [key] = workshop.keys.held[maker]
    workshop.capture(*bodies(1))
    revoke_key(workshop.chain, workshop.deployment.registry, CARRIER, maker, signer_address(key))
    progress = workshop.recorder().step()
    assert "none of its keys is both unlocked here and accepted" in str(progress.problems[0])
    assert _batch_states(workshop) == []


def _batch_states(workshop) -> list[str]:
    with workshop.store.read() as connection:
        return list(connection.scalars(sa.select(batch.c.state).order_by(batch.c.id)))


def test_an_organisation_that_may_not_record_waits_and_keeps_no_one_else_back(workshop) -> None:
    registry = workshop.deployment.registry
    set_roles(workshop.chain, registry, CARRIER, _maker(workshop), 0)
    workshop.capture(*bodies(1))
    workshop.capture(*bodies(1), by=_other(workshop))
    progress = workshop.settle()
    assert len(progress.problems) == 1
    assert workshop.states() == {"captured": 1, "final": 1}
    set_roles(workshop.chain, registry, CARRIER, _maker(workshop), 1)
    workshop.settle()
    assert workshop.states() == {"final": 2}


def test_a_sequence_that_another_holder_of_the_key_took_is_given_up_and_its_events_signed_again(workshop) -> None:
    maker = _maker(workshop)
    [key] = workshop.keys.held[maker]
    workshop.capture(*bodies(3))
    mine = sign_next(workshop.store, maker, key, workshop.domain, workshop.limits)
    assert mine is not None
    stranger = _foreign_batch(workshop, maker, key, sequence=1)
    workshop.settle()
    assert workshop.states() == {"final": 3}
    assert _batch_states(workshop) == ["void", "final"]
    with workshop.store.read() as connection:
        assert connection.execute(sa.select(record.c.sequence, record.c.root).order_by(record.c.sequence)).all() == [
            (1, stranger),
            (2, mine.root),
        ]


def _foreign_batch(workshop, organisation: bytes, key: bytes, sequence: int) -> bytes:
    """Record a batch that this store knows nothing of; its root."""
    from ledger.batch import Header, items_hash, sign_header

    header = Header(organisation, sequence, b"\x99" * 32, 1, items_hash([]))
    data = encode_record(header, sign_header(header, workshop.domain, key), [])
    transact(workshop.chain, CARRIER, workshop.deployment.ledger, data)
    return header.root


def test_a_store_restored_from_an_old_backup_goes_on_after_what_the_chain_has(workshop) -> None:
    maker = _maker(workshop)
    [key] = workshop.keys.held[maker]
    for sequence in (1, 2, 3):
        _foreign_batch(workshop, maker, key, sequence)
    workshop.capture(*bodies(1))
    workshop.settle()
    assert [log.sequence for log in logs(workshop)[0]] == [1, 2, 3, 4]


def test_another_transaction_of_the_carrier_at_the_same_nonce_leads_to_a_new_attempt(node_workshop) -> None:
    workshop = node_workshop
    workshop.chain.make_request("evm_setAutomine", [False])
    try:
        [one] = workshop.capture(*bodies(1))
        workshop.recorder().step()
        workshop.chain.make_request("anvil_dropTransaction", ["0x" + _transactions(workshop)[0].hex()])
        address = signer_address(CARRIER)
        other = prepare(workshop.chain, CARRIER, address, b"", nonce=workshop.chain.nonce(address))
        workshop.chain.send_raw(other.raw)
        workshop.mine()
    finally:
        workshop.chain.make_request("evm_setAutomine", [True])
    recorder = workshop.recorder()
    recorder.step()
    assert workshop.state_of(one) == "recorded"
    assert len(_transactions(workshop)) == 2


def test_a_dropped_transaction_is_sent_again(node_workshop) -> None:
    workshop = node_workshop
    workshop.chain.make_request("evm_setAutomine", [False])
    try:
        [one] = workshop.capture(*bodies(1))
        recorder = workshop.recorder()
        recorder.step()
        workshop.chain.make_request("anvil_dropTransaction", ["0x" + _transactions(workshop)[0].hex()])
        assert recorder.step().sent == 1
        workshop.mine()
        recorder.step()
        assert workshop.state_of(one) == "recorded"
        assert len(_transactions(workshop)) == 1
    finally:
        workshop.chain.make_request("evm_setAutomine", [True])


def test_a_chain_longer_than_one_range_is_followed_and_only_its_records_are_kept(node_workshop, monkeypatch) -> None:
    workshop = node_workshop
    recorder = workshop.recorder()
    workshop.capture(*bodies(1))
    recorder.step()
    workshop.mine(70)
    monkeypatch.setattr(following, "_RANGE", 20)
    workshop.settle()
    with workshop.store.read() as connection:
        counts = blocks.counts(connection)
        head, final = blocks.head(connection), blocks.final_number(connection)
    assert head is not None
    assert final == head.number - 4
    assert counts == {"block": 1 + 5, "record": 1, "open_item": 0}
    assert workshop.states() == {"final": 1}


def test_recorded_header_is_the_one_on_chain(workshop) -> None:
    workshop.capture(*bodies(1))
    workshop.settle()
    with workshop.store.read() as connection:
        stored = batches.by_sequence(connection, _maker(workshop), 1)
    assert stored is not None
    on_chain = recorded_header_hash(workshop.chain, workshop.deployment.ledger, _maker(workshop), 1)
    assert on_chain == stored.header_hash
    assert stored.state is BatchState.FINAL


def test_run_goes_round_until_it_is_told_to_stop(workshop) -> None:
    stop = threading.Event()
    thread = threading.Thread(target=lambda: workshop.recorder().run(stop, pause=0.01))
    thread.start()
    workshop.capture(*bodies(5))
    for _ in range(500):
        if workshop.states() == {"final": 5}:
            break
        stop.wait(0.01)
    stop.set()
    thread.join(10)
    assert workshop.states() == {"final": 5}


@pytest.mark.parametrize("away", [False, True])
def test_rounds_without_a_pause_leave_the_machine_alone(workshop, monkeypatch: pytest.MonkeyPatch, away: bool) -> None:
    rounds = []

    def step(_: Recorder) -> Progress:
        rounds.append(1)
        if away:
            raise ChainUnavailable("away")
        return Progress(0, 0, 0, 0, 0, False, ())

    monkeypatch.setattr(Recorder, "step", step)
    stop = threading.Event()
    thread = threading.Thread(target=lambda: workshop.recorder().run(stop, pause=0.0))
    thread.start()
    stop.wait(0.3)
    stop.set()
    thread.join(10)
    assert 1 <= len(rounds) <= 40


def test_without_a_carrier_key_it_says_so(workshop) -> None:
    workshop.keys.held[b""] = []
    with pytest.raises(NotFound, match="no unlocked key of the account that carries transactions"):
        workshop.recorder().step()
