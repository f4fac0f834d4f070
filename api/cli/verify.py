"""`lotmark verify`."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import reduce
from pathlib import Path
from typing import Any

import click
from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from api.cli.client import client
from api.cli.context import Context, pass_context
from api.cli.tables import table
from api.cli.wording import counted, local_time
from api.names import short
from ledger.batch import Domain
from ledger.chain import connect
from ledger.chain.connect import EMBEDDED
from ledger.chain.witness import NodeWitness
from ledger.commitment.disclosure import Structure, Value
from ledger.errors import InvalidInput
from ledger.events import format_time, parse_time
from ledger.hexadecimal import hex_of
from ledger.home import Home
from ledger.identifiers import parse_item
from ledger.verify import Checkpoint, Trust, Verified, verify
from ledger.verify.verified import VerifiedEvent

_SHOWN = 40


@dataclass(frozen=True, slots=True)
class Place:
    """Where to ask, what to trust there, and whose word that is."""

    rpc: str
    domain: Domain
    code_hash: bytes | None
    source: str


_TRUST = (
    click.option("--rpc", help="JSON-RPC URL of a node that you choose."),
    click.option("--ledger", help="Address of the ledger that you trust."),
    click.option("--chain-id", type=int, help="Id of the chain that you trust; else what the node at --rpc says."),
    click.option("--code-hash", help="keccak-256 of the ledger's code that you trust."),
    click.option(
        "--organisation", "organisations", multiple=True, help="URI of an organisation you expect; repeatable."
    ),
    click.option("--checkpoint", help="A block that you trust, as NUMBER:HASH."),
    click.option("--timeout", type=float, default=10, show_default=True, help="Longest wait for the node, seconds."),
)


def trust_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Let a command take what a verifier brings: node, ledger, chain, code, organisations, checkpoint."""
    return reduce(lambda made, option: option(made), reversed(_TRUST), command)


@click.command("verify")
@click.argument("file", type=click.Path(allow_dash=True, path_type=Path))
@click.option("--item", help="The item in your hand, which the events must be about.")
@click.option("--complete", is_flag=True, help="Fail if the bundle leaves out an open event of the item.")
@trust_options
@pass_context
def command(context: Context, /, file: Path, item: str | None, complete: bool, **options: Any) -> None:
    """Check the bundle FILE (- for standard input), step by step, and say what is left for you to judge.

    What a bundle says of chain, ledger or organisation counts only where it equals what you bring. Without --ledger
    and --rpc the ledger and the node of this home are taken, and the result says so.
    """
    result, place = verified(context, file, parse_item(item).uri if item else None, complete=complete, **options)
    context.show(_as_dict(result, place), _texts(result, place))


def verified(
    context: Context, file: Path, item: str | None = None, *, complete: bool = False, timeout: float, **options: Any
) -> tuple[Verified, Place]:
    """The bundle in `file`, verified against what `trust_options` gave, or else this home's own chain."""
    data = sys.stdin.buffer.read() if str(file) == "-" else _read(file)
    with _place(context, options, timeout) as place:
        trust = Trust(
            chain_id=place.domain.chain_id,
            ledger=place.domain.ledger,
            code_hash=place.code_hash,
            organisations=frozenset(options["organisations"]) or None,
            checkpoint=_checkpoint(options["checkpoint"]) if options["checkpoint"] else None,
        )
        chain = connect(place.rpc, timeout=timeout)
        try:
            result = verify(data, trust, NodeWitness(chain, trust.ledger), item, require_complete=complete)
        finally:
            chain.close()
    return result, place


@contextmanager
def _place(context: Context, options: dict[str, Any], timeout: float) -> Iterator[Place]:
    """What the verifier brought, or this home's own chain, reachable for as long as it is needed."""
    code_hash = _hex(options["code_hash"], 32, "--code-hash") if options["code_hash"] else None
    if options["rpc"] and options["ledger"]:
        chain_id = options["chain_id"] if options["chain_id"] is not None else _chain_id(options["rpc"], timeout)
        yield Place(options["rpc"], Domain(chain_id, _hex(options["ledger"], 20, "--ledger")), code_hash, "yours")
        return
    if options["rpc"] or options["ledger"]:
        raise InvalidInput("--rpc and --ledger go together", expected="both, or neither to take this home's")
    if not Home.exists(context.home):
        raise InvalidInput(
            "there is no home here whose ledger could be taken",
            expected="what to check against",
            advice="Name the ledger and the node that you trust: --ledger 0x… --rpc URL.",
        )
    with client(context.home, context.settings) as http:
        chain = http.get("/health")["chain"]
        domain = Domain(options["chain_id"] or chain["chain_id"], bytes.fromhex(chain["ledger"][2:]))
        own = code_hash or bytes.fromhex(chain["code_hash"][2:])
        node = context.settings.chain
        rpc = f"{http.url}/rpc" if node == EMBEDDED else node
        yield Place(rpc, domain, own, f"those of the home {context.home}")


def _chain_id(rpc: str, timeout: float) -> int:
    chain = connect(rpc, timeout=timeout)
    try:
        return chain.chain_id
    finally:
        chain.close()


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise InvalidInput(f"cannot be read: {error.strerror}", where=str(file)) from error


def _checkpoint(text: str) -> Checkpoint:
    number, _, block_hash = text.partition(":")
    if not number.isascii() or not number.isdecimal():
        raise InvalidInput(f"{text!r} is no checkpoint", where="--checkpoint", expected="NUMBER:HASH")
    return Checkpoint(int(number), _hex(block_hash, 32, "--checkpoint"))


def _hex(text: str, size: int, where: str) -> bytes:
    if not re.fullmatch(f"0x[0-9a-fA-F]{{{size * 2}}}", text):
        raise InvalidInput(f"{text!r} does not fit", where=where, expected=f"0x and {size * 2} hexadecimal digits")
    return bytes.fromhex(text[2:])


def _texts(result: Verified, place: Place) -> Iterator[RenderableType]:
    yield Text(f"verified: {counted(len(result.events), 'event')}", style="bold green")
    for line in result.checked:
        yield Text(f"  {line}")
    yield Text()
    yield _events(result.events)
    if len(result.events) > _SHOWN:
        yield Text(f"… and {len(result.events) - _SHOWN:,} more: --format json shows all of them")
    yield Text("\nleft for you to judge", style="bold yellow")
    yield Text(f"  The chain, the ledger's address and the node asked were {place.source}.")
    for line in result.to_judge:
        yield Text(f"  {line}")


def _events(events: Sequence[VerifiedEvent]) -> Table:
    shown = table("when", "what", "item", "organisation", "block", unbroken=["when"])
    for event in sorted(events, key=lambda one: parse_time(str(one.values["/eventTime"])))[:_SHOWN]:
        step = Text(str(event.values.get("/bizStep") or event.values["/type"]).replace("_", " "))
        if event.corrected_by:
            step.append(" (declared WRONG)", style="bold red")
        shown.add_row(_when(event), step, _item(event), short(event.organisation), str(event.block_number))
    return shown


def _when(event: VerifiedEvent) -> str:
    """The wall clock where it happened; in UTC where its offset is hidden."""
    time = format_time(parse_time(str(event.values["/eventTime"])))
    return local_time(time, str(event.values.get("/eventTimeZoneOffset", "+00:00")))


def _item(event: VerifiedEvent) -> str:
    items = sorted(event.items)
    return "" if not items else short(items[0]) + (f" +{len(items) - 1}" if len(items) > 1 else "")


def _as_dict(result: Verified, place: Place) -> dict[str, Any]:
    events = [
        {
            "commitment": hex_of(event.commitment),
            "organisation": event.organisation,
            "signer": hex_of(event.signer),
            "sequence": event.sequence,
            "index": event.index,
            "block_number": event.block_number,
            "block_hash": hex_of(event.block_hash),
            "transaction_hash": hex_of(event.transaction_hash),
            "hidden": event.hidden_count,
            "corrected_by": None if event.corrected_by is None else [hex_of(one) for one in event.corrected_by],
            "values": {pointer: _json(value) for pointer, value in event.values.items()},
        }
        for event in result.events
    ]
    words = {"trust": place.source, "checked": list(result.checked), "to_judge": list(result.to_judge)}
    return {"verified": True, **words, "events": events}


def _json(value: Value) -> Any:
    return value.as_json() if isinstance(value, Structure) else value
