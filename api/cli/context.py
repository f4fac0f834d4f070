"""What every command is given: the home, the chosen format, and where to print.

Results go to stdout, everything said about them to stderr, so that a pipe carries only the result.
"""

from __future__ import annotations

import csv
import io
import json
import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import click
from rich.console import Console, RenderableType
from rich.progress import Progress, ProgressColumn

from api.cli.exits import Exit, Usage
from ledger.home import Setting, Settings, load_settings

_WIDTH_OF_PIPES = 120


@dataclass
class Context:
    home: Path
    format: str
    stderr: Console = field(default_factory=lambda: Console(stderr=True))

    @property
    def as_json(self) -> bool:
        return self.format == "json"

    @cached_property
    def settings_table(self) -> tuple[Settings, list[Setting]]:
        return load_settings(self.home)

    @property
    def settings(self) -> Settings:
        return self.settings_table[0]

    def show(
        self, value: Any, texts: Iterable[RenderableType], rows: Sequence[Mapping[str, Any]] | None = None
    ) -> None:
        """The result: `value` for programs, `texts` for people, `rows` for spreadsheets. Raises Usage without rows."""
        if self.format == "csv":
            self.write(_csv(rows))
        else:
            self.write((json.dumps(value, indent=2, ensure_ascii=False) if self.as_json else _rendered(texts)) + "\n")

    def write(self, result: str | bytes) -> None:
        """To stdout; ends the command quietly if whoever reads it has stopped, as `head` does."""
        try:
            click.echo(result, nl=False, color=True)
        except BrokenPipeError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # for what Python still flushes at its end
            raise click.exceptions.Exit(Exit.PIPE_CLOSED) from None

    def say(self, message: str) -> None:
        """A remark on what is being done, for people."""
        if not self.as_json:
            click.echo(message, err=True)

    def progress(self, *columns: ProgressColumn) -> Progress:
        """A progress bar on a terminal, which goes when it is done; elsewhere nothing."""
        return Progress(
            *columns, console=self.stderr, transient=True, disable=self.as_json or not self.stderr.is_terminal
        )


def _csv(rows: Sequence[Mapping[str, Any]] | None) -> str:
    """RFC 4180, a header of all columns in order of appearance; nested values as JSON, what is missing empty."""
    if rows is None:
        raise Usage("this command has no table to give", advice="Use --format json or text.")
    columns = list(dict.fromkeys(name for row in rows for name in row))
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(columns)
    writer.writerows([_cell(row.get(name)) for name in columns] for row in rows)
    return text.getvalue()


def _cell(value: Any) -> Any:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else value


def _rendered(texts: Iterable[RenderableType]) -> str:
    console = Console()
    if not console.is_terminal and "COLUMNS" not in os.environ:
        console.width = _WIDTH_OF_PIPES
    with console.capture() as capture:
        for text in texts:
            console.print(text, highlight=False)
    return "\n".join(line.rstrip() for line in capture.get().splitlines())


pass_context = click.make_pass_decorator(Context)
