"""Exit codes, and how errors become messages.

0    done, or verified
1    the answer is no: not verified, not found, refused, or in conflict with what is there
2    wrong usage or wrong input
3    not final yet when the waiting time was over
4    out of reach: the chain, the server, a disk, or a home that another process has open
130  interrupted
141  whoever read the output has stopped reading
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from enum import IntEnum
from typing import Any

import click

from ledger.errors import ChainUnavailable, HomeBusy, InvalidInput, LotmarkError, Problem, TooLarge, WrongChain


class Exit(IntEnum):
    DONE = 0
    NO = 1
    INPUT = 2
    NOT_FINAL = 3
    OUT_OF_REACH = 4
    INTERRUPTED = 130
    PIPE_CLOSED = 141


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
        return
    for problem in error.problems:
        click.echo(problem_text(problem), err=True)


def problem_text(problem: Problem) -> str:
    place = click.style(f"{problem.where}: ", bold=True) if problem.where else ""
    lines = [click.style("error: ", fg="red", bold=True) + place + problem.message]
    if problem.expected:
        lines.append(f"  expected: {problem.expected}")
    if problem.advice:
        lines.append(click.style(f"  {problem.advice.rstrip('.')}.", fg="cyan"))
    return "\n".join(lines)
