"""From the store to a bundle: for recorded events, what takes each to its record.

Reads events, secrets, batches and records; asks no chain, for what the follower saw is in the store. A proof can be
made as soon as an event is recorded; whether its block is final is the verifier's to see.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Row, select

from ledger.batch import Domain
from ledger.commitment import NEVER_HIDDEN, EventTree, RedactedEvent, all_but, whole
from ledger.commitment.disclosure import Value, parse_pointer
from ledger.commitment.merkle import inclusion_path, leaf_hash
from ledger.errors import Conflict, InvalidInput, NotFound
from ledger.proof.bundle import Bundle, EventProof, Record
from ledger.store import Store, secrets
from ledger.store.insert import chunks
from ledger.store.states import BatchState
from ledger.store.tables import batch, event, organisation, record

_ADVICE = "Ask again once `lotmark status` shows it as recorded."

#: states of a batch whose sequence number is recorded with its own header and no other holder's of the key
_OWN_RECORD = (BatchState.RECORDED, BatchState.FINAL)
_ALWAYS_SHOWN = NEVER_HIDDEN - {"", "/errorDeclaration"}  # of these two, what is beneath can be hidden


def prove(store: Store, domain: Domain, commitments: Sequence[bytes], *, hide: Collection[str] = ()) -> Bundle:
    """A bundle of the events of `commitments`, hiding the leaves at and beneath the JSON pointers `hide`.

    An identifier that is a hash of the event is hidden with them. Raises NotFound for an unknown commitment, Conflict
    for an event that is in no record yet or whose secret is erased, InvalidInput for a pointer that would hide nothing.
    """
    wanted = list(dict.fromkeys(commitments))
    _check_hideable(hide)
    with store.read() as connection:
        rows = _events(connection, wanted)
        batches = _batches(connection, sorted({row.batch_id for row in rows}))
    with store.read_secrets() as connection:
        known = secrets.get(connection, wanted)
    trees = {row.commitment: _tree(row, known) for row in rows}
    _check_found(hide, trees.values())
    proofs = [
        EventProof(
            record=_record(row),
            index=row.batch_index,
            commitment=row.commitment,
            path=tuple(inclusion_path(batches[row.batch_id], row.batch_index)),
            event=_shown(trees[row.commitment], hide),
        )
        for row in rows
    ]
    return Bundle.of(domain, proofs)


def _events(connection: Connection, commitments: Sequence[bytes]) -> list[Row[Any]]:
    rows: list[Row[Any]] = []
    for some in chunks(commitments):
        rows += connection.execute(
            select(
                event.c.commitment,
                event.c.body,
                event.c.batch_id,
                event.c.batch_index,
                organisation.c.uri,
                batch.c.signature,
                record,
            )
            .select_from(
                event.join(organisation, event.c.organisation_id == organisation.c.id)
                .outerjoin(batch, event.c.batch_id == batch.c.id)
                .outerjoin(
                    record,
                    (record.c.organisation_id == batch.c.organisation_id)
                    & (record.c.sequence == batch.c.sequence)
                    & batch.c.state.in_(_OWN_RECORD),
                )
            )
            .where(event.c.commitment.in_(some))
        ).all()
    _check(commitments, {row.commitment: row for row in rows})
    return rows


def _check(wanted: Sequence[bytes], found: Mapping[bytes, Row[Any]]) -> None:
    for commitment in wanted:
        row = found.get(commitment)
        if row is None:
            raise NotFound(f"no event with the commitment 0x{commitment.hex()}")
        if row.block_hash is None:
            raise Conflict(f"the event 0x{commitment.hex()} is in no record yet", advice=_ADVICE)


def _batches(connection: Connection, ids: Sequence[int]) -> dict[int, list[bytes]]:
    """The leaf hashes of each batch's tree, in order."""
    found: dict[int, list[bytes]] = defaultdict(list)
    for some in chunks(ids):
        rows = connection.execute(
            select(event.c.batch_id, event.c.commitment)
            .where(event.c.batch_id.in_(some))
            .order_by(event.c.batch_id, event.c.batch_index)
        )
        for batch_id, commitment in rows:
            found[batch_id].append(leaf_hash(commitment))
    return found


def _tree(row: Row[Any], known: Mapping[bytes, bytes]) -> EventTree:
    secret = known.get(row.commitment)
    if secret is None:
        raise Conflict(
            f"the secret of the event 0x{row.commitment.hex()} was erased",
            advice="Nothing more of it can be shown; bundles made before still verify.",
        )
    return EventTree.of(json.loads(row.body), secret)


def _check_hideable(hide: Collection[str]) -> None:
    for pointer in hide:
        if parse_pointer(pointer) in _ALWAYS_SHOWN:
            raise InvalidInput(f"{pointer} is never hidden", where="hide", advice="See docs/bundle.md, Redaction.")


def _check_found(hide: Collection[str], trees: Iterable[EventTree]) -> None:
    """A slip in a pointer must not show what was to be hidden."""
    pointers = {pointer for tree in trees for pointer in tree.pointers}
    for pointer in hide:
        if pointer not in pointers:
            raise InvalidInput(f"none of the events has {pointer}", where="hide", expected="a field of one of them")


def _shown(tree: EventTree, hide: Collection[str]) -> RedactedEvent:
    event = whole(tree)
    shown = all_but(tree.pointers, hide)
    if len(shown) == len(tree.pointers):
        return event
    values = event.values()
    return event.narrow(pointer for pointer in shown if not _is_hash(values[pointer]))


def _is_hash(value: Value) -> bool:
    """A CBV event hash (RFC 6920) confirms guesses about hidden fields."""
    return isinstance(value, str) and value[:3].lower() == "ni:"


def _record(row: Row[Any]) -> Record:
    return Record(
        organisation=row.uri,
        sequence=row.sequence,
        root=row.root,
        size=row.size,
        items_hash=row.items_hash,
        index_root=row.index_root,
        signature=row.signature,
        block_number=row.block_number,
        block_hash=row.block_hash,
        transaction_hash=row.transaction_hash,
    )
