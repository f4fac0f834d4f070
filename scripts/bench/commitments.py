#!/usr/bin/env python
"""Commitments a second on one core, beside the reference generator of GS1's CBV event hash.

    python scripts/bench/commitments.py <folder of EPCIS JSON documents> [seconds]

Measured over the events of the folder and of the demonstration together; the reference over the documents that it
takes: from parsed JSON, as ours is, and its hashing alone, without its conversion of JSON-LD. Figures are medians of
rounds; one round is all events.
"""

from __future__ import annotations

import contextlib
import io
import json
import logging
import secrets
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from api.demonstration import demonstration
from ledger.commitment import EventTree, commit
from ledger.events import read_document


def median_rate(count: int, round_: Callable[[], object], seconds: float) -> float:
    """Things a second in the median round."""
    rounds, end = [], time.perf_counter() + seconds
    while time.perf_counter() < end or not rounds:
        start = time.perf_counter()
        round_()
        rounds.append(time.perf_counter() - start)
    return count / statistics.median(rounds)


def reference(documents: list[Any], seconds: float) -> tuple[int, float, float]:
    """Events, events a second from JSON, events a second hashing alone."""
    from epcis_event_hash_generator.hash_generator import epcis_hashes_from_events
    from epcis_event_hash_generator.json_to_py import event_list_from_epcis_document_json

    logging.disable(logging.CRITICAL)

    def convert(document: Any) -> Any:
        return event_list_from_epcis_document_json(json.loads(json.dumps(document)))

    taken, converted = [], []
    for document in documents:
        with contextlib.suppress(Exception):  # what it does not take is left out
            converted.append(convert(document))
            epcis_hashes_from_events(converted[-1])
            taken.append(document)
    count = sum(len(events[2]) for events in converted)
    whole = median_rate(count, lambda: [epcis_hashes_from_events(convert(d)) for d in taken], seconds)
    alone = median_rate(count, lambda: [epcis_hashes_from_events(events) for events in converted], seconds)
    return count, whole, alone


def main() -> None:
    folder = Path(sys.argv[1])
    seconds = float(sys.argv[2]) if len(sys.argv) > 2 else 5.0
    documents = [json.loads(path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.json*"))]
    documents += [each.document for each in demonstration().documents]
    bodies = [event.body for document in documents for event in read_document(document)]
    organisation, secret = secrets.token_bytes(32), secrets.token_bytes(32)
    leaves = [commit(body, organisation, secret).leaf_count for body in bodies]
    print(f"events {len(bodies)}, leaves mean {statistics.mean(leaves):.1f}, most {max(leaves)}")
    rate = median_rate(len(bodies), lambda: [commit(body, organisation, secret) for body in bodies], seconds)
    print(f"commit                 {rate:9,.0f} events/s")
    rate = median_rate(len(bodies), lambda: [EventTree.of(body, secret) for body in bodies], seconds)
    print(f"event trees, to prove  {rate:9,.0f} events/s")
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        count, whole, alone = reference(documents, seconds)
    print(f"CBV hash, reference    {whole:9,.0f} events/s ({count} events)")
    print(f"  its hashing alone    {alone:9,.0f} events/s")


if __name__ == "__main__":
    main()
