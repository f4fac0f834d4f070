"""Exit codes, and how errors become messages.

0    done, or verified
1    the answer is no: not verified, not found, refused, or in conflict with what is there
2    wrong usage or wrong input
3    not final yet when the waiting time was over
4    out of reach: the chain, the server, or a home that another process has open
130  interrupted
"""

from __future__ import annotations

import json
from collections.abc import Sequence
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

    def as_dict(self) -> dict[str, Any]:
        return {**super().as_dict(), "code": self.name}


def exit_of(error: LotmarkError) -> Exit:
    """The exit code that an error ends a command with."""
    if isinstance(error, Answered):
        if error.status in (400, 413, 415, 422):
            return Exit.INPUT
        return Exit.OUT_OF_REACH if error.status >= 500 else Exit.NO
    if isinstance(error, InvalidInput | TooLarge):
        return Exit.INPUT
    if isinstance(error, ChainUnavailable | WrongChain | HomeBusy):
        return Exit.OUT_OF_REACH
    return Exit.NO


def report(error: LotmarkError, stderr: Console, as_json: bool) -> None:
    """Say what went wrong: where, what was expected, what to do."""
    if as_json:
        click.echo(json.dumps({"error": error.as_dict()}, indent=2))
        return
    for problem in error.problems:
        stderr.print(problem_text(problem))


def problem_text(problem: Problem) -> Text:
    text = Text("error: ", style="bold red")
    if problem.where:
        text.append(f"{problem.where}: ", style="bold")
    text.append(problem.message, style="default")
    if problem.expected:
        text.append(f"\n  expected: {problem.expected}", style="dim")
    if problem.advice:
        text.append(f"\n  {problem.advice}", style="cyan")
    return text
