"""Is this the chain that the home was made on? Its id, its first block and the ledger's code answer together.

A home that writes to another chain by mistake would lose its order; so it refuses before anything is sent.
"""

from __future__ import annotations

from dataclasses import dataclass

from ledger.errors import ChainUnavailable, WrongChain

from .contracts import code_hash, registry_of
from .port import Chain


@dataclass(frozen=True, slots=True)
class ChainIdentity:
    chain_id: int
    genesis_hash: bytes
    ledger: bytes
    registry: bytes
    code_hash: bytes  # keccak-256 of the ledger's code, in which the registry's address is written


def identify(chain: Chain, ledger: bytes) -> ChainIdentity:
    """The identity of a chain with a ledger on it; WrongChain if there is no ledger."""
    code = code_hash(chain, ledger)
    return ChainIdentity(chain.chain_id, _genesis_hash(chain), ledger, registry_of(chain, ledger), code)


def check(chain: Chain, identity: ChainIdentity) -> None:
    """WrongChain, naming what differs, if this is not the chain with that identity."""
    _same(chain, "chain id", identity.chain_id, chain.chain_id)
    _same(chain, "hash of the first block", identity.genesis_hash, _genesis_hash(chain))
    _same(chain, "hash of the ledger's code", identity.code_hash, code_hash(chain, identity.ledger))
    _same(chain, "address of the ledger's registry", identity.registry, registry_of(chain, identity.ledger))


def _genesis_hash(chain: Chain) -> bytes:
    first = chain.block("earliest")
    if first is None:
        raise ChainUnavailable("the node does not know the chain's first block", where=chain.url)
    return first.hash


def _same(chain: Chain, what: str, expected: int | bytes, found: int | bytes) -> None:
    if found != expected:
        raise WrongChain(
            f"this is not this home's chain: its {what} is {_shown(found)}",
            where=chain.url,
            expected=_shown(expected),
            advice="Set the chain's URL to the one that this home was made on, or make a new home for this chain. "
            "If a local test node was started afresh, its old chain is gone.",
        )


def _shown(value: int | bytes) -> str:
    return str(value) if isinstance(value, int) else "0x" + value.hex()
