"""`lotmark config`."""

from __future__ import annotations

import click

from api.cli.context import Context, pass_context
from api.cli.tables import table


@click.command("config")
@pass_context
def command(context: Context) -> None:
    """Show the settings in force and where each value comes from.

    Set one by an environment variable (LOTMARK_PORT=9000) or in lotmark.toml in the home (port = 9000).
    """
    _, settings = context.settings_table
    shown = table("setting", "value", "from", "meaning")
    shown.add_row("home", str(context.home), "LOTMARK_HOME, --home or default", "the data directory")
    for setting in settings:
        shown.add_row(setting.name, _shown(setting.value), setting.source, setting.description)
    value = {s.name: {"value": s.value, "source": s.source, "description": s.description} for s in settings}
    context.show({"home": str(context.home), "settings": value}, [shown])


def _shown(value: object) -> str:
    return "" if value is None else str(value)
