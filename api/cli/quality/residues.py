"""`lotmark quality residues`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import click
from rich.console import RenderableType
from rich.text import Text

from api.cli.client import client
from api.cli.context import Context, pass_context
from api.cli.tables import table
from api.cli.wording import amount, local_time
from api.names import short

STYLES = {
    "outside": "bold red", "within_uncertainty": "bold yellow", "unknown": "bold yellow", "no_limit": "bold yellow",
    "in_range": "bold green",
}  # fmt: skip
_REASONS = {
    "unit": "the units do not fit",
    "missing": "there is no value",
    "zero_without_loq": "a zero without an LOQ",
    "loq_beyond_limit": "the LOQ is beyond the limit",
}


@click.command("residues")
@click.argument("item")
@click.option("--market", help="Where it is to be sold, such as EU: the limits of that market count.")
@click.option("--default-limit", type=float, help="mg/kg where no limit is set; the EU's is 0.01.")
@click.option("--relative-uncertainty", type=float, help="Share of the value; without: 0.5, as in SANTE/11312/2021.")
@pass_context
def command(context: Context, /, item: str, **options: Any) -> None:
    """Judge the laboratory results of ITEM and its lot against their limits, with their uncertainty.

    A value below its limit of quantification (LOQ) is censored, never zero; if the LOQ is beyond the limit, it decides
    nothing.
    """
    with client(context.home, context.settings) as http:
        found = http.get(f"/quality/residues/{quote(item, safe='')}", **options)
    context.show(found, _texts(found), rows=found["results"])


def _texts(found: dict[str, Any]) -> Iterator[RenderableType]:
    verdict = found["verdict"]
    yield Text.assemble((short(found["item"]), "bold"), "  ", (verdict.replace("_", " "), STYLES[verdict]))
    if not found["results"]:
        yield Text("No laboratory result of it is known. Import some with `lotmark import results`.")
        return
    shown = table("sampled", "analyte", "found", "limit", "verdict", unbroken=["sampled"])
    for one in found["results"]:
        said = Text(one["verdict"].replace("_", " "), style=STYLES[one["verdict"]])
        said.append(f" ({_REASONS[one['reason']]})" if one["reason"] else "", style="not bold")
        shown.add_row(local_time(one["time"]), one["analyte"], _value(one), _limit(one), said)
    yield shown


def _value(one: dict[str, Any]) -> str:
    if one["censored"]:
        return f"<{amount(one['loq'], one['unit'])}"
    if one["value"] is None:
        return ""
    uncertainty = "" if one["expanded"] is None else f" ± {one['expanded']:g}"
    return amount(one["value"], one["unit"]).replace(" ", f"{uncertainty} ", 1)


def _limit(one: dict[str, Any]) -> str:
    ends = [f"{sign} {one[name]:g}" for name, sign in (("low", "≥"), ("high", "≤")) if one[name] is not None]
    return ", ".join([*ends, *([one["limit_source"]] if ends and one["limit_source"] else [])])
