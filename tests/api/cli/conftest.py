"""One home, made by `lotmark init` itself, and ways to run commands on it: in this process, or as programs."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import pytest

from api.cli.main import main
from api.server import running
from ledger.home import load_settings

ORGANISATION = "https://id.gs1.org/417/9521000000001"


@dataclass(frozen=True)
class Ran:
    """What a command left: its exit code and what it wrote."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


@dataclass(frozen=True)
class Cli:
    """Runs commands on one home."""

    home: Path
    capsys: pytest.CaptureFixture[str]

    def __call__(self, *arguments: str | Path) -> Ran:
        """In this process."""
        self.capsys.readouterr()
        code = main(["--home", str(self.home), *map(str, arguments)])
        return Ran(code, *self.capsys.readouterr())

    def line(self, *arguments: str | Path) -> list[str]:
        """The command line of a program of its own."""
        program = [sys.executable, "-c", "from api.cli.main import run; run()"]
        return [*program, "--home", str(self.home), *map(str, arguments)]

    def program(self, *arguments: str | Path, **more: Any) -> Ran:
        options = {"stdin": subprocess.DEVNULL, "timeout": 60, "capture_output": True, "text": True} | more
        done = subprocess.run(self.line(*arguments), check=False, **options)
        return Ran(done.returncode, done.stdout, done.stderr)

    @staticmethod
    def event(**fields: Any) -> dict[str, Any]:
        """A valid event, with fields added or replaced."""
        return {
            "@context": ["https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"],
            "type": "ObjectEvent",
            "eventTime": "2026-06-01T05:12:00Z",
            "eventTimeZoneOffset": "+02:00",
            "action": "ADD",
            "bizStep": "commissioning",
            "bizLocation": {"id": "https://id.gs1.org/414/9521000000018"},
            "epcList": ["https://id.gs1.org/01/09521000010017/21/1"],
        } | fields


@pytest.fixture(autouse=True)
def _plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("LOTMARK_")] + ["COLUMNS", "FORCE_COLOR"]:
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("cli") / "home"
    organisation = ["--name", "Sunny Fields", "--organisation", ORGANISATION, "--prefix", "9521000"]
    assert main(["--home", str(path), "init", *organisation]) == 0
    return path


@pytest.fixture(scope="module")
def served(home: Path) -> Iterator[Path]:
    """The home, served by this process, so that commands need not open it each time."""
    settings, _ = load_settings(home, {})
    with running(home, settings) as note:
        (home / "server.json").write_text(json.dumps(asdict(note)))
        yield home


@pytest.fixture
def alone(home: Path, capsys: pytest.CaptureFixture[str]) -> Cli:
    """Commands on a home that nobody serves."""
    return Cli(home, capsys)


@pytest.fixture
def cli(served: Path, capsys: pytest.CaptureFixture[str]) -> Cli:
    """Commands on a home that is served."""
    return Cli(served, capsys)


@pytest.fixture
def somewhere(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Cli:
    """Commands on a home that does not exist yet."""
    return Cli(tmp_path / "home", capsys)
