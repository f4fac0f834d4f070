"""`lotmark quality root-cause`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from api.cli.client import client
from api.cli.context import Context, pass_context
from api.cli.exits import Usage
from api.cli.tables import table
from api.cli.wording import counted
from api.names import short

_SHOWN = 10


@click.command("root-cause")
@click.option("--characteristic", metavar="NAME", help="Explain the items that failed this inspection.")
@click.option(
    "--bad",
    "file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Explain the items in this CSV: item, and perhaps bad (yes or no).",
)
@click.option("--start", help="Only inspections from this time on (RFC 3339).")
@click.option("--end", help="Only inspections before this time (RFC 3339).")
@click.option("--levels", type=click.IntRange(1, 1000), help="How far up to look; without: all the way.")
@click.option("--window", default="8h", show_default=True, help="Length of time windows; none: no windows.")
@pass_context
def command(context: Context, /, characteristic: str | None, file: Path | None, **options: Any) -> None:
    """Find what bad items have in common upstream: lots, suppliers, machines, operators, places, time windows.

    Two lists, each with intervals and sample sizes: factors one by one (Fisher), and all of them at once (L1 logistic).
    What stands out in both raises an alarm. That is association, not cause: it says where to look first.
    """
    if (characteristic is None) == (file is None):
        raise Usage("what is bad?", advice="Give either --characteristic NAME or --bad FILE.")
    params = {name: value for name, value in options.items() if value is not None}
    with client(context.home, context.settings) as http:
        if file is None:
            found = http.get("/quality/root-cause", characteristic=characteristic, **params)
        else:
            params = {name: params[name] for name in ("levels", "window") if name in params}
            headers = {"Content-Type": "text/csv"}
            answer = http.request(
                "POST", "/quality/root-cause", content=file.read_bytes(), params=params, headers=headers
            )
            found = answer.json()
    context.show(found, _texts(found), rows=_rows(found))


def _texts(found: dict[str, Any]) -> Iterator[RenderableType]:
    unknown = f", {found['unknown']} without a verdict left out" if found["unknown"] else ""
    yield Text(f"{found['bad']} of {counted(found['items'], 'item')} bad{unknown}.")
    for alarm in found["alarms"]:
        yield Text.assemble((f"Alarm {alarm['rank']}: ", "bold red"), _named(alarm))
        for other in alarm["together_with"]:
            yield Text(f"    occurs together with it: {other}")
    if not found["alarms"]:
        yield Text("No alarm: nothing stands out in both lists.")
    yield Text()
    yield Text("One by one (relative risk, 95 % interval, one-sided Fisher)", style="bold")
    yield _screening(found["screening"])
    yield Text()
    yield Text("All at once (odds ratio shrunk by the L1 penalty, 95 % bootstrap interval)", style="bold")
    yield _separation(found["separation"])
    yield from _set_aside(found["set_aside"])
    yield Text(found["caution"], style="yellow")


def _screening(rows: list[dict[str, Any]]) -> Table:
    shown = table("factor", "bad/exposed", "bad/others", "risk", "interval", "p", "q")
    for row in rows[:_SHOWN]:
        interval = f"{_number(row['low'])} to {_number(row['high'])}"
        exposed, others = f"{row['a']}/{row['n1']}", f"{row['c']}/{row['n0']}"
        risk = "∞" if row["relative_risk"] is None and row["a"] else _number(row["relative_risk"])
        mark = "*" if row["flagged"] else ""
        shown.add_row(_named(row), exposed, others, risk, interval, f"{row['p']:.2g}", f"{row['q']:.2g}{mark}")
    return shown


def _separation(rows: list[dict[str, Any]]) -> Table:
    shown = table("factor", "exposed", "odds", "interval", "selected in")
    for row in [row for row in rows if row["weight"] > 0][:_SHOWN]:
        interval = f"{_number(row['low'])} to {_number(row['high'])}"
        selected = "" if row["selected"] is None else f"{row['selected']:.0%}"
        shown.add_row(_named(row), str(row["n1"]), _number(row["odds_ratio"]), interval, selected)
    return shown


def _set_aside(rows: list[dict[str, Any]]) -> Iterator[Text]:
    if rows:
        yield Text(f"{counted(len(rows), 'factor')} not judged: too few items exposed, or too few not.")


def _named(row: dict[str, Any]) -> str:
    """The factor, and what cannot be told apart from it."""
    others = len(row["members"]) - 1
    return f"{row['kind']} {short(row['name'])}" + (f" (or {counted(others, 'other')}, alike)" if others else "")


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.3g}"


def _rows(found: dict[str, Any]) -> list[dict[str, Any]]:
    """Both lists, one under the other; `alarm` is the rank of the alarm that the factor raised."""
    rank = {alarm["factor"]: alarm["rank"] for alarm in found["alarms"]}
    return [
        {"list": name, "alarm": rank.get(row["factor"]), **row}
        for name in ("screening", "separation")
        for row in found[name]
    ]
