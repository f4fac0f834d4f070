"""Giving documents to a server, one after the other, and waiting until each is captured."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from api.cli.client import Client
from api.cli.exits import Answered
from api.cli.sources import Source
from ledger.errors import InvalidInput, LotmarkError, Problem, TooLarge

_CHUNK = 256 * 1024

#: told the number of bytes just sent
Observer = Callable[[int], object]


@dataclass(slots=True)
class Outcome:
    """What became of one document."""

    name: str
    captured: int = 0
    known: int = 0
    problems: list[Problem] = field(default_factory=list)

    def as_dict(self) -> dict[str, Any]:
        problems = [asdict(problem) for problem in self.problems]
        return {"document": self.name, "captured": self.captured, "known": self.known, "problems": problems}


@dataclass(frozen=True, slots=True)
class Uploader:
    """How documents are to be captured; `params` are those of POST /capture."""

    http: Client
    params: dict[str, str]
    error_behaviour: str
    limit: int

    def upload(self, source: Source, sent: Observer) -> Outcome:
        """Capture one document. Its own faults are part of the outcome; anything else is raised."""
        try:
            job = self._post(source.read(self.limit), sent)
        except LotmarkError as error:
            if _is_of_document(error):
                return Outcome(source.name, problems=_located(error.problems, source.name))
            raise
        pause = 0.002
        while job["running"]:
            time.sleep(pause)
            pause = min(2 * pause, 0.1)
            job = self.http.get(f"/capture/{job['captureID']}")
        problems = [Problem(e["title"], e["where"], e["expected"], e["advice"]) for e in job["errors"]]
        return Outcome(source.name, job["captured"], job["known"], _located(problems, source.name))

    def _post(self, document: bytes, sent: Observer) -> Any:
        headers = {
            "Content-Type": "application/json",
            "Content-Length": str(len(document)),
            "GS1-Capture-Error-Behaviour": self.error_behaviour,
        }
        content = _chunks(document, sent)
        return self.http.request("POST", "/capture", params=self.params, content=content, headers=headers).json()


def _chunks(document: bytes, sent: Observer) -> Iterator[bytes]:
    view = memoryview(document)
    for start in range(0, len(document), _CHUNK):
        chunk = view[start : start + _CHUNK]
        yield bytes(chunk)
        sent(len(chunk))


def _is_of_document(error: LotmarkError) -> bool:
    return isinstance(error, InvalidInput | TooLarge) or (isinstance(error, Answered) and error.status in (400, 413))


def _located(problems: Sequence[Problem], name: str) -> list[Problem]:
    return [problem if problem.where.startswith(name) else problem.within(name) for problem in problems]
