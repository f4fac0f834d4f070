"""`lotmark`: the command group, its common options, and the one place where errors become messages and exit codes."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Sequence
from pathlib import Path

import click

from api.cli.context import Context
from api.cli.exits import Exit, Unreachable, Usage, exit_of, report
from api.cli.lazy import FORMATS, LazyGroup
from ledger.errors import LotmarkError
from ledger.home import default_home

#: command → (module, help)
_COMMANDS = {
    "init": ("api.cli.init", "Make a home: keys, chain, contracts, and a first organisation."),
    "serve": ("api.cli.serve", "Serve the API and the page, and record what is captured."),
    "org": ("api.cli.organisations", "List and add organisations."),
    "key": ("api.cli.keys", "List, add and revoke API keys."),
    "submit": ("api.cli.submit", "Capture events from EPCIS JSON or CSV."),
    "import": ("api.cli.imports", "Import readings, inspections or limits from CSV."),
    "trace": ("api.cli.trace", "Show where an item comes from and where it went."),
    "quality": ("api.cli.quality", "What was measured, what it means, what to do about it."),
    "prove": ("api.cli.prove", "Write a bundle of proofs for an item or an event."),
    "verify": ("api.cli.verify", "Check a bundle against a chain of your choice."),
    "status": ("api.cli.status", "Show what is captured, sent, recorded and final."),
    "config": ("api.cli.config", "Show the settings in force and where each comes from."),
    "demo": ("api.cli.demo", "Write the demonstration data to a folder."),
}

_EPILOG = """\b
Exit codes:
  0  done, or verified              3  not final yet
  1  not verified, found, allowed   4  chain, server, disk or home out of reach
  2  wrong usage or input           130  interrupted"""


@click.group(cls=LazyGroup, modules=_COMMANDS, epilog=_EPILOG, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--home", type=click.Path(path_type=Path), envvar="LOTMARK_HOME", show_envvar=True, help="The data directory."
)
@click.option(
    "--format",
    "format_",
    type=click.Choice(FORMATS),
    default="text",
    envvar="LOTMARK_FORMAT",
    show_default=True,
    show_envvar=True,
    help="For people, or for programs.",
)
@click.option("-v", "--verbose", count=True, help="Say more; twice, with tracebacks.")
@click.version_option(package_name="lotmark")
@click.pass_context
def cli(context: click.Context, home: Path | None, format_: str, verbose: int) -> None:
    """Lotmark: where goods come from and where they went, signed by who says so, provable without us."""
    logging.basicConfig(level=logging.WARNING - 10 * min(verbose, 2), format="%(levelname)s %(name)s: %(message)s")
    context.obj = Context(home=(home or default_home()).expanduser().absolute(), format=format_)
    context.meta["verbose"] = verbose


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the exit code. Never a traceback for a user's mistake, unless asked for with -vv."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    try:
        result = cli.main(given, prog_name="lotmark", standalone_mode=False)
    except LotmarkError as error:
        return _failed(error, given)
    except click.exceptions.NoArgsIsHelpError as error:
        error.show()
        return Exit.INPUT
    except click.ClickException as error:
        return _failed(_usage(error), given)
    except OSError as error:
        return _failed(_unreachable(error), given)
    except (click.Abort, KeyboardInterrupt):
        click.echo("Interrupted.", err=True)
        return Exit.INTERRUPTED
    return result if isinstance(result, int) else Exit.DONE


def _failed(error: LotmarkError, arguments: Sequence[str]) -> int:
    if "-vv" in arguments:
        logging.getLogger(__name__).exception("traceback")
    report(error, _wants_json(arguments))
    return exit_of(error)


def _usage(error: click.ClickException) -> Usage:
    context = error.ctx if isinstance(error, click.UsageError) else None
    path = context.command_path if context else "lotmark"
    message = _message(error)
    return Usage(message[:1].lower() + message[1:].rstrip("."), advice=f"See `{path} --help`.")


def _message(error: click.ClickException) -> str:
    parameter = error.param if isinstance(error, click.MissingParameter) else None
    if parameter is not None and isinstance(parameter.type, click.Choice):
        choices = ", ".join(map(str, parameter.type.choices))
        return f"Missing argument '{parameter.human_readable_name}': one of {choices}"
    return error.format_message()


def _unreachable(error: OSError) -> Unreachable:
    return Unreachable((error.strerror or str(error)).lower(), where=str(error.filename or ""))


def _wants_json(arguments: Sequence[str]) -> bool:
    """The last `--format` counts, as it does for click, which is no longer there to ask after it found an error."""
    chosen = os.environ.get("LOTMARK_FORMAT", "text")
    for one, two in zip(arguments, [*arguments[1:], ""], strict=True):
        if one == "--format":
            chosen = two
        elif one.startswith("--format="):
            chosen = one.removeprefix("--format=")
    return chosen == "json"


def run() -> None:
    """The entry point of the installed command."""
    sys.exit(main())
