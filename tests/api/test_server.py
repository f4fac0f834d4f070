"""The process that serves: its note, its lock, its socket, its end; and the headers of every answer."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from api.server import listening, running, serve
from ledger.errors import Conflict, HomeBusy, InvalidInput, NotFound, WrongChain
from ledger.home import Home, Settings
from ledger.ledger import Ledger


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("server") / "home"
    Ledger.create(path, Settings())
    return path


@pytest.fixture
def process(home: Path) -> Iterator[subprocess.Popen[bytes]]:
    environment = os.environ | {"LOTMARK_HOME": str(home), "LOTMARK_PORT": "0"}
    command = [sys.executable, "-c", "from api.cli.main import main; main()", "serve"]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as started:
        deadline = time.monotonic() + 30
        while (note := Home.server(home)) is None or note.pid != started.pid:
            assert started.poll() is None, started.communicate()
            assert time.monotonic() < deadline
            time.sleep(0.02)
        yield started
        started.kill()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_ends_in_order(home: Path, process: subprocess.Popen[bytes], number: signal.Signals) -> None:
    note = Home.server(home)
    assert note is not None
    assert (home / "server.json").stat().st_mode & 0o077 == 0
    with httpx.Client(base_url=note.url, trust_env=False) as http:  # a connection that is kept alive
        assert http.get("/health").json()["status"] == "ok"
        began = time.monotonic()
        process.send_signal(number)
        output, errors = process.communicate(timeout=15)
    assert time.monotonic() - began < 5
    assert process.returncode == 0, errors
    assert note.url.encode() in output
    assert note.token.encode() not in output + errors
    assert Home.server(home) is None
    with running(home, Settings()):
        pass


def test_a_home_has_one_process(home: Path, process: subprocess.Popen[bytes]) -> None:
    assert process.poll() is None
    with pytest.raises(HomeBusy, match="another process has the home"), running(home, Settings()):
        pass
    with pytest.raises(HomeBusy):
        serve(home, Settings(port=0))


def test_an_address_in_use(home: Path) -> None:
    with listening("127.0.0.1", 0) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(Conflict, match=rf"cannot listen on 127.0.0.1 port {port}.*--port"):
            serve(home, Settings(port=port))
    with pytest.raises((InvalidInput, Conflict), match="cannot listen"):
        serve(home, Settings(host="192.0.2.1", port=0))
    with pytest.raises(InvalidInput, match="cannot listen"):
        serve(home, Settings(host="no.such.host.invalid", port=0))
    with running(home, Settings()):
        pass


def test_no_home(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="lotmark init"):
        serve(tmp_path / "none", Settings(port=0))


def test_another_chain(home: Path, tmp_path: Path) -> None:
    Ledger.create(tmp_path / "other", Settings())
    (tmp_path / "other" / "chain.sqlite").write_bytes((home / "chain.sqlite").read_bytes())
    with pytest.raises(WrongChain, match="hash of the first block"), running(tmp_path / "other", Settings()):
        pass


def test_ipv6(home: Path) -> None:
    try:
        with listening("::1", 0) as listener:
            assert listener.family == socket.AF_INET6
    except (Conflict, InvalidInput):
        pytest.skip("this machine has no IPv6")


@pytest.mark.parametrize(
    "path", ["/", "/pages/app.js", "/health", "/trace/(01)", "/nope", "/openapi.json", "/pages/../api/app.py", "/keys"]
)
def test_headers_of_every_answer(server: Any, path: str) -> None:
    answer = server.client().get(path)
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert "default-src 'self'" in answer.headers["content-security-policy"]
    assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
    assert "server" not in answer.headers
    assert answer.headers["cache-control"] in ("no-store", "no-cache")


def test_the_page_loads_nothing_from_elsewhere(server: Any) -> None:
    page = server.client().get("/").text
    for reference in re.findall(r'(?:src|href)="([^"]+)"', page):
        assert reference[0] in "/#", reference
        assert server.client().get(reference.partition("#")[0] or "/").status_code == 200, reference


@pytest.mark.parametrize("path", ["/pages/%2e%2e/app.py", "/pages/..%2fapp.py", "/pages//etc/passwd", "/pages/%00"])
def test_no_file_beside_the_pages(server: Any, path: str) -> None:
    assert server.client().get(path).status_code == 404


def test_health_names_what_is_wrong(server: Any) -> None:
    health = server.client().get("/health").json()
    assert health["status"] == "ok"
    assert health["problems"] == []
    assert health["chain"]["final"] == health["chain"]["block"] > 0
    assert json.dumps(health).count(server.token) == 0
