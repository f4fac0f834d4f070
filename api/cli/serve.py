"""`lotmark serve`."""

from __future__ import annotations

from typing import Any

import click

from api.cli.context import Context, pass_context
from ledger.home import Settings


@click.command("serve")
@click.option("--host", help="Address to listen on.  [default: 127.0.0.1]")
@click.option("--port", type=click.IntRange(0, 65535), help="Port to listen on; 0 takes a free one.  [default: 8720]")
@click.option("--demo", is_flag=True, help="Make the home, open to all, with the demonstration data, if there is none.")
@pass_context
def command(context: Context, /, demo: bool, **options: Any) -> None:
    """Serve the API and the page, and record what is captured, until interrupted."""
    given = {name: value for name, value in options.items() if value is not None}
    from api.server import serve

    settings = Settings(**{**context.settings.model_dump(), **given})
    serve(context.home, settings, demo=demo, announce=context.say)
