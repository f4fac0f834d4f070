"""`lotmark submit`."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

import click
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from api.cli.client import Client, client
from api.cli.context import Context, pass_context
from api.cli.exits import Answered, Exit, problem_text
from api.cli.sources import Source, sources
from ledger.errors import InvalidInput, LotmarkError, Problem

_STATES = ("captured", "sent", "recorded", "final")


@dataclass(slots=True)
class _Outcome:
    """What became of one document."""

    name: str
    captured: int = 0
    known: int = 0
    problems: list[Problem] = field(default_factory=list)

    def as_dict(self) -> dict[str, Any]:
        problems = [asdict(problem) for problem in self.problems]
        return {"document": self.name, "captured": self.captured, "known": self.known, "problems": problems}


@click.command("submit")
@click.argument("paths", nargs=-1, required=True)
@click.option("--org", "organisation", help="Whose events they are: URI, id or name; not needed if there is one.")
@click.option("--open/--sealed", "is_open", default=None, help="Whether items' keys go on the chain; else its policy.")
@click.option("--proceed", is_flag=True, help="Capture what is valid of a document; else all of it or nothing.")
@click.option(
    "--duplicate-keys",
    type=click.Choice(["refuse", "last"]),
    default="refuse",
    show_default=True,
    help="What to do with a JSON key that comes twice.",
)
@click.option("--wait", type=click.Choice(["captured", "recorded", "final"]), default="captured", show_default=True)
@click.option("--timeout", type=float, default=120, show_default=True, help="Longest wait for --wait, seconds.")
@pass_context
def command(context: Context, /, paths: Sequence[str], wait: str, timeout: float, **options: Any) -> int:
    """Capture the events in PATHS: EPCIS 2.0 JSON or CSV, files, folders, or - for standard input.

    Ends with 0 once everything is captured: durable, whatever happens to this machine's processes. What is wrong with a
    document is said, with its place, and the other documents are captured all the same.
    """
    found = sources(paths)
    params = _params(**options)
    behaviour = "proceed" if options["proceed"] else "rollback"
    with client(context.home, context.settings) as http:
        outcomes = _submit_all(context, http, found, params, behaviour)
        _show(context, outcomes)
        if any(one.problems for one in outcomes):
            return Exit.INPUT
        return Exit.DONE if wait == "captured" or _wait(context, http, wait, timeout) else Exit.NOT_FINAL


def _params(organisation: str | None, is_open: bool | None, duplicate_keys: str, **_: Any) -> dict[str, str]:
    params = {"duplicate_keys": duplicate_keys}
    if organisation:
        params["organisation"] = organisation
    if is_open is not None:
        params["policy"] = "open" if is_open else "sealed"
    return params


def _submit_all(
    context: Context, http: Client, found: Sequence[Source], params: dict[str, str], behaviour: str
) -> list[_Outcome]:
    outcomes = []
    with _progress(context) as progress:
        task = progress.add_task("Capturing", total=len(found))
        for source in found:
            outcomes.append(_submit(http, source, params, behaviour))
            progress.advance(task)
    return outcomes


def _progress(context: Context) -> Progress:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    quiet = context.as_json or not context.stderr.is_terminal
    return Progress(*columns, console=context.stderr, transient=True, disable=quiet)


def _submit(http: Client, source: Source, params: dict[str, str], behaviour: str) -> _Outcome:
    """Capture one document. Its own faults are part of the outcome; anything else ends the command."""
    try:
        headers = {"Content-Type": "application/json", "GS1-Capture-Error-Behaviour": behaviour}
        job = http.request("POST", "/capture", params=params, content=source.read(), headers=headers).json()
    except LotmarkError as error:
        if isinstance(error, InvalidInput) or (isinstance(error, Answered) and error.status in (400, 413)):
            return _Outcome(source.name, problems=[_of_source(problem, source) for problem in error.problems])
        raise
    while job["running"]:
        time.sleep(0.02)
        job = http.get(f"/capture/{job['captureID']}")
    problems = [Problem(e["title"], e["where"], e["expected"], e["advice"]) for e in job["errors"]]
    return _Outcome(source.name, job["captured"], job["known"], [problem.within(source.name) for problem in problems])


def _of_source(problem: Problem, source: Source) -> Problem:
    return problem if problem.where.startswith(source.name) else problem.within(source.name)


def _show(context: Context, outcomes: Sequence[_Outcome]) -> None:
    table = Table("document", "captured", "known before", "problems", box=None, pad_edge=False)
    for one in outcomes[:50]:
        table.add_row(one.name, f"{one.captured:,}", f"{one.known:,}", str(len(one.problems) or ""))
    if len(outcomes) > 50:
        table.add_row(f"… and {len(outcomes) - 50:,} more documents", "", "", "")
    total, known = sum(one.captured for one in outcomes), sum(one.known for one in outcomes)
    table.add_row("[b]all[/b]", f"[b]{total:,}[/b]", f"[b]{known:,}[/b]", "")
    context.show([one.as_dict() for one in outcomes], table)
    if not context.as_json:
        for problem in (problem for one in outcomes for problem in one.problems):
            context.stderr.print(problem_text(problem))


def _wait(context: Context, http: Client, wait: str, timeout: float) -> bool:
    """Wait until no event of this ledger is in a state before `wait`; False if the time runs out."""
    before = _STATES[: _STATES.index(wait)]
    end = time.monotonic() + timeout
    with context.stderr.status(f"Waiting until everything is {wait} …"):
        while sum(http.get("/health")["events"][state] for state in before):
            if time.monotonic() > end:
                context.say(f"Not everything is {wait} after {timeout:g} seconds; see `lotmark status`.")
                return False
            time.sleep(0.2)
    context.say(f"Everything is {wait}.")
    return True
