"""`lotmark quality model verify`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
from rich.text import Text

from api.cli.context import Context, pass_context
from api.cli.verify import trust_options, verified

_WORD = (
    "That the model was run on the inputs that an event names, that it learned from the data that its card names, and "
    "that its figures are true, is the word of the organisation that said so; nothing of it was computed again."
)


@click.command("verify")
@click.argument("folder", type=click.Path(path_type=Path))
@click.argument("bundle", type=click.Path(allow_dash=True, path_type=Path))
@trust_options
@pass_context
def command(context: Context, /, folder: Path, bundle: Path, **trust: Any) -> None:
    """Check that BUNDLE proves events of exactly the model in FOLDER: its card, its model file, its training data.

    The model file must be its card's, the bundle must verify (see `lotmark verify`), and an event in it must carry the
    card's SHA-256. That the model is any good, and was run on the inputs it names, stays its organisation's word.
    """
    from api.analysis.model_record import events_of_card
    from api.quality.prediction.safekeeping import load
    from ledger.hexadecimal import hex_of

    card = load(folder).card
    result, place = verified(context, bundle, **trust)
    found = events_of_card(card, result.events)
    rows: list[dict[str, Any]] = [
        {
            "commitment": hex_of(event.commitment),
            "organisation": event.organisation,
            "block_number": event.block_number,
            "items": sorted(event.items),
            "predicted": event.values.get("/model:predicted"),
            "alarm": event.values.get("/model:alarm"),
            "input": event.values.get("/model:input"),
        }
        for event in found
    ]
    to_judge = [*result.to_judge, _WORD, *card.content["limits"].splitlines()]
    value = {
        "verified": True,
        "card": card.sha256,
        "trust": place.source,
        "events": rows,
        "to_judge": to_judge,
    }
    texts = [Text(f"verified: {card.title}, card {card.sha256}", style="bold green")]
    texts += [Text(f"  block {row['block_number']}, {row['organisation']}: {_said(row)}") for row in rows]
    texts += [Text("\nleft for you to judge", style="bold yellow")]
    texts += [Text(f"  The chain, the ledger's address and the node asked were {place.source}.")]
    texts += [Text(f"  {line}") for line in to_judge]
    context.show(value, texts, rows=rows)


def _said(row: dict[str, Any]) -> str:
    """What the event says of which items; its fields are whatever its organisation wrote."""
    items, predicted = ", ".join(row["items"]), row["predicted"]
    if predicted is None:
        return f"{items}, the model's registration"
    number = f"{predicted:.4g}" if isinstance(predicted, int | float) else repr(predicted)
    return f"{items}, predicted {number}" + (" (ALARM)" if row["alarm"] is True else "")
