"""The trace's questions to the store, each for many items or events at once; read only.

`StoredEvents` is the walk's `Source`. It asks for namings, never for bodies; `shown` then reads, once, what the trace
shows.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, case, exists, false, func, literal, select

from ledger.store.states import BatchState, event_state
from ledger.store.tables import batch, correction, event, mention, organisation, record
from ledger.trace.conflicts import Bearer
from ledger.trace.naming import Naming

#: as many values as one statement takes
_CHUNK = 5_000

_is_wrong = exists().where(correction.c.corrected_id == event.c.id)
_child = mention.alias("child")
_names_children = exists().where(_child.c.event_id == mention.c.event_id, _child.c.role == "child")
_empties = case((and_(mention.c.role == "parent", event.c.action == "DELETE"), ~_names_children), else_=literal(False))


def _namings(empties: ColumnElement[bool]) -> Select[Any]:
    """The columns of `Naming`, in its order."""
    return select(
        mention.c.item,
        mention.c.event_id,
        mention.c.role,
        mention.c.kind,
        mention.c.lot,
        mention.c.quantity,
        mention.c.uom,
        mention.c.has_quantity,
        event.c.type,
        event.c.action,
        event.c.event_time,
        event.c.organisation_id,
        event.c.transformation_id,
        (~event.c.is_error_declaration & ~_is_wrong).label("stands"),
        empties.label("empties"),
    ).select_from(mention.join(event, mention.c.event_id == event.c.id))


_OF_ITEMS = _namings(_empties).order_by(mention.c.item, mention.c.event_id)
_OTHERS = _namings(false())


class StoredEvents:
    """Namings out of the store, of all events or the open ones; at most about `bound` per question of items or lots."""

    def __init__(self, connection: Connection, bound: int, *, only_open: bool = False) -> None:
        self._connection = connection
        self._bound = bound
        self._only_open = only_open
        self._incomplete: set[str] = set()

    @property
    def incomplete(self) -> Collection[str]:
        return self._incomplete

    def of_items(self, items: Collection[str]) -> Sequence[Naming]:
        return self._bounded(_OF_ITEMS, mention.c.item, items)

    def of_lots(self, lots: Collection[str]) -> Sequence[Naming]:
        return self._bounded(_OTHERS.order_by(mention.c.lot, mention.c.event_id), mention.c.lot, lots)

    def of_events(self, events: Collection[int], roles: Collection[str]) -> Sequence[Naming]:
        statement = _OTHERS.where(mention.c.role.in_(roles))
        return [
            Naming._make(row) for some in _chunks(events) for row in self._rows(statement, mention.c.event_id, some)
        ]

    def of_transformations(self, transformation_ids: Collection[str]) -> Sequence[Naming]:
        statement = _OTHERS.where(mention.c.role.in_(("input", "output")))
        some = _chunks(transformation_ids)
        return [Naming._make(row) for ids in some for row in self._rows(statement, event.c.transformation_id, ids)]

    def _bounded(self, statement: Select[Any], column: ColumnElement[Any], values: Collection[str]) -> list[Naming]:
        namings: list[Naming] = []
        name = str(column.key)
        for some in _chunks(values):
            rows = self._rows(statement.limit(self._bound + 1), column, some)
            if len(rows) > self._bound:
                first_left_out = getattr(rows[-1], name)
                self._incomplete |= set(some) - {getattr(row, name) for row in rows} | {first_left_out}
            namings += [Naming._make(row) for row in rows[: self._bound]]
        return namings

    def _rows(self, statement: Select[Any], column: ColumnElement[Any], values: Sequence[Any]) -> Sequence[Row[Any]]:
        if self._only_open:
            statement = statement.where(event.c.is_open)
        return self._connection.execute(statement.where(column.in_(values))).all()


def is_named(connection: Connection, item: str, *, only_open: bool = False) -> bool:
    """Whether any event (or any open one) names the item, or a serial item of it."""
    named = select(mention.c.event_id).limit(1)
    if only_open:
        named = named.join(event, event.c.id == mention.c.event_id).where(event.c.is_open)
    return any(connection.execute(named.where(column == item)).first() for column in (mention.c.item, mention.c.lot))


_SHOWN = select(
    event.c.id,
    event.c.commitment,
    event.c.event_id,
    event.c.type,
    event.c.action,
    event.c.event_time,
    event.c.event_time_zone_offset,
    event.c.biz_step,
    event.c.disposition,
    event.c.read_point,
    event.c.biz_location,
    event.c.organisation_id,
    event.c.is_open,
    event.c.is_error_declaration,
    event.c.body,
    event.c.batch_id,
    event.c.batch_index,
)


def shown(connection: Connection, events: Collection[int]) -> list[Row[Any]]:
    """All that a trace shows of these events, but for what other tables say of them; by event time."""
    return sorted(_all(connection, _SHOWN, event.c.id, events), key=lambda row: (row.event_time, row.id))


def batches(connection: Connection, batch_ids: Collection[int]) -> dict[int, Row[Any]]:
    """The state that each batch gives its events, and where it is recorded."""
    is_its_record = and_(
        batch.c.state.in_((BatchState.RECORDED, BatchState.FINAL)),
        record.c.organisation_id == batch.c.organisation_id,
        record.c.sequence == batch.c.sequence,
        record.c.root == batch.c.root,
    )
    statement = select(
        batch.c.id,
        event_state,
        record.c.block_number,
        record.c.block_hash,
        record.c.transaction_hash,
        record.c.sequence,
    ).select_from(batch.outerjoin(record, is_its_record))
    return {row.id: row for row in _all(connection, statement, batch.c.id, batch_ids)}


def organisations(connection: Connection) -> Sequence[Row[Any]]:
    statement: Select[Any] = select(organisation)
    return connection.execute(statement).all()


def mentions(connection: Connection, events: Collection[int]) -> dict[int, list[Row[Any]]]:
    """What each of these events names, in its order."""
    statement = select(
        mention.c.event_id,
        mention.c.item,
        mention.c.kind,
        mention.c.lot,
        mention.c.role,
        mention.c.quantity,
        mention.c.uom,
    ).order_by(mention.c.event_id, mention.c.position)
    found: dict[int, list[Row[Any]]] = defaultdict(list)
    for row in _all(connection, statement, mention.c.event_id, events):
        found[row.event_id].append(row)
    return found


def corrections(connection: Connection, events: Collection[int]) -> dict[int, list[bytes]]:
    """The commitments of the events that declare each of these wrong."""
    statement = (
        select(correction.c.corrected_id, event.c.commitment)
        .join(event, event.c.id == correction.c.event_id)
        .order_by(event.c.id)
    )
    found: dict[int, list[bytes]] = defaultdict(list)
    for row in _all(connection, statement, correction.c.corrected_id, events):
        found[row.corrected_id].append(row.commitment)
    return found


def bearers(connection: Connection, event_ids: Collection[str], *, only_open: bool = False) -> list[Bearer]:
    """The events (or the open ones) of those eventIDs that several bear, those outside of the trace included."""
    several = select(event.c.event_id).group_by(event.c.event_id).having(func.count() > 1)
    shared = [row.event_id for row in _all(connection, several, event.c.event_id, event_ids)]
    columns = (event.c.event_id, event.c.commitment, event.c.digest, event.c.is_error_declaration)
    statement = select(event.c.id, *columns, _is_wrong.label("is_wrong")).order_by(event.c.id)
    if only_open:
        statement = statement.where(event.c.is_open)
    rows = _all(connection, statement, event.c.event_id, shared)
    corrects: dict[int, set[int]] = defaultdict(set)
    for row in _all(connection, select(correction), correction.c.event_id, [row.id for row in rows]):
        corrects[row.event_id].add(row.corrected_id)
    return [Bearer(**row._asdict(), corrects=frozenset(corrects[row.id])) for row in rows]


def _all(
    connection: Connection, statement: Select[Any], column: ColumnElement[Any], values: Iterable[Any]
) -> list[Row[Any]]:
    return [row for some in _chunks(values) for row in connection.execute(statement.where(column.in_(some))).all()]


def _chunks(values: Iterable[Any]) -> Iterator[list[Any]]:
    """In an order that no hash seed changes."""
    ordered = sorted(values)
    for start in range(0, len(ordered), _CHUNK):
        yield ordered[start : start + _CHUNK]
