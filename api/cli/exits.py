"""Exit codes, and how errors become messages."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from enum import IntEnum
from typing import Any

import click
from rich.console import Console
from rich.text import Text

from ledger.errors import ChainUnavailable, HomeBusy, InvalidInput, LotmarkError, Problem, TooLarge, WrongChain


class Exit(IntEnum):
    DONE = 0
    NO = 1
    INPUT = 2
    NOT_FINAL = 3
    OUT_OF_REACH = 4
    INTERRUPTED = 130
    PIPE_CLOSED = 141


#: what each of them tells a script
MEANINGS = {
    Exit.DONE: "done, or verified",
    Exit.NO: "the answer is no: not verified, not found, not allowed, or in conflict with what is there",
    Exit.INPUT: "wrong usage or wrong input: said with its place, what was expected, and what to do",
    Exit.NOT_FINAL: "captured, but not as far as `--wait` asks when `--timeout` was over",
    Exit.OUT_OF_REACH: "out of reach: the chain (or it is not this home's), the server, a disk, or a home in use",
    Exit.INTERRUPTED: "interrupted (Ctrl-C); what was captured stays, and the command can be run again",
    Exit.PIPE_CLOSED: "whoever read the output stopped reading, as in `lotmark trace … | head`",
}


class ServerUnavailable(LotmarkError):
    """The process that serves the home does not answer."""

    code = "server-unavailable"


class Unreachable(LotmarkError):
    """The operating system refuses: a full disk, a folder that may not be written."""

    code = "unreachable"


class Usage(LotmarkError):
    """The command line itself is wrong."""

    code = "usage"


class Answered(LotmarkError):
    """The server answered with an error of its own."""

    code = "answered"

    def __init__(self, status: int, body: dict[str, Any]) -> None:
        self.status = status
        self._problems = [
            Problem(**{key: found.get(key, "") for key in ("message", "where", "expected", "advice")})
            for found in body.get("problems") or [{"message": body.get("detail") or f"HTTP status {status}"}]
        ]
        self.name = body.get("code") or self.code
        super().__init__(self._problems[0].message)

    @property
    def problems(self) -> Sequence[Problem]:
        return self._problems

    def within(self, place: str) -> Answered:
        """The same, about the document called `place`."""
        return Answered(
            self.status, {"code": self.name, "problems": [asdict(one.within(place)) for one in self._problems]}
        )

    def as_dict(self) -> dict[str, Any]:
        return {**super().as_dict(), "code": self.name}


def exit_of(error: LotmarkError) -> Exit:
    """The exit code that an error ends a command with."""
    if isinstance(error, Answered):
        if error.status in (400, 413, 415):
            return Exit.INPUT
        return Exit.OUT_OF_REACH if error.status >= 500 else Exit.NO
    if isinstance(error, InvalidInput | TooLarge | Usage):
        return Exit.INPUT
    if isinstance(error, ChainUnavailable | WrongChain | HomeBusy | ServerUnavailable | Unreachable):
        return Exit.OUT_OF_REACH
    return Exit.NO


def report(error: LotmarkError, as_json: bool) -> None:
    """Say what went wrong: where, what was expected, what to do."""
    if as_json:
        click.echo(json.dumps({"error": error.as_dict()}, indent=2, ensure_ascii=False))
    else:
        tell(error.problems)


def tell(problems: Sequence[Problem]) -> None:
    """The same of several problems, for people."""
    stderr = Console(stderr=True)
    for problem in problems:
        stderr.print(_text(problem), soft_wrap=True)


def _text(problem: Problem) -> Text:
    text = Text.assemble(("error: ", "bold red"))
    if problem.where:
        text.append(f"{problem.where}: ", style="bold")
    text.append(problem.message)
    if problem.expected:
        text.append(f"\n  expected: {problem.expected}")
    if problem.advice:
        end = "" if problem.advice.endswith((".", "?", "!")) else "."
        text.append(f"\n  {problem.advice}{end}", style="cyan")
    return text
