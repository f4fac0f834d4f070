"""The two contracts through a chain: deploying them, administering organisations and keys, and asking what they store.

The rules are the contracts' own; a refusal arrives as ContractRefused with the contract's name for it. Records are made
and read in `records`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from eth_abi.abi import decode, encode
from eth_abi.exceptions import DecodingError
from eth_hash.auto import keccak

from contracts import artifact
from ledger.batch import Domain, organisation_id, sign_digest
from ledger.errors import ChainUnavailable, WrongChain
from ledger.verify.witness import KeyRange

from .port import BlockName, Chain, Receipt
from .transactions import address_of, transact

RECORD_ROLE = 1  # bit 0 of an organisation's roles


@dataclass(frozen=True, slots=True)
class Deployment:
    registry: bytes
    ledger: bytes
    block: int  # of the ledger: no record is older
    registry_code_hash: bytes
    ledger_code_hash: bytes


def deploy(chain: Chain, carrier_key: bytes) -> Deployment:
    """Put both contracts on the chain; the account that pays becomes the registrar."""
    registry, _ = _create(chain, carrier_key, "OrganisationRegistry", address_of(carrier_key))
    ledger, block = _create(chain, carrier_key, "ProvenanceLedger", registry)
    return Deployment(registry, ledger, block, code_hash(chain, registry), code_hash(chain, ledger))


def _create(chain: Chain, carrier_key: bytes, name: str, argument: bytes) -> tuple[bytes, int]:
    bytecode = bytes.fromhex(artifact(name)["bytecode"].removeprefix("0x"))
    receipt = transact(chain, carrier_key, None, bytecode + encode(["address"], [argument]))
    if receipt.contract is None:
        raise ChainUnavailable(f"the node gives no address of the new {name}", where=chain.url)
    return receipt.contract, receipt.block_number


def code_hash(chain: Chain, address: bytes) -> bytes:
    """keccak-256 of a contract's code; WrongChain if there is none."""
    code = chain.code(address)
    if not code:
        raise WrongChain(
            f"there is no contract at 0x{address.hex()}",
            where=chain.url,
            advice="Check the chain's URL and the contract's address.",
        )
    return keccak(code)


# organisations and their keys


def register_organisation(
    chain: Chain, registry: bytes, registrar_key: bytes, uri: str, key: bytes, *, roles: int = RECORD_ROLE
) -> Receipt:
    """Register an organisation with its first key (an address)."""
    return transact(chain, registrar_key, registry, _calldata("register(string,address,uint256)", uri, key, roles))


def set_roles(chain: Chain, registry: bytes, registrar_key: bytes, organisation: bytes, roles: int) -> Receipt:
    return transact(chain, registrar_key, registry, _calldata("setRoles(bytes32,uint256)", organisation, roles))


def add_key(
    chain: Chain, registry: bytes, carrier_key: bytes, organisation: bytes, key: bytes, *, signed_by: bytes
) -> Receipt:
    """Add a key (an address), vouched for by `signed_by`, the private key of one that the organisation has."""
    return _change_key(chain, registry, carrier_key, organisation, key, signed_by, "KeyAddition", "addKey")


def revoke_key(
    chain: Chain,
    registry: bytes,
    carrier_key: bytes,
    organisation: bytes,
    key: bytes,
    *,
    signed_by: bytes | None = None,
) -> Receipt:
    """End a key (an address) from the next block on.

    Vouched for by `signed_by`, a private key of the organisation; without one, the carrier must be such a key or the
    registrar.
    """
    if signed_by is None:
        return transact(chain, carrier_key, registry, _calldata("revokeKey(bytes32,address)", organisation, key))
    return _change_key(chain, registry, carrier_key, organisation, key, signed_by, "KeyRevocation", "revokeKey")


def _change_key(
    chain: Chain,
    registry: bytes,
    carrier_key: bytes,
    organisation: bytes,
    key: bytes,
    signed_by: bytes,
    struct: str,
    function: str,
) -> Receipt:
    (nonce,) = _ask(chain, registry, "nonces(bytes32)", "uint256", organisation)
    digest = key_change_digest(struct, organisation, key, nonce, Domain(chain.chain_id, registry))
    signature = sign_digest(digest, signed_by)
    return transact(
        chain, carrier_key, registry, _calldata(f"{function}(bytes32,address,bytes)", organisation, key, signature)
    )


def key_change_digest(struct: str, organisation: bytes, key: bytes, nonce: int, domain: Domain) -> bytes:
    """What is signed to add (`KeyAddition`) or to end (`KeyRevocation`) a key (EIP-712)."""
    kind = keccak(f"{struct}(bytes32 organisation,address key,uint256 nonce)".encode())
    content = encode(["bytes32", "bytes32", "address", "uint256"], [kind, organisation, key, nonce])
    return keccak(b"\x19\x01" + domain.separator + keccak(content))


def key_range(chain: Chain, registry: bytes, organisation: bytes, key: bytes, block: BlockName = "latest") -> KeyRange:
    signature = "keyRange(bytes32,address)"
    added, revoked = _ask(chain, registry, signature, "uint64,uint64", organisation, key, block=block)
    return KeyRange(added, revoked)


def may_record(chain: Chain, registry: bytes, organisation: bytes, key: bytes) -> bool:
    (allowed,) = _ask(chain, registry, "mayRecord(bytes32,address)", "bool", organisation, key)
    return bool(allowed)


def roles_of(chain: Chain, registry: bytes, organisation: bytes) -> int:
    (roles,) = _ask(chain, registry, "rolesOf(bytes32)", "uint256", organisation)
    return int(roles)


def is_registered(chain: Chain, registry: bytes, uri: str) -> bool:
    """Whether the registry ever logged the registration of this URI."""
    registered = keccak(b"OrganisationRegistered(bytes32,string,uint256)")
    return bool(chain.logs(registry, [registered, organisation_id(uri)], first=0))


# the ledger


def last_sequence(chain: Chain, ledger: bytes, organisation: bytes, block: BlockName = "latest") -> int:
    (sequence,) = _ask(chain, ledger, "lastSequence(bytes32)", "uint64", organisation, block=block)
    return int(sequence)


def recorded_header_hash(
    chain: Chain, ledger: bytes, organisation: bytes, sequence: int, block: BlockName = "latest"
) -> bytes | None:
    """The hash of the header recorded under this number, as `batch.header_hash` makes it."""
    signature = "headerHash(bytes32,uint64)"
    (found,) = _ask(chain, ledger, signature, "bytes32", organisation, sequence, block=block)
    return None if found == bytes(32) else bytes(found)


def registry_of(chain: Chain, ledger: bytes) -> bytes:
    (registry,) = _ask(chain, ledger, "registry()", "address")
    return bytes.fromhex(registry.removeprefix("0x"))


def _calldata(signature: str, *arguments: object) -> bytes:
    types = [part for part in signature[signature.index("(") + 1 : -1].split(",") if part]
    return keccak(signature.encode())[:4] + encode(types, arguments)


def _ask(
    chain: Chain, contract: bytes, signature: str, returns: str, *arguments: object, block: BlockName = "latest"
) -> tuple[Any, ...]:
    found = chain.call(contract, _calldata(signature, *arguments), block)
    try:
        return decode(returns.split(","), found)
    except (DecodingError, OverflowError):
        raise WrongChain(
            f"what is at 0x{contract.hex()} does not answer {signature}",
            where=chain.url,
            expected="a contract of Lotmark",
            advice="Check the chain's URL and the contract's address.",
        ) from None
