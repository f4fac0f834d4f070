"""`lotmark quality model train`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
from rich.text import Text

from api.cli.context import Context, pass_context
from api.cli.quality.model.card_texts import card_texts, metric_rows
from api.cli.quality.model.files import table_of
from ledger.errors import Conflict

_KINDS = ("logistic", "linear", "boosting", "gradient_boosting", "svm", "neural_net", "random_forest")


@click.command("train")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--target", required=True, help="Column to predict: two values, or a number.")
@click.option("--group", required=True, help="Column whose rows belong together: lot, machine, run, day.")
@click.option("--time", help="Column with the time of each row: judge by blocks of time, on what came before.")
@click.option("--feature", "features", multiple=True, help="Column to learn from; repeatable; else all others.")
@click.option("--leaking", multiple=True, help="Column that is known only with the outcome; repeatable.")
@click.option("--audit", multiple=True, help="Column to compare error rates by, such as supplier; repeatable.")
@click.option("--model", "kind", type=click.Choice(_KINDS), help="Else the plainest: logistic, or linear for a number.")
@click.option("--beside", multiple=True, type=click.Choice(_KINDS), help="Judge this one too; repeatable.")
@click.option("--task", type=click.Choice(["classification", "regression"]), help="Else seen from the target.")
@click.option("--calibration", type=click.Choice(["sigmoid", "isotonic", "none"]), default="sigmoid", show_default=True)
@click.option("--alarm-budget", type=click.FloatRange(0, 1), default=0.05, show_default=True, help="Share of rows.")
@click.option("--folds", type=click.IntRange(2, 20), default=5, show_default=True)
@click.option("--repeats", type=click.IntRange(1, 100), default=3, show_default=True)
@click.option("--seed", type=click.IntRange(0), default=0, show_default=True)
@click.option("--name", default="model", show_default=True, help="What the card calls it.")
@click.option("--version", "version", default="1", show_default=True)
@click.option("--intended-use", default="", help="For what it may be used; on the card.")
@click.option(
    "--duplicates",
    type=click.Choice(["join", "refuse"]),
    default="join",
    show_default=True,
    help="Groups with equal rows: count as one, or refuse the table.",
)
@click.option("--allow-telling", is_flag=True, help="Take features that alone tell the target; you know why.")
@click.option("-o", "--output", required=True, type=click.Path(path_type=Path), help="Folder for card and model.")
@pass_context
def command(context: Context, /, file: Path, output: Path, **options: Any) -> None:
    """Train a model on the CSV table FILE, and write its card and itself into a folder.

    It is judged on groups that it has not seen, several times over. A table whose features give the answer away is
    refused, as are folds that share a group or a row. Missing cells are unknown; rows without an outcome are refused.
    """
    from api.quality.prediction.safekeeping import CARD_FILE
    from api.quality.prediction.tabular import feature_table
    from api.quality.prediction.training import Recipe, train

    if (output / CARD_FILE).exists():
        raise Conflict(f"there is a model in {output} already", advice="Take another folder: events may name that one.")
    frame = table_of(file)
    table = feature_table(
        frame,
        target=options["target"],
        group=options["group"],
        time=options["time"],
        features=options["features"] or None,
        audit=options["audit"],
        leaking=options["leaking"],
        task=options["task"],
        join_duplicates=options["duplicates"] == "join",
        allow_telling=options["allow_telling"],
    )
    plainest = "logistic" if table.task == "classification" else "linear"
    same = ("name", "version", "intended_use", "folds", "repeats", "seed", "alarm_budget", "calibration")
    chosen = {name: options[name] for name in same}
    recipe = Recipe(options["kind"] or plainest, {}, **chosen, by_time=options["time"] is not None)
    trained = train(table, frame, recipe, beside=options["beside"])
    trained.save(output)
    card = trained.kept.card
    value = {"folder": str(output), "sha256": card.sha256, "uri": card.uri, "card": card.content}
    texts = [*card_texts(card), Text(f"\nWrote card.json and model.skops into {output}.")]
    context.show(value, texts, rows=metric_rows(card))
