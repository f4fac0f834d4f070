"""The background threads outlive faults: they say what is wrong, and go on once it is over."""

from __future__ import annotations

import time
from typing import Any

import pytest

from api import worker
from ledger.capture_jobs import CaptureJobs
from ledger.errors import ChainUnavailable
from ledger.recording import Recorder


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
