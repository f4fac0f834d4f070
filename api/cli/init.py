"""`lotmark init`."""

from __future__ import annotations

import re
import sys
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import click
from rich.text import Text

from api.cli.context import Context, pass_context
from ledger.errors import InvalidInput
from ledger.home import Home, Settings
from ledger.identifiers import parse_item, under_company_prefix
from ledger.keys import read_password
from ledger.store.organisations import Organisation

_T = TypeVar("_T")
_POLICIES = {
    "sealed": "no item's key of its events goes on the chain, unless one is submitted with --open",
    "open": "its events leave their items' keys on the chain, for ever, unless submitted with --sealed",
}
_ACCESS = {
    "keys": "sealed content and capture need an API key (lotmark key add)",
    "open": "whoever reaches the server reads and captures everything",
}


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
    Home.check_free(context.home)
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
        "access": settings.access,
        "organisation": {
            "id": "0x" + made.id.hex(),
            "uri": made.uri,
            "name": made.name,
            "company_prefixes": list(made.company_prefixes),
            "policy": made.policy,
        },
        "password_file": str(password_file) if password_file else None,
    }
    context.show(value, _sentences(context.home, settings, made, password_file))


def _sentences(home: Path, settings: Settings, made: Organisation, password_file: Path | None) -> list[Text]:
    prefixes = f", GS1 company prefix {', '.join(made.company_prefixes)}" if made.company_prefixes else ""
    sentences = [
        f"Made {home} on {settings.chain if settings.chain != 'embedded' else 'an embedded chain'}.",
        f"Organisation: {made.name} ({made.uri}{prefixes}).",
        f"Policy {made.policy}: {_POLICIES[made.policy]}.",
        f"Access {settings.access}: {_ACCESS[settings.access]}.",
    ]
    if password_file:
        sentences.append(f"Its key is protected by a random password in {password_file}; keep that file safe.")
    sentences.append("Next: lotmark serve, or lotmark submit FILE.")
    return [Text(sentence) for sentence in sentences]


def _settings(options: dict[str, Any]) -> Settings:
    given = {name: options[name] for name in ("chain", "finality_depth", "access") if options[name] is not None}
    return Settings(**given)


def _first(options: dict[str, Any]) -> _First:
    """What is given, checked, and what is asked for: all of it before anything is made."""
    asks = sys.stdin.isatty()
    uri = _uri(options["uri"]) if options["uri"] else None
    prefixes = tuple(_prefix(prefix) for prefix in options["prefixes"])
    password = read_password(options["password_file"]) if options["password_file"] else None
    name = options["name"]
    if name is not None and not name.strip():
        raise InvalidInput("the name is empty", where="--name", expected="what people call the organisation")
    if asks:
        name = name or click.prompt("Name of your organisation", err=True)
        uri = uri or _ask("Its URI (a PGLN such as https://id.gs1.org/417/9521000000001; empty for a random one)", _uri)
        prefixes = prefixes or _ask("Its GS1 company prefix, or several with blanks between (empty: none)", _prefixes)
        password = password or _ask_password()
    return _First(uri or _random_uri(), name or "My organisation", prefixes, options["policy"], password)


def _uri(text: str) -> str:
    return parse_item(text).uri if text else _random_uri()


def _random_uri() -> str:
    return f"urn:uuid:{uuid.uuid4()}"


def _prefixes(text: str) -> tuple[str, ...]:
    return tuple(_prefix(prefix) for prefix in text.split())


def _prefix(text: str) -> str:
    under_company_prefix(parse_item(_random_uri()), text)  # raises InvalidInput unless it is a company prefix
    return text


def _ask(text: str, read: Callable[[str], _T]) -> _T:
    """The answer as `read` understands it; asks again, saying what is wrong, until it does."""

    def understood(answer: str) -> _T:
        try:
            return read(answer.strip())
        except InvalidInput as error:
            raise click.BadParameter(str(error)) from error

    answer: _T = click.prompt(text, default="", show_default=False, value_proc=understood, err=True)
    return answer


def _ask_password() -> str | None:
    """Asked for twice, unless it is empty."""
    while True:
        one = _hidden("Password for its keys (empty: a random one in a file)")
        if not one or one == _hidden("The same again"):
            return one or None
        click.echo("Error: the two differ.", err=True)


def _hidden(text: str) -> str:
    return str(click.prompt(text, default="", show_default=False, hide_input=True, err=True))


def _private_key(path: Path) -> bytes:
    text = read_password(path)
    if not re.fullmatch("(0x)?[0-9a-fA-F]{64}", text):
        raise InvalidInput("no private key", where=str(path), expected="64 hexadecimal digits on the first line")
    return bytes.fromhex(text.removeprefix("0x"))


def _address(text: str) -> bytes:
    if not re.fullmatch("0x[0-9a-fA-F]{40}", text):
        raise InvalidInput(f"{text!r} is no address", where="--ledger", expected="0x and 40 hexadecimal digits")
    return bytes.fromhex(text[2:])
