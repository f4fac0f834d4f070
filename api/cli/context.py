"""What every command is given: the home, the chosen format, and where to print.

Results go to stdout, everything said about them to stderr, so that a pipe carries only the result.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import click
from rich.console import Console, RenderableType
from rich.progress import Progress, ProgressColumn

from api.cli.exits import Exit
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

    def show(self, value: Any, texts: Iterable[RenderableType]) -> None:
        """The result: `value` for programs, `texts` for people."""
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


def _rendered(texts: Iterable[RenderableType]) -> str:
    console = Console()
    if not console.is_terminal and "COLUMNS" not in os.environ:
        console.width = _WIDTH_OF_PIPES
    with console.capture() as capture:
        for text in texts:
            console.print(text, highlight=False)
    return "\n".join(line.rstrip() for line in capture.get().splitlines())


pass_context = click.make_pass_decorator(Context)
