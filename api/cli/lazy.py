"""Groups of commands whose modules are imported when a command is run, so that `--help` is quick.

Every command takes `--format` behind its own name too, where people write it.
"""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from typing import Any

import click

FORMATS = ("text", "json", "csv")


class LazyGroup(click.Group):
    """`modules` is command → (module, help); the command is `command` in it, or what follows a colon."""

    def __init__(self, name: str | None = None, modules: Mapping[str, tuple[str, str]] | None = None, **more: Any):
        super().__init__(name, **more)
        self.modules = dict(modules or {})

    def list_commands(self, context: click.Context) -> list[str]:
        return list(self.modules)

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        if name not in self.modules:
            return None
        module, _, attribute = self.modules[name][0].partition(":")
        command = getattr(importlib.import_module(module), attribute or "command")
        assert isinstance(command, click.Command)  # noqa: S101 - every module above defines one
        _take_format(command)
        return command

    def format_commands(self, context: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in self.modules.items()])


def _set_format(context: click.Context, _: click.Parameter, value: str | None) -> None:
    if value is not None:
        context.obj.format = value


def _take_format(command: click.Command) -> None:
    if isinstance(command, LazyGroup):
        return
    if isinstance(command, click.Group):
        for nested in command.commands.values():
            _take_format(nested)
    elif not any(parameter.name == "format" for parameter in command.params):
        choice = click.Choice(FORMATS)
        command.params.append(
            click.Option(["--format"], type=choice, expose_value=False, callback=_set_format, help="As before COMMAND.")
        )
