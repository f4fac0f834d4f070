"""Killed between any two of its writes, the live half loses nothing, tells no cause twice, and owes what it owes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from api.live import book
from api.live.engine import Engine
from api.live.forms import row_of, to_json
from api.live.specified import Specifications
from api.quality.live import Raised
from api.quality.live import incidents as machine
from ledger.home import Settings
from ledger.ledger import Ledger
from ledger.store import Store, changes, incidents, live_rules, quality, webhooks
from ledger.store.clock import now
from ledger.store.live_tables import delivery, incident, live_change
from ledger.store.quality_tables import specification

CLASS = "https://id.gs1.org/01/09521000010017"
LOT = f"{CLASS}/10/A"
SECOND = 1_000_000


@pytest.fixture
def home(tmp_path: Path) -> Path:
    Ledger.create(tmp_path / "home", Settings())
    return tmp_path / "home"


@pytest.fixture
def store(home: Path) -> Iterator[Store]:
    opened = Store.open(home)
    yield opened
    opened.close()


def started(store: Store, home: Path) -> Engine:
    """As after a start; the one before is simply left, as a kill leaves it."""
    engine = Engine(store, lambda: None, home)
    engine.begin()
    return engine


def sense(store: Store, *values: float, start: int = 0) -> None:
    same = {"sensor": "s1", "item": LOT, "quantity_kind": "Temperature", "unit": "CEL"}
    at = now() - 3600 * SECOND
    with store.begin() as connection:
        rows = [{"time": at + (start + n) * SECOND, "value": value, **same} for n, value in enumerate(values)]
        quality.add_readings(connection, rows)


def rule(store: Store, name: str, **fields: Any) -> None:
    with store.begin() as connection:
        live_rules.add(connection, name, to_json({"name": name, "quantity_kind": "Temperature", **fields}))


def found(store: Store) -> list[Any]:
    with store.read() as connection:
        return list(connection.execute(select(incident.c.count, incident.c.cleared_at)))


def test_readings_that_were_committed_but_not_evaluated(store: Store, home: Path) -> None:
    rule(store, "cold", kind="specification", high=5.0)
    started(store, home).step()
    sense(store, 4, 6, 7)
    assert found(store) == []  # killed here
    engine = started(store, home)
    engine.step()
    assert found(store) == [(2, None)]
    engine.step()
    started(store, home).step()
    assert found(store) == [(2, None)]


def test_a_write_that_fails_is_done_once_when_it_is_tried_again(
    store: Store, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rule(store, "cold", kind="specification", high=5.0)
    engine = started(store, home)
    engine.step()
    sense(store, 6, 7)
    write = book.write

    def killed(*arguments: Any) -> int:
        write(*arguments)
        raise OSError("killed")

    monkeypatch.setattr(book, "write", killed)
    with pytest.raises(OSError, match="killed"):
        engine.step()
    assert found(store) == []
    monkeypatch.setattr(book, "write", write)
    engine.step()
    assert found(store) == [(2, None)]


def test_a_delivery_is_owed_with_the_incident_itself(store: Store, home: Path) -> None:
    rule(store, "cold", kind="specification", high=5.0)
    with store.begin() as connection:
        webhooks.add(connection, "http://127.0.0.1:9/")
    engine = started(store, home)
    sense(store, 6)
    engine.step()
    with store.read() as connection:  # killed before it was delivered: the next start finds it due
        assert [row.attempts for row in webhooks.due(connection, now())] == [0]
        assert connection.scalar(select(live_change.c.event)) == "incident.opened"


def test_two_live_incidents_of_one_cause_cannot_be(store: Store) -> None:
    point = {"time": 1, "value": 6.0, "unit": "CEL", "badness": 1.0}
    evidence = {"rule": "cold", "high": 5.0, "late": 0, "first": point, "worst": point, "last": point}
    raised = Raised("cold|s1", "specification", "major", "s1", "Temperature", LOT, None, 1, 1, 1, evidence)
    row = row_of(machine.raised(None, raised))
    with store.begin() as connection:
        incidents.put(connection, row)
    with pytest.raises(IntegrityError), store.begin() as connection:
        incidents.put(connection, row)


def test_what_a_webhook_does_not_take_is_bounded_and_counted(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(webhooks, "WAITING", 150)
    with store.begin() as connection:
        dead, other = (webhooks.add(connection, f"http://127.0.0.1:9/{n}").id for n in range(2))
        for _ in range(300):
            changes.add(connection, "hold.placed", "{}")
            for row in webhooks.due(connection, now()):
                if row.webhook_id == other:
                    webhooks.delivered(connection, row.id)
        assert (webhooks.owed(connection, dead)[0], webhooks.dropped(connection, dead)) == (150, 150)
        assert (webhooks.owed(connection, other)[0], webhooks.dropped(connection, other)) == (0, 0)
        kept = connection.scalars(select(delivery.c.payload).where(delivery.c.webhook_id == dead)).all()
        assert kept[0].startswith('{"id":151,')
        webhooks.remove(connection, dead)
        assert webhooks.dropped(connection, dead) == 0


def test_the_lot_and_the_market_decide_on_limits(store: Store) -> None:
    rows = [
        ("", "", 9.0), (CLASS, "", 8.0), (CLASS, "EU", 7.0), (LOT, "", 6.0), (LOT, "JP", 5.0),
    ]  # fmt: skip
    same = {"characteristic": "Temperature", "unit": "CEL", "imported_at": now()}
    with store.begin() as connection:
        for item, market, high in rows:
            connection.execute(specification.insert().values(item=item, market=market, high=high, **same))
        specified = Specifications(connection, now())
    subjects = (LOT, f"{LOT}/21/1", f"{CLASS}/10/B", "urn:x:room")
    high = {(one, market): specified(one, "Temperature", market)[1] for one in subjects for market in ("", "EU", "JP")}
    assert [high[LOT, market] for market in ("", "EU", "JP")] == [6, 6, 5]
    assert [high[f"{LOT}/21/1", market] for market in ("", "EU", "JP")] == [6, 6, 5]
    assert [high[f"{CLASS}/10/B", market] for market in ("", "EU", "JP")] == [8, 7, 8]
    assert high["urn:x:room", "EU"] == 9
