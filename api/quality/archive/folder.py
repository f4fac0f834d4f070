"""The archive's folder: one directory per import, made whole or not at all.

    readings/
        3f9a…/             an import, named by the SHA-256 of its source
            import.json    what came from where, how many rows
            2026-06.parquet
        .draft-…/          an import that was not finished: removed when the archive is opened

What is in a directory without `.draft-` was written, synced and then renamed: a kill or a power cut at any point leaves
either no import or a whole one. Sources are taken to be one per digest: the same file again is already there.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

_DRAFT = ".draft-"
_NOTE = "import.json"


@dataclass(frozen=True, slots=True)
class Loaded:
    """How many rows of a source were new, and how many the archive had before."""

    imported: int
    known: int


@dataclass(frozen=True, slots=True)
class Note:
    """What an import's directory says of it."""

    source: str
    sha256: str
    imported: int
    known: int


class Folder:
    """The directories of an archive; `path` is made if it is not there. One process at a time: the home's lock."""

    def __init__(self, path: Path) -> None:
        self.path = path
        path.mkdir(parents=True, exist_ok=True, mode=0o700)
        for left in path.glob(f"{_DRAFT}*"):
            shutil.rmtree(left)

    def note(self, digest: str) -> Note | None:
        """Of the import with this digest, if there is one."""
        file = self.path / digest / _NOTE
        return Note(**json.loads(file.read_text(encoding="utf-8"))) if file.is_file() else None

    def files(self, first: str = "", last: str = "9999-12") -> list[str]:
        """The Parquet files of the months `first` to `last` (as `2026-06`, both included)."""
        found = self.path.glob("[0-9a-f]*/*.parquet")
        return sorted(str(file) for file in found if first <= file.stem <= last)

    @contextmanager
    def draft(self) -> Iterator[Path]:
        """A directory to write an import into; gone at the end of the block unless `keep` took it."""
        draft = self.path / f"{_DRAFT}{uuid.uuid4().hex}"
        draft.mkdir(mode=0o700)
        try:
            yield draft
        finally:
            shutil.rmtree(draft, ignore_errors=True)

    def keep(self, draft: Path, note: Note) -> None:
        """Make the draft an import: durable when this returns."""
        (draft / _NOTE).write_text(json.dumps(asdict(note)), encoding="utf-8")
        for file in draft.iterdir():
            _sync(file)
        _sync(draft)
        draft.rename(self.path / note.sha256)
        _sync(self.path)


def digest_of(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
