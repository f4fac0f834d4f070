#!/usr/bin/env python
"""Events per second from a file to *captured*: parse, validate, commit, store, in one process.

    .venv/bin/python scripts/bench/capture.py [--profile] [number of events]

Beside it the floor: the same bodies, already parsed, put into one plain SQLite table. Two shapes of event
are measured: a small one (one item) and a typical one (eight children, a source, a business transaction, an extension).
Python's garbage collector is set as the server sets it.
"""

from __future__ import annotations

import cProfile
import json
import pstats
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from api.collector import relax_collector
from ledger.batch import organisation_id
from ledger.capture import capture
from ledger.events import parse_json, read_document
from ledger.store import Store, organisations
from ledger.store.organisations import Organisation

URI = "https://id.gs1.org/417/9506000134352"


def small(number: int) -> dict[str, Any]:
    return {
        "type": "ObjectEvent",
        "eventTime": "2026-03-01T08:15:00.000+01:00",
        "eventTimeZoneOffset": "+01:00",
        "action": "OBSERVE",
        "epcList": [f"urn:epc:id:sgtin:9506000.013435.{number}"],
        "bizStep": "shipping",
    }


def typical(number: int) -> dict[str, Any]:
    return {
        "eventID": f"urn:uuid:00000000-0000-4000-8000-{number:012x}",
        "type": "AggregationEvent",
        "eventTime": "2026-03-01T08:15:00.000+01:00",
        "eventTimeZoneOffset": "+01:00",
        "action": "ADD",
        "parentID": f"urn:epc:id:sscc:9506000.{number:010d}",
        "childEPCs": [f"urn:epc:id:sgtin:9506000.013435.{number}-{child}" for child in range(8)],
        "bizStep": "packing",
        "disposition": "in_progress",
        "readPoint": {"id": "urn:epc:id:sgln:9506000.13435.1"},
        "bizLocation": {"id": "urn:epc:id:sgln:9506000.13435.0"},
        "bizTransactionList": [{"type": "po", "bizTransaction": f"urn:example:po:{number}"}],
        "sourceList": [{"type": "owning_party", "source": "urn:epc:id:pgln:9506000.13435"}],
        "ext:line": "7",
    }


def document(make: Callable[[int], dict[str, Any]], count: int) -> bytes:
    context = ["https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld", {"ext": "https://example.org/ext#"}]
    whole = {
        "@context": context,
        "type": "EPCISDocument",
        "schemaVersion": "2.0",
        "creationDate": "2026-03-01T09:00:00Z",
        "epcisBody": {"eventList": [make(number) for number in range(count)]},
    }
    return json.dumps(whole).encode()


def measure(file: Path, directory: Path, *, profile: bool) -> float:
    """Seconds from the file to captured."""
    store = Store.open(directory / "store")
    organisation = organisation_id(URI)
    with store.begin() as connection:
        organisations.put(connection, Organisation(organisation, URI, "Maker"))
    profiler = cProfile.Profile()
    if profile:
        profiler.enable()
    started = time.perf_counter()
    captured = capture(store, organisation, read_document(parse_json(file.read_bytes())), is_open=False)
    seconds = time.perf_counter() - started
    if profile:
        profiler.disable()
        pstats.Stats(profiler).sort_stats("tottime").print_stats(25)
    store.close()
    if captured.known or not captured.new:
        raise SystemExit("the events were not new")
    return seconds


def floor(file: Path, directory: Path) -> float:
    """Seconds to put the same events into SQLite with nothing else done."""
    bodies = [json.dumps(event) for event in json.loads(file.read_bytes())["epcisBody"]["eventList"]]
    with sqlite3.connect(directory / "floor.sqlite") as connection:
        connection.execute("pragma journal_mode=WAL")
        connection.execute("pragma synchronous=FULL")
        connection.execute("create table event (id integer primary key, body text)")
        started = time.perf_counter()
        connection.executemany("insert into event (body) values (?)", ((body,) for body in bodies))
        connection.commit()
    return time.perf_counter() - started


def main(arguments: list[str]) -> None:
    profile = "--profile" in arguments
    counts = [int(argument) for argument in arguments if argument.isdigit()]
    count = counts[0] if counts else 5000
    relax_collector()
    for make in (small, typical):
        with tempfile.TemporaryDirectory() as name:
            file = Path(name) / "document.json"
            file.write_bytes(document(make, count))
            seconds, least = measure(file, Path(name), profile=profile), floor(file, Path(name))
            print(
                f"{make.__name__:8} {count} events, {file.stat().st_size / count:.0f} bytes each: "
                f"{count / seconds:,.0f} events/s; plain inserts {count / least:,.0f}/s ({seconds / least:.0f} times)"
            )


if __name__ == "__main__":
    main(sys.argv[1:])
