"""Kills processes that write to one embedded chain, at statements and moments chosen by chance; checks what is left.

Run by test_embedded_crash.py as a process of its own, because it forks. Arguments: chain file, number of rounds, seed.
"""

from __future__ import annotations

import os
import random
import signal
import sys
import time
from pathlib import Path

import rlp
from eth_account import Account
from eth_hash.auto import keccak

from ledger.chain.embedded.backend import CHAIN_ID
from ledger.chain.embedded.node import EmbeddedNode

KEY = b"\x07" * 32
CARRIER = bytes.fromhex(Account.from_key(KEY).address[2:])
# emits one log without data, its topic the call value: PUSH0 CALLDATALOAD PUSH0 PUSH0 LOG1
INIT_CODE = bytes.fromhex("655f355f5fa1005f526006601af3")


def transaction(nonce: int, to: bytes, data: bytes) -> bytes:
    fields = {"type": 2, "chainId": CHAIN_ID, "nonce": nonce, "to": to, "value": 0, "data": data, "gas": 200_000}
    signed = Account.sign_transaction(fields | {"maxFeePerGas": 4 * 10**9, "maxPriorityFeePerGas": 0}, KEY)
    return bytes(signed.raw_transaction)


def write_until_killed(path: Path, contract: bytes, acknowledged: int, statement: int | None) -> None:
    node = EmbeddedNode(path)
    nonce = node.backend.get_nonce(CARRIER)
    if statement is not None:
        left = [statement]

        def count(_text: str) -> None:
            left[0] -= 1
            if not left[0]:
                os.kill(os.getpid(), signal.SIGKILL)

        node.backend.database._connection.set_trace_callback(count)
    while True:
        sent = node.send(transaction(nonce, contract, nonce.to_bytes(32, "big")))
        os.write(acknowledged, sent)
        nonce += 1


def one_round(path: Path, contract: bytes, chance: random.Random) -> list[bytes]:
    reading, writing = os.pipe()
    by_statement = chance.random() < 0.7
    statement = chance.randrange(1, 400) if by_statement else None
    child = os.fork()
    if child == 0:
        os.close(reading)
        try:
            write_until_killed(path, contract, writing, statement)
        finally:
            os._exit(9)
    os.close(writing)
    if not by_statement:
        time.sleep(chance.uniform(0.01, 0.15))
        os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status), f"the writer ended by itself: {status}"
    with os.fdopen(reading, "rb") as pipe:
        answers = pipe.read()
    return [answers[at : at + 32] for at in range(0, len(answers) - 31, 32)]


def check(path: Path, acknowledged: list[bytes], before: int) -> int:
    """Everything acknowledged is there, once; the chain is whole; the new height."""
    node = EmbeddedNode(path)
    try:
        head = node.head()
        places = [node.transaction_place(transaction_hash) for transaction_hash in acknowledged]
        assert None not in places, "an acknowledged transaction is lost"
        assert len(set(places)) == len(places)
        assert head.block_number - before in (len(acknowledged), len(acknowledged) + 1)
        assert node.backend.get_nonce(CARRIER) == head.block_number
        parent, time_before = None, 0
        for number in range(max(0, before - 1), head.block_number + 1):
            header = node.header(number)
            assert header is not None
            assert keccak(rlp.encode(header)) == header.hash == node.block_hash(number)
            assert parent in (None, header.parent_hash)
            assert header.timestamp >= time_before
            node.backend.get_nonce(CARRIER, number)  # its state is readable
            assert len(node.block(header).transactions) == (number > 0)
            assert len(node.logs("block = ?", (number,))) == (number > 1)
            parent, time_before = header.hash, header.timestamp
        return head.block_number
    finally:
        node.close()


def main(path: Path, rounds: int, seed: int) -> None:
    chance = random.Random(seed)
    node = EmbeddedNode(path, CARRIER)
    genesis = node.block_hash(0)
    node.send(transaction(0, b"", INIT_CODE))
    contract = keccak(rlp.encode([CARRIER, 0]))[12:]
    node.close()
    height, total = 1, 0
    for _ in range(rounds):
        acknowledged = one_round(path, contract, chance)
        height = check(path, acknowledged, height)
        total += len(acknowledged)
    node = EmbeddedNode(path)
    assert node.block_hash(0) == genesis
    node.close()
    print(f"{rounds} kills, {total} transactions acknowledged, height {height}")  # noqa: T201


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
