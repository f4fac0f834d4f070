"""docs/cli.md, written by the program itself, so that it cannot say what the program does not."""

from __future__ import annotations

from collections.abc import Iterator

import click

from api.cli.exits import MEANINGS
from api.cli.main import cli

_WIDTH = 100

_HEAD = """\
# The command line

Written by `scripts/docs` from the program itself; do not edit.

Every command works on one *home*, the data directory (`LOTMARK_HOME`, else `~/.lotmark`), which one process has open
at a time. While `lotmark serve` runs, the other commands go through it; else each opens the home while it runs.

Results go to standard output, remarks and progress to standard error, and colours and bars only to a terminal (never
with `NO_COLOR`). With `--format json`, before or after the command, standard output is one JSON value: the result, or
`{"error": {"code", "problems": [{"where", "message", "expected", "advice"}]}}`.

Passwords and private keys are read from a prompt or a file that only its owner can read, never from arguments. Where
there is no terminal, `LOTMARK_PASSWORD_FILE` names the file with the password of this home's keys.

## Exit codes

| code | meaning |
|---|---|
"""


def reference() -> str:
    """The whole page."""
    codes = "".join(f"| {code.value} | {meaning} |\n" for code, meaning in MEANINGS.items())
    root = click.Context(cli, info_name="lotmark", terminal_width=_WIDTH, **cli.context_settings)
    return _HEAD + codes + "".join(_section(context) for context in _contexts(root))


def _contexts(context: click.Context) -> Iterator[click.Context]:
    yield context
    if isinstance(context.command, click.Group):
        for name in context.command.list_commands(context):
            nested = context.command.get_command(context, name)
            if nested is not None:
                yield from _contexts(click.Context(nested, context, name))


def _section(context: click.Context) -> str:
    return f"\n## `{context.command_path}`\n\n```text\n{context.command.get_help(context)}\n```\n"
