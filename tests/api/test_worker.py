"""The background threads outlive faults: they say what is wrong, and go on once it is over."""

from __future__ import annotations

import threading
import time
from pathlib import Path
from typing import Any

import pytest

from api import worker
from ledger.capture_jobs import CaptureJobs
from ledger.errors import ChainUnavailable
from ledger.home import Settings
from ledger.ledger import Ledger
from ledger.recording import ChainRewritten, Recorder


def _health(server: Any, status: str) -> dict[str, Any]:
    deadline = time.monotonic() + 20
    while (health := server.client().get("/health").json())["status"] != status:
        assert time.monotonic() < deadline, health
        time.sleep(0.05)
    return dict(health)


@pytest.mark.parametrize(
    ("error", "expected"), [(ChainUnavailable("the node is away"), "the node is away"), (OSError(28, "full"), "full")]
)
@pytest.mark.parametrize("job", [(Recorder, "step"), (CaptureJobs, "run_unfinished")])
def test_faults_are_told_and_survived(
    server: Any, make: Any, monkeypatch: pytest.MonkeyPatch, job: tuple[Any, str], error: Exception, expected: str
) -> None:
    def fails(*_: object) -> None:
        raise error

    monkeypatch.setattr(worker, "_PAUSE_AFTER_DEFECT", 0.05)
    with monkeypatch.context() as broken:
        broken.setattr(*job, fails)
        answer = server.operator.post(
            "/capture?organisation=orchard", json=make.document(make.event(job[1][:4] + expected[4:7].strip()))
        )
        assert answer.status_code == 202
        assert expected in _health(server, "degraded")["problems"][0]["message"]
    assert server.finished(answer.headers["location"])["captured"] == 1
    _health(server, "ok")
    server.settle()


def test_a_rewritten_chain_stops_recording_for_good(serving: Any, make: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    rounds = []

    def rewritten(recorder: Recorder) -> None:
        rounds.append(id(recorder))
        raise ChainRewritten("block 7 was final")

    monkeypatch.setattr(worker, "_PAUSE_AFTER_DEFECT", 0.01)
    server = serving()
    monkeypatch.setattr(Recorder, "step", rewritten)
    assert "block 7" in _health(server, "degraded")["problems"][0]["message"]
    assert server.capture(make.document(make.event("after")), organisation="orchard")["captured"] == 1
    time.sleep(0.2)
    assert len(rounds) == len(set(rounds))  # each server's once
    assert _health(server, "degraded")["events"]["captured"] == 1


def test_stopping_waits_for_a_capture_under_way(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    begun, ended = threading.Event(), threading.Event()

    def slow(*_: object) -> int:
        begun.set()
        time.sleep(0.5)
        ended.set()
        return 0

    monkeypatch.setattr(worker, "_PATIENCE", 0.0)
    monkeypatch.setattr(CaptureJobs, "run_unfinished", slow)
    Ledger.create(tmp_path / "home", Settings())
    with Ledger.open(tmp_path / "home", Settings()) as ledger:
        running = worker.Worker(ledger)
        running.start()
        assert begun.wait(5)
        running.stop()
        assert ended.is_set()
        running._recording.join(10)
