"""`lotmark quality sampling`: plans, what they let pass, and switching. None of it needs a home or a server."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
from rich.text import Text

from api.analysis.sampling import METHODS, operating_characteristic, plan_for_lot, plan_of, plan_through
from api.cli.context import Context, pass_context
from api.cli.tables import table
from api.quality.manufacturing.sampling.codes import LEVELS
from api.quality.manufacturing.sampling.find import RiskPoint
from api.quality.manufacturing.sampling.operating import Model
from api.quality.manufacturing.sampling.single import Severity
from api.quality.manufacturing.sampling.switching import Standard
from api.quality.manufacturing.sampling.verdict import inspection_history
from api.quality.manufacturing.study_file import read_lots
from api.quality.plain import plain

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


def _distribution(function: Callable[..., Any]) -> Callable[..., Any]:
    function = click.option("--lot-size", type=click.IntRange(2), help="Without it the lot counts as endless.")(
        function
    )
    return click.option(
        "--model", type=click.Choice([each.value for each in Model]), default="binomial", show_default=True
    )(function)


@click.group("sampling")
def command() -> None:
    """Plan acceptance sampling, and see what a plan lets pass."""


@command.command("plan")
@click.argument("lot_size", type=click.IntRange(2))
@click.argument("aql", type=float)
@click.option("--level", type=click.Choice(LEVELS), default="II", show_default=True)
@click.option("--severity", type=click.Choice([each.value for each in Severity]), default="normal", show_default=True)
@click.option("--double", is_flag=True, help="A double plan, where the standard has one.")
@pass_context
def plan(context: Context, lot_size: int, aql: float, level: str, severity: str, double: bool) -> None:
    """Show the standard's plan for LOT_SIZE units at an AQL in percent (ANSI/ASQ Z1.4, ISO 2859-1)."""
    found = plan_for_lot(lot_size, aql, level, severity, double=double)
    texts = [Text(f"Code letter {found['code_letter']}. {_said(found['plan'])}."), *_told(found)]
    if found["inspect_all"]:
        texts.append(Text("The sample is as large as the lot: inspect every unit."))
    texts.append(Text(f"At the AQL {100 * found['accepted_at_aql']:.1f} % of lots pass."))
    context.show(found, texts, rows=[found])


@command.command("oc")
@click.option("-n", "n", type=click.IntRange(1), multiple=True, required=True, help="Sample size; twice: double plan.")
@click.option("--ac", type=click.IntRange(0), multiple=True, required=True, help="Acceptance number; twice as n.")
@click.option("--re", type=click.IntRange(1), multiple=True, help="Rejection number; without it Ac + 1.")
@_distribution
@pass_context
def oc(context: Context, n: tuple[int], ac: tuple[int], re: tuple[int], model: str, lot_size: int | None) -> None:
    """Show how often lots pass a plan, by their quality."""
    found = operating_characteristic(plan_of(list(n), list(ac), list(re)), model, lot_size)
    shown = table("quality %", "passes %", "leaves %", "drawn")
    for point in found["curve"][:: max(1, len(found["curve"]) // 20)]:
        percent = (f"{100 * point[name]:.3g}" for name in ("quality", "accepted", "aoq"))
        shown.add_row(*percent, f"{point['asn']:.4g}")
    context.show(found, [Text(f"{_said(found['plan'])}."), *_told(found), shown], rows=found["curve"])


@command.command("find")
@click.option("--producer", type=(float, float), required=True, help="Fraction, and how often it passes at least.")
@click.option("--consumer", type=(float, float), required=True, help="Fraction, and how often it passes at most.")
@click.option("--method", type=click.Choice(METHODS), default="attributes", show_default=True)
@_distribution
@pass_context
def find(
    context: Context,
    producer: tuple[float, float],
    consumer: tuple[float, float],
    method: str,
    model: str,
    lot_size: int | None,
) -> None:
    """Find the smallest plan that keeps two promises, such as --producer 0.05 0.95 --consumer 0.15 0.075."""
    found = plan_through(RiskPoint(*producer), RiskPoint(*consumer), method=method, model=model, lot_size=lot_size)
    variables = found["variables"]
    said = _said(found["plan"]) if found["plan"] else f"Measure {variables['n']}; k is {variables['k']:.4f}"
    reached = [
        Text(f"Quality {found[who]['quality']:g} passes with {found[who]['reached']:.4f} ({found[who]['promised']:g}).")
        for who in ("producer", "consumer")
    ]
    context.show(found, [Text(f"{said}."), *reached], rows=[found])


@command.command("switching")
@click.argument("file", type=_FILE)
@click.option("--aql", type=float, required=True, help="Percent, of the standard's series.")
@click.option("--level", type=click.Choice(LEVELS), default="II", show_default=True)
@click.option(
    "--standard", type=click.Choice([each.value for each in Standard]), default="iso2859-1", show_default=True
)
@pass_context
def switching(context: Context, file: Path, aql: float, level: str, standard: str) -> None:
    """Judge the lots of FILE in order, under the severity in force: lot, lot_size, found (inspected, steady)."""
    lots = read_lots(file.read_bytes(), source=file.name)
    rows = plain(inspection_history(lots, aql, level=level, standard=standard))
    shown = table("lot", "severity", "n", "Ac", "Re", "found", "verdict", "next")
    for row in rows:
        shown.add_row(*(str(row[name]) for name in ("lot", "severity", "n", "ac", "re", "found", "verdict", "next")))
    context.show(rows, [shown], rows=rows)


def _said(found: dict[str, list[int]]) -> str:
    steps = zip(found["n"], found["ac"], found["re"], strict=True)
    said = ", then ".join(f"draw {n}, accept up to {ac}, reject from {re}" for n, ac, re in steps)
    return said[0].upper() + said[1:]


def _told(found: dict[str, Any]) -> list[Text]:
    often, seldom, worst = (100 * found[name] for name in ("quality_95", "quality_10", "aoql"))
    return [
        Text(f"Lots with {often:.3g} % pass in 95 % of cases, with {seldom:.3g} % in 10 %."),
        Text(f"At worst {worst:.3g} % leaves on average, if rejected lots are sorted."),
    ]
