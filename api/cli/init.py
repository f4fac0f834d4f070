"""`lotmark init`."""

from __future__ import annotations

import re
import sys
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
from rich.text import Text

from api.cli.context import Context, pass_context
from ledger.errors import InvalidInput
from ledger.home import Settings
from ledger.keys import read_password


@dataclass(frozen=True, slots=True)
class _First:
    """The first organisation; without a password, a random one is kept in a file."""

    uri: str
    name: str
    prefixes: tuple[str, ...]
    policy: str
    password: str | None


@click.command("init")
@click.option(
    "--chain",
    envvar="LOTMARK_CHAIN",
    show_envvar=True,
    help="URL of an EVM node's JSON-RPC; else the embedded chain.",
)
@click.option("--ledger", help="Address of a ledger that is on that chain already; else one is deployed.")
@click.option(
    "--carrier-key-file", type=click.Path(path_type=Path), help="File with the private key of an account with funds."
)
@click.option(
    "--finality-depth",
    type=click.IntRange(min=0),
    envvar="LOTMARK_FINALITY_DEPTH",
    show_envvar=True,
    help="Blocks until a record is final; else the node's `finalized` tag.",
)
@click.option("--access", type=click.Choice(["keys", "open"]), default="keys", show_default=True)
@click.option("--organisation", "uri", help="URI of the first organisation, such as a PGLN Digital Link.")
@click.option("--name", help="Its name.")
@click.option("--prefix", "prefixes", multiple=True, help="A GS1 company prefix of it; may be repeated.")
@click.option("--policy", type=click.Choice(["sealed", "open"]), default="sealed", show_default=True)
@click.option("--password-file", type=click.Path(path_type=Path), help="File with the password of its keys.")
@pass_context
def command(context: Context, /, **options: Any) -> None:
    """Make a home: keys, chain, contracts, and a first organisation.

    Asks for what is not given. Where there is no terminal it makes one organisation whose keys have a random password,
    kept in a file that only you can read.
    """
    settings = _settings(options)
    first = _first(options)
    carrier_key = _private_key(options["carrier_key_file"]) if options["carrier_key_file"] else None
    address = _address(options["ledger"]) if options["ledger"] else None
    from ledger.ledger import Ledger

    Ledger.create(context.home, settings, carrier_key=carrier_key, ledger=address)
    with Ledger.open(context.home, settings) as ledger:
        made = ledger.add_organisation(
            first.uri, first.name, company_prefixes=first.prefixes, policy=first.policy, password=first.password
        )
        password_file = ledger.keys.password_file(made.id) if first.password is None else None
        identity = ledger.identity
    value = {
        "home": str(context.home),
        "chain": {"id": identity.chain_id, "ledger": "0x" + identity.ledger.hex()},
        "organisation": {"id": "0x" + made.id.hex(), "uri": made.uri, "name": made.name},
        "password_file": str(password_file) if password_file else None,
    }
    context.show(value, _sentences(context.home, settings, made.name, made.uri, password_file))


def _sentences(home: Path, settings: Settings, name: str, uri: str, password_file: Path | None) -> list[Text]:
    sentences = [f"Made {home} on {settings.chain if settings.chain != 'embedded' else 'an embedded chain'}."]
    sentences.append(f"Organisation: {name} ({uri}).")
    if password_file:
        sentences.append(f"Its key is protected by a random password in {password_file}; keep that file safe.")
    sentences.append("Next: lotmark serve, or lotmark submit FILE.")
    return [Text(sentence) for sentence in sentences]


def _settings(options: dict[str, Any]) -> Settings:
    given = {name: options[name] for name in ("chain", "finality_depth", "access") if options[name] is not None}
    return Settings(**given)


def _first(options: dict[str, Any]) -> _First:
    asks = sys.stdin.isatty()
    name = options["name"] or (click.prompt("Name of your organisation", err=True) if asks else "My organisation")
    uri = options["uri"] or (_ask_uri() if asks else f"urn:uuid:{uuid.uuid4()}")
    password = read_password(options["password_file"]) if options["password_file"] else None
    if password is None and asks:
        password = _ask_password()
    return _First(uri, name, options["prefixes"], options["policy"], password)


def _ask_uri() -> str:
    text = "Its URI (a PGLN such as https://id.gs1.org/417/9521000000001; empty for a random one)"
    return click.prompt(text, default="", show_default=False, err=True) or f"urn:uuid:{uuid.uuid4()}"


def _ask_password() -> str | None:
    text = "Password for its keys (empty: a random one in a file)"
    return (
        click.prompt(text, default="", show_default=False, hide_input=True, confirmation_prompt=True, err=True) or None
    )


def _private_key(path: Path) -> bytes:
    text = read_password(path)
    if not re.fullmatch("(0x)?[0-9a-fA-F]{64}", text):
        raise InvalidInput("no private key", where=str(path), expected="64 hexadecimal digits on the first line")
    return bytes.fromhex(text.removeprefix("0x"))


def _address(text: str) -> bytes:
    if not re.fullmatch("0x[0-9a-fA-F]{40}", text):
        raise InvalidInput(f"{text!r} is no address", where="--ledger", expected="0x and 40 hexadecimal digits")
    return bytes.fromhex(text[2:])
