"""Transactions: built for the chain's fees and gas, signed as EIP-1559 bytes, and only then sent.

Signing and sending are apart so that a caller can store the bytes in between, which makes a send repeatable.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field

from eth_account import Account
from eth_hash.auto import keccak

from ledger.errors import ChainUnavailable, ContractRefused, TooLarge

from .port import Chain, Receipt

GAS_CAP = 16_777_216  # EIP-7825: no transaction may ask for more
MARGIN = 1.2  # over the estimate: others' transactions may come first


@dataclass(frozen=True, slots=True)
class SignedTransaction:
    hash: bytes
    raw: bytes
    sender: bytes
    nonce: int
    gas: int = field(compare=False)


def address_of(private_key: bytes) -> bytes:
    return bytes.fromhex(Account.from_key(private_key).address[2:])


def prepare(
    chain: Chain,
    private_key: bytes,
    to: bytes | None,
    data: bytes,
    *,
    nonce: int | None = None,
    gas: int | None = None,
) -> SignedTransaction:
    """Sign, without sending. ContractRefused if it would revert now; `gas` given, that is not asked."""
    sender = address_of(private_key)
    fees = chain.fees()
    limit = gas if gas is not None else gas_limit(chain.estimate_gas(sender, to, data))
    used_nonce = chain.nonce(sender, pending=True) if nonce is None else nonce
    signed = Account.sign_transaction(
        {
            "type": 2,
            "chainId": chain.chain_id,
            "nonce": used_nonce,
            "to": b"" if to is None else to,
            "value": 0,
            "data": data,
            "gas": limit,
            "maxFeePerGas": fees.maximum,
            "maxPriorityFeePerGas": fees.tip,
        },
        private_key,
    )
    raw = bytes(signed.raw_transaction)
    return SignedTransaction(hash=keccak(raw), raw=raw, sender=sender, nonce=used_nonce, gas=limit)


def gas_limit(estimate: int) -> int:
    """What to ask for, given an estimate; TooLarge beyond what one transaction may have."""
    if estimate > GAS_CAP:
        raise TooLarge(
            f"the transaction needs about {estimate:,} gas",
            expected=f"at most {GAS_CAP:,} (EIP-7825)",
            advice="Record fewer open items in one batch.",
        )
    return min(int(estimate * MARGIN), GAS_CAP)


def transact(chain: Chain, private_key: bytes, to: bytes | None, data: bytes, *, patience: float = 120.0) -> Receipt:
    """Sign, send and wait for the block. For administration; records go through the durable sender."""
    transaction = prepare(chain, private_key, to, data)
    chain.send_raw(transaction.raw)
    receipt = wait(chain, transaction.hash, patience=patience)
    if receipt.succeeded:
        return receipt
    if to is not None:
        chain.call(to, data, receipt.block_number, sender=transaction.sender)  # raises what the contract said
    raise ContractRefused("Revert", {"transaction": "0x" + transaction.hash.hex()})


def wait(chain: Chain, transaction_hash: bytes, *, patience: float) -> Receipt:
    deadline = time.monotonic() + patience
    pause = 0.02
    while (receipt := chain.receipt(transaction_hash)) is None:
        if time.monotonic() > deadline:
            raise ChainUnavailable(
                f"the transaction 0x{transaction_hash.hex()} is in no block after {patience:g} s",
                where=chain.url,
                advice="Look whether the chain makes blocks; the transaction may still be recorded.",
            )
        time.sleep(pause)
        pause = min(1.0, pause * 1.5)
    return receipt
