"""Control charts against frozen limits as inspections and readings arrive: one incident per cause."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from api.analysis.process_data import Selection
from api.analysis.spc import freeze_limits
from api.live import book, charts
from api.quality.live import Cleared, Raised, Rule
from ledger.events import parse_time
from ledger.home import Settings
from ledger.ledger import Ledger
from ledger.store import Store, quality

GTIN = "https://id.gs1.org/01/09521000010017"
CSV = {"content-type": "text/csv"}


def eventually(what: Callable[[], Any], seconds: float = 20) -> Any:
    deadline = time.monotonic() + seconds
    while not (found := what()):
        assert time.monotonic() < deadline
        time.sleep(0.02)
    return found


def inspect(server: Any, *values: float, day: int = 1, month: int = 5) -> None:
    rows = ["time,item,characteristic,value,unit,sample"]
    for number, value in enumerate(values):
        when = f"2026-{month:02d}-{day + number // 20:02d}T{number % 20:02d}:00:00Z"
        rows += [f"{when},{GTIN}/10/L{number},weight,{value + piece / 10:.3f},GRM,{piece}" for piece in (-1, 0, 1)]
    answer = server.operator.post("/quality/inspections", content="\n".join(rows), headers=CSV)
    assert answer.is_success, answer.text


def incidents(server: Any, live: bool) -> list[Any]:
    params = {"live": live, "kind": "spc"}
    return list(server.operator.get("/quality/incidents", params=params).json()["incidents"])


def test_new_inspections_are_judged_by_frozen_limits(server: Any) -> None:
    rule = {"name": "weight", "kind": "spc", "characteristic": "weight", "item": GTIN}
    assert server.operator.post("/quality/rules", json=rule).status_code == 404
    inspect(server, *np.random.default_rng(0).normal(500, 0.05, 40))
    limits = {"characteristic": "weight", "item": GTIN, "kind": "xbar", "rules": "nelson"}
    assert server.operator.post("/quality/spc/limits", json=limits).status_code == 201
    made = server.operator.post("/quality/rules", json=rule).json()
    assert (made["rule"]["chart"], made["rule"]["version"]) == ("xbar", 1)
    eventually(lambda: server.client().get("/health").json()["live"]["rules"])
    inspect(server, 500, 500.02, 503, 504, month=6)
    (incident,) = eventually(lambda: incidents(server, True))
    evidence = incident["evidence"]
    assert (incident["count"], evidence["version"], evidence["worst"]["label"]) == (2, 1, "L3")
    assert 1 in evidence["worst"]["fired"]
    assert evidence["worst"]["badness"] > 3
    inspect(server, 500, day=2, month=6)
    eventually(lambda: not incidents(server, True))
    inspect(server, 499.97, month=5, day=28)  # before the newest: judged, but it ends nothing and repeats nothing
    inspect(server, 497, day=3, month=6)
    eventually(lambda: incidents(server, True))
    assert len(incidents(server, False)) == 1
    assert server.operator.delete("/quality/rules/weight").status_code == 204


@pytest.fixture
def store(tmp_path: Path) -> Any:
    Ledger.create(tmp_path / "home", Settings())
    opened = Store.open(tmp_path / "home")
    yield opened
    opened.close()


def sense(store: Any, hour: int, value: float) -> None:
    at = parse_time("2026-05-01T00:00:00Z") + hour * 3_600_000_000
    same = {"sensor": "t1", "place": "urn:x:room", "quantity_kind": "Temperature", "unit": "CEL"}
    rows = [{"time": at + minute * 60_000_000, "value": value + minute / 1000, **same} for minute in (0, 20, 40)]
    with store.begin() as connection:
        quality.add_readings(connection, rows)


def test_an_hour_of_readings_is_judged_once_it_is_over(store: Any) -> None:
    for hour in range(48):
        sense(store, hour, 4 + hour % 5 / 10)
    freeze_limits(store, Selection("Temperature", sensor="t1"))
    rule = Rule("cold", "spc", characteristic="Temperature", sensor="t1")
    with store.begin() as connection:
        rule = charts.begin(connection, rule)
        charts.put_mark(connection, rule, f"[0, {parse_time('2026-05-03T00:00:00Z')}]")

    def look(hour: int, minute: int = 0) -> list[Any]:
        at = parse_time("2026-05-01T00:00:00Z") + (60 * hour + minute) * 60_000_000
        with store.begin() as connection:
            looked = charts.look(connection, rule, at)
            if looked is None:
                return []
            assert looked.problem is None
            charts.put_mark(connection, rule, looked.mark)
            return looked.findings

    sense(store, 48, 9.0)
    assert look(48, 59) == []
    (raised,) = look(49, 1)
    assert isinstance(raised, Raised)
    assert raised.first_at == parse_time("2026-05-03T00:00:00Z")
    assert look(49, 30) == []
    assert look(50) == []  # an hour without readings is missing: neither in control nor out of it
    sense(store, 50, 4.2)
    assert [type(one) for one in look(51)] == [Cleared]


def test_what_a_removed_rule_found_while_it_was_removed_is_cleared(server: Any) -> None:
    point = {"time": 1, "value": 4.0, "unit": "CEL", "badness": 60.0}
    evidence = {"rule": "gone", "late": 0, "first": point, "worst": point, "last": point}
    raised = Raised("gone|s|Temperature|x", "stuck", "minor", "s", "Temperature", None, None, 1, 1, 1, evidence)
    store = Store.open(server.home)
    try:
        with store.begin() as connection:
            book.write(connection, [raised])
    finally:
        store.close()
    rule = {"name": "another", "kind": "stuck", "seconds": 60}
    assert server.operator.post("/quality/rules", json=rule).status_code == 201
    params = {"live": True, "kind": "stuck"}
    eventually(lambda: not server.operator.get("/quality/incidents", params=params).json()["incidents"])
    assert server.operator.delete("/quality/rules/another").status_code == 204
