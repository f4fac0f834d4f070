"""The files of a home, and the lock that gives it to one process at a time.

    lotmark.toml      settings
    content.sqlite    events, batches, records, quality data
    secrets.sqlite    the events' secrets
    chain.sqlite      the embedded chain, where there is one
    keys/             keystores, one folder an organisation
    lock              held while a process has the home open
    server.json       where that process answers, while it serves

A directory is a home once `content.sqlite` is in it; `create` prepares everything beside it and renames at the end, so
that a kill leaves either no home or a whole one.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from ledger.errors import Conflict, HomeBusy, NotFound

_LOCK = "lock"


@dataclass(frozen=True, slots=True)
class ServerNote:
    """Where the process that owns the home answers, and the token that makes a caller its operator."""

    url: str
    pid: int
    token: str

    def __repr__(self) -> str:
        return f"ServerNote(url={self.url!r}, pid={self.pid})"


class Home:
    """An existing home, locked by this process from `open` to `close`."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = FileLock(path / _LOCK, mode=0o600)

    @staticmethod
    def exists(path: Path) -> bool:
        return (path / "content.sqlite").is_file()

    @classmethod
    def open(cls, path: Path) -> Home:
        """Take the lock. Raises NotFound where there is no home, HomeBusy while another process has it."""
        if not cls.exists(path):
            raise NotFound(f"there is no Lotmark home at {path}", advice="Make one with `lotmark init`.")
        home = cls(path)
        try:
            home._lock.acquire(timeout=0)
        except Timeout as error:
            raise HomeBusy(
                f"another process has the home {path} open",
                advice="Wait for it or stop it; while `lotmark serve` runs, the other commands go through it.",
            ) from error
        home.forget_server()
        return home

    @staticmethod
    def check_free(path: Path) -> None:
        """Raises Conflict where a home cannot be made, as something is there."""
        if path.exists() and (not path.is_dir() or any(path.iterdir())):
            raise Conflict(
                f"{path} exists and is not empty",
                expected="a new or empty folder",
                advice="Use the home that is there, or set LOTMARK_HOME to a new folder, e.g. "
                "export LOTMARK_HOME=~/my-ledger.",
            )

    @classmethod
    def create(cls, path: Path, prepare: Callable[[Path], None]) -> None:
        """Make a home: `prepare` fills a folder beside it, which is then renamed.

        Raises Conflict where something is, HomeBusy while another process makes one there.
        """
        cls.check_free(path)
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(f".{path.name}.new")
        with _locked(draft):
            try:
                cls.check_free(path)  # as another process may have made it meanwhile
                prepare(draft)
                draft.rename(path)
            except BaseException:
                shutil.rmtree(draft, ignore_errors=True)
                raise

    def close(self) -> None:
        self.forget_server()
        self._lock.release()

    def note_server(self, note: ServerNote) -> None:
        """Tell other processes where this one answers (a file that only this user can read)."""
        draft = self.path / "server.json.new"
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            json.dump(asdict(note), file)
        draft.rename(self.path / "server.json")

    def forget_server(self) -> None:
        (self.path / "server.json").unlink(missing_ok=True)

    @staticmethod
    def server(path: Path) -> ServerNote | None:
        """Where the process that has the home open answers; None if it serves nothing.

        Only worth asking after `open` raised HomeBusy: the note of a killed server outlives it until the next `open`.
        """
        with contextlib.suppress(FileNotFoundError):
            return ServerNote(**json.loads((path / "server.json").read_text()))
        return None


@contextlib.contextmanager
def _locked(draft: Path) -> Iterator[None]:
    """The folder, empty but for its lock: whatever an attempt that was killed left in it is gone."""
    draft.mkdir(mode=0o700, exist_ok=True)
    lock = FileLock(draft / _LOCK, mode=0o600)
    try:
        lock.acquire(timeout=0)
    except Timeout as error:
        raise HomeBusy(f"another process is making a home in {draft}", advice="Wait for it.") from error
    try:
        draft.chmod(0o700)
        for left in draft.iterdir():
            if left.is_dir():
                shutil.rmtree(left)
            elif left.name != _LOCK:
                left.unlink()
        yield
    finally:
        lock.release()
