"""How a model's card reads on a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from api.cli.tables import table
from api.quality.prediction.model_card import ModelCard

_RATES = {"false_alarms": "false alarms", "misses": "misses", "calibration": "observed minus predicted"}


def card_texts(card: ModelCard) -> Iterator[RenderableType]:
    """What it predicts, from what, how well, and for whom it errs more."""
    content = card.content
    data, split = content["data"], content["split"]
    yield Text(card.title, style="bold")
    yield Text(f"  predicts   {content['target']}{_classes(content)} by {content['model']['kind']}")
    yield Text(f"  from       {', '.join(content['features'])}")
    yield Text(f"  data       {data['rows']:,} rows in {data['groups']:,} groups, SHA-256 {data['sha256']}")
    yield Text(f"  judged by  {split['kind']} by {split['group'] or 'row'}, {split['folds']} × {split['repeats']}")
    if content["threshold"] is not None:
        yield Text(f"  alarm      from a probability of {content['threshold']:.4g} on")
    yield Text(f"  card       {card.sha256}\n             {card.uri}\n")
    yield _metrics(content["metrics"])
    for other in content["beside"]:
        yield Text(f"\nbeside it, {other['kind']}", style="bold")
        yield _metrics(other["metrics"])
    yield Text("\nwhat it goes by (loss where a column is shuffled)", style="bold")
    for row in content["importance"]:
        yield Text(f"  {row['importance']:8.4f}  {row['feature']}")
    yield from _errors(content["error_rates"])
    if content["limits"]:
        yield Text(f"\n{content['limits']}", style="yellow")


def metric_rows(card: ModelCard) -> list[dict[str, Any]]:
    """The metrics of the model and of those beside it, as rows."""
    own = [{"model": card.content["model"]["kind"], **row} for row in card.content["metrics"]]
    return own + [{"model": other["kind"], **row} for other in card.content["beside"] for row in other["metrics"]]


def _classes(content: Mapping[str, Any]) -> str:
    return f" = {content['classes'][1]}" if content["classes"] else ""


def _metrics(rows: Sequence[Mapping[str, Any]]) -> Table:
    shown = table("metric", "mean", "over groups, 95 %", "over repeats")
    for row in rows:
        groups, repeats = (_range(row[low], row[high]) for low, high in (("low", "high"), ("least", "most")))
        shown.add_row(row["metric"].replace("_", " "), _number(row["mean"]), groups, repeats)
    return shown


def _errors(rows: Sequence[Mapping[str, Any]]) -> Iterator[RenderableType]:
    if not rows:
        return
    yield Text("\nerrors by group", style="bold")
    shown = table("by", "value", "rate", "of", "estimate", "95 %", "overall", "")
    for row in rows:
        flag = Text("off the overall rate", style="bold red") if row["flag"] else Text("")
        estimate, overall = _number(row["estimate"]), _number(row["overall"])
        within = _range(row["low"], row["high"])
        shown.add_row(
            row["by"], row["value"] or "", _RATES[row["rate"]], f"{row['count']:,}", estimate, within, overall, flag
        )
    yield shown


def _range(low: float | None, high: float | None) -> str:
    return f"{_number(low)} to {_number(high)}"


def _number(value: float | None) -> str:
    return "unknown" if value is None else f"{value:.4g}"
