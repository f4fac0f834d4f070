"""The port over any web3 provider: the JSON-RPC methods behind each question, and their answers checked and typed.

What is common to the embedded chain and to a node elsewhere; how requests travel is the provider's business.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from eth_hash.auto import keccak
from web3 import Web3
from web3.providers.base import BaseProvider
from web3.types import RPCEndpoint

from ledger.errors import ChainUnavailable

from .json_rpc import RpcError, data, parse_data, parse_quantity, quantity
from .port import Block, BlockName, Fees, Log, Receipt, Topics
from .refusals import NodeRefused, Reason, TransactionRefused, reason_of
from .reverts import refused

T = TypeVar("T")


class Web3Chain:
    def __init__(self, provider: BaseProvider, url: str, *, finality_depth: int | None = None) -> None:
        """`finality_depth`: how many blocks must follow for a block to be final; by default the node's tag says."""
        self._provider = provider
        self._finality_depth = finality_depth
        self.url = url
        self.w3 = Web3(provider)
        self.chain_id = self._read(parse_quantity, "eth_chainId")

    # blocks and logs

    def block(self, name: BlockName) -> Block | None:
        name = self._settled(name)
        if isinstance(name, bytes):
            found = self._ask("eth_getBlockByHash", data(name), False)
        else:
            found = self._ask("eth_getBlockByNumber", _block_name(name), False)
        if found is None and name == "finalized":
            raise ChainUnavailable(
                "the node knows no finalized block",
                where=self.url,
                advice="Configure after how many blocks a record counts as final.",
            )
        return None if found is None else self._typed(_block, found, "block")

    def logs(
        self,
        address: bytes | None = None,
        topics: Topics = (),
        *,
        first: int | None = None,
        last: int | None = None,
        block_hash: bytes | None = None,
    ) -> list[Log]:
        wanted: dict[str, Any] = {"topics": [_topic(topic) for topic in topics]}
        if address is not None:
            wanted["address"] = data(address)
        if block_hash is not None:
            return self._logs(wanted | {"blockHash": data(block_hash)})
        end = self._read(parse_quantity, "eth_blockNumber") if last is None else last
        return self._logs_between(wanted, first or 0, end)

    def _logs_between(self, wanted: dict[str, Any], first: int, last: int) -> list[Log]:
        if last < first:
            return []
        try:
            return self._logs(wanted | {"fromBlock": quantity(first), "toBlock": quantity(last)})
        except NodeRefused:
            # nodes limit ranges and answers, each in words of its own: halve on any refusal, down to one block
            if first == last:
                raise
        middle = (first + last) // 2
        return self._logs_between(wanted, first, middle) + self._logs_between(wanted, middle + 1, last)

    def _logs(self, wanted: dict[str, Any]) -> list[Log]:
        found = self._ask("eth_getLogs", wanted)
        return self._typed(lambda logs: [_log(log) for log in logs], found, "logs")

    # the state

    def nonce(self, address: bytes, *, pending: bool = False) -> int:
        return self._read(parse_quantity, "eth_getTransactionCount", data(address), "pending" if pending else "latest")

    def balance(self, address: bytes) -> int:
        return self._read(parse_quantity, "eth_getBalance", data(address), "latest")

    def code(self, address: bytes, block: BlockName = "latest") -> bytes:
        return self._read(parse_data, "eth_getCode", data(address), self._state_name(block))

    def storage(self, address: bytes, slot: int, block: BlockName = "latest") -> bytes:
        position = data(slot.to_bytes(32, "big"))  # padded: anvil takes no shorter one
        return self._read(parse_data, "eth_getStorageAt", data(address), position, self._state_name(block))

    def call(self, to: bytes, data: bytes, block: BlockName = "latest", *, sender: bytes | None = None) -> bytes:
        return self._read(parse_data, "eth_call", _message(sender, to, data), self._state_name(block))

    def estimate_gas(self, sender: bytes, to: bytes | None, data: bytes) -> int:
        return self._read(parse_quantity, "eth_estimateGas", _message(sender, to, data))

    def fees(self) -> Fees:
        head = self._ask("eth_getBlockByNumber", "latest", False)
        base = self._typed(lambda block: parse_quantity(block.get("baseFeePerGas", "0x0")), head, "block")
        try:
            tip = self._read(parse_quantity, "eth_maxPriorityFeePerGas")
        except NodeRefused:  # a node without that method
            tip = max(0, self._read(parse_quantity, "eth_gasPrice") - base)
        return Fees(base, tip)

    def _state_name(self, block: BlockName) -> str | dict[str, str]:
        block = self._settled(block)
        return {"blockHash": data(block)} if isinstance(block, bytes) else _block_name(block)  # EIP-1898

    def _settled(self, block: BlockName) -> BlockName:
        """What is final by the configured depth, if there is one, as a number."""
        if block != "finalized" or self._finality_depth is None:
            return block
        return max(0, self._read(parse_quantity, "eth_blockNumber") - self._finality_depth)

    # transactions

    def send_raw(self, raw: bytes) -> bytes:
        transaction_hash = keccak(raw)
        try:
            self._request("eth_sendRawTransaction", data(raw))
        except RpcError as error:
            reason = reason_of(error.message)
            if reason is Reason.ALREADY_KNOWN:
                return transaction_hash
            if reason is Reason.NONCE_TOO_LOW and self.receipt(transaction_hash) is not None:
                return transaction_hash
            raise TransactionRefused(reason, error.message, where=self.url) from None
        return transaction_hash

    def knows(self, transaction_hash: bytes) -> bool:
        return self._ask("eth_getTransactionByHash", data(transaction_hash)) is not None

    def receipt(self, transaction_hash: bytes) -> Receipt | None:
        found = self._ask("eth_getTransactionReceipt", data(transaction_hash))
        return None if found is None else self._typed(_receipt, found, "receipt")

    # requests

    def make_request(self, method: str, params: Sequence[Any]) -> dict[str, Any]:
        return dict(self._provider.make_request(RPCEndpoint(method), params))

    def _request(self, method: str, *params: Any) -> Any:
        response = self.make_request(method, params)
        error = response.get("error")
        if error is not None:
            raise RpcError(int(error.get("code") or 0), str(error.get("message", "")), error.get("data"))
        return response.get("result")

    def _ask(self, method: str, *params: Any) -> Any:
        try:
            return self._request(method, *params)
        except RpcError as error:
            refusal = refused(error)
            if refusal is not None:
                raise refusal from None
            message = f"the node refuses {method}: {error.message:.300} (code {error.code})"
            raise NodeRefused(message, error.code, where=self.url, advice="See what the node supports.") from None

    def _read(self, parse: Callable[[Any], T], method: str, *params: Any) -> T:
        return self._typed(parse, self._ask(method, *params), method)

    def _typed(self, parse: Callable[[Any], T], found: Any, what: str) -> T:
        try:
            return parse(found)
        except (ValueError, TypeError, KeyError, AttributeError):
            raise ChainUnavailable(f"the node's answer is malformed: {what}", where=self.url) from None

    def close(self) -> None:
        close = getattr(self._provider, "close", None)
        if close is not None:
            close()


def _block_name(name: int | str) -> str:
    return quantity(name) if isinstance(name, int) else name


def _topic(topic: bytes | Sequence[bytes] | None) -> str | list[str] | None:
    if topic is None or isinstance(topic, bytes):
        return None if topic is None else data(topic)
    return [data(alternative) for alternative in topic]


def _message(sender: bytes | None, to: bytes | None, payload: bytes) -> dict[str, str]:
    message = {"data": data(payload)}
    if sender is not None:
        message["from"] = data(sender)
    if to is not None:
        message["to"] = data(to)
    return message


def _block(form: dict[str, Any]) -> Block:
    return Block(
        number=parse_quantity(form["number"]),
        hash=parse_data(form["hash"], 32),
        parent_hash=parse_data(form["parentHash"], 32),
        time=parse_quantity(form["timestamp"]),
    )


def _log(form: dict[str, Any]) -> Log:
    return Log(
        address=parse_data(form["address"], 20),
        topics=tuple(parse_data(topic, 32) for topic in form["topics"]),
        data=parse_data(form["data"]),
        block_number=parse_quantity(form["blockNumber"]),
        block_hash=parse_data(form["blockHash"], 32),
        transaction_hash=parse_data(form["transactionHash"], 32),
        log_index=parse_quantity(form["logIndex"]),
    )


def _receipt(form: dict[str, Any]) -> Receipt:
    created = form.get("contractAddress")
    return Receipt(
        transaction_hash=parse_data(form["transactionHash"], 32),
        block_number=parse_quantity(form["blockNumber"]),
        block_hash=parse_data(form["blockHash"], 32),
        succeeded=parse_quantity(form["status"]) == 1,
        gas_used=parse_quantity(form["gasUsed"]),
        contract=None if created is None else parse_data(created, 20),
        logs=tuple(_log(log) for log in form["logs"]),
    )
