"""A served demonstration and a real Chromium, in a time zone far from where anything happened."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import httpx
import pytest
from playwright.sync_api import Browser, Page, Request, expect, sync_playwright

from ledger.home import Home

_ARGUMENTS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync --disable-dev-shm-usage"
)
_STARTS_WITHIN = 90
LOTMARK = str(Path(sys.executable).with_name("lotmark"))


@dataclass(frozen=True, slots=True)
class Served:
    """A running `lotmark serve`."""

    url: str
    home: Path

    def get(self, path: str) -> Any:
        answer = httpx.get(self.url + path, timeout=30)
        assert answer.is_success, answer.text
        return answer.json()

    def trace(self, item: str) -> Any:
        return self.get(f"/trace/{quote(item, safe='')}")

    @property
    def token(self) -> str:
        """The operator's key to it."""
        note = Home.server(self.home)
        assert note is not None
        return note.token

    def post(self, path: str, *, expected: int, **options: Any) -> httpx.Response:
        headers = {"authorization": f"Bearer {self.token}"} | options.pop("headers", {})
        answer = httpx.post(self.url + path, headers=headers, timeout=30, **options)
        assert answer.status_code == expected, answer.text
        return answer

    def submit(self, document: Path) -> None:
        """With the command, until it is final."""
        run_lotmark(self.home, "submit", str(document), "--wait", "final")

    def capture(self, *events: dict[str, Any], organisation: str) -> None:
        """Capture, and wait until all of it is on the chain."""
        document = {
            "@context": ["https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"],
            "type": "EPCISDocument",
            "schemaVersion": "2.0",
            "creationDate": "2026-06-01T06:00:00Z",
            "epcisBody": {"eventList": list(events)},
        }
        answer = self.post("/capture", expected=202, json=document, params={"organisation": organisation})
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            job, counts = self.get(answer.headers["location"]), self.get("/health")["events"]
            assert not job["errors"], job
            if job["success"] and counts["captured"] + counts["sent"] + counts["recorded"] == 0:
                return
            time.sleep(0.1)
        pytest.fail("what was captured did not become final")


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with _serve(tmp_path_factory.mktemp("page") / "home", "--demo") as served:
        yield served


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Served]:
    """A new ledger as `lotmark init` makes it where nobody answers its questions: sealed, and only for keys."""
    home = tmp_path / "home"
    run_lotmark(home, "init")
    with _serve(home) as served:
        yield served


def run_lotmark(home: Path, *arguments: str) -> None:
    environment = os.environ | {"LOTMARK_HOME": str(home)}
    subprocess.run([LOTMARK, *arguments], env=environment, check=True, capture_output=True, stdin=subprocess.DEVNULL)


@contextmanager
def _serve(home: Path, *options: str) -> Iterator[Served]:
    log = (home.parent / "log").open("w+")
    environment = os.environ | {"LOTMARK_HOME": str(home)}
    command = [LOTMARK, "serve", "--port", "0", *options]
    with log, subprocess.Popen(command, stdout=log, stderr=log, env=environment) as server:
        try:
            yield Served(_address(server, home, Path(log.name)), home)
        finally:
            server.terminate()
            server.wait(20)


def _address(server: subprocess.Popen[bytes], home: Path, log: Path) -> str:
    """The server notes its address once it answers."""
    deadline = time.monotonic() + _STARTS_WITHIN
    while time.monotonic() < deadline and server.poll() is None:
        note = Home.server(home)
        if note is not None:
            return note.url
        time.sleep(0.1)
    pytest.fail(f"the server does not answer: {log.read_text()[-2000:]}")


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None:
        if os.environ.get("CI"):
            pytest.fail("no chromium here, which scripts/setup-debian installs in CI")
        pytest.skip("no chromium here; scripts/setup-debian installs it where it may")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=_ARGUMENTS.split())
        yield browser
        browser.close()


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    """A page that tells at the end of anything that no page of ours may do."""
    context = chromium.new_context(timezone_id="Asia/Tokyo", viewport={"width": 1280, "height": 900})
    context.set_default_timeout(10_000)
    expect.set_options(timeout=10_000)
    shown, troubles, hosts = context.new_page(), list[str](), set[str | None]()

    def asked(request: Request) -> None:
        hosts.add(urlsplit(request.url).hostname)

    # the browser itself reports a refused request, which some of these pages are about
    shown.on("console", lambda m: troubles.append(m.text) if m.type == "error" and "status of " not in m.text else None)
    shown.on("pageerror", lambda error: troubles.append(str(error)))
    shown.on("dialog", lambda dialog: (troubles.append(f"dialog: {dialog.message}"), dialog.dismiss()))
    shown.on("request", asked)
    yield shown
    context.close()
    assert troubles == []
    assert hosts <= {"127.0.0.1"}


@pytest.fixture
def show(page: Page, demo: Served) -> Callable[[str], Page]:
    """Open the trace of an item, as written, and wait until it is shown."""

    def opened(item: str) -> Page:
        page.goto(f"{demo.url}/?item={quote(item, safe='')}")
        page.wait_for_selector("main[aria-busy=false]")
        return page

    return opened
