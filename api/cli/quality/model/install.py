"""`lotmark quality model install`."""

from __future__ import annotations

from pathlib import Path

import click
from rich.text import Text

from api.cli.context import Context, pass_context
from ledger.errors import NotFound


@click.command("install")
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--name", help="What rules call it; else the name on its card.")
@pass_context
def command(context: Context, /, folder: Path, name: str | None) -> None:
    """Copy the model in FOLDER into the home, so that rules can ask it as readings arrive.

    Its inputs must be quantity kinds, such as Temperature, trained on in their reference units. The model file must be
    the card's. A model is never replaced: another one takes another name.
    """
    from api.live.installed import install
    from ledger.home import Home

    if not Home.exists(context.home):
        raise NotFound(f"{context.home} is no home", advice="`lotmark init` makes one.")
    chosen, card = install(context.home, folder, name)
    value = {"name": chosen, "sha256": card.sha256, "uri": card.uri}
    advice = f"Now a rule can ask it: lotmark quality rules add NAME model model={chosen} seconds=300"
    context.show(value, [Text(f"Installed {card.title} as {chosen}: {card.uri}"), Text(advice)])
