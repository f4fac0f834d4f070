"""The filter of `eth_getLogs` (execution-apis) as a condition on the embedded chain's table of logs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ledger.chain.json_rpc import parse_data, parse_quantity

TAGS = (None, "latest", "safe", "finalized", "pending")  # all the same here: what is accepted is in a block, and final
MAX_ALTERNATIVES = 1000  # as geth has it
KNOWN = {"fromBlock", "toBlock", "blockHash", "address", "topics"}


def log_condition(log_filter: object, head: int, number_of: Callable[[bytes], int]) -> tuple[str, list[object]]:
    """SQL and its values; ValueError where the filter is malformed. `number_of` finds a block's number by its hash."""
    if not isinstance(log_filter, dict) or not set(log_filter) <= KNOWN:
        raise ValueError(f"the filter must be an object of {', '.join(sorted(KNOWN))}")
    condition, values = _blocks(log_filter, head, number_of)
    address = log_filter.get("address")
    if address is not None and address != []:
        _one_of("address", address, 20, condition, values)
    topics = log_filter.get("topics") or []
    if not isinstance(topics, list | tuple) or len(topics) > 4:
        raise ValueError("topics must be an array of at most four")
    for position, topic in enumerate(topics):
        if topic is None or topic == []:
            condition.append(f"topic{position} is not null")
        else:
            _one_of(f"topic{position}", topic, 32, condition, values)
    return " and ".join(condition), values


def _blocks(log_filter: dict[str, Any], head: int, number_of: Callable[[bytes], int]) -> tuple[list[str], list[object]]:
    first, last, block_hash = (log_filter.get(name) for name in ("fromBlock", "toBlock", "blockHash"))
    if block_hash is not None:
        if first is not None or last is not None:
            raise ValueError("cannot specify both blockHash and fromBlock/toBlock")
        return ["block = ?"], [number_of(parse_data(block_hash, 32))]
    return ["block between ? and ?"], [min(block_number(block, head), head + 1) for block in (first, last)]


def _one_of(column: str, given: object, size: int, condition: list[str], values: list[object]) -> None:
    alternatives = given if isinstance(given, list | tuple) else [given]
    if len(alternatives) > MAX_ALTERNATIVES:
        raise ValueError(f"more than {MAX_ALTERNATIVES} alternatives of {column}")
    condition.append(f"{column} in ({', '.join('?' * len(alternatives))})")
    values += [parse_data(alternative, size) for alternative in alternatives]


def block_number(block: object, head: int) -> int:
    """The number that a block tag or a quantity means; a tag left out is the latest."""
    if block in TAGS:
        return head
    return 0 if block == "earliest" else parse_quantity(block)
