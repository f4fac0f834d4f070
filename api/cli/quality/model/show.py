"""`lotmark quality model show`."""

from __future__ import annotations

from pathlib import Path

import click

from api.cli.context import Context, pass_context
from api.cli.quality.model.card_texts import card_texts, metric_rows


@click.command("show")
@click.argument("folder", type=click.Path(path_type=Path))
@pass_context
def command(context: Context, /, folder: Path) -> None:
    """Show the card of the model in FOLDER, once the model file is found to be the card's."""
    from api.quality.prediction.safekeeping import load

    card = load(folder).card
    value = {"sha256": card.sha256, "uri": card.uri, "card": card.content}
    context.show(value, card_texts(card), rows=metric_rows(card))
