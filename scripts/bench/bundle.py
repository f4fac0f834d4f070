#!/usr/bin/env python
"""What a proof costs: a bundle of 30 events from a home on the embedded chain, its bytes, the seconds to make it and to
verify it, and whether any single-bit change of a small bundle is accepted.

    python scripts/bench/bundle.py

Verified twice: with a witness that remembers a node's answers (the floor: hashing, signatures, parsing), and over
JSON-RPC from the server of the home, asked afresh each time, on the same machine. Every bit of the small bundle is
flipped, with the witness that remembers. Less than a minute; exit code 1 if a changed bundle was accepted.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from api.server import running
from ledger.chain import connect
from ledger.chain.witness import NodeWitness
from ledger.errors import LotmarkError
from ledger.home import Settings
from ledger.ledger import Ledger
from ledger.trace import trace
from ledger.verify import ChainWitness, Trust, verify

EVENTS = 30
ROUNDS = 5
PREFIX = "https://id.gs1.org/01/09521000000018/21/"
CONTEXT = "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"


class Remembering:
    """A witness that asks another one each question once."""

    def __init__(self, witness: NodeWitness) -> None:
        self._witness = witness
        self._answers: dict[tuple[Any, ...], Any] = {}

    def __getattr__(self, question: str) -> Callable[..., Any]:
        def answer(*about: Any) -> Any:
            key = (question, *(tuple(each) if isinstance(each, list) else each for each in about))
            if key not in self._answers:
                self._answers[key] = getattr(self._witness, question)(*about)
            return self._answers[key]

        return answer


def document(first: int, count: int) -> bytes:
    """Steps of a chain: what came out of one goes into the next."""
    events = [
        {
            "type": "TransformationEvent",
            "eventTime": f"2026-03-01T08:{number:02}:00Z",
            "eventTimeZoneOffset": "+00:00",
            "inputEPCList": [f"{PREFIX}{number}"],
            "outputEPCList": [f"{PREFIX}{number + 1}"],
            "bizStep": "commissioning",
            "disposition": "active",
            "readPoint": {"id": "https://id.gs1.org/414/9521000000001/254/7"},
            "ilmd": {"example:line": "packing 4", "example:operator": "shift B", "example:settings": [1, 2.5, 3]},
        }
        for number in range(first, first + count)
    ]
    return json.dumps(
        {
            "@context": [CONTEXT, {"example": "https://example.org/"}],
            "type": "EPCISDocument",
            "schemaVersion": "2.0",
            "creationDate": "2026-03-02T00:00:00Z",
            "epcisBody": {"eventList": events},
        }
    ).encode()


def filled(ledger: Ledger) -> list[bytes]:
    """Record the events of two organisations by turns, ten to a batch; their commitments."""
    makers = [ledger.add_organisation(f"https://{name}.example/", name).id for name in ("maker", "packer")]
    for number, first in enumerate(range(0, EVENTS, 10)):
        ledger.jobs.accept(document(first, 10), makers[number % 2])
        ledger.jobs.run_unfinished()
        ledger.recorder.step()
    found = trace(ledger.store, f"{PREFIX}0", direction="forward")
    return [event.commitment for event in found.events]


def fastest(work: Callable[[], object]) -> float:
    times = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return min(times)


def accepted_flips(data: bytes, trust: Trust, witness: ChainWitness) -> list[int]:
    """The bits whose flipping leaves a bundle that verifies; none, it is hoped."""
    accepted, changed = [], bytearray(data)
    for bit in range(len(data) * 8):
        changed[bit // 8] ^= 1 << bit % 8
        try:
            verify(bytes(changed), trust, witness)
            accepted.append(bit)
        except LotmarkError:
            pass
        changed[bit // 8] ^= 1 << bit % 8
    return accepted


def main() -> int:
    settings = Settings()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "home"
        Ledger.create(path, settings)
        with Ledger.open(path, settings) as ledger:
            commitments = filled(ledger)
            identity = ledger.identity
            trust = Trust(identity.chain_id, identity.ledger, identity.code_hash)
            data, small = ledger.prove(commitments).encode(), ledger.prove(commitments[:1]).encode()
            records = len(ledger.prove(commitments).records)
            print(f"bundle of {len(commitments)} events in {records} records: {len(data):,} bytes")
            print(f"prove: {fastest(lambda: ledger.prove(commitments).encode()):.3f} s")
            remembering: Any = Remembering(NodeWitness(ledger.chain, identity.ledger))
            item = f"{PREFIX}{EVENTS}"
            floor = fastest(lambda: verify(data, trust, remembering, item))
            print(f"verify, answers of the chain remembered: {floor:.3f} s")
            start = time.perf_counter()
            accepted = accepted_flips(small, trust, remembering)
            took = time.perf_counter() - start
            print(f"{len(small) * 8:,} single-bit flips of {len(small):,} bytes, all of them: ", end="")
            print(f"{len(accepted)} accepted ({took:.1f} s)")
        with running(path, settings) as note:
            node = connect(f"{note.url}/rpc")
            asked = fastest(lambda: verify(data, trust, NodeWitness(node, identity.ledger), item))
            node.close()
        print(f"verify over HTTP JSON-RPC: {asked:.3f} s")
    return 1 if accepted else 0


if __name__ == "__main__":
    sys.exit(main())
