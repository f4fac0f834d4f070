"""Jobs: what goes wrong with one document is that document's affair, and nothing that was accepted is lost."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError

from ledger import capture_jobs
from ledger.capture_jobs import CaptureJobs
from ledger.store import Store, events, jobs, organisations
from ledger.store.jobs import Job
from ledger.store.organisations import Organisation

MAKER = Organisation(b"m" * 32, "urn:maker", "Maker")
FULL = OperationalError("insert", {}, Exception("database or disk is full"))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store.open(tmp_path)
    with store.begin() as connection:
        organisations.put(connection, MAKER)
    yield store
    store.close()


def document(name: str) -> bytes:
    event = {
        "@context": "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld",
        "type": "ObjectEvent",
        "eventTime": "2026-03-01T08:15:00Z",
        "eventTimeZoneOffset": "+01:00",
        "action": "OBSERVE",
        "epcList": [f"urn:example:{name}"],
    }
    return json.dumps(event).encode()


def job_of(store: Store, job_id: str) -> Job:
    with store.read() as connection:
        return jobs.get(connection, job_id)


def fail_once_at(monkeypatch: pytest.MonkeyPatch, name: str, error: Exception) -> None:
    """Capturing the document called `name` fails, the first time."""
    real, faults = capture_jobs.capture, [error]

    def capture(store: Store, organisation_id: bytes, found: Any, **options: Any) -> Any:
        if faults and f"urn:example:{name}" in found[0].body["epcList"]:
            raise faults.pop()
        return real(store, organisation_id, found, **options)

    monkeypatch.setattr(capture_jobs, "capture", capture)


def test_a_document_that_meets_a_defect_blocks_no_other(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    fail_once_at(monkeypatch, "poison", KeyError("a sealed value"))
    ours = CaptureJobs(store, 10_000)
    poison, healthy = (ours.accept(document(name), MAKER.id) for name in ("poison", "healthy"))
    assert ours.run_unfinished() == 2
    assert job_of(store, healthy).captured == 1
    assert job_of(store, poison).finished_at is None
    assert "KeyError" in str(ours.stuck[poison])
    assert "sealed" not in str(ours.stuck[poison])
    assert ours.run_unfinished() == 0  # it is not tried over and over

    restarted = CaptureJobs(store, 10_000)
    assert restarted.run_unfinished() == 1
    assert job_of(store, poison).captured == 1


@pytest.mark.parametrize("error", [FULL, OSError(28, "No space left on device"), MemoryError()])
def test_a_job_waits_for_the_disk(store: Store, monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    fail_once_at(monkeypatch, "one", error)
    ours = CaptureJobs(store, 10_000)
    one = ours.accept(document("one"), MAKER.id)
    with pytest.raises(type(error)):
        ours.run_unfinished()
    assert job_of(store, one).finished_at is None
    assert ours.run_unfinished() == 1
    assert (job_of(store, one).captured, ours.stuck) == (1, {})


def test_what_is_remembered_is_bounded_by_its_size(store: Store) -> None:
    size = len(document("000"))
    ours = CaptureJobs(store, 3 * size)
    ids = [ours.accept(document(f"{number:03}"), MAKER.id) for number in range(10)]
    assert list(ours._remembered) == ids[-3:]
    assert ours.run_unfinished() == 10
    assert all(job_of(store, each).captured == 1 for each in ids)
    assert not ours._remembered


def test_threads_that_accept_while_one_captures_lose_nothing(store: Store) -> None:
    ours = CaptureJobs(store, 1500)
    accepted = threading.Event()

    def run() -> None:
        while not accepted.is_set():
            ours.run_unfinished()

    worker = threading.Thread(target=run)
    worker.start()
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda number: ours.accept(document(str(number)), MAKER.id), range(200)))
    accepted.set()
    worker.join()
    ours.run_unfinished()
    with store.read() as connection:
        assert jobs.count_unfinished(connection) == 0
        assert events.counts_by_state(connection)[events.State.CAPTURED] == 200
    assert not ours._remembered
