"""The states of an event and of its batch, and the only transitions there are (DESIGN §4).

    captured ─► sent ─► recorded ─► final        and back: recorded ─► sent, sent ─► captured

An event's state is never stored: it follows from its batch. A batch that is 'signed' has been given to no node yet, so
its events still show as captured; 'void' batches can no longer be recorded and have no events.
"""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy import Connection, FromClause, case, null, select, update

from ledger.errors import Conflict
from ledger.store.tables import batch, event


class State(StrEnum):
    """Of an event."""

    CAPTURED = "captured"  # durable here
    SENT = "sent"  # a node has accepted the transaction that carries it
    RECORDED = "recorded"  # in a block
    FINAL = "final"  # in a block that the chain calls final


class BatchState(StrEnum):
    SIGNED = "signed"
    SENT = "sent"
    RECORDED = "recorded"
    FINAL = "final"
    VOID = "void"


TRANSITIONS = frozenset(
    {
        (BatchState.SIGNED, BatchState.SENT),
        (BatchState.SENT, BatchState.RECORDED),
        (BatchState.RECORDED, BatchState.FINAL),
        (BatchState.RECORDED, BatchState.SENT),  # a reorganisation took the record away
        (BatchState.SIGNED, BatchState.VOID),  # the header can no longer be recorded
        (BatchState.SENT, BatchState.VOID),
    }
)

#: the state of an event, in a query over `with_state()`
event_state = case(
    (batch.c.state.is_(None), State.CAPTURED),
    (batch.c.state == BatchState.SIGNED, State.CAPTURED),
    else_=batch.c.state,
).label("state")


def state_of_events(state: BatchState) -> State:
    """The state of the events in a batch, which is not void."""
    return State.CAPTURED if state is BatchState.SIGNED else State(state.value)


def with_state() -> FromClause:
    """Events beside their batches: `select(event, event_state).select_from(with_state())`."""
    return event.outerjoin(batch, event.c.batch_id == batch.c.id)


def move(connection: Connection, batch_id: int, to: BatchState) -> None:
    """The one place where a batch, and with it its events, changes state. A void batch gives its events back."""
    current = connection.scalar(select(batch.c.state).where(batch.c.id == batch_id))
    if current is None or (BatchState(current), to) not in TRANSITIONS:
        raise Conflict(f"batch {batch_id} cannot go from {current} to {to}", advice="Please report this as a defect")
    connection.execute(update(batch).where(batch.c.id == batch_id).values(state=to))
    if to is BatchState.VOID:
        connection.execute(
            update(event).where(event.c.batch_id == batch_id).values(batch_id=null(), batch_index=null())
        )
