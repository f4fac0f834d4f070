"""A home filled with the demonstration: organisations, events, what was measured, and a hold.

Filling is safe to interrupt: everything in it is idempotent, and only the last write says that it is complete. A home
that somebody else began to use is left alone.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict

from api.analysis.imports import import_file
from api.analysis.names import DEMONSTRATION
from api.demonstration import Demonstration, demonstration
from ledger.ledger import Ledger
from ledger.store import holds, meta

#: told what is being done, how much of it is done, and of how much
Progress = Callable[[str, int, int], None]
_BEGUN = json.dumps({"showcase": [], "names": {}})


def fill(ledger: Ledger, progress: Progress) -> None:
    """Fill an empty home, or go on with one whose filling was interrupted."""
    with ledger.store.begin() as connection:
        noted = meta.get(connection, DEMONSTRATION)
        if noted is None and not ledger.organisations():
            meta.put(connection, DEMONSTRATION, _BEGUN)
            noted = _BEGUN
    if noted == _BEGUN:
        _fill(ledger, demonstration(), progress)


def _fill(ledger: Ledger, data: Demonstration, progress: Progress) -> None:
    steps = len(data.organisations) + len(data.documents) + 4
    done = 0

    def step(what: str) -> None:
        nonlocal done
        progress(what, done, steps)
        done += 1

    ids = {}
    for each in data.organisations:
        step(f"registering {each.name}")
        made = ledger.add_organisation(each.uri, each.name, company_prefixes=each.company_prefixes, policy=each.policy)
        ids[each.uri] = made.id
    for document in data.documents:
        step(f"capturing {document.name}")
        text = json.dumps(document.document, ensure_ascii=False).encode()
        ledger.jobs.accept(text, ids[document.organisation_uri], source=document.name)
        ledger.jobs.run_unfinished()
    step("importing what was measured")
    for kind, table in data.tables.items():
        import_file(ledger.store, kind, table.encode(), file=f"{kind}.csv", imported_by="demonstration")
    with ledger.store.begin() as connection:
        for held in data.holds:
            if not holds.live_on(connection, [held.item]):
                holds.place(connection, held.item, reason=held.reason, by=held.by)
    step("recording on the chain")
    ledger.recorder.step()
    note = {"showcase": [asdict(shown) for shown in data.showcase], "names": dict(data.names)}
    with ledger.store.begin() as connection:
        meta.put(connection, DEMONSTRATION, json.dumps(note, ensure_ascii=False))
    progress("ready", steps, steps)
