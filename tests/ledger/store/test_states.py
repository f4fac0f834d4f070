"""The states of batches and events, and that there is no way but the designed ones."""

from __future__ import annotations

from itertools import product

import pytest
import sqlalchemy as sa

from ledger.errors import Conflict
from ledger.store import Store, batches, events
from ledger.store.batches import Batch
from ledger.store.organisations import Organisation
from ledger.store.states import TRANSITIONS, BatchState, State, event_state, move, with_state
from ledger.store.tables import batch, event

#: DESIGN §4; 'captured' to itself is a signed batch that is given up before any node saw it
EVENT_TRANSITIONS = {
    ("captured", "sent"),
    ("sent", "recorded"),
    ("recorded", "final"),
    ("recorded", "sent"),
    ("sent", "captured"),
    ("captured", "captured"),
}


def add_event(store: Store, organisation: Organisation) -> int:
    with store.begin() as connection:
        id_ = events.next_id(connection)
        row = {
            "id": id_,
            "organisation_id": organisation.id,
            "digest": id_.to_bytes(32, "big"),
            "commitment": id_.to_bytes(32, "little"),
            "leaf_count": 1,
            "root": bytes(32),
            "event_id": f"urn:{id_}",
            "type": "ObjectEvent",
            "event_time": 0,
            "event_time_zone_offset": "+00:00",
            "is_error_declaration": False,
            "is_open": False,
            "captured_at": 0,
            "body": "{}",
        }
        events.add(connection, [row], [])
    return id_


def add_batch(store: Store, organisation: Organisation, event_ids: list[int], sequence: int) -> int:
    new = Batch(organisation.id, sequence, bytes(32), 1, bytes(32), bytes(32), bytes(32), bytes(65), bytes(20), b"")
    with store.begin() as connection:
        return batches.add(connection, new, event_ids)


def state_of(store: Store, event_id: int) -> State:
    with store.read() as connection:
        return State(connection.scalar(sa.select(event_state).select_from(with_state()).where(event.c.id == event_id)))


@pytest.mark.parametrize(("start", "to"), list(product(BatchState, BatchState)))
def test_a_batch_goes_only_where_the_design_says(
    store: Store, organisation: Organisation, start: BatchState, to: BatchState
) -> None:
    one = add_event(store, organisation)
    batch_id = add_batch(store, organisation, [one], 1)
    with store.begin() as connection:
        connection.execute(sa.update(batch).values(state=start))
        if start is BatchState.VOID:
            connection.execute(sa.update(event).values(batch_id=None, batch_index=None))
    before = state_of(store, one)
    if (start, to) in TRANSITIONS:
        with store.begin() as connection:
            move(connection, batch_id, to)
        assert (before, state_of(store, one)) in EVENT_TRANSITIONS
    else:
        with pytest.raises(Conflict, match=f"cannot go from {start} to {to}"), store.begin() as connection:
            move(connection, batch_id, to)
        assert state_of(store, one) == before


def test_every_designed_transition_of_an_event_exists() -> None:
    shown = {BatchState.SIGNED: "captured", BatchState.VOID: "captured"}
    assert {(shown.get(a, a), shown.get(b, b)) for a, b in TRANSITIONS} == EVENT_TRANSITIONS


def test_a_void_batch_gives_its_events_and_its_sequence_back(store: Store, organisation: Organisation) -> None:
    ids = [add_event(store, organisation) for _ in range(3)]
    batch_id = add_batch(store, organisation, ids, 1)
    later = add_batch(store, organisation, [add_event(store, organisation)], 2)
    with store.begin() as connection:
        assert batches.next_sequence(connection, organisation.id) == 3
        move(connection, batch_id, BatchState.VOID)
        assert [one.id for one in events.without_batch(connection, organisation.id, 10)] == ids
        assert batches.next_sequence(connection, organisation.id) == 1
        assert events.counts_by_state(connection)[State.CAPTURED] == 4
    again = add_batch(store, organisation, ids, 1)
    with store.read() as connection:
        assert [one.id for one in batches.in_flight(connection)] == [later, again]


def test_an_event_is_never_in_two_batches(store: Store, organisation: Organisation) -> None:
    one, two = add_event(store, organisation), add_event(store, organisation)
    add_batch(store, organisation, [one], 1)
    with pytest.raises(Conflict, match="put into another batch meanwhile"):
        add_batch(store, organisation, [two, one], 2)
    with store.read() as connection:
        assert [e.id for e in events.without_batch(connection, organisation.id, 10)] == [two]


def test_two_live_batches_never_share_a_sequence(store: Store, organisation: Organisation) -> None:
    add_batch(store, organisation, [add_event(store, organisation)], 1)
    with pytest.raises(sa.exc.IntegrityError):
        add_batch(store, organisation, [add_event(store, organisation)], 1)
