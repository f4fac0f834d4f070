"""`lotmark quality model drift`."""

from __future__ import annotations

from pathlib import Path

import click
from rich.text import Text

from api.cli.context import Context, pass_context
from api.cli.quality.model.files import table_of
from api.cli.tables import table


@click.command("drift")
@click.argument("folder", type=click.Path(path_type=Path))
@click.argument("reference", type=click.Path(path_type=Path))
@click.argument("file", type=click.Path(path_type=Path))
@pass_context
def command(context: Context, /, folder: Path, reference: Path, file: Path) -> None:
    """Compare the rows of FILE with REFERENCE, the table that the model in FOLDER was trained on.

    Inputs and predictions: how far they moved (PSI), and whether by chance (Kolmogorov-Smirnov, false discoveries held
    to 5 %). REFERENCE must have the digest that the card says.
    """
    from api.quality.plain import plain
    from api.quality.prediction.digests import table_digest
    from api.quality.prediction.drift import drift
    from api.quality.prediction.predictions import inputs
    from api.quality.prediction.safekeeping import load
    from ledger.errors import InvalidInput

    kept = load(folder)
    texts = kept.card.content["levels"]
    read, now = table_of(reference), table_of(file, texts=texts)
    digest = table_digest(read)
    if digest != kept.card.data_sha256:
        raise InvalidInput(
            f"the table has digest {digest}", where=str(reference), expected=f"{kept.card.data_sha256}, the card's data"
        )
    before = table_of(reference, texts=texts)
    asked = [inputs(kept, frame, source=str(path)) for frame, path in ((before, reference), (now, file))]
    found = drift(*(X.assign(prediction=kept.predictor.predict(X)) for X in asked))
    rows = plain(found)
    shown = table("what", "PSI", "KS", "p, adjusted", "missing then", "now", "")
    for row in rows:
        numbers = ("psi", "ks", "p_adjusted", "missing_before", "missing_now")
        said = ["unknown" if row[name] is None else f"{row[name]:.3g}" for name in numbers]
        shown.add_row(row["feature"], *said, Text("drifted", style="bold red") if row["drifted"] else Text(""))
    context.show({"card": kept.card.sha256, "columns": rows}, [shown], rows=rows)
