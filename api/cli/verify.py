"""`lotmark verify`."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
from rich.text import Text

from api.cli.client import client
from api.cli.context import Context, pass_context
from api.cli.wording import short
from ledger.batch import Domain
from ledger.chain import connect
from ledger.chain.witness import NodeWitness
from ledger.commitment.disclosure import Structure, Value
from ledger.errors import InvalidInput
from ledger.identifiers import parse_item
from ledger.verify import Checkpoint, Trust, Verified, verify


@dataclass(frozen=True, slots=True)
class _Place:
    """Where to ask, what to trust there, and whose word that is."""

    rpc: str
    domain: Domain
    code_hash: bytes | None
    source: str


@click.command("verify")
@click.argument("file", type=click.Path(allow_dash=True, path_type=Path))
@click.option("--rpc", help="JSON-RPC URL of a node that you choose.")
@click.option("--ledger", help="Address of the ledger that you trust.")
@click.option("--chain-id", type=int, help="Id of the chain that you trust; else what the node at --rpc says.")
@click.option("--code-hash", help="keccak-256 of the ledger's code that you trust.")
@click.option("--organisation", "organisations", multiple=True, help="URI of an organisation you expect; repeatable.")
@click.option("--checkpoint", help="A block that you trust, as NUMBER:HASH.")
@click.option("--item", help="The item in your hand, which the events must be about.")
@click.option("--complete", is_flag=True, help="Fail if the bundle leaves out an open event of the item.")
@click.option("--timeout", type=float, default=10, show_default=True, help="Longest wait for the node, seconds.")
@pass_context
def command(context: Context, /, file: Path, timeout: float, **options: Any) -> None:
    """Check the bundle FILE (- for standard input), step by step, and say what is left for you to judge.

    What a bundle says of chain, ledger or organisation counts only where it equals what you bring. Without --ledger
    and --rpc the ledger and the node of this home are taken, and the result says so.
    """
    data = sys.stdin.buffer.read() if str(file) == "-" else _read(file)
    item = parse_item(options["item"]).uri if options["item"] else None
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
            result = verify(data, trust, NodeWitness(chain, trust.ledger), item, require_complete=options["complete"])
        finally:
            chain.close()
    context.show(_as_dict(result, place), _texts(result, place))


@contextmanager
def _place(context: Context, options: dict[str, Any], timeout: float) -> Iterator[_Place]:
    """What the verifier brought, or this home's own chain, reachable for as long as it is needed."""
    code_hash = _hex(options["code_hash"], 32, "--code-hash") if options["code_hash"] else None
    if options["rpc"] and options["ledger"]:
        chain_id = options["chain_id"] if options["chain_id"] is not None else _chain_id(options["rpc"], timeout)
        yield _Place(options["rpc"], Domain(chain_id, _hex(options["ledger"], 20, "--ledger")), code_hash, "yours")
        return
    if options["rpc"] or options["ledger"]:
        raise InvalidInput("--rpc and --ledger go together", expected="both, or neither to take this home's")
    with client(context.home, context.settings) as http:
        chain = http.get("/health")["chain"]
        domain = Domain(options["chain_id"] or chain["chain_id"], bytes.fromhex(chain["ledger"][2:]))
        own = code_hash or bytes.fromhex(chain["code_hash"][2:])
        yield _Place(f"{http.url}/rpc", domain, own, f"those of the home {context.home}")


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


def _texts(result: Verified, place: _Place) -> Iterator[Text]:
    count = len(result.events)
    yield Text(f"verified: {count} event{'' if count == 1 else 's'}", style="bold green")
    for line in result.checked:
        yield Text(f"  {line}")
    for event in result.events[:40]:
        yield Text(f"  {_event_line(event.values)} by {event.organisation}{_correction(event.corrected_by)}")
    if count > 40:
        yield Text(f"  … and {count - 40} more")
    yield Text("left for you to judge", style="bold yellow")
    yield Text(f"  The chain, the ledger's address and the node asked were {place.source}.")
    for line in result.to_judge:
        yield Text(f"  {line}")


def _event_line(values: Any) -> str:
    step = str(values.get("/bizStep") or values.get("/type"))
    named = values.get("/epcList/0") or values.get("/outputEPCList/0") or values.get("/parentID")
    return f"{values.get('/eventTime')} {step} {short(str(named)) if named else ''}".rstrip()


def _correction(corrected_by: tuple[bytes, ...] | None) -> str:
    return ", which declares it WRONG" if corrected_by else ""


def _as_dict(result: Verified, place: _Place) -> dict[str, Any]:
    events = [
        {
            "commitment": "0x" + event.commitment.hex(),
            "organisation": event.organisation,
            "signer": "0x" + event.signer.hex(),
            "sequence": event.sequence,
            "index": event.index,
            "block_number": event.block_number,
            "block_hash": "0x" + event.block_hash.hex(),
            "transaction_hash": "0x" + event.transaction_hash.hex(),
            "hidden": event.hidden_count,
            "corrected_by": None if event.corrected_by is None else ["0x" + one.hex() for one in event.corrected_by],
            "values": {pointer: _json(value) for pointer, value in event.values.items()},
        }
        for event in result.events
    ]
    words = {"trust": place.source, "checked": list(result.checked), "to_judge": list(result.to_judge)}
    return {"verified": True, **words, "events": events}


def _json(value: Value) -> Any:
    return value.as_json() if isinstance(value, Structure) else value
