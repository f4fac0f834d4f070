"""Kill -9 the server while events are being submitted, start it again, and count: acknowledged, recorded exactly once.

The server is `lotmark serve` on a new home with an embedded chain. Documents are sent by several threads; the process
is killed at random moments, each time after some more documents were acknowledged. A document without an answer is sent
again after the restart, as any client would. At the end the chain itself is asked: every event must stand in exactly
one recorded batch, and the recorded batches must hold nothing else.

    .venv/bin/python scripts/bench/kill_nine.py [--events 2000] [--kills 3] [--seed 1]
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
from sqlalchemy import select

from ledger.chain.records import BatchRecorded, records
from ledger.home import Home, ServerNote, Settings
from ledger.ledger import Ledger
from ledger.store.tables import batch, event

PER_DOCUMENT = 20
THREADS = 4
URI = "urn:example:maker"
CONTEXT = "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"


@dataclass
class Submission:
    """The documents, and which of them were acknowledged."""

    documents: list[dict[str, Any]]
    acknowledged: set[int] = field(default_factory=set)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def waiting(self) -> list[int]:
        return [number for number in range(len(self.documents)) if number not in self.acknowledged]


def documents(events: int) -> list[dict[str, Any]]:
    bodies = [
        {
            "type": "ObjectEvent",
            "eventID": f"urn:example:event:{number}",
            "eventTime": f"2026-06-01T{number // 3600 % 24:02d}:{number // 60 % 60:02d}:{number % 60:02d}Z",
            "eventTimeZoneOffset": "+00:00",
            "action": "OBSERVE",
            "bizStep": "inspecting",
            "epcList": [f"urn:example:item:{number}"],
        }
        for number in range(events)
    ]
    return [
        {
            "@context": [CONTEXT],
            "type": "EPCISDocument",
            "schemaVersion": "2.0",
            "creationDate": "2026-06-01T06:00:00Z",
            "epcisBody": {"eventList": bodies[first : first + PER_DOCUMENT]},
        }
        for first in range(0, events, PER_DOCUMENT)
    ]


class Server:
    """`lotmark serve` in a process of its own."""

    def __init__(self, home: Path) -> None:
        environment = os.environ | {"LOTMARK_HOME": str(home), "LOTMARK_PORT": "0", "LOTMARK_BATCH_SECONDS": "0.05"}
        command = [sys.executable, "-c", "from api.cli.main import main; main()", "serve"]
        self.process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        self.note = self._answering(home)

    def _answering(self, home: Path) -> ServerNote:
        while True:
            note = Home.server(home)
            if note is not None and note.pid == self.process.pid:
                return note
            if self.process.poll() is not None:
                raise SystemExit(self.process.communicate()[1].decode())
            time.sleep(0.02)

    @contextmanager
    def client(self) -> Iterator[httpx.Client]:
        headers = {"Authorization": f"Bearer {self.note.token}"}
        with httpx.Client(base_url=self.note.url, headers=headers, timeout=60, trust_env=False) as http:
            yield http

    def end(self, number: signal.Signals) -> None:
        self.process.send_signal(number)
        self.process.communicate()


def submit(server: Server, submission: Submission, kill_after: int | None) -> None:
    """Send what is not acknowledged yet; with `kill_after`, kill the server once so many are in this round."""
    acknowledged = 0
    dead = threading.Event()

    def send(number: int) -> None:
        nonlocal acknowledged
        if dead.is_set():
            return
        try:
            answer = http.post("/capture", json=submission.documents[number])
        except httpx.TransportError:
            return
        if answer.status_code != 202:
            raise SystemExit(answer.text)
        with submission.lock:
            submission.acknowledged.add(number)
            acknowledged += 1
            if acknowledged == kill_after:
                dead.set()
                server.process.kill()

    with server.client() as http, ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(send, submission.waiting()))
    if kill_after is not None:
        server.end(signal.SIGKILL)


def settle(server: Server) -> None:
    with server.client() as http:
        while True:
            health = http.get("/health").json()
            events = health["events"]
            if not health["jobs"]["unfinished"] and sum(events.values()) == events["final"]:
                return
            time.sleep(0.05)


def count(home: Path) -> Counter[str]:
    """How often each eventID stands in a batch that the chain has, header for header."""
    with Ledger.open(home, Settings()) as ledger:
        head = ledger.chain.block("latest")
        assert head is not None  # noqa: S101
        found = records(ledger.chain, ledger.deployment.ledger, 0, head.number)
        headers = [one.header for one in found if isinstance(one, BatchRecorded)]
        on_chain = {(header.organisation, header.sequence): header for header in headers}
        with ledger.store.read() as connection:
            rows = connection.execute(
                select(event.c.event_id, batch.c.organisation_id, batch.c.sequence, batch.c.root, batch.c.size).join(
                    batch, event.c.batch_id == batch.c.id
                )
            ).all()
    counted: Counter[str] = Counter()
    for row in rows:
        header = on_chain.get((row.organisation_id, row.sequence))
        counted[row.event_id] += header is not None and (header.root, header.size) == (row.root, row.size)
    counted["others"] = sum(header.size for header in headers) - counted.total()
    return counted


def run(home: Path, events: int, kills: int, seed: int) -> dict[str, Any]:
    rng = random.Random(seed)  # noqa: S311
    began = time.monotonic()
    Ledger.create(home, Settings())
    submission = Submission(documents(events))
    server = Server(home)
    with server.client() as http:
        http.post("/organisations", json={"uri": URI, "name": "maker"}).raise_for_status()
    before_kills = []
    for _ in range(kills):
        left = len(submission.waiting())
        submit(server, submission, rng.randint(1, max(1, left // (kills + 1) * 2 - 1)))
        before_kills.append(len(submission.acknowledged) * PER_DOCUMENT)
        server = Server(home)
    submit(server, submission, None)
    settle(server)
    server.end(signal.SIGTERM)
    counted = count(home)
    others = counted.pop("others")
    return {
        "events": events,
        "kills": kills,
        "acknowledged_before_kills": before_kills,
        "acknowledged": len(submission.acknowledged) * PER_DOCUMENT,
        "recorded_once": sum(times == 1 for times in counted.values()),
        "recorded_more_than_once": sum(times > 1 for times in counted.values()),
        "not_recorded": events - sum(times > 0 for times in counted.values()),
        "others_on_chain": others,
        "exit_of_last_server": server.process.returncode,
        "seconds": round(time.monotonic() - began, 1),
    }


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="kill -9 the server during a submit")
    parser.add_argument("--events", type=int, default=2000)
    parser.add_argument("--kills", type=int, default=3)
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        found = run(Path(folder) / "home", chosen.events, chosen.kills, chosen.seed)
    print(json.dumps(found, indent=2))
    sys.exit(0 if found["recorded_once"] == found["events"] and not found["others_on_chain"] else 1)
