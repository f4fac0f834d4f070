"""From captured events to a signed, stored batch (DESIGN §4, §6).

A batch takes an organisation's oldest waiting events in the order of capture. Its open items, sorted and each once, are

- for every open event: the key of each item it mentions, and of the lot that a serial item's link names beside it;
- for every correction, open or sealed: the corrected event's commitment, with the commitment of the error declaration.
  It stands in the batch of whichever of the two is recorded later.

One transaction stores the signed header and takes its events, so that a header is never signed over events that another
one has, and a sequence number never has two headers that could both be recorded.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from ledger.batch import (
    Domain,
    Header,
    OpenItem,
    batch_root,
    encode_items,
    header_hash,
    items_hash,
    sign_header,
    signer_address,
)
from ledger.identifiers import item_key
from ledger.store import Store, batches, events
from ledger.store.batches import Batch
from ledger.store.events import Waiting


@dataclass(frozen=True, slots=True)
class Limits:
    """What one batch may hold. 1,000 open items are 64 kB of calldata and a quarter of the gas cap (EIP-7825)."""

    commitments: int = 1000
    open_items: int = 1000


def sign_next(store: Store, organisation_id: bytes, private_key: bytes, domain: Domain, limits: Limits) -> Batch | None:
    """Sign and store the organisation's next batch; None if no event waits."""
    with store.read() as connection:
        chosen, items = _choose(connection, organisation_id, limits)
        sequence = batches.next_sequence(connection, organisation_id)
    if not chosen:
        return None
    root = batch_root([one.commitment for one in chosen])
    header = Header(organisation_id, sequence, root, len(chosen), items_hash(items))
    signed = Batch(
        organisation_id=organisation_id,
        sequence=sequence,
        root=root,
        size=len(chosen),
        items_hash=header.items_hash,
        index_root=header.index_root,
        header_hash=header_hash(header),
        signature=sign_header(header, domain, private_key),
        signer=signer_address(private_key),
        open_items=encode_items(items),
    )
    with store.begin() as connection:
        batch_id = batches.add(connection, signed, [one.id for one in chosen])
        return batches.get(connection, batch_id)


def header_of(batch: Batch) -> Header:
    return Header(batch.organisation_id, batch.sequence, batch.root, batch.size, batch.items_hash, batch.index_root)


def open_items_of(batch: Batch) -> list[OpenItem]:
    """The open items in the signed order; their encoding begins with an offset and a count of 32 bytes each."""
    encoded = batch.open_items
    return [OpenItem(encoded[at : at + 32], encoded[at + 32 : at + 64]) for at in range(64, len(encoded), 64)]


def _choose(connection: Connection, organisation_id: bytes, limits: Limits) -> tuple[list[Waiting], list[OpenItem]]:
    """The events of the next batch and its open items. One event is always taken, however many items it has."""
    waiting = events.without_batch(connection, organisation_id, limits.commitments)
    by_event = _items_by_event(connection, waiting)
    chosen: list[Waiting] = []
    items: set[OpenItem] = set()
    for one in waiting:
        more = items | by_event.get(one.id, set())
        if chosen and len(more) > limits.open_items:
            break
        chosen.append(one)
        items = more
    return chosen, sorted(items, key=lambda item: (item.item_key, item.commitment))


def _items_by_event(connection: Connection, waiting: Sequence[Waiting]) -> dict[int, set[OpenItem]]:
    found: dict[int, set[OpenItem]] = {}
    opened = {one.id: one.commitment for one in waiting if one.is_open}
    for event_id, item, lot in events.mentioned(connection, list(opened)):
        keys = {item_key(uri) for uri in (item, lot) if uri}
        found.setdefault(event_id, set()).update(OpenItem(key, opened[event_id]) for key in keys)
    for pair in events.corrections_of(connection, [one.id for one in waiting]):
        entry = OpenItem(pair.corrected, pair.declaration)
        if not pair.declaration_is_batched and (pair.corrected_is_batched or pair.corrected_id < pair.declaration_id):
            found.setdefault(pair.declaration_id, set()).add(entry)
        if not pair.corrected_is_batched and (pair.declaration_is_batched or pair.declaration_id < pair.corrected_id):
            found.setdefault(pair.corrected_id, set()).add(entry)
    return found
