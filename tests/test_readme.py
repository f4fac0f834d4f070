"""README.md tells the truth: each `$ lotmark …` in it is run on a demonstration home, and prints what it shows.

Hashes, addresses and sizes differ from home to home; an `…` line stands for output left out.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest

from api.cli.main import main
from api.demo_home import fill
from ledger.home import Settings
from ledger.ledger import Ledger

README = Path(__file__).parents[1] / "README.md"
_BLOCK = re.compile(r"```console\n(.*?)```", re.DOTALL)
_COMMAND = re.compile(r"^\$ (.*)\n((?:(?!\$ ).*\n)*)", re.MULTILINE)


def examples() -> Iterator[tuple[str, str]]:
    """Every command of the README's console blocks with the output under it."""
    for block in _BLOCK.findall(README.read_text(encoding="utf-8")):
        yield from _COMMAND.findall(block.replace("\\\n", ""))


@pytest.fixture(scope="module")
def demonstration_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("readme") / "home"
    Ledger.create(path, Settings(access="open"))
    with Ledger.open(path, Settings(access="open")) as ledger:
        fill(ledger, lambda what, done, total: None)
        while not ledger.recorder.step().is_settled:
            pass
    return path


def test_the_readme_opens_with_a_sentence_and_the_two_commands() -> None:
    title, sentence, commands = README.read_text(encoding="utf-8").split("\n\n")[:3]
    assert title == "# Lotmark"
    assert re.fullmatch(r"[^\n]+\.", sentence)
    assert "scripts/run" in commands
    assert "scripts/test" in commands


def test_every_example_prints_what_the_readme_shows(
    demonstration_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("LOTMARK_HOME", str(demonstration_home))
    monkeypatch.setenv("COLUMNS", "120")
    monkeypatch.chdir(tmp_path)
    ran = 0
    for command, shown in examples():
        program, *arguments = shlex.split(command)
        if program != "lotmark":
            continue
        main(arguments)
        printed = capsys.readouterr().out
        _compare(command, shown, printed)
        ran += 1
    assert ran >= 4


def _compare(command: str, shown: str, printed: str) -> None:
    """Every part between `…` lines is in the output, in order."""
    rest = _steady(printed)
    for part in re.split(r"^…\n", _steady(shown), flags=re.MULTILINE):
        at = rest.find(part)
        assert at >= 0, f"README: `{command}` does not print\n{part}\nbut\n{printed}"
        rest = rest[at + len(part) :]


def _steady(text: str) -> str:
    text = re.sub(r"0x[0-9a-f]{8,}", "0x…", text)
    text = re.sub(r"[0-9][0-9,]* bytes", "N bytes", text)
    return re.sub(r"[ \t]+$", "", text, flags=re.MULTILINE)
