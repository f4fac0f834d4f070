"""What `lotmark submit` is given: files, folders, or standard input; CSV becomes an EPCIS document.

A document's size is looked at before it is read, and read no further than the limit.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from ledger.errors import InvalidInput, TooLarge
from ledger.events.csv_events import GS1_CONTEXT, read_csv

_SUFFIXES = {".json", ".jsonld", ".csv"}


@dataclass(frozen=True, slots=True)
class Source:
    """One document: `name` as people know it, `path` None for standard input."""

    name: str
    path: Path | None

    @property
    def size(self) -> int | None:
        """In bytes, as far as it is known before reading."""
        return self.path.stat().st_size if self.path and self.path.is_file() else None

    def read(self, limit: int) -> bytes:
        """The document as EPCIS JSON. Raises TooLarge; InvalidInput names the file, or the CSV's line and column."""
        data = self.raw(limit)
        return _document(data, self.name) if self.name.lower().endswith(".csv") else data

    def raw(self, limit: int) -> bytes:
        """The file as it is. Raises TooLarge, and InvalidInput where it cannot be read."""
        if (self.size or 0) > limit:
            raise _too_large(self.name, f"it has {self.size:,} bytes", limit)
        data = self._first(limit + 1)
        if len(data) > limit:
            raise _too_large(self.name, "it goes on", limit)
        return data

    def _first(self, count: int) -> bytes:
        if self.path is None:
            return sys.stdin.buffer.read(count)
        try:
            with self.path.open("rb") as file:
                return file.read(count)
        except OSError as error:
            raise InvalidInput(f"cannot be read: {error.strerror}", where=self.name) from error


def sources(paths: Iterable[str]) -> list[Source]:
    """Every document in `paths`, folders in the order of their names. InvalidInput for a path that leads nowhere."""
    return [source for path in paths for source in _of(path)]


def _of(text: str) -> Iterator[Source]:
    path = Path(text)
    if text == "-":
        yield Source("standard input", None)
    elif path.is_dir():
        found = sorted(file for file in path.rglob("*") if file.suffix.lower() in _SUFFIXES and file.is_file())
        if not found:
            raise InvalidInput(
                "no document in this folder", where=text, expected="files named *.json, *.jsonld or *.csv"
            )
        yield from (Source(str(file), file) for file in found)
    elif path.exists():
        yield Source(text, path)
    else:
        raise InvalidInput("there is no such file or folder", where=text, advice="Check the path.")


def _too_large(name: str, what: str, limit: int) -> TooLarge:
    return TooLarge(
        f"too large: {what}",
        where=name,
        expected=f"at most {limit:,} bytes",
        advice="Split it into several, or raise LOTMARK_MAX_DOCUMENT_BYTES, here and for the server.",
    )


def _document(data: bytes, name: str) -> bytes:
    events = [{k: v for k, v in event.body.items() if k != "@context"} for event in read_csv(data, source=name)]
    return json.dumps(
        {
            "@context": [GS1_CONTEXT],
            "type": "EPCISDocument",
            "schemaVersion": "2.0",
            "creationDate": datetime.now(UTC).isoformat(timespec="seconds"),
            "epcisBody": {"eventList": events},
        }
    ).encode()
