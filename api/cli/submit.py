"""`lotmark submit`."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from typing import Any

import click
from rich.console import RenderableType
from rich.progress import BarColumn, DownloadColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from api.cli.client import Client, client
from api.cli.context import Context, pass_context
from api.cli.exits import Exit, tell
from api.cli.sources import Source, sources
from api.cli.uploading import Outcome, Uploader
from api.cli.wording import counted
from ledger.errors import InvalidInput

_STATES = ("captured", "sent", "recorded", "final")
_SHOWN = 50


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
@click.option(
    "--wait",
    type=click.Choice(["captured", "recorded", "final"]),
    default="captured",
    show_default=True,
    help="How far everything must have come.",
)
@click.option(
    "--timeout", type=click.FloatRange(min=0), default=120, show_default=True, help="Longest wait for it, seconds."
)
@pass_context
def command(context: Context, /, paths: Sequence[str], wait: str, timeout: float, **options: Any) -> int:
    """Capture the events in PATHS: EPCIS 2.0 JSON or CSV, files, folders, or - for standard input.

    Ends with 0 once everything is captured: durable, whatever happens to this machine's processes. What is wrong with a
    document is said, with its place, and the other documents are captured all the same. Submitting again is safe: an
    event that is there already stays one event.
    """
    found = sources(paths)
    limit = context.settings.max_document_bytes
    if len(found) == 1 and (found[0].size or 0) > limit:
        found[0].read(limit)  # refuses it, before anything is started
    with client(context.home, context.settings) as http:
        params = _params(http, **options)
        uploader = Uploader(http, params, "proceed" if options["proceed"] else "rollback", limit)
        outcomes = _upload_all(context, uploader, found)
        if not context.as_json:
            _show(context, outcomes)
        code = _outlook(context, http, outcomes, wait, timeout)
        if context.as_json:  # one value, and nothing before it if the wait should fail
            _show(context, outcomes)
        return code


def _outlook(context: Context, http: Client, outcomes: Sequence[Outcome], wait: str, timeout: float) -> Exit:
    """What is still to come, waited for if asked to."""
    if any(one.problems for one in outcomes):
        return Exit.INPUT
    if wait != "captured":
        return Exit.DONE if _wait(context, http, wait, timeout) else Exit.NOT_FINAL
    if http.is_own and any(one.captured for one in outcomes):
        context.say(
            "They go on the chain while any command or `lotmark serve` has this home open; "
            "--wait recorded waits for it."
        )
    return Exit.DONE


def _params(
    http: Client, *, organisation: str | None, is_open: bool | None, duplicate_keys: str, **_: Any
) -> dict[str, str]:
    params = {"duplicate_keys": duplicate_keys, "organisation": vouching(http, organisation)}
    if is_open is not None:
        params["policy"] = "open" if is_open else "sealed"
    return params


def vouching(http: Client, named: str | None) -> str:
    """The URI of the organisation whose events they are, known before anything is sent."""
    known = http.get("/organisations")
    names = [one for one in known if named in (one["uri"], one["name"], one["id"])] if named else known
    found = [one for one in names if one["custodial"]]
    if len(found) == 1:
        return str(found[0]["uri"])
    options = ", ".join(f"{one['name']} ({one['uri']})" for one in known if one["custodial"])
    if named:
        message = f"{'no' if not found else 'more than one'} organisation called {named!r} signs here"
    else:
        message = f"{'no' if not found else 'more than one'} organisation signs here"
    raise InvalidInput(
        message,
        where="--org",
        expected=f"one of {options}" if options else "",
        advice="Name one with --org." if options else "Add one with `lotmark org add`.",
    )


def _upload_all(context: Context, uploader: Uploader, found: Sequence[Source]) -> list[Outcome]:
    outcomes = []
    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TimeElapsedColumn())
    with context.progress(*columns) as progress:
        task = progress.add_task("Capturing", total=sum(one.size or 0 for one in found))
        done = 0
        for number, source in enumerate(found, 1):
            progress.update(task, description=f"Capturing document {number:,} of {len(found):,}")
            outcomes.append(uploader.upload(source, lambda sent: progress.advance(task, sent)))
            done += source.size or 0
            progress.update(task, completed=done)
    return outcomes


def _show(context: Context, outcomes: Sequence[Outcome]) -> None:
    captured, known = sum(one.captured for one in outcomes), sum(one.known for one in outcomes)
    value = {"captured": captured, "known": known, "documents": [one.as_dict() for one in outcomes]}
    context.show(value, _texts(outcomes, captured, known))
    if not context.as_json:
        tell([problem for one in outcomes for problem in one.problems])


def _texts(outcomes: Sequence[Outcome], captured: int, known: int) -> Iterator[RenderableType]:
    if len(outcomes) > 1:
        yield _table(outcomes)
    refused = sum(bool(one.problems) for one in outcomes)
    if captured or known or not refused:
        before = f"; {known:,} known before" if known else ""
        yield Text(f"Captured {counted(captured, 'event')} of {counted(len(outcomes), 'document')}{before}.")
    else:
        yield Text("Captured nothing.")


def _table(outcomes: Sequence[Outcome]) -> Table:
    table = Table(box=None, pad_edge=False)
    table.add_column("document", overflow="fold")
    for heading in ("captured", "known before", "problems"):
        table.add_column(heading, justify="right")
    for one in outcomes[:_SHOWN]:
        table.add_row(one.name, f"{one.captured:,}", f"{one.known:,}", str(len(one.problems) or ""))
    if len(outcomes) > _SHOWN:
        table.add_row(f"… and {len(outcomes) - _SHOWN:,} more", "", "", "")
    return table


def _wait(context: Context, http: Client, wait: str, timeout: float) -> bool:
    """Wait until no event of this ledger is in a state before `wait`; False if the time runs out."""
    before = _STATES[: _STATES.index(wait)]
    end = time.monotonic() + timeout
    with context.progress(TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn()) as progress:
        task = progress.add_task(f"Waiting until everything is {wait}", total=None)
        while True:
            counts = http.get("/health")["events"]
            missing = sum(counts[state] for state in before)
            total = sum(counts.values())
            progress.update(task, total=total, completed=total - missing)
            if not missing:
                break
            if time.monotonic() > end:
                context.say(f"{counted(missing, 'event')} not {wait} after {timeout:g} seconds; see `lotmark status`.")
                return False
            time.sleep(0.1)
    context.say(f"Everything is {wait}.")
    return True
