"""Capturing: validated events become durable in the store, each under its commitment (DESIGN §4, "captured").

The same event of one organisation is stored once, however often it is submitted: its identity is a keyed digest of its
content. Each event's secret is committed in the secrets file before the event is committed in the content file, so that
no event is ever without its secret; a kill in between leaves secrets without events, which the next start forgets.

What this does not do: parse or validate (`ledger.events`), or record on chain (`ledger.recording`).
"""

from __future__ import annotations

import hmac
import json
import secrets as random
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from ledger.commitment import Commitment, commit
from ledger.commitment.event_tree import SECRET_SIZE
from ledger.errors import InvalidDocument, Problem
from ledger.events import Facts, Mention, StandaloneEvent
from ledger.identifiers import may_be_open
from ledger.store import Store, jobs, secrets
from ledger.store import events as stored
from ledger.store.clock import now

#: item keys that one open event may leave on chain, so that it fits into one transaction
MAX_OPEN_ITEMS = 1000
#: corrections that one event may be part of: each leaves an entry on chain, in the transaction of the event's batch
MAX_CORRECTIONS = 1000
_MAX_PROBLEMS = 100


@dataclass(frozen=True, slots=True)
class CapturedEvent:
    #: its place in the document
    index: int
    event_id: str
    commitment: bytes


@dataclass(frozen=True, slots=True)
class Captured:
    """What became of a document's events: `new` ones are durable now, `known` ones were already."""

    new: list[CapturedEvent]
    known: list[CapturedEvent]


@dataclass(frozen=True, slots=True)
class _Candidate:
    """An event on its way into the store."""

    index: int
    digest: bytes
    body: dict[str, Any]
    facts: Facts


@dataclass(frozen=True, slots=True)
class _Committed:
    candidate: _Candidate
    event_id: str
    body: str
    secret: bytes
    commitment: Commitment


def capture(
    store: Store,
    organisation_id: bytes,
    events: Sequence[StandaloneEvent],
    *,
    is_open: bool,
    job_id: str | None = None,
    problems: Sequence[Problem] = (),
) -> Captured:
    """Store the events of one document, all or none; finish `job_id` in the same transaction.

    An event that is known stays as it is, sealed or open.
    `problems` are those of the events that the caller left out (error behaviour 'proceed'); the job keeps them. Raises
    InvalidDocument if `is_open` and an event names an item that must not be (a person or a party), and for an event
    that would leave more on chain than one transaction takes.
    """
    candidates = [_Candidate(e.index, identity(store, e.body), e.body, e.facts) for e in events]
    if is_open:
        _check_open(candidates)
    with store.read() as connection:
        known = stored.known(connection, organisation_id, [candidate.digest for candidate in candidates])
    committed = [_commit(candidate, organisation_id) for candidate in _first_of_each(candidates, known)]
    if committed:
        with store.begin_secrets() as connection:
            secrets.add(connection, ((one.commitment.value, one.secret) for one in committed))
    with store.begin() as connection:
        captured = _store(connection, organisation_id, candidates, committed, is_open, job_id, problems)
    _forget_unused(store, committed, captured)
    return captured


def identity(store: Store, body: dict[str, Any]) -> bytes:
    """The digest that tells whether two submissions are the same event; keyed, so that it confirms no guess."""
    content = {name: value for name, value in body.items() if name != "recordTime"}
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hmac.digest(store.identity_key, text.encode(), "sha256")


def _check_open(candidates: Iterable[_Candidate]) -> None:
    problems = [problem for candidate in candidates for problem in _why_not_open(candidate)]
    if problems:
        raise InvalidDocument(problems[:_MAX_PROBLEMS])


def _why_not_open(candidate: _Candidate) -> Iterable[Problem]:
    where = f"event {candidate.index}"
    mentions = candidate.facts.mentions
    for item in dict.fromkeys(mention.item for mention in mentions):
        if not may_be_open(item):
            yield Problem(
                f"{item.uri} names a {item.kind}, which must not stand on chain for ever",
                where,
                "an open event about goods, assets or places only",
                "Capture the document sealed",
            )
    keys = {key for mention in mentions for key in (mention.item.uri, mention.item.lot) if key}
    if len(keys) > MAX_OPEN_ITEMS:
        yield Problem(
            f"names {len(keys)} items and lots, too many for an open event",
            where,
            f"at most {MAX_OPEN_ITEMS}",
            "Split the event, or capture the document sealed",
        )


def _check_corrections(connection: Connection, new_ids: range, added: Sequence[_Committed]) -> None:
    crowded = [added[id_ - new_ids.start] for id_ in stored.crowded(connection, new_ids, MAX_CORRECTIONS)]
    if crowded:
        raise InvalidDocument(
            [
                Problem(
                    "shares its eventID with too many events that it declares wrong, or that declare it wrong",
                    f"event {one.candidate.index} /eventID",
                    f"at most {MAX_CORRECTIONS:,}",
                    "Give different events different eventIDs",
                )
                for one in crowded[:_MAX_PROBLEMS]
            ]
        )


def _first_of_each(candidates: Iterable[_Candidate], known: dict[bytes, stored.Identity]) -> list[_Candidate]:
    """Those that neither the store nor the document itself has had before."""
    first: dict[bytes, _Candidate] = {}
    for candidate in candidates:
        if candidate.digest not in known:
            first.setdefault(candidate.digest, candidate)
    return list(first.values())


def _commit(candidate: _Candidate, organisation_id: bytes) -> _Committed:
    event_id = candidate.facts.event_id
    body = candidate.body
    if event_id is None:
        event_id = f"urn:uuid:{uuid.uuid4()}"
        body = body | {"eventID": event_id}
    secret = random.token_bytes(SECRET_SIZE)
    text = json.dumps(body, separators=(",", ":"), ensure_ascii=False)
    return _Committed(candidate, event_id, text, secret, commit(body, organisation_id, secret))


def _store(
    connection: Connection,
    organisation_id: bytes,
    candidates: Sequence[_Candidate],
    committed: Sequence[_Committed],
    is_open: bool,
    job_id: str | None,
    problems: Sequence[Problem],
) -> Captured:
    # another thread may have captured some of them since `committed` was made: look again, under the write lock
    known = stored.known(connection, organisation_id, [candidate.digest for candidate in candidates])
    added = [one for one in committed if one.candidate.digest not in known]
    first_id = stored.next_id(connection)
    common = {"organisation_id": organisation_id, "is_open": is_open, "captured_at": now(), "job_id": job_id}
    rows = [_event_row(id_, one) | common for id_, one in enumerate(added, first_id)]
    mentions = [
        _mention_row(id_, position, mention)
        for id_, one in enumerate(added, first_id)
        for position, mention in enumerate(one.candidate.facts.mentions)
    ]
    stored.add(connection, rows, mentions)
    new_ids = range(first_id, first_id + len(added))
    stored.link_corrections(connection, organisation_id, new_ids)
    _check_corrections(connection, new_ids, added)
    captured = _outcome(candidates, added, known)
    if job_id is not None:
        counts = {"captured": len(captured.new), "known": len(captured.known)}
        jobs.finish(connection, job_id, **counts, problems=problems, success=not problems)
    return captured


def _forget_unused(store: Store, committed: Sequence[_Committed], captured: Captured) -> None:
    """Delete the secrets made for events that another thread captured first."""
    used = {event.commitment for event in captured.new}
    unused = [one.commitment.value for one in committed if one.commitment.value not in used]
    if unused:
        with store.begin_secrets() as connection:
            secrets.erase(connection, unused)


def _outcome(
    candidates: Iterable[_Candidate], added: Sequence[_Committed], known: dict[bytes, stored.Identity]
) -> Captured:
    outcome = Captured([], [])
    new = {one.candidate.digest: one for one in added}
    for candidate in candidates:
        mine = new.get(candidate.digest)
        if mine is not None:
            event = CapturedEvent(candidate.index, mine.event_id, mine.commitment.value)
            (outcome.new if mine.candidate is candidate else outcome.known).append(event)
        else:
            before = known[candidate.digest]
            outcome.known.append(CapturedEvent(candidate.index, before.event_id, before.commitment))
    return outcome


def _event_row(id_: int, one: _Committed) -> dict[str, Any]:
    told = one.candidate.facts
    return {
        "id": id_,
        "digest": one.candidate.digest,
        "commitment": one.commitment.value,
        "leaf_count": one.commitment.leaf_count,
        "root": one.commitment.root,
        "event_id": one.event_id,
        "type": told.type,
        "action": told.action,
        "event_time": told.event_time,
        "event_time_zone_offset": told.event_time_zone_offset,
        "biz_step": told.biz_step,
        "disposition": told.disposition,
        "read_point": told.read_point,
        "biz_location": told.biz_location,
        "transformation_id": told.transformation_id,
        "is_error_declaration": told.is_error_declaration,
        "body": one.body,
    }


def _mention_row(event_id: int, position: int, mention: Mention) -> dict[str, Any]:
    return {
        "event_id": event_id,
        "position": position,
        "item": mention.item.uri,
        "kind": mention.item.kind.value,
        "lot": mention.item.lot,
        "role": mention.role.value,
        "quantity": mention.quantity,
        "uom": mention.uom,
        "has_quantity": mention.has_quantity,
    }
