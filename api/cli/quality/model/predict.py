"""`lotmark quality model predict`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import click
import pandas as pd
from rich.console import RenderableType
from rich.text import Text

from api.cli.context import Context, pass_context
from api.cli.exits import Usage
from api.cli.quality.model.capturing import capture, require_registered
from api.cli.quality.model.files import table_of
from api.cli.tables import table
from ledger.errors import InvalidDocument, InvalidInput

_SHOWN = 40


@click.command("predict")
@click.argument("folder", type=click.Path(path_type=Path))
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--explain", type=click.IntRange(0), default=100, show_default=True, help="Rows to explain, the highest first."
)
@click.option("--top", type=click.IntRange(1), default=3, show_default=True, help="Inputs to name for each of them.")
@click.option("--item", "item_column", help="Column that names the item of each row.")
@click.option("--record", is_flag=True, help="Capture each prediction as a verdict about its item.")
@click.option("--org", "organisation", help="Whose verdicts they are; not needed if there is one.")
@pass_context
def command(
    context: Context,
    /,
    folder: Path,
    file: Path,
    explain: int,
    top: int,
    item_column: str | None,
    record: bool,
    organisation: str | None,
) -> None:
    """Predict for each row of the CSV table FILE with the model in FOLDER.

    Each prediction comes with the inputs that moved it most, in log-odds (or in the target's unit), against the rows of
    training kept with the model: base, the inputs named and all others together add up to the score. A prediction is
    no release and no rejection by itself. What is recorded must be of a model whose card is registered here.
    """
    from api.quality.plain import plain
    from api.quality.prediction.predictions import predict
    from api.quality.prediction.safekeeping import load

    if record and not item_column:
        raise Usage("a verdict needs an item", advice="Name the column with the items: --item COLUMN.")
    kept = load(folder)
    frame = table_of(file, texts=[*kept.card.content["levels"], *([item_column] if item_column else [])])
    if item_column and item_column not in frame:
        raise Usage(f"there is no column {item_column!r} in {file}", advice=f"It has {', '.join(frame.columns)}.")
    rows: list[dict[str, Any]] = plain(predict(kept, frame, source=str(file)))
    for number, row in enumerate(rows):
        row |= {"row": number + 1, "item": plain(frame[item_column].iloc[number]) if item_column else None}
        row |= {"score": None, "moved_by": [], "others": None}
    explained = _explain(kept, frame, rows, explain, top)
    captured = _record(context, kept.card, rows, organisation, str(file)) if record else 0
    value = {
        "card": kept.card.sha256,
        "explained": explained,
        "captured": captured,
        "predictions": rows,
    }
    context.show(value, _texts(kept.card.title, rows, captured), rows=rows)


def _explain(
    kept: Any, frame: pd.DataFrame, rows: Sequence[dict[str, Any]], most: int, top: int
) -> dict[str, Any] | None:
    """Say in `moved_by` of the rows predicted highest what moved them; how, and against what."""
    from api.quality.plain import plain
    from api.quality.prediction.predictions import explanation

    chosen = sorted(range(len(rows)), key=lambda number: -rows[number]["predicted"])[:most]
    if not chosen:
        return None
    found = explanation(kept, frame.iloc[chosen])
    for at, number in enumerate(chosen):
        moved = found.row(at)
        others = float(moved["contribution"].iloc[top:].sum())
        rows[number] |= {"score": float(found.score[at]), "moved_by": plain(moved.head(top)), "others": others}
    return {"rows": len(chosen), "base": found.base, "method": found.method, "background_rows": found.background_rows}


def _record(context: Context, card: Any, rows: Sequence[dict[str, Any]], organisation: str | None, file: str) -> int:
    from api.analysis.model_record import Judged, verdict_event

    events, problems = [], []
    for row in rows:
        try:
            judged = Judged(row["item"] or "", row["predicted"], row["input_sha256"], row["alarm"])
            events.append(verdict_event(card, judged))
        except InvalidInput as error:
            problems.append(error.problem.within(f"{file} row {row['row']}"))
    if problems:
        raise InvalidDocument(problems[:_SHOWN])
    require_registered(context, card)
    return capture(context, events, organisation)


def _texts(title: str, rows: Sequence[dict[str, Any]], captured: int) -> Iterator[RenderableType]:
    yield Text(title, style="bold")
    shown = table("row", "item", "predicted", "", "moved by", unbroken=["row", "predicted"])
    for row in rows[:_SHOWN]:
        alarm = Text("ALARM", style="bold red") if row["alarm"] else Text("")
        moved = ", ".join(f"{each['input']} {each['contribution']:+.3g}" for each in row["moved_by"])
        shown.add_row(str(row["row"]), str(row["item"] or ""), f"{row['predicted']:.4g}", alarm, moved)
    yield shown
    if len(rows) > _SHOWN:
        yield Text(f"… and {len(rows) - _SHOWN:,} more: --format json or csv shows all of them")
    if captured:
        yield Text(f"\nCaptured {captured:,} verdicts.")
