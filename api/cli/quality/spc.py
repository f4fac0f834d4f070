"""`lotmark quality spc`: control charts on the terminal, and freezing their limits."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import click
from rich.console import RenderableType
from rich.text import Text

from api.cli.client import client
from api.cli.context import Context, pass_context
from api.cli.exits import Usage
from api.cli.quality.sparkline import sparkline
from api.cli.tables import table
from api.cli.wording import amount, counted, local_time
from api.names import short

_NAMES = {
    "xbar": "X-bar", "r": "R", "s": "S", "i": "individuals", "mr": "moving range", "residual": "AR(1) residuals",
    "ewma": "EWMA", "cusum": "CUSUM", "laney_p": "Laney p′", "laney_u": "Laney u′",
}  # fmt: skip
_SHOWN = 20


def selecting(function: Callable[..., Any]) -> Callable[..., Any]:
    """The options that say whose data is meant."""
    for option in (
        click.option("--by", type=click.Choice(["inspection", "run", "item", "day"]), help="What makes a subgroup."),
        click.option("--end", help="Only before this time (RFC 3339)."),
        click.option("--start", help="Only from this time on (RFC 3339)."),
        click.option("--sensor", help="Of readings: by this sensor."),
        click.option("--place", help="Of readings: at this place."),
        click.option("--equipment", help="Only what was made on this machine or line."),
        click.option("--item", help="Only of this item, or of all lots of this GTIN."),
    ):
        function = option(function)
    return function


@click.group("spc")
def command() -> None:
    """Chart a process, and freeze the limits that it is judged by."""


@command.command("list")
@pass_context
def list_(context: Context) -> None:
    """List what can be charted: characteristics that were inspected, and series of readings."""
    with client(context.home, context.settings) as http:
        found = http.get("/quality/spc")
    shown = table("characteristic", "of", "rows", "unit", "first", "last", unbroken=["first", "last"])
    for one in found:
        of = one["sensor"] or counted(one["items"], "item")
        ends = (local_time(one[name]) for name in ("first", "last"))
        shown.add_row(one["characteristic"], of, f"{one['count']:,}", one["unit"], *ends)
    nothing = Text("Nothing was inspected or read yet. Import data with `lotmark import`.")
    context.show(found, [shown if found else nothing], rows=found)


@command.command("chart")
@click.argument("characteristic")
@selecting
@click.option("--kind", help="xbar, i, ewma, cusum, p, u …; without: what suits the data.")
@click.option("--rules", help="nelson (default), nelson_six_increases, western_electric or limits.")
@click.option("--limits", help="frozen, own, or a version; without: frozen ones if there are any.")
@click.option("--last", type=click.IntRange(1, 100_000), default=1000, show_default=True, help="Most points.")
@pass_context
def chart(context: Context, /, characteristic: str, **options: Any) -> None:
    """Chart CHARACTERISTIC, with what the run rules say of it."""
    with client(context.home, context.settings) as http:
        found = http.get("/quality/spc/chart", characteristic=characteristic, **options)
    context.show(found, _texts(found), rows=found["points"])


@command.command("multivariate")
@click.argument("characteristics", nargs=-1, required=True)
@click.option("--item", help="Only of this item, or of all lots of this GTIN.")
@click.option("--equipment", help="Only what was made on this machine or line.")
@click.option("--until", help="Limits come from the points before this time (RFC 3339); without: from all.")
@click.option("--method", type=click.Choice(["t2", "pca"]), default="t2", show_default=True)
@click.option("--components", type=click.IntRange(1, 50), help="Of pca; without: 90 % of the variance.")
@pass_context
def multivariate(context: Context, /, characteristics: tuple[str, ...], **options: Any) -> None:
    """Chart two or more CHARACTERISTICS of the same inspections together: Hotelling's T², or principal components."""
    with client(context.home, context.settings) as http:
        found = http.get("/quality/spc/multivariate", characteristic=list(characteristics), **options)
    context.show(found, _together(found), rows=found["points"])


@command.command("freeze")
@click.argument("characteristic")
@selecting
@click.option("--kind", default="auto", help="xbar, i, ewma, cusum, p, u …; without: what suits the data.")
@click.option("--rules", default="nelson", show_default=True, help="nelson_six_increases, western_electric, limits.")
@click.option(
    "--exclude",
    multiple=True,
    metavar="LABEL[@TIME]=REASON",
    help="Every point of that label (with TIME, RFC 3339, the one), for an assignable cause; repeatable.",
)
@click.option("--as", "frozen_by", default="", help="Who freezes them.")
@pass_context
def freeze(context: Context, /, characteristic: str, exclude: tuple[str, ...], **options: Any) -> None:
    """Freeze the limits of CHARACTERISTIC, from all the data that the options choose, as a new version."""
    excluded = [_exclusion(one) for one in exclude]
    body = {name: value for name, value in options.items() if value is not None}
    with client(context.home, context.settings) as http:
        made = http.request(
            "POST", "/quality/spc/limits", json=body | {"characteristic": characteristic, "excluded": excluded}
        ).json()
    context.show(made, [_frozen(made)], rows=[made])


@command.command("limits")
@click.argument("characteristic", required=False)
@pass_context
def limits(context: Context, characteristic: str | None) -> None:
    """Show the limits that were frozen, every version; of CHARACTERISTIC, or all."""
    with client(context.home, context.settings) as http:
        found = http.get("/quality/spc/limits", characteristic=characteristic)
    context.show(
        found,
        [_frozen(one) for one in found] or [Text("No limits are frozen yet: `lotmark quality spc freeze`.")],
        found,
    )


def _exclusion(text: str) -> dict[str, str]:
    named, equals, reason = text.rpartition("=")
    if not equals or not named or not reason.strip():
        raise Usage(f"--exclude {text!r} gives no reason", advice="Write --exclude LABEL=REASON.")
    label, at, time = named.rpartition("@")
    return {"label": label, "time": time, "reason": reason} if at and label else {"label": named, "reason": reason}


def _frozen(made: dict[str, Any]) -> Text:
    parameters = made["parameters"]
    kind = _NAMES.get(parameters["kind"], parameters["kind"])
    left_out = f", left out: {', '.join(one['label'] for one in made['excluded'])}" if made["excluded"] else ""
    by = f" by {made['by']}" if made["by"] else ""
    return Text.assemble(
        (made["characteristic"], "bold"),
        f"{' of ' + short(made['scope']) if made['scope'] else ''}: {kind} chart, version {made['version']}: ",
        f"centre {amount(_rounded(parameters['center']), made['unit'])}, sigma {parameters['sigma']:.4g}, ",
        f"from {counted(made['points'], 'point')}{left_out}; frozen {local_time(made['frozen_at'])}{by}",
    )


def _texts(found: dict[str, Any]) -> Iterator[RenderableType]:
    kind = _NAMES.get(found["kind"], found["kind"])
    version = found["limits"]["version"]
    which = f"frozen limits, version {version}" if version else "its own limits (phase I)"
    yield Text.assemble((found["characteristic"], "bold"), f"  {kind} chart against {which}")
    yield from _lines(found)
    if found["companion"]:
        yield Text(f"{_NAMES[found['companion']['kind']]} chart")
        yield from _lines(found["companion"])
    signals = [
        (each, point) for each in (found, found["companion"]) if each for point in each["points"] if point["signals"]
    ]
    if found["in_control"]:
        yield Text(f"In control: no signal in {counted(found['count'], 'point')}.", style="green")
    elif found["in_control"] is None:
        yield Text("Unknown: there is no point that could be judged.", style="yellow")
    elif not signals:
        yield Text("Not in control: its signals came before the points shown; --last shows more.", style="bold red")
    if signals:
        yield _signals(found, signals)
    if len(signals) > _SHOWN:
        yield Text(f"… and {counted(len(signals) - _SHOWN, 'earlier signal')}; --format json gives all.")
    for warning in found["warnings"]:
        yield Text(f"Note: {warning}.", style="yellow")


def _together(found: dict[str, Any]) -> Iterator[RenderableType]:
    method = "Hotelling T²" if found["method"] == "t2" else f"T² and SPE of {found['components']} components"
    yield Text(f"{', '.join(found['characteristics'])}: {method}, limits from {found['phase_1_points']} points")
    shown = table("point", "when", "T²", "SPE", "mostly", unbroken=["when"])
    signals = [point for point in found["points"] if point["signal"]]
    for point in signals[-_SHOWN:]:
        parts = {name: value for name, value in point["contributions"].items() if value is not None}
        when = local_time(point["time"]) if point["time"] else ""
        spe = "" if point["spe"] is None else f"{point['spe']:.3g} of {point['spe_limit']:.3g}"
        t2 = f"{point['t2']:.3g} of {point['t2_limit']:.3g}"
        shown.add_row(f"{point['index']} {point['label']}", when, t2, spe, max(parts, key=lambda name: parts[name]))
    if signals:
        yield shown
    else:
        yield Text(f"No signal in {counted(found['count'], 'point')}.", style="green")


def _lines(chart: dict[str, Any]) -> Iterator[RenderableType]:
    yield sparkline(chart["points"])
    known = [point for point in chart["points"] if point["center"] is not None and point["upper"] is not None]
    if known:
        last = known[-1]
        low, center, high = (_rounded(last[name]) for name in ("lower", "center", "upper"))
        varies = any(point["upper"] != last["upper"] for point in known)
        of = f" (of the last point, n = {last['n']:g}; they vary with n)" if varies else ""
        yield Text(f"  lower {low:g}   centre {center:g}   upper {amount(high, chart['unit'])}{of}", style="dim")


def _signals(found: dict[str, Any], signals: list[tuple[dict[str, Any], dict[str, Any]]]) -> RenderableType:
    shown = table("point", "when", "value", "limits", "rule", unbroken=["when"])
    for chart, point in signals[-_SHOWN:]:
        meanings = [found["rule_meanings"].get(str(rule), str(rule)) for rule in point["signals"]]
        of = "" if chart is found else f"{_NAMES[chart['kind']]}: "
        limits = f"{_rounded(point['lower']):g} to {_rounded(point['upper']):g}"
        when = local_time(point["time"]) if point["time"] else ""
        value = amount(_rounded(_furthest(point)), chart["unit"])
        numbers = ", ".join(map(str, point["signals"]))
        shown.add_row(
            f"{point['index']} {point['label']}", when, value, limits, f"{of}{numbers}: {'; '.join(meanings)}"
        )
    return shown


def _furthest(point: dict[str, Any]) -> float:
    """Of a CUSUM's two sums the one that is further out, of any other chart its value."""
    value, other = float(point["value"]), float(point.get("other") or 0)
    return other if -other > value else value


def _rounded(value: float) -> float:
    return float(f"{value:.6g}")
