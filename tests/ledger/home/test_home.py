"""A home is one process's at a time, and there is never half of one."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from ledger.errors import Conflict, HomeBusy, InvalidInput, NotFound
from ledger.home import Home, ServerNote, default_home, load_settings


def _fill(folder: Path) -> None:
    (folder / "content.sqlite").touch()


def test_create_then_open_then_open_again(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "home"
    Home.create(path, _fill)
    Home.open(path).close()
    home = Home.open(path)
    assert home.path == path
    assert path.stat().st_mode & 0o777 == 0o700
    home.close()


def test_no_home_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="lotmark init"):
        Home.open(tmp_path)


def test_failed_create_leaves_nothing(tmp_path: Path) -> None:
    def fail(folder: Path) -> None:
        _fill(folder)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        Home.create(tmp_path / "home", fail)
    assert list(tmp_path.iterdir()) == []


def test_create_keeps_what_is_there(tmp_path: Path) -> None:
    (tmp_path / "precious").write_text("mine")
    with pytest.raises(Conflict, match="not empty"):
        Home.create(tmp_path, _fill)
    assert (tmp_path / "precious").read_text() == "mine"


def test_only_one_process_makes_a_home_at_a_time(tmp_path: Path) -> None:
    path = tmp_path / "home"

    def fill_while_another_begins(folder: Path) -> None:
        (folder / "chain.sqlite").touch()
        with pytest.raises(HomeBusy, match="is making"):
            Home.create(path, _fill)
        assert (folder / "chain.sqlite").exists()
        _fill(folder)

    Home.create(path, fill_while_another_begins)
    assert Home.exists(path)
    Home.open(path).close()


def test_what_a_killed_create_left_is_not_in_the_next_home(tmp_path: Path) -> None:
    left = tmp_path / ".home.new"
    (left / "keys").mkdir(parents=True)
    (left / "keys" / "of the first attempt").touch()
    Home.create(tmp_path / "home", _fill)
    assert {file.name for file in (tmp_path / "home").iterdir()} - {"lock"} == {"content.sqlite"}
    assert {file.name for file in tmp_path.iterdir()} == {"home"}
    assert (tmp_path / "home").stat().st_mode & 0o777 == 0o700


def test_a_second_process_is_refused_and_a_killed_one_leaves_no_lock(tmp_path: Path) -> None:
    path = tmp_path / "home"
    Home.create(path, _fill)
    holder = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import sys; from pathlib import Path; from ledger.home import Home; h = Home.open(Path(sys.argv[1]));"
            "print('open', flush=True); sys.stdin.read()",
            str(path),
        ],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    try:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"open\n"
        with pytest.raises(HomeBusy, match="another process"):
            Home.open(path)
    finally:
        holder.kill()
        holder.communicate()
    Home.open(path).close()


def test_server_note_is_private_and_forgotten(tmp_path: Path) -> None:
    path = tmp_path / "home"
    Home.create(path, _fill)
    home = Home.open(path)
    note = ServerNote("http://127.0.0.1:1", 1, "secret-token")
    home.note_server(note)
    assert Home.server(path) == note
    assert "secret-token" not in repr(note)
    assert (path / "server.json").stat().st_mode & 0o777 == 0o600
    home.close()
    assert Home.server(path) is None


def test_settings_say_where_they_come_from(tmp_path: Path) -> None:
    (tmp_path / "lotmark.toml").write_text("port = 9000\nbatch_size = 7\n")
    settings, table = load_settings(tmp_path, {"LOTMARK_PORT": "9001"})
    assert (settings.port, settings.batch_size, settings.host) == (9001, 7, "127.0.0.1")
    sources = {setting.name: setting.source for setting in table}
    assert sources["port"] == "environment variable LOTMARK_PORT"
    assert sources["batch_size"] == f"file {tmp_path / 'lotmark.toml'}"
    assert sources["host"] == "default"


@pytest.mark.parametrize(
    ("text", "environment", "message"),
    [
        ("port = 'many'", {}, "lotmark.toml.*'port'"),
        ("prot = 1", {}, "lotmark.toml.*'prot'.*one of chain"),
        ("port = ", {}, "expected a TOML file"),
        ("", {"LOTMARK_PORT": "70000"}, "LOTMARK_PORT.*'port'"),
    ],
)
def test_bad_settings_are_named(tmp_path: Path, text: str, environment: dict[str, str], message: str) -> None:
    (tmp_path / "lotmark.toml").write_text(text)
    with pytest.raises(InvalidInput, match=message):
        load_settings(tmp_path, environment)


def test_default_home_follows_the_environment(tmp_path: Path) -> None:
    assert default_home({"LOTMARK_HOME": str(tmp_path)}) == tmp_path
    assert default_home({}) == Path.home() / ".lotmark"
