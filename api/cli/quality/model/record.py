"""`lotmark quality model record`."""

from __future__ import annotations

from pathlib import Path

import click
from rich.text import Text

from api.cli.context import Context, pass_context
from api.cli.quality.model.capturing import capture, register


@click.command("record")
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--org", "organisation", help="Who vouches for it: URI, id or name; not needed if there is one.")
@pass_context
def command(context: Context, /, folder: Path, organisation: str | None) -> None:
    """Register the card of the model in FOLDER, and capture an event that puts it on record.

    The event carries the SHA-256 of card, model file and training data. Once it is final, `lotmark prove` on the card's
    name writes the proof, and `lotmark quality model verify` checks it.
    """
    from api.analysis.model_record import registration_event
    from api.quality.prediction.safekeeping import load

    card = load(folder).card
    register(context, card)
    capture(context, [registration_event(card)], organisation)
    value = {"item": card.uri, "card": card.sha256, "model": card.model_sha256, "data": card.data_sha256}
    context.show(value, [Text(f"Captured the record of {card.title}."), Text(f"Its item: {card.uri}")], rows=[value])
