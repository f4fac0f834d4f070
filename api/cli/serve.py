"""`lotmark serve`."""

from __future__ import annotations

import sys
from typing import Any

import click
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn
from rich.text import Text

from api.cli.context import Context, pass_context
from ledger.home import Home, ServerNote, Settings


class _Loading:
    """Shows what is done before the server answers: a bar on a terminal, else a line each tenth of it."""

    def __init__(self, context: Context, progress: Progress) -> None:
        self._context = context
        self._progress = progress
        self._task: TaskID | None = None
        self._told = -1

    def step(self, what: str, done: int, total: int) -> None:
        if self._task is None:
            self._task = self._progress.add_task(what)
        self._progress.update(self._task, description=what, completed=done, total=total)
        tenths = 10 * done // total
        if self._progress.disable and tenths > self._told:
            self._context.say(f"{10 * tenths} % {what}")
            self._told = tenths


@click.command("serve")
@click.option("--host", help="Address to listen on.  [default: 127.0.0.1]")
@click.option("--port", type=click.IntRange(0, 65535), help="Port to listen on; 0 takes a free one.  [default: 8720]")
@click.option("--demo", is_flag=True, help="Make the home, open to all, with the demonstration data, if there is none.")
@click.option("--mqtt", "mqtt_url", help="Take readings from a broker: mqtt://host:port/topic/#, or mqtts://.")
@pass_context
def command(context: Context, /, demo: bool, **options: Any) -> None:
    """Serve the API and the page, and record what is captured, until interrupted.

    While it runs, the other commands go through it. Ctrl-C or SIGTERM ends it in order; a kill loses nothing either.
    """
    given = {name: value for name, value in options.items() if value is not None}
    settings = Settings(**{**context.settings.model_dump(), **given})
    from api.server import serve

    is_open = settings.access == "open" or (demo and not Home.exists(context.home))
    bar = context.progress(TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    loading = _Loading(context, bar)

    def announce(note: ServerNote) -> None:
        bar.stop()
        texts = [Text(f"Lotmark serves {context.home}"), *_address(note, is_open)]
        context.show({"url": note.url, "home": str(context.home)}, texts)

    with bar:
        serve(context.home, settings, demo=demo, announce=announce, progress=loading.step)
    context.say("Stopped.")


def _address(note: ServerNote, is_open: bool) -> list[Text]:
    """Where to point a browser. The operator's address holds a key, so it goes to terminals, never into logs."""
    if is_open:
        return [Text(f"Open {note.url} in a browser. Ctrl-C stops it.")]
    if not sys.stdout.isatty():
        return [
            Text(f"Open {note.url} in a browser. Ctrl-C stops it."),
            Text("Sealed content needs an API key there; the operator's own address is shown on a terminal only."),
        ]
    return [
        Text("Open this in a browser, as its operator:"),
        Text(f"{note.url}/#key={note.token}", no_wrap=True, overflow="ignore"),
        Text("Whoever has this address can read and write everything until the server stops. Ctrl-C stops it."),
    ]
