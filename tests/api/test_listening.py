"""The socket that a server listens on."""

from __future__ import annotations

import http.client
import time
from pathlib import Path

from api.server import running
from ledger.home import Settings
from ledger.ledger import Ledger


def test_requests_on_one_connection_do_not_wait_for_each_other(tmp_path: Path) -> None:
    """With Nagle's algorithm on, each but the first waits some 40 ms for a delayed acknowledgement."""
    home = tmp_path / "home"
    Ledger.create(home, Settings())
    with running(home, Settings()) as note:
        connection = http.client.HTTPConnection(note.url.removeprefix("http://"))
        times = []
        for _ in range(10):
            started = time.monotonic()
            connection.request("GET", "/health")
            connection.getresponse().read()
            times.append(time.monotonic() - started)
        connection.close()
    assert min(times[1:]) < 0.03
