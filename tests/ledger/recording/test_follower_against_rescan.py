"""Whatever a node's blocks do, the store ends up as if the chain had been read once from its beginning."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from ledger.recording import follow
from ledger.store import Store, events
from ledger.store.tables import event, open_item, record


@pytest.fixture
def finality_depth() -> int:
    """Deeper than all that the steps of one test may take back."""
    return 50


def rows(store: Store, table: sa.Table) -> list[tuple[Any, ...]]:
    with store.read() as connection:
        return sorted(tuple(row) for row in connection.execute(sa.select(table)))


def random_step(workshop, chance: random.Random, number: int) -> None:
    action = chance.choice(["capture", "capture", "round", "round", "round", "mine", "reorganise", "roll back"])
    if action == "capture":
        body = {
            "@context": "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld",
            "type": "ObjectEvent",
            "eventTime": "2026-03-01T08:15:00Z",
            "eventTimeZoneOffset": "+01:00",
            "action": "OBSERVE",
        }
        organisation = chance.choice([o for o in workshop.keys.held if o])
        names = [[f"urn:example:{number}:{n}"] for n in range(chance.randrange(1, 5))]
        workshop.capture(*[body | {"epcList": name} for name in names], by=organisation, is_open=chance.random() < 0.5)
    elif action == "round":
        workshop.recorder().step()
    elif action == "mine":
        workshop.mine(chance.randrange(1, 4))
    elif action == "reorganise":
        # anvil refuses some reorganisations after a roll-back ("Resource not found"); then this step does nothing
        workshop.chain.make_request("anvil_reorg", [chance.randrange(1, 4), []])
    else:
        workshop.chain.make_request("anvil_rollback", [chance.randrange(1, 3)])


@pytest.mark.parametrize("seed", range(3))
def test_random_reorganisations_leave_what_a_full_rescan_finds(
    node_workshop, finality_depth: int, tmp_path: Path, seed: int
) -> None:
    workshop, chance = node_workshop, random.Random(seed)
    workshop.mine(finality_depth + 5)
    for number in range(50):
        random_step(workshop, chance, number)
    for _ in range(10):
        workshop.mine(finality_depth)
        if workshop.recorder().step().is_settled:
            break

    fresh = Store.open(tmp_path / "fresh")
    follow(fresh, workshop.chain, workshop.deployment)
    assert rows(workshop.store, record) == rows(fresh, record)
    assert rows(workshop.store, open_item) == rows(fresh, open_item)
    fresh.close()
    with workshop.store.read() as connection:
        total = connection.scalar(sa.select(sa.func.count()).select_from(event))
        sizes = connection.scalar(sa.select(sa.func.sum(record.c.size)))
        counts = events.counts_by_state(connection)
    assert total == sizes == counts[events.State.FINAL] > 0
