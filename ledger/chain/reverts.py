"""What a revert says: the contracts' custom errors, and Solidity's own Error(string) and Panic(uint256).

An exception carries the error's name and values as the contract gave them, and what to do about it.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from eth_abi.abi import decode
from eth_abi.exceptions import DecodingError
from eth_hash.auto import keccak

from contracts import artifact
from ledger.errors import ContractRefused

from .json_rpc import EXECUTION_REVERTED, RpcError, data

Signature = tuple[str, tuple[str, ...], tuple[str, ...]]  # name, types, names of the values

_SOLIDITY: tuple[Signature, ...] = (("Error", ("string",), ("message",)), ("Panic", ("uint256",), ("panic",)))

_ADVICE = {
    "ProvenanceLedger_WrongSequence": "Another batch of this organisation came first, or this one is "
    "recorded already; look at the organisation's last sequence.",
    "ProvenanceLedger_MayNotRecord": "The key is not, or no more, a key of this organisation, or the "
    "organisation may not record; ask the registrar.",
    "ProvenanceLedger_WrongItems": "The open items are not those that were signed; send the stored ones.",
    "ProvenanceLedger_InvalidSignature": "Sign the header again for this chain id and this ledger.",
    "ProvenanceLedger_IndexRootReserved": "Leave the index root zero.",
    "ProvenanceLedger_EmptyBatch": "Record at least one event.",
    "ProvenanceLedger_NoRegistry": "Deploy the registry first.",
    "OrganisationRegistry_AlreadyRegistered": "Use the organisation that is registered, or another URI.",
    "OrganisationRegistry_NotRegistered": "Ask the registrar to register the organisation first.",
    "OrganisationRegistry_KeyKnown": "A key is added once, and never comes back; make a new one.",
    "OrganisationRegistry_KeyNotActive": "Sign with a key of the organisation that is not revoked.",
    "OrganisationRegistry_InvalidSignature": "Sign again for this chain id, registry and the present nonce.",
    "OrganisationRegistry_MayNotRevoke": "Only the registrar or a key of the organisation revokes.",
    "OwnableUnauthorizedAccount": "Only the registrar may do this; use its key.",
}


def refused(error: RpcError) -> ContractRefused | None:
    """A node's error as the contract's refusal, if that is what it is."""
    content = _revert_data(error.data)
    if content is not None:
        return decode_revert(content)
    if error.code == EXECUTION_REVERTED or "revert" in error.message.lower():
        return ContractRefused("Revert", {"message": error.message[:300]})
    return None


def decode_revert(content: bytes) -> ContractRefused:
    """The refusal that a contract's revert data encodes."""
    known = _errors().get(content[:4])
    if known is not None:
        name, types, names = known
        try:
            values = decode(types, content[4:])
        except (DecodingError, OverflowError):
            return ContractRefused("Revert", {"data": data(content)})
        shown = {key: _shown(value) for key, value in zip(names, values, strict=True)}
        return ContractRefused(name, shown, advice=_ADVICE.get(name, ""))
    return ContractRefused("Revert", {"data": data(content)} if content else {})


def _shown(value: Any) -> Any:
    return data(value) if isinstance(value, bytes) else value


def _revert_data(found: Any) -> bytes | None:
    """Nodes give the data as hex, behind a word ('Reverted 0x…'), or inside an object."""
    if isinstance(found, dict):
        found = found.get("data") or found.get("result")
    if not isinstance(found, str):
        return None
    try:
        return bytes.fromhex(found.removeprefix("Reverted").strip().removeprefix("0x"))
    except ValueError:
        return None


@cache
def _errors() -> dict[bytes, Signature]:
    entries = [entry for name in ("OrganisationRegistry", "ProvenanceLedger") for entry in artifact(name)["abi"]]
    own = [_signature(entry) for entry in entries if entry["type"] == "error"]
    return {
        keccak(f"{name}({','.join(types)})".encode())[:4]: (name, types, names)
        for name, types, names in (*_SOLIDITY, *own)
    }


def _signature(entry: dict[str, Any]) -> Signature:
    inputs = entry["inputs"]
    return entry["name"], tuple(value["type"] for value in inputs), tuple(value["name"] for value in inputs)
