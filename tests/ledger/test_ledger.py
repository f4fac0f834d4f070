"""A home from its making to its records, and what it refuses."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import func, select

from ledger.batch import organisation_id
from ledger.chain import contracts
from ledger.errors import ChainUnavailable, Conflict, HomeBusy, InvalidDocument, InvalidInput, TooLarge, WrongChain
from ledger.home import Settings, load_settings
from ledger.ledger import Ledger
from ledger.store import jobs
from ledger.store.tables import event, record

CONTEXT = "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"


def _document(*serials: str, event_time: str = "2026-03-01T08:15:00+01:00") -> bytes:
    events = ",".join(
        f'{{"type":"ObjectEvent","eventTime":"{event_time}","eventTimeZoneOffset":"+01:00","action":"OBSERVE",'
        f'"epcList":["https://id.gs1.org/01/09521000000018/21/{serial}"],"bizStep":"shipping"}}'
        for serial in serials
    )
    return (
        f'{{"@context":"{CONTEXT}","type":"EPCISDocument","schemaVersion":"2.0",'
        f'"creationDate":"2026-03-02T00:00:00Z","epcisBody":{{"eventList":[{events}]}}}}'
    ).encode()


def _count(ledger: Ledger, table: object) -> int:
    with ledger.store.read() as connection:
        return connection.scalar(select(func.count()).select_from(table)) or 0  # type: ignore[arg-type]


def test_capture_record_and_reopen(ledger: Ledger) -> None:
    orchard = ledger.organisation("orchard")
    job_id = ledger.jobs.accept(_document("1", "2"), orchard.id)
    assert ledger.jobs.run_unfinished() == 1
    with ledger.store.read() as connection:
        job = jobs.get(connection, job_id)
    assert (job.success, job.captured, job.known, job.finished_at is not None) == (True, 2, 0, True)
    while not ledger.recorder.step().is_settled:
        pass
    assert contracts.last_sequence(ledger.chain, ledger.deployment.ledger, orchard.id) == 1
    path = ledger.home.path
    ledger.close()
    with Ledger.open(path, Settings()) as again:
        assert _count(again, record) == 1
        assert again.recorder.step().is_settled
        again.jobs.accept(_document("1", "2"), orchard.id)
        again.jobs.run_unfinished()
        assert _count(again, event) == 2


def test_an_accepted_document_survives_without_its_memory(ledger: Ledger) -> None:
    """As after a kill between the answer 202 and the capture."""
    orchard = ledger.organisation("orchard")
    ledger.jobs.accept(_document("1"), orchard.id)
    path = ledger.home.path
    ledger.close()
    with Ledger.open(path, Settings()) as again:
        assert again.jobs.run_unfinished() == 1
        assert again.jobs.run_unfinished() == 0
        assert _count(again, event) == 1


def test_a_home_may_be_moved(ledger: Ledger, tmp_path: Path) -> None:
    ledger.jobs.accept(_document("1"), ledger.organisation("orchard").id)
    path = ledger.home.path
    ledger.close()
    moved = path.rename(tmp_path / "moved, with spaces")
    with Ledger.open(moved, Settings()) as again:
        assert again.jobs.run_unfinished() == 1
        while not again.recorder.step().is_settled:
            pass
        assert _count(again, record) == 1


def test_proceed_captures_what_is_valid_and_reports_the_rest(ledger: Ledger) -> None:
    orchard = ledger.organisation("orchard")
    document = _document("1", "2").replace(b'"action":"OBSERVE"', b'"action":"WATCH"', 1)
    with pytest.raises(InvalidDocument, match="event 1 /action"):
        ledger.jobs.accept(document, orchard.id)
    assert _count(ledger, event) == 0
    job_id = ledger.jobs.accept(document, orchard.id, error_behaviour="proceed")
    ledger.jobs.run_unfinished()
    with ledger.store.read() as connection:
        job = jobs.get(connection, job_id)
    assert (job.captured, job.success, [p.where for p in job.problems]) == (1, False, ["event 1 /action"])


def test_a_document_over_the_limit_is_refused_unread(tmp_path: Path) -> None:
    Ledger.create(tmp_path / "home", Settings())
    with Ledger.open(tmp_path / "home", Settings(max_document_bytes=100)) as ledger:
        orchard = ledger.add_organisation("https://orchard.example/", "orchard")
        with pytest.raises(TooLarge, match="at most 100"):
            ledger.jobs.accept(b" " * 101, orchard.id)


def test_a_second_opening_is_refused(ledger: Ledger) -> None:
    with pytest.raises(HomeBusy):
        Ledger.open(ledger.home.path, Settings())


def test_an_organisation_added_twice_is_one(ledger: Ledger) -> None:
    again = ledger.add_organisation("(417)9521000000001", "the orchard", company_prefixes=["9521000", "9521001"])
    assert again.id == organisation_id("https://id.gs1.org/417/9521000000001")
    assert len(ledger.keys.addresses(again.id)) == 1
    assert [one.name for one in ledger.organisations()] == ["carrier", "the orchard"]


def test_registration_is_made_up_for_after_a_kill(ledger: Ledger) -> None:
    """The key and the row were written, the registry never heard of it."""
    ledger.organisation("orchard")
    path = ledger.home.path
    registered = ledger._register
    ledger._register = lambda organisation: None  # type: ignore[method-assign]
    late = ledger.add_organisation("https://late.example/", "late")
    ledger._register = registered  # type: ignore[method-assign]
    assert not contracts.is_registered(ledger.chain, ledger.deployment.registry, late.uri)
    ledger.close()
    with Ledger.open(path, Settings()) as again:
        assert contracts.is_registered(again.chain, again.deployment.registry, late.uri)


@pytest.mark.parametrize(("uri", "prefix"), [("orchard", "9521000"), ("https://orchard.example/", "95x")])
def test_a_wrong_organisation_leaves_nothing(ledger: Ledger, uri: str, prefix: str) -> None:
    with pytest.raises(InvalidInput):
        ledger.add_organisation(uri, "wrong", company_prefixes=[prefix])
    assert len(ledger.organisations()) == 2


def test_unknown_organisation_lists_the_known(ledger: Ledger) -> None:
    with pytest.raises(InvalidInput, match=r"no organisation is called 'orchid'.*orchard"):
        ledger.organisation("orchid")


def test_create_refuses_a_chain_that_does_not_answer_and_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(ChainUnavailable, match=r"127\.0\.0\.1:9"):
        Ledger.create(tmp_path / "home", Settings(chain="http://127.0.0.1:9", rpc_timeout=1))
    assert not any(tmp_path.iterdir())


def test_create_keeps_an_existing_home(ledger: Ledger) -> None:
    with pytest.raises(Conflict):
        Ledger.create(ledger.home.path, Settings())


def test_a_chain_that_is_not_this_homes_is_refused(tmp_path: Path) -> None:
    for name in ("one", "other"):
        Ledger.create(tmp_path / name, Settings())
    (tmp_path / "one" / "chain.sqlite").unlink()
    for file in (tmp_path / "one").glob("chain.sqlite-*"):
        file.unlink()
    with sqlite3.connect(tmp_path / "other" / "chain.sqlite") as connection:
        connection.execute("pragma wal_checkpoint(truncate)")
    connection.close()
    (tmp_path / "one" / "chain.sqlite").write_bytes((tmp_path / "other" / "chain.sqlite").read_bytes())
    with pytest.raises(WrongChain):
        Ledger.open(tmp_path / "one", Settings())
    with pytest.raises(WrongChain):  # and the lock was given back
        Ledger.open(tmp_path / "one", Settings())


def test_settings_given_at_the_start_stay_with_the_home(tmp_path: Path) -> None:
    Ledger.create(tmp_path / "home", Settings(access="open", batch_size=7))
    settings, _ = load_settings(tmp_path / "home", {})
    assert (settings.access, settings.batch_size) == ("open", 7)
