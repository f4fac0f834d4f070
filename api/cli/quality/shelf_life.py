"""`lotmark quality shelf-life`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import click
from rich.console import RenderableType
from rich.text import Text

from api.cli.client import client
from api.cli.context import Context, pass_context
from api.cli.wording import local_time
from api.names import short

_DAY = 86_400
_STYLES = {"left": "bold green", "used_up": "bold red", "unknown": "bold yellow"}


@click.command("shelf-life")
@click.argument("item")
@click.option("--days", type=float, required=True, help="The shelf life at the reference temperature.")
@click.option("--reference", type=float, default=4.0, show_default=True, help="In °C.")
@click.option("--model", type=click.Choice(["q10", "arrhenius", "square_root"]), default="q10", show_default=True)
@click.option("--q10", type=float, default=2.0, show_default=True, help="How much faster ten degrees warmer.")
@click.option("--energy", type=float, help="Arrhenius' activation energy in kJ/mol; without: 83.14.")
@click.option("--minimum", type=float, help="Of the square root model, in °C; without: −10.")
@click.option("--since", help="When the shelf life began to run (RFC 3339); without: with the first event.")
@click.option("--until", help="When it is looked at (RFC 3339); without: now.")
@click.option("--low", type=float, help="The least that time without readings may have had, in °C.")
@click.option("--high", type=float, help="The most that it may have had, in °C.")
@click.option("--ahead", type=float, help="How it is kept from now on, in °C; without: at the reference.")
@pass_context
def command(context: Context, /, item: str, **options: Any) -> None:
    """Tell how much of its shelf life ITEM has left, from every temperature along its way.

    Time that no sensor speaks for is unknown: it counts between --low and --high, so that the answer is an interval.
    """
    with client(context.home, context.settings) as http:
        found = http.get(f"/quality/shelf-life/{quote(item, safe='')}", **options)
    context.show(found, _texts(found), rows=[found])


def _texts(found: dict[str, Any]) -> Iterator[RenderableType]:
    verdict = found["verdict"]
    yield Text.assemble((short(found["item"]), "bold"), "  ", (verdict.replace("_", " "), _STYLES[verdict]))
    yield Text(f"used  {_between(found['used_least'], found['used_most'], 100, '%')}")
    yield Text(
        f"left  {_between(found['remaining_least'], found['remaining_most'], 1 / _DAY, 'days at the reference')}"
    )
    if found["ends_first"]:
        ends = [local_time(time) if time else "never" for time in (found["ends_first"], found["ends_last"])]
        yield Text(f"ends  {' to '.join(dict.fromkeys(ends))}")
    known, unknown = found["known"], found["unknown"]
    yield Text(f"readings speak for {known / 3600:,.1f} h of {(known + unknown) / 3600:,.1f} h")


def _between(least: float, most: float | None, factor: float, unit: str) -> str:
    if most is None:
        return f"at least {least * factor:.1f} {unit}; nothing bounds what is unknown (--low, --high)"
    ends = dict.fromkeys(f"{value * factor:.1f}" for value in (least, most))
    return f"{' to '.join(ends)} {unit}"
