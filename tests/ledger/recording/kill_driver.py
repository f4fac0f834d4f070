"""Kills processes that capture and record on one embedded chain, at named points and at any moment, until all is final.

Run by test_kill.py as a process of its own, because it forks. Arguments: directory, number of rounds, seed. Prints what
it found as JSON. The points stand around every transaction of the store and every send: before it begins, before it is
committed or sent, and after.
"""

from __future__ import annotations

import json
import os
import random
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from ledger.batch import batch_root, organisation_id, signer_address
from ledger.capture import capture
from ledger.chain import Chain, connect
from ledger.chain.contracts import Deployment, deploy, register_organisation
from ledger.chain.records import BatchRecorded, records
from ledger.chain.web3_chain import Web3Chain
from ledger.events import StandaloneEvent
from ledger.recording import Limits, Recorder
from ledger.store import Store, batches, events, organisations, secrets
from ledger.store.organisations import Organisation
from ledger.store.tables import event, event_secret

CARRIER, KEY = b"\x11" * 32, b"\x22" * 32
URI = "urn:maker"
MAKER = organisation_id(URI)
DOCUMENT_SIZE = 7
LIMITS = Limits(commitments=5)


class Keys:
    def addresses(self, organisation: bytes) -> list[bytes]:
        return [signer_address(KEY if organisation else CARRIER)]

    def unlocked(self, address: bytes) -> bytes | None:
        return {signer_address(key): key for key in (KEY, CARRIER)}[address]


def document(number: int) -> list[StandaloneEvent]:
    """Every second one open; the third event of each is declared wrong by the fourth."""
    bodies: list[dict[str, Any]] = [
        {
            "@context": "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld",
            "type": "ObjectEvent",
            "eventTime": "2026-03-01T08:15:00Z",
            "eventTimeZoneOffset": "+01:00",
            "action": "OBSERVE",
            "epcList": [f"urn:example:{number}:{index}"],
        }
        for index in range(DOCUMENT_SIZE)
    ]
    bodies[2]["eventID"] = bodies[3]["eventID"] = f"urn:wrong:{number}"
    bodies[3]["errorDeclaration"] = {"declarationTime": "2026-03-02T00:00:00Z"}
    return [StandaloneEvent(index, "", body) for index, body in enumerate(bodies)]


def open_all(directory: Path) -> tuple[Store, Chain]:
    chain = connect("embedded", path=directory / "chain.sqlite", carrier=signer_address(CARRIER))
    return Store.open(directory / "store"), chain


def set_up(directory: Path) -> Deployment:
    store, chain = open_all(directory)
    deployment = deploy(chain, CARRIER)
    register_organisation(chain, deployment.registry, CARRIER, URI, signer_address(KEY))
    with store.begin() as connection:
        organisations.put(connection, Organisation(MAKER, URI, "Maker", custodial=True))
    return deployment


def install_points(reach: Callable[[str], None]) -> None:
    """Call `reach` with the name of each point that the process comes to."""

    def around(name: str, transaction: Callable[[Store], Any]) -> Callable[[Store], Any]:
        @contextmanager
        def wrapped(store: Store) -> Iterator[sa.Connection]:
            reach(f"before {name}")
            with transaction(store) as connection:
                yield connection
                reach(f"before commit of {name}")
            reach(f"after {name}")

        return wrapped

    Store.begin = around("content", Store.begin)  # type: ignore[method-assign]
    Store.begin_secrets = around("secrets", Store.begin_secrets)  # type: ignore[method-assign]
    send = Web3Chain.send_raw

    def send_raw(chain: Web3Chain, raw: bytes) -> bytes:
        reach("before send")
        hash_ = send(chain, raw)
        reach("after send")
        return hash_

    Web3Chain.send_raw = send_raw  # type: ignore[method-assign]


def die_at(count: int, told: int) -> Callable[[str], None]:
    left = [count]

    def reach(name: str) -> None:
        left[0] -= 1
        if not left[0]:
            os.write(told, f"died {name}\n".encode())
            os.kill(os.getpid(), signal.SIGKILL)

    return reach


def work(directory: Path, deployment: Deployment, first: int, told: int) -> None:
    """Capture documents and record them, telling each that was acknowledged; never ends by itself."""
    store, chain = open_all(directory)
    recorder = Recorder(store, chain, deployment, Keys(), LIMITS)
    number = first
    while True:
        capture(store, MAKER, document(number), is_open=number % 2 == 0)
        os.write(told, f"acknowledged {number}\n".encode())
        number += 1
        recorder.step()


def in_child(job: Callable[[int], None], kill_after: float | None = None) -> list[str]:
    """Run `job` in a forked process, kill it after a while if told so; the lines that it told."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        try:
            job(writing)
        except BaseException as error:
            os.write(writing, f"failed {error!r}\n".encode())
            os._exit(1)
        os._exit(0)
    os.close(writing)
    if kill_after is not None:
        time.sleep(kill_after)
        os.kill(child, signal.SIGKILL)
    with os.fdopen(reading) as pipe:
        lines = pipe.read().splitlines()
    os.waitpid(child, 0)
    return lines


def one_round(directory: Path, deployment: Deployment, first: int, chance: random.Random) -> list[str]:
    if chance.random() < 0.7:
        count = chance.randrange(1, 60)

        def job(told: int) -> None:
            install_points(die_at(count, told))
            work(directory, deployment, first, told)

        return in_child(job)
    return in_child(lambda told: work(directory, deployment, first, told), kill_after=chance.uniform(0.02, 0.6))


def inspect(directory: Path, deployment: Deployment, acknowledged: set[int], told: int) -> None:
    """Record what is left, and count everything."""
    store, chain = open_all(directory)
    recorder = Recorder(store, chain, deployment, Keys(), LIMITS)
    while not recorder.step().is_settled:
        pass
    known = [capture(store, MAKER, document(n), is_open=n % 2 == 0) for n in sorted(acknowledged)]
    head = chain.block("latest")
    assert head is not None
    found = records(chain, deployment.ledger, deployment.block, head.number)
    recorded = [log for log in found if isinstance(log, BatchRecorded)]
    members: list[bytes] = []
    with store.read() as connection:
        stored = set(connection.scalars(sa.select(event.c.commitment)))
        states = {state.value: count for state, count in events.counts_by_state(connection).items() if count}
        for log in recorded:
            batch = batches.by_sequence(connection, MAKER, log.sequence)
            assert batch is not None
            commitments = [one.commitment for one in events.of_batch(connection, batch.id)]
            assert batch_root(commitments) == log.root
            members += commitments
    with store.read_secrets() as connection:
        with_secret = len(secrets.get(connection, sorted(stored)))
        all_secrets = connection.scalar(sa.select(sa.func.count()).select_from(event_secret))
    result = {
        "acknowledged": len(acknowledged) * DOCUMENT_SIZE,
        "new on repetition": sum(len(each.new) for each in known),
        "stored": len(stored),
        "recorded": len(members),
        "recorded once": len(set(members) & stored),
        "corrections on chain": len({log for log in found if log not in recorded and log.item_key in stored}),
        "sequences": [log.sequence for log in recorded] == list(range(1, len(recorded) + 1)),
        "states": states,
        "with secret": with_secret,
        "secrets": all_secrets,
    }
    os.write(told, json.dumps(result).encode())


def main(directory: Path, rounds: int, seed: int) -> None:
    chance = random.Random(seed)
    lines = in_child(lambda told: os.write(told, repr(set_up(directory)).encode()) and None)
    deployment: Deployment = eval(lines[0], {"Deployment": Deployment})  # the repr of a plain dataclass, our own
    acknowledged: set[int] = set()
    points: Counter[str] = Counter()
    for _ in range(rounds):
        for line in one_round(directory, deployment, len(acknowledged), chance):
            kind, _, value = line.partition(" ")
            if kind == "acknowledged":
                acknowledged.add(int(value))
            elif kind == "died":
                points[value] += 1
            else:
                raise SystemExit(line)
    [result] = in_child(lambda told: inspect(directory, deployment, acknowledged, told))
    sys.stdout.write(json.dumps({"points": points, "result": json.loads(result)}))


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
