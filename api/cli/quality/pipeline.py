"""`lotmark quality pipeline`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
from rich.console import RenderableType
from rich.text import Text

from api.cli.client import client
from api.cli.context import Context, pass_context
from api.cli.tables import table


@click.group("pipeline")
def command() -> None:
    """How readings are cleaned: which do not count, by which steps. Readings themselves are never changed."""


@command.command("show")
@pass_context
def show(context: Context) -> None:
    """Show the pipeline in force. `--format json` prints what `set` takes, under `steps`."""
    with client(context.home, context.settings) as http:
        found = http.get("/quality/pipeline")
    context.show(found, _texts(found), rows=[_flat(step) for step in found["steps"]])


@command.command("set")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@pass_context
def set_(context: Context, file: Path) -> None:
    """Put the pipeline in FILE in force: a JSON list of {"step": …, "parameters": …}."""
    with client(context.home, context.settings) as http:
        headers = {"Content-Type": "application/json"}
        found = http.request("PUT", "/quality/pipeline", content=file.read_bytes(), headers=headers).json()
    context.show(found, _texts(found), rows=[_flat(step) for step in found["steps"]])


def _flat(step: dict[str, Any]) -> dict[str, Any]:
    return step | {"parameters": json.dumps(step["parameters"])}


def _texts(found: dict[str, Any]) -> Iterator[RenderableType]:
    since = "the default" if found["since"] is None else f"in force since {found['since']}"
    yield Text(f"Pipeline {found['digest']}, {since}.")
    shown = table("step", "version", "parameters")
    for step in found["steps"]:
        shown.add_row(step["step"], str(step["version"]), json.dumps(step["parameters"]))
    yield shown
