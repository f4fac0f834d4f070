"""The Ethereum JSON-RPC methods of the embedded chain (execution-apis), each a function of the node and its parameters.

Parameters are checked here; every refusal is an `RpcError`. Which methods strangers may use is decided in
`ledger.chain.rpc`.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from importlib.metadata import version
from typing import Any

from eth.abc import BlockHeaderAPI, ComputationAPI
from eth_typing import Address

from ledger.chain.json_rpc import (
    EXECUTION_REVERTED,
    INVALID_PARAMS,
    LIMIT_EXCEEDED,
    METHOD_NOT_FOUND,
    SERVER_ERROR,
    RpcError,
    data,
    parse_data,
    parse_quantity,
    quantity,
)

from . import forms
from .log_filter import TAGS, block_number, log_condition
from .node import GAS_CAP, MAX_LOGS, CallRequest, EmbeddedNode


def answer(node: EmbeddedNode, method: str, params: object) -> Any:
    """The result of a method; RpcError if it has none."""
    function = METHODS.get(method)
    if function is None:
        raise RpcError(METHOD_NOT_FOUND, f"the method {method!r:.100} does not exist/is not available")
    if not isinstance(params, list | tuple):
        raise RpcError(INVALID_PARAMS, "params must be an array")
    try:
        inspect.signature(function).bind(node, *params)
    except TypeError as error:
        raise RpcError(INVALID_PARAMS, f"wrong number of parameters: {error}") from error
    try:
        with node.lock:
            return function(node, *params)
    except ValueError as error:
        raise RpcError(INVALID_PARAMS, f"invalid parameter: {error}") from error


# the state


def eth_call(node: EmbeddedNode, request: object, block: object = "latest") -> str:
    parsed = _call_request(request)
    if not parsed.to:
        raise RpcError(INVALID_PARAMS, "a call needs a contract: 'to' is missing")
    header = _state_header(node, block)
    if not node.backend.chain.get_vm(at_header=header).state.get_code(Address(parsed.to)):
        return "0x"  # a precompiled contract is none here: for its gas, py-evm computes for minutes
    return data(_output(node.call(parsed, header)))


def eth_estimate_gas(node: EmbeddedNode, request: object, block: object = "latest") -> str:
    if block not in TAGS:
        raise RpcError(INVALID_PARAMS, "gas can be estimated on the latest block only")
    gas, computation = node.estimate(_call_request(request))
    _output(computation)
    if gas > GAS_CAP:
        raise RpcError(SERVER_ERROR, f"gas required exceeds allowance ({GAS_CAP})")
    return quantity(gas)


def _output(computation: ComputationAPI) -> bytes:
    if computation.is_error:
        reverted = type(computation.error).__name__ == "Revert"
        if reverted:
            raise RpcError(EXECUTION_REVERTED, "execution reverted", data(bytes(computation.output)))
        raise RpcError(SERVER_ERROR, f"execution failed: {computation.error!r:.200}")
    return bytes(computation.output)


def _state(node: EmbeddedNode, block: object) -> Any:
    return node.backend.chain.get_vm(at_header=_state_header(node, block)).state


def eth_get_balance(node: EmbeddedNode, address: object, block: object = "latest") -> str:
    return quantity(_state(node, block).get_balance(parse_data(address, 20)))


def eth_get_code(node: EmbeddedNode, address: object, block: object = "latest") -> str:
    return data(_state(node, block).get_code(parse_data(address, 20)))


def eth_get_transaction_count(node: EmbeddedNode, address: object, block: object = "latest") -> str:
    return quantity(_state(node, block).get_nonce(parse_data(address, 20)))


def eth_get_storage_at(node: EmbeddedNode, address: object, slot: object, block: object = "latest") -> str:
    if not isinstance(slot, str) or not slot.startswith("0x") or not 2 < len(slot) <= 66:
        raise ValueError(f"not a storage slot: {slot!r:.100}")
    position = int.from_bytes(parse_data("0x" + slot[2:].rjust(64, "0"), 32), "big")
    return data(_state(node, block).get_storage(parse_data(address, 20), position).to_bytes(32, "big"))


# blocks, transactions, logs


def eth_block_number(node: EmbeddedNode) -> str:
    return quantity(node.head().block_number)


def eth_get_block_by_number(node: EmbeddedNode, block: object, full: object = False) -> dict[str, Any] | None:
    return _block(node, _header(node, block), full)


def eth_get_block_by_hash(node: EmbeddedNode, block_hash: object, full: object = False) -> dict[str, Any] | None:
    return _block(node, node.header_by_hash(parse_data(block_hash, 32)), full)


def _block(node: EmbeddedNode, header: BlockHeaderAPI | None, full: object) -> dict[str, Any] | None:
    if not isinstance(full, bool):
        raise ValueError("whether to give full transactions must be true or false")
    return None if header is None else forms.block_form(node.block(header), full=full)


def eth_get_transaction_by_hash(node: EmbeddedNode, transaction_hash: object) -> dict[str, Any] | None:
    place = node.transaction_place(parse_data(transaction_hash, 32))
    if place is None:
        return None
    number, index = place
    block = node.block(_required(node.header(number)))
    return forms.transaction_form(block, block.transactions[index], index)


def eth_get_transaction_receipt(node: EmbeddedNode, transaction_hash: object) -> dict[str, Any] | None:
    place = node.transaction_place(parse_data(transaction_hash, 32))
    if place is None:
        return None
    number, index = place
    block = node.block(_required(node.header(number)))
    rows = node.logs("block = ? and transaction_index = ?", (number, index))
    logs = [forms.log_form(row, block.hash) for row in rows]
    receipts = block.get_receipts(node.backend.chain.chaindb)
    return forms.receipt_form(block, block.transactions[index], index, receipts, logs)


def eth_get_logs(node: EmbeddedNode, log_filter: object) -> list[dict[str, Any]]:
    def number_of(block_hash: bytes) -> int:
        return int(_by_hash(node, block_hash).block_number)

    condition, values = log_condition(log_filter, node.head().block_number, number_of)
    rows = node.logs(condition, values, MAX_LOGS + 1)
    if len(rows) > MAX_LOGS:
        raise RpcError(LIMIT_EXCEEDED, f"more than {MAX_LOGS} logs; ask for a smaller range of blocks")
    hashes = {number: node.block_hash(number) for number in {row[0] for row in rows}}
    return [forms.log_form(row, hashes[row[0]]) for row in rows]


# fees and the node itself


def _base_fee(header: BlockHeaderAPI) -> int:
    return header.base_fee_per_gas or 0


def eth_gas_price(node: EmbeddedNode) -> str:
    return quantity(_base_fee(node.backend.chain.header))


def eth_fee_history(node: EmbeddedNode, count: object, newest: object, percentiles: object = ()) -> dict[str, Any]:
    asked = count if isinstance(count, int) and not isinstance(count, bool) else parse_quantity(count)
    last = _required(_header(node, newest)).block_number
    first = max(0, last - min(max(asked, 1), 1024) + 1)
    headers = [_required(node.header(number)) for number in range(first, last + 1)]
    if not isinstance(percentiles, list | tuple | None) or len(percentiles or ()) > 100:
        raise ValueError("reward percentiles must be an array of at most 100")
    next_header = node.header(last + 1) or node.backend.chain.header
    history: dict[str, Any] = {
        "oldestBlock": quantity(first),
        "baseFeePerGas": [quantity(_base_fee(header)) for header in [*headers, next_header]],
        "gasUsedRatio": [header.gas_used / header.gas_limit for header in headers],
    }
    if percentiles:
        history["reward"] = [["0x0"] * len(percentiles) for _ in headers]
    return history


def eth_send_raw_transaction(node: EmbeddedNode, raw: object) -> str:
    return data(node.send(parse_data(raw)))


def eth_chain_id(node: EmbeddedNode) -> str:
    return quantity(node.chain_id)


def net_version(node: EmbeddedNode) -> str:
    return str(node.chain_id)


def web3_client_version(node: EmbeddedNode) -> str:
    return f"lotmark-embedded/py-evm-{version('py-evm')}"


def _header(node: EmbeddedNode, block: object) -> BlockHeaderAPI | None:
    head = node.head()
    number = block_number(block, head.block_number)
    return head if number == head.block_number else node.header(number)


def _required(header: BlockHeaderAPI | None) -> BlockHeaderAPI:
    if header is None:
        raise RpcError(SERVER_ERROR, "header not found")
    return header


def _by_hash(node: EmbeddedNode, block_hash: bytes) -> BlockHeaderAPI:
    return _required(node.header_by_hash(block_hash))


def _state_header(node: EmbeddedNode, block: object) -> BlockHeaderAPI:
    """The block named by tag, number, or EIP-1898 object."""
    if isinstance(block, dict):
        if "blockHash" in block:
            return _by_hash(node, parse_data(block["blockHash"], 32))
        block = block.get("blockNumber")
    return _required(_header(node, block))


def _call_request(request: object) -> CallRequest:
    if not isinstance(request, dict):
        raise ValueError("the call must be an object")
    payload = request.get("input", request.get("data", "0x"))
    gas = parse_quantity(request["gas"]) if request.get("gas") else GAS_CAP
    return CallRequest(
        to=parse_data(request["to"], 20) if request.get("to") else b"",
        data=parse_data(payload),
        sender=parse_data(request["from"], 20) if request.get("from") else bytes(20),
        value=parse_quantity(request.get("value", "0x0")),
        gas=min(gas, GAS_CAP),
    )


METHODS: dict[str, Callable[..., Any]] = {
    "eth_call": eth_call,
    "eth_estimateGas": eth_estimate_gas,
    "eth_getBalance": eth_get_balance,
    "eth_getCode": eth_get_code,
    "eth_getTransactionCount": eth_get_transaction_count,
    "eth_getStorageAt": eth_get_storage_at,
    "eth_blockNumber": eth_block_number,
    "eth_getBlockByNumber": eth_get_block_by_number,
    "eth_getBlockByHash": eth_get_block_by_hash,
    "eth_getTransactionByHash": eth_get_transaction_by_hash,
    "eth_getTransactionReceipt": eth_get_transaction_receipt,
    "eth_getLogs": eth_get_logs,
    "eth_gasPrice": eth_gas_price,
    "eth_maxPriorityFeePerGas": lambda _node: "0x0",
    "eth_feeHistory": eth_fee_history,
    "eth_sendRawTransaction": eth_send_raw_transaction,
    "eth_syncing": lambda _node: False,
    "eth_chainId": eth_chain_id,
    "net_version": net_version,
    "web3_clientVersion": web3_client_version,
}
