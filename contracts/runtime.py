"""The code that a contract of ours must have at an address: what a verifier compares with what a chain shows.

The compiler leaves holes in the deployed bytecode for the immutables, which the constructor fills: the EIP-712 domain
of name `Lotmark` and version `1` in the form that OpenZeppelin's EIP712 caches it and, in the ledger, the registry's
address. All follow from chain id and addresses, so that the whole code can be foretold. Nothing here asks a chain.
"""

from __future__ import annotations

from typing import Final

from eth_hash.auto import keccak

from contracts import artifact

NAME: Final = b"Lotmark"
VERSION: Final = b"1"
DOMAIN_TYPE: Final = b"EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"


def registry_code(chain_id: int, registry: bytes) -> bytes:
    """The runtime code of the OrganisationRegistry at the address `registry` (20 bytes)."""
    return _filled("OrganisationRegistry", _domain_immutables(chain_id, registry))


def ledger_code(chain_id: int, ledger: bytes, registry: bytes) -> bytes:
    """The runtime code of the ProvenanceLedger at the address `ledger` that asks that `registry` (20 bytes each)."""
    return _filled("ProvenanceLedger", _domain_immutables(chain_id, ledger) | {"registry": _word(registry)})


def _domain_immutables(chain_id: int, address: bytes) -> dict[str, bytes]:
    words = [keccak(DOMAIN_TYPE), keccak(NAME), keccak(VERSION), chain_id.to_bytes(32, "big"), _word(address)]
    return {
        "_cachedDomainSeparator": keccak(b"".join(words)),
        "_cachedChainId": words[3],
        "_cachedThis": words[4],
        "_hashedName": words[1],
        "_hashedVersion": words[2],
        "_name": _short_string(NAME),
        "_version": _short_string(VERSION),
    }


def _filled(name: str, values: dict[str, bytes]) -> bytes:
    compiled = artifact(name)
    code = bytearray.fromhex(compiled["deployedBytecode"].removeprefix("0x"))
    for immutable, places in compiled["immutableReferences"].items():
        for place in places:
            code[place["start"] : place["start"] + place["length"]] = values[immutable]
    return bytes(code)


def _word(address: bytes) -> bytes:
    return address.rjust(32, b"\0")


def _short_string(text: bytes) -> bytes:
    """OpenZeppelin's ShortString: the text on the left, its length in the last byte."""
    return text.ljust(31, b"\0") + bytes([len(text)])
