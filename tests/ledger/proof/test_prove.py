"""Proofs made from the store verify against the chain, whole, redacted, and many at a time."""

from __future__ import annotations

import json
from typing import Any

import pytest
from sqlalchemy import select

from ledger.batch import Header, items_hash, sign_header
from ledger.chain.records import encode_record
from ledger.chain.transactions import transact
from ledger.chain.witness import NodeWitness
from ledger.errors import Conflict, InvalidInput, NotFound
from ledger.keys import CARRIER
from ledger.ledger import Ledger
from ledger.proof.bundle import Bundle
from ledger.recording import Limits, following
from ledger.recording.batching import sign_next
from ledger.store import secrets
from ledger.store.tables import event
from ledger.verify import Trust, Verified, verify

CONTEXT = "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"
PREFIX = "https://id.gs1.org/01/09521000000018/21/"


def _captured(ledger: Ledger, organisation: str, count: int, **fields: Any) -> list[bytes]:
    events = [
        {
            "type": "ObjectEvent",
            "eventTime": f"2026-03-01T08:{serial:02}:00Z",
            "eventTimeZoneOffset": "+00:00",
            "action": "ADD",
            "epcList": [f"{PREFIX}{organisation}-{serial}"],
            "bizStep": "commissioning",
            "ilmd": {"example:grower": "Ada", "example:field": {"name": "north", "rows": [1, 2]}},
            **fields,
        }
        for serial in range(count)
    ]
    document = {
        "@context": [CONTEXT, {"example": "https://example.org/"}],
        "type": "EPCISDocument",
        "schemaVersion": "2.0",
        "creationDate": "2026-03-02T00:00:00Z",
        "epcisBody": {"eventList": events},
    }
    ledger.jobs.accept(json.dumps(document).encode(), ledger.organisation(organisation).id)
    ledger.jobs.run_unfinished()
    with ledger.store.read() as connection:
        return list(connection.scalars(select(event.c.commitment).order_by(event.c.id)))[-count:]


def _verify(ledger: Ledger, bundle: Bundle, item: str | None = None) -> Verified:
    trust = Trust(ledger.identity.chain_id, ledger.identity.ledger, ledger.identity.code_hash)
    return verify(bundle.encode(), trust, NodeWitness(ledger.chain, ledger.identity.ledger), item)


def test_events_of_two_organisations_verify_in_one_bundle(ledger: Ledger) -> None:
    commitments = [*_captured(ledger, "orchard", 5), *_captured(ledger, "carrier", 3)]
    ledger.recorder.step()
    bundle = ledger.prove(commitments)
    assert Bundle.decode(bundle.encode()) == bundle
    verified = _verify(ledger, bundle)
    assert {one.commitment for one in verified.events} == set(commitments)
    assert len(bundle.records) == 2


def test_hidden_fields_are_not_in_the_bundle_and_it_still_verifies(ledger: Ledger) -> None:
    (commitment,) = _captured(ledger, "orchard", 1)
    ledger.recorder.step()
    data = ledger.prove([commitment], hide=["/ilmd/example:grower", "/ilmd/example:field"]).encode()
    assert b"Ada" not in data
    assert b"north" not in data
    (one,) = _verify(ledger, Bundle.decode(data), f"{PREFIX}orchard-0").events
    assert one.hidden_count > 0
    assert one.values["/bizStep"] == "commissioning"


def test_a_hash_of_hidden_fields_is_hidden_with_them(ledger: Ledger) -> None:
    """A CBV event hash confirms guesses about all that it was made of."""
    hashed = "ni:///sha-256;" + "36" * 32 + "?ver=CBV2.0"
    (commitment,) = _captured(ledger, "orchard", 1, eventID=hashed)
    ledger.recorder.step()
    assert hashed.encode() in ledger.prove([commitment]).encode()
    data = ledger.prove([commitment], hide=["/ilmd"]).encode()
    assert b"ni:" not in data
    assert _verify(ledger, Bundle.decode(data)).events[0].values["/bizStep"] == "commissioning"


@pytest.mark.parametrize(
    ("pointer", "message"),
    [
        ("ilmd", "not a pointer"),
        ("/ilmd~", "not a pointer"),
        ("/ilmd/grower", "none of the events has"),
        ("/ILMD", "none of the events has"),
        ("/eventTime", "never hidden"),
        ("/action", "never hidden"),
    ],
)
def test_what_cannot_be_hidden_is_refused_before_it_is_shown(ledger: Ledger, pointer: str, message: str) -> None:
    (commitment,) = _captured(ledger, "orchard", 1)
    ledger.recorder.step()
    with pytest.raises(InvalidInput, match=message):
        ledger.prove([commitment], hide=["/bizStep", pointer])


def test_a_foreign_record_of_the_same_sequence_proves_nothing(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another holder of the key was first, and this process was killed before it gave its own batch up."""
    (commitment,) = _captured(ledger, "orchard", 1)
    orchard = ledger.organisation("orchard").id
    key, carrier = (ledger.keys.unlocked(ledger.keys.addresses(whose)[0]) or b"" for whose in (orchard, CARRIER))
    assert sign_next(ledger.store, orchard, key, ledger.domain, Limits())
    foreign = Header(orchard, 1, b"\x99" * 32, 1, items_hash([]))
    data = encode_record(foreign, sign_header(foreign, ledger.domain, key), [])
    transact(ledger.chain, carrier, ledger.identity.ledger, data)
    with monkeypatch.context() as killed:
        killed.setattr(following, "_finalise", lambda *_, **__: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            ledger.recorder.step()
    with pytest.raises(Conflict, match="no record yet"):
        ledger.prove([commitment])
    ledger.recorder.step()
    ledger.recorder.step()
    (one,) = _verify(ledger, ledger.prove([commitment])).events
    assert one.sequence == 2


def test_an_event_in_no_record_has_no_proof_yet(ledger: Ledger) -> None:
    (commitment,) = _captured(ledger, "orchard", 1)
    with pytest.raises(Conflict, match="no record yet"):
        ledger.prove([commitment])


def test_an_erased_secret_ends_new_proofs_but_not_old_bundles(ledger: Ledger) -> None:
    commitment, other = _captured(ledger, "orchard", 2)
    ledger.recorder.step()
    before = ledger.prove([commitment])
    with ledger.store.begin_secrets() as connection:
        secrets.erase(connection, [commitment])
    with pytest.raises(Conflict, match="erased"):
        ledger.prove([commitment])
    assert _verify(ledger, before).events[0].commitment == commitment
    assert _verify(ledger, ledger.prove([other])).events[0].commitment == other


def test_unknown_commitments_are_named(ledger: Ledger) -> None:
    with pytest.raises(NotFound, match="0x" + "07" * 32):
        ledger.prove([b"\x07" * 32])
    with pytest.raises(InvalidInput):
        Bundle.of(ledger.domain, []).encode()
