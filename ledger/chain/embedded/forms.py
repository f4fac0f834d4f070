"""Blocks, transactions, receipts and logs of the embedded chain in the form of Ethereum JSON-RPC (execution-apis)."""

from __future__ import annotations

from typing import Any

import rlp
from eth._utils.address import generate_contract_address
from eth.abc import BlockAPI, ReceiptAPI, SignedTransactionAPI

from ledger.chain.json_rpc import data, quantity

from .database import LogRow


def block_form(block: BlockAPI, *, full: bool) -> dict[str, Any]:
    header: Any = block.header  # a Prague header, whose newer fields py-evm's interface does not name
    return {
        "number": quantity(header.block_number),
        "hash": data(header.hash),
        "parentHash": data(header.parent_hash),
        "nonce": data(header.nonce),
        "sha3Uncles": data(header.uncles_hash),
        "logsBloom": data(header.bloom.to_bytes(256, "big")),
        "transactionsRoot": data(header.transaction_root),
        "stateRoot": data(header.state_root),
        "receiptsRoot": data(header.receipt_root),
        "miner": data(header.coinbase),
        "difficulty": quantity(header.difficulty),
        "extraData": data(header.extra_data),
        "mixHash": data(header.mix_hash),
        "size": quantity(len(rlp.encode(block))),
        "gasLimit": quantity(header.gas_limit),
        "gasUsed": quantity(header.gas_used),
        "timestamp": quantity(header.timestamp),
        "baseFeePerGas": quantity(header.base_fee_per_gas),
        "withdrawalsRoot": data(header.withdrawals_root),
        "blobGasUsed": quantity(header.blob_gas_used),
        "excessBlobGas": quantity(header.excess_blob_gas),
        "parentBeaconBlockRoot": data(header.parent_beacon_block_root),
        "requestsHash": data(header.requests_hash),
        "uncles": [],
        "withdrawals": [],
        "transactions": [
            transaction_form(block, transaction, index) if full else data(transaction.hash)
            for index, transaction in enumerate(block.transactions)
        ],
    }


def _place(block: BlockAPI, index: int) -> dict[str, str]:
    return {
        "blockHash": data(block.hash),
        "blockNumber": quantity(block.number),
        "transactionIndex": quantity(index),
    }


def transaction_form(block: BlockAPI, transaction: Any, index: int) -> dict[str, Any]:
    kind = _kind(transaction)
    form: dict[str, Any] = _place(block, index) | {
        "type": quantity(kind),
        "hash": data(transaction.hash),
        "from": data(transaction.sender),
        "to": data(transaction.to) if transaction.to else None,
        "nonce": quantity(transaction.nonce),
        "gas": quantity(transaction.gas),
        "gasPrice": quantity(_effective_price(block, transaction)),
        "value": quantity(transaction.value),
        "input": data(transaction.data),
        "r": quantity(transaction.r),
        "s": quantity(transaction.s),
    }
    if kind == 0:
        return form | {"v": quantity(transaction.v)}
    accesses = [
        {"address": data(address), "storageKeys": [data(slot.to_bytes(32, "big")) for slot in slots]}
        for address, slots in transaction.access_list
    ]
    parity = quantity(transaction.y_parity)
    form |= {"chainId": quantity(transaction.chain_id), "accessList": accesses, "v": parity, "yParity": parity}
    if kind == 1:
        return form
    return form | {
        "maxFeePerGas": quantity(transaction.max_fee_per_gas),
        "maxPriorityFeePerGas": quantity(transaction.max_priority_fee_per_gas),
    }


def receipt_form(
    block: BlockAPI,
    transaction: SignedTransactionAPI,
    index: int,
    receipts: tuple[ReceiptAPI, ...],
    logs: list[dict[str, Any]],
) -> dict[str, Any]:
    receipt = receipts[index]
    before = receipts[index - 1].gas_used if index else 0
    created = None if transaction.to else data(generate_contract_address(transaction.sender, transaction.nonce))
    return _place(block, index) | {
        "transactionHash": data(transaction.hash),
        "type": quantity(_kind(transaction)),
        "from": data(transaction.sender),
        "to": data(transaction.to) if transaction.to else None,
        "cumulativeGasUsed": quantity(receipt.gas_used),
        "gasUsed": quantity(receipt.gas_used - before),
        "effectiveGasPrice": quantity(_effective_price(block, transaction)),
        "contractAddress": created,
        "logs": logs,
        "logsBloom": data(receipt.bloom.to_bytes(256, "big")),
        "status": quantity(1 if receipt.state_root == b"\x01" else 0),
    }


def log_form(row: LogRow, block_hash: bytes) -> dict[str, Any]:
    number, position, index, transaction_hash, address, *topics, content = row
    return {
        "address": data(address),
        "topics": [data(topic) for topic in topics if topic is not None],
        "data": data(content),
        "blockNumber": quantity(number),
        "blockHash": data(block_hash),
        "transactionHash": data(transaction_hash),
        "transactionIndex": quantity(index),
        "logIndex": quantity(position),
        "removed": False,
    }


def _kind(transaction: SignedTransactionAPI) -> int:
    """The EIP-2718 type."""
    return transaction.type_id or 0


def _effective_price(block: BlockAPI, transaction: SignedTransactionAPI) -> int:
    """What a unit of gas cost (EIP-1559)."""
    base = block.header.base_fee_per_gas or 0
    return base + min(transaction.max_priority_fee_per_gas, transaction.max_fee_per_gas - base)
