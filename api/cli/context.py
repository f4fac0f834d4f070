"""What every command is given: the home, the chosen format, and where to print."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import click
from rich.console import Console, RenderableType

from ledger.home import Setting, Settings, load_settings


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

    def show(self, value: Any, *texts: RenderableType) -> None:
        """The result: `value` for programs, `texts` for people."""
        if self.as_json:
            click.echo(json.dumps(value, indent=2, ensure_ascii=False))
        else:
            console = Console(width=None if Console().is_terminal else 120)
            for text in texts:
                console.print(text)

    def say(self, message: str) -> None:
        """A remark on what is being done, for people."""
        if not self.as_json:
            self.stderr.print(message, highlight=False)


pass_context = click.make_pass_decorator(Context)
