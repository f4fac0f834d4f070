"""Real processes: a server and commands through it, a second process, signals, terminals and closed pipes."""

from __future__ import annotations

import json
import os
import pty
import re
import resource
import select
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest


@contextmanager
def serving(cli: Any, *options: str) -> Iterator[tuple[subprocess.Popen[str], dict[str, str]]]:
    """A server, ended by SIGINT, and what it announced."""
    line = cli.line("serve", "--port", "0", "--format", "json", *options)
    with subprocess.Popen(line, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            announced = "".join(process.stdout.readline() for _ in range(4))
            yield process, json.loads(announced)
        finally:
            process.send_signal(signal.SIGINT)
            assert process.wait(30) == 0, process.stderr.read() if process.stderr else ""


def on_a_terminal(line: list[str], answers: list[str]) -> tuple[int, str]:
    """Run on a pseudo-terminal, giving an answer to each prompt; the exit code and all that was shown."""
    pid, terminal = pty.fork()
    if pid == 0:
        os.execv(line[0], line)
    shown = b""
    while True:
        ready, _, _ = select.select([terminal], [], [], 0.2)
        if not ready and answers and re.search(rb":\s*$", shown):
            os.write(terminal, answers.pop(0).encode() + b"\n")
            shown += b"\n"
        try:
            more = os.read(terminal, 65536) if ready else b" "
        except OSError:  # how Linux says that the other side has closed
            break
        if not more:
            break
        shown += more if ready else b""
    os.close(terminal)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), shown.decode()


def test_commands_go_through_the_server_until_it_stops(alone: Any, tmp_path: Path) -> None:
    path = tmp_path / "event.json"
    path.write_text(json.dumps(alone.event()))
    with serving(alone) as (process, announced):
        assert re.fullmatch(r"http://127\.0\.0\.1:\d+", announced["url"])
        assert alone("submit", path, "--wait", "final").code == 0
        assert process.poll() is None
        second = alone.program("serve", "--port", "0")
        assert (second.code, "another process has the home" in second.err) == (4, True)
        port = announced["url"].rsplit(":", 1)[1]
        taken = type(alone)(tmp_path / "other", alone.capsys)
        assert taken("init").code == 0
        refused = taken("serve", "--port", port)
        assert (refused.code, f"cannot listen on 127.0.0.1 port {port}" in refused.err) == (1, True)
    assert alone("status", "--format", "json").json["events"]["final"] == 1


def test_a_killed_server_leaves_the_home_usable(alone: Any) -> None:
    line = alone.line("serve", "--port", "0", "--format", "json")
    with subprocess.Popen(line, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "{\n"
        process.kill()
    assert (alone.home / "server.json").exists()
    assert alone("status").code == 0


def served_on_a_terminal(cli: Any, *options: str, until: bytes) -> tuple[str, list[Any]]:
    """All that a server shows until it is interrupted, once `until` is there; and the organisations it then has."""
    pid, terminal = pty.fork()
    if pid == 0:
        line = cli.line("serve", "--port", "0", *options)
        os.execv(line[0], line)
    shown, listed = b"", None
    while True:
        try:
            more = os.read(terminal, 65536)
        except OSError:
            break
        shown += more
        if until in shown and listed is None:
            listed = cli("org", "list", "--format", "json").json
            os.write(terminal, b"\x03")
        if not more:
            break
    os.close(terminal)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0
    assert listed is not None
    return shown.decode(), listed


def test_the_demonstration_is_served_on_a_terminal_with_a_bar(somewhere: Any) -> None:
    text, listed = served_on_a_terminal(somewhere, "--demo", until=b"Ctrl-C stops it")
    assert len(listed) >= 5
    assert "capturing" in text
    assert "━" in text
    assert re.search(r"Open http://127\.0\.0\.1:\d+ in a browser", text)
    assert "#key=" not in text
    assert "Stopped." in text
    assert "Traceback" not in text


def test_a_terminal_is_shown_the_operators_address(alone: Any) -> None:
    text, _ = served_on_a_terminal(alone, until=b"until the server stops")
    assert re.search(r"http://127\.0\.0\.1:\d+/#key=[\w-]{43}\r?\n", text)


def test_init_asks_on_a_terminal_until_it_understands(somewhere: Any) -> None:
    uris = ["https://id.gs1.org/417/9521000000002", "https://id.gs1.org/417/9521000000001"]
    answers = ["Orchard", *uris, "12x", "9521000 9521001", "secret", "other", "secret", "secret"]
    code, shown = on_a_terminal(somewhere.line("init"), answers)
    assert code == 0, shown
    assert "secret" not in shown
    assert "Error: " in shown
    assert "check digit" in shown
    assert "'12x' is no GS1 company prefix" in shown
    assert "Error: the two differ." in shown
    assert "Organisation: Orchard (https://id.gs1.org/417/9521000000001" in shown
    assert "random password" not in shown
    code, shown = on_a_terminal(somewhere.line("org", "list"), ["secret"])
    assert (code, "Orchard" in shown, "9521000, 9521001" in shown) == (0, True, True)


def test_init_takes_empty_answers(somewhere: Any) -> None:
    code, shown = on_a_terminal(somewhere.line("init"), ["Orchard", "", "", ""])
    assert code == 0, shown
    assert "Orchard (urn:uuid:" in shown
    assert "random password" in shown
    assert "same again" not in shown


def test_interrupting_ends_with_130_and_frees_the_home(alone: Any, tmp_path: Path) -> None:
    pipe = tmp_path / "endless.json"
    os.mkfifo(pipe)
    line = alone.line("submit", pipe)
    with (
        subprocess.Popen(line, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process,
        pipe.open("wb") as feeding,
    ):
        feeding.write(b"{")
        feeding.flush()
        time.sleep(0.3)
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=30)
    assert (process.returncode, said.strip()) == (130, "Interrupted.")
    assert alone("status").code == 0


@pytest.mark.parametrize("arguments", [["config"], ["config", "--format", "json"]])
def test_a_reader_that_has_enough_ends_the_command_quietly(alone: Any, arguments: list[str]) -> None:
    with subprocess.Popen(alone.line(*arguments), stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 141


@pytest.mark.parametrize("arguments", [["--help"], ["submit", "--help"]])
def test_help_is_quick(alone: Any, arguments: list[str]) -> None:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert alone.program(*arguments).code == 0
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime < 0.5


def test_help_imports_no_heavy_library(alone: Any) -> None:
    program = (
        "import sys; from api.cli.main import main; main(['--help']); print([n for n in sys.modules if n in HEAVY])"
    )
    heavy = "HEAVY = {'web3', 'pandas', 'fastapi', 'sqlalchemy', 'eth_account'}; "
    done = subprocess.run([*alone.line()[:2], heavy + program], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.endswith("[]\n")
