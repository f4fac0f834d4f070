"""Capture: one event is one event, its secret is there first, corrections join whichever comes first."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger import capture as capture_module
from ledger.capture import capture, identity
from ledger.commitment import commit
from ledger.errors import InvalidDocument, Problem
from ledger.events import StandaloneEvent, parse_json, read_document
from ledger.store import Store, events, jobs, organisations, secrets
from ledger.store.organisations import Organisation
from ledger.store.states import State
from ledger.store.tables import correction, event, event_secret, mention

CONTEXT = "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"
MAKER = Organisation(b"m" * 32, "urn:maker", "Maker")
OTHER = Organisation(b"x" * 32, "urn:other", "Other")


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """One store for the whole module: no test minds what others captured."""
    store = Store.open(tmp_path_factory.mktemp("capture"))
    with store.begin() as connection:
        organisations.put(connection, MAKER)
        organisations.put(connection, OTHER)
    yield store
    store.close()


_serial = iter(range(10**9))


def body(**fields: Any) -> dict[str, Any]:
    """A valid event about an item of its own."""
    return {
        "@context": CONTEXT,
        "type": "ObjectEvent",
        "eventTime": "2026-03-01T08:15:00Z",
        "eventTimeZoneOffset": "+01:00",
        "action": "OBSERVE",
        "epcList": [f"urn:epc:id:sgtin:9506000.013435.{next(_serial)}"],
    } | fields


def standalone(*bodies: dict[str, Any]) -> list[StandaloneEvent]:
    return [StandaloneEvent(index, "", one) for index, one in enumerate(bodies)]


def count(store: Store, table: sa.Table) -> int:
    with store.read_secrets() if table is event_secret else store.read() as connection:
        return connection.scalar(sa.select(sa.func.count()).select_from(table)) or 0


def test_an_event_is_stored_with_its_secret_facts_and_mentions(store: Store) -> None:
    one = body(eventID="urn:uuid:4a4dfd3d-0c9a-4b7b-a0a5-8e5f0a1b2c3d", bizStep="shipping")
    captured = capture(store, MAKER.id, standalone(one), is_open=False)
    [new] = captured.new
    assert captured.known == []
    with store.read() as connection:
        stored = events.by_commitment(connection, new.commitment)
        assert stored is not None
        assert (stored.state, stored.event_id, stored.is_open) == (State.CAPTURED, one["eventID"], False)
        assert json.loads(stored.body) == one
        row = connection.execute(sa.select(event).where(event.c.id == stored.id)).one()
        assert (row.biz_step, row.event_time) == ("shipping", 1_772_352_900_000_000)
        [named] = connection.execute(sa.select(mention).where(mention.c.event_id == stored.id))
        assert (named.kind, named.role, named.has_quantity) == ("serial", "epc", False)
    with store.read_secrets() as connection:
        secret = secrets.get(connection, [new.commitment])[new.commitment]
    assert commit(one, MAKER.id, secret).value == new.commitment


def test_an_event_without_an_id_gets_a_random_one_and_is_still_one_event(store: Store) -> None:
    one = body()
    [first] = capture(store, MAKER.id, standalone(one), is_open=False).new
    again = capture(store, MAKER.id, standalone(one, one), is_open=False)
    assert first.event_id.startswith("urn:uuid:")
    assert again.new == []
    assert {(known.event_id, known.commitment) for known in again.known} == {(first.event_id, first.commitment)}
    with store.read() as connection:
        stored = events.by_commitment(connection, first.commitment)
    assert stored is not None
    assert json.loads(stored.body) == one | {"eventID": first.event_id}


def test_an_event_twice_in_one_document_is_new_once(store: Store) -> None:
    one, two = body(), body()
    captured = capture(store, MAKER.id, standalone(one, two, one), is_open=False)
    assert [e.index for e in captured.new] == [0, 1]
    assert [(e.index, e.commitment) for e in captured.known] == [(2, captured.new[0].commitment)]


def test_record_time_is_no_part_of_what_an_event_is(store: Store) -> None:
    one = body()
    capture(store, MAKER.id, standalone(one | {"recordTime": "2026-03-02T00:00:00Z"}), is_open=False)
    assert capture(store, MAKER.id, standalone(one), is_open=False).new == []


def test_the_same_content_of_two_organisations_is_two_events(store: Store) -> None:
    one = body()
    [mine] = capture(store, MAKER.id, standalone(one), is_open=False).new
    [theirs] = capture(store, OTHER.id, standalone(one), is_open=False).new
    assert mine.commitment != theirs.commitment


def test_other_content_under_one_event_id_is_kept_beside_it(store: Store) -> None:
    both = standalone(body(eventID="urn:conflict"), body(eventID="urn:conflict"))
    assert len(capture(store, MAKER.id, both, is_open=False).new) == 2
    with store.read() as connection:
        assert len(events.by_event_id(connection, "urn:conflict")) == 2


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53) + 1, 2**53 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
).map(lambda value: parse_json(json.dumps(value)))


@given(one=JSON, two=JSON)
@settings(max_examples=300, deadline=None)
def test_two_submissions_are_one_event_exactly_if_they_are_equal_json(store: Store, one: Any, two: Any) -> None:
    def digest(value: Any) -> bytes:
        return identity(store, {"ext:a": value})

    # bool and int are equal in Python, not in JSON
    assert (digest(one) == digest(two)) == (json.dumps(one, sort_keys=True) == json.dumps(two, sort_keys=True))
    assert digest(one) == digest(parse_json(json.dumps(one, sort_keys=True, indent=1)))


@given(order=st.lists(st.lists(st.integers(0, 9), max_size=6), max_size=6), salt=st.integers(0, 2**53 - 1))
@settings(max_examples=60, deadline=None)
def test_any_submissions_of_some_events_store_each_of_them_once(
    store: Store, order: list[list[int]], salt: int
) -> None:
    bodies = [body(**{"ext:salt": salt}) for _ in range(10)]
    before = count(store, event), count(store, event_secret)
    commitments: dict[int, set[bytes]] = {}
    for document in order:
        captured = capture(store, MAKER.id, standalone(*(bodies[n] for n in document)), is_open=False)
        assert sorted(e.index for e in (*captured.new, *captured.known)) == list(range(len(document)))
        for one in (*captured.new, *captured.known):
            commitments.setdefault(document[one.index], set()).add(one.commitment)
    distinct = len({n for document in order for n in document})
    assert all(len(one) == 1 for one in commitments.values())
    assert (count(store, event) - before[0], count(store, event_secret) - before[1]) == (distinct, distinct)


def test_many_threads_with_the_same_events_store_each_once(store: Store) -> None:
    bodies = [body() for _ in range(50)]
    before = count(store, event), count(store, event_secret)
    new: list[int] = []

    def submit() -> None:
        new.append(len(capture(store, MAKER.id, standalone(*bodies), is_open=False).new))

    threads = [threading.Thread(target=submit) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(new) == 50
    assert (count(store, event) - before[0], count(store, event_secret) - before[1]) == (50, 50)


def declaration(event_id: str) -> dict[str, Any]:
    return body(eventID=event_id, errorDeclaration={"declarationTime": "2026-03-03T00:00:00Z"})


@pytest.mark.parametrize("split", [False, True])
@pytest.mark.parametrize("declared_first", [False, True])
def test_an_error_declaration_corrects_the_event_of_its_id(store: Store, split: bool, declared_first: bool) -> None:
    event_id = f"urn:wrong:{split}:{declared_first}"
    pair = [body(eventID=event_id), declaration(event_id)]
    capture(store, OTHER.id, standalone(body(eventID=event_id), declaration("urn:nothing")), is_open=False)
    if declared_first:
        pair.reverse()
    before = count(store, correction)
    for document in [[pair[0]], [pair[1]]] if split else [pair]:
        capture(store, MAKER.id, standalone(*document), is_open=False)
    capture(store, MAKER.id, standalone(*pair), is_open=False)
    assert count(store, correction) == before + 1
    with store.read() as connection:
        mine = [e for e in events.by_event_id(connection, event_id) if e.organisation_id == MAKER.id]
        [wrong], [right] = ([e.id for e in mine if e.is_error_declaration is kind] for kind in (False, True))
        assert events.corrected_by(connection, [wrong, right]) == {wrong: [right]}


def test_an_open_event_must_not_name_a_person(store: Store) -> None:
    before = count(store, event), count(store, event_secret)
    nurse = "https://id.gs1.org/8018/950600013435278960"
    document = standalone(body(), body(epcList=[nurse]))
    with pytest.raises(InvalidDocument, match=f"event 1: {nurse} names a person.*Capture the document sealed"):
        capture(store, MAKER.id, document, is_open=True)
    assert (count(store, event), count(store, event_secret)) == before
    assert len(capture(store, MAKER.id, document, is_open=False).new) == 2


def test_an_open_event_must_fit_into_one_transaction(store: Store) -> None:
    big = body(epcList=[f"urn:epc:id:sgtin:9506000.013435.big{n}" for n in range(capture_module.MAX_OPEN_ITEMS + 1)])
    with pytest.raises(InvalidDocument, match=r"names 1001 items and lots.*at most 1000"):
        capture(store, MAKER.id, standalone(big), is_open=True)


def test_the_job_is_finished_with_its_events(store: Store) -> None:
    with store.begin() as connection:
        job_id = jobs.create(connection, MAKER.id, b"{}", error_behaviour="proceed")
    one, left_out = body(), (Problem("no such type", "event 1 /type"),)
    capture(store, MAKER.id, standalone(one, one), is_open=False, job_id=job_id, problems=left_out)
    with store.read() as connection:
        job = jobs.get(connection, job_id)
        stored = connection.scalar(sa.select(sa.func.count()).where(event.c.job_id == job_id))
    assert (job.captured, job.known, job.success, job.problems) == (1, 1, False, left_out)
    assert stored == 1


def test_a_capture_that_fails_midway_leaves_nothing_but_secrets_without_events(tmp_path: Path) -> None:
    store = Store.open(tmp_path)
    with pytest.raises(sa.exc.IntegrityError):  # the organisation is unknown to the content file
        capture(store, b"?" * 32, standalone(body()), is_open=False)
    assert (count(store, event), count(store, mention)) == (0, 0)
    store.close()
    again = Store.open(tmp_path)
    with again.read_secrets() as connection:
        assert connection.scalar(sa.select(sa.func.count()).select_from(event_secret)) == 0
    again.close()


def test_the_reference_documents_are_captured_and_captured_again(store: Store, shared: Path) -> None:
    has_a_key_twice = "AssociationEvent__AssociationEvent-h.jsonld"
    files = [file for file in (shared / "epcis" / "examples").rglob("*.json*") if file.name != has_a_key_twice]
    documents = [read_document(parse_json(file.read_bytes(), source=file.name), source=file.name) for file in files]
    new = sum(len(capture(store, MAKER.id, one, is_open=False).new) for one in documents)
    assert (len(documents), sum(map(len, documents)), new) == (46, 55, 50)
    assert all(capture(store, MAKER.id, one, is_open=False).new == [] for one in documents)


def test_an_event_of_more_corrections_than_a_transaction_takes_is_refused(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(capture_module, "MAX_CORRECTIONS", 3)
    shared = "urn:example:shared"
    capture(store, MAKER.id, standalone(*[body(eventID=shared) for _ in range(4)]), is_open=False)
    wrong = {"declarationTime": "2026-03-02T08:15:00Z", "reason": "did_not_occur"}
    before = count(store, event)
    with pytest.raises(InvalidDocument, match=r"event 1 /eventID: .*at most 3"):
        capture(store, MAKER.id, standalone(body(), body(eventID=shared, errorDeclaration=wrong)), is_open=False)
    assert count(store, event) == before
