"""From the store to a bundle: for recorded events, what takes each to its record.

Reads events, secrets, batches and records; asks no chain, for what the follower saw is in the store. A proof can be
made as soon as an event is recorded; whether its block is final is the verifier's to see.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Row, select

from ledger.batch import Domain
from ledger.commitment import EventTree, redact, whole
from ledger.commitment.merkle import inclusion_path, leaf_hash
from ledger.commitment.redaction import RedactedEvent, all_but
from ledger.errors import Conflict, NotFound
from ledger.proof.bundle import Bundle, EventProof, Record
from ledger.store import Store, secrets
from ledger.store.insert import chunks
from ledger.store.tables import batch, event, organisation, record

_ADVICE = "Ask again once `lotmark status` shows it as recorded."


def prove(store: Store, domain: Domain, commitments: Sequence[bytes], *, hide: Collection[str] = ()) -> Bundle:
    """A bundle of the events of `commitments`, hiding the leaves at and beneath the JSON pointers `hide`.

    Raises NotFound for an unknown commitment, Conflict for an event that is in no record yet or whose secret is erased.
    """
    wanted = list(dict.fromkeys(commitments))
    with store.read() as connection:
        rows = _events(connection, wanted)
        batches = _batches(connection, sorted({row.batch_id for row in rows}))
    with store.read_secrets() as connection:
        known = secrets.get(connection, wanted)
    proofs = [
        EventProof(
            record=_record(row),
            index=row.batch_index,
            commitment=row.commitment,
            path=tuple(inclusion_path(batches[row.batch_id], row.batch_index)),
            event=_shown(row, known, hide),
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
                    (record.c.organisation_id == batch.c.organisation_id) & (record.c.sequence == batch.c.sequence),
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


def _shown(row: Row[Any], known: Mapping[bytes, bytes], hide: Collection[str]) -> RedactedEvent:
    secret = known.get(row.commitment)
    if secret is None:
        raise Conflict(
            f"the secret of the event 0x{row.commitment.hex()} was erased",
            advice="Nothing more of it can be shown; bundles made before still verify.",
        )
    tree = EventTree.of(json.loads(row.body), secret)
    return redact(tree, all_but(tree.pointers, hide)) if hide else whole(tree)


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
