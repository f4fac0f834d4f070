"""A home filled with the demonstration: whole after any interruption, and never somebody else's."""

from __future__ import annotations

from pathlib import Path

import pytest

from api import demo_home
from api.analysis.names import DEMONSTRATION
from ledger.home import Settings
from ledger.ledger import Ledger
from ledger.store import events, meta
from ledger.store.states import State


class Killed(Exception):
    pass


def _fill(path: Path, until: int | None = None) -> list[str]:
    """Fill, or stop after `until` steps as a kill would; what was done."""
    told: list[str] = []

    def progress(what: str, done: int, total: int) -> None:
        assert 0 <= done <= total
        told.append(what)
        if len(told) == until:
            raise Killed

    with Ledger.open(path, Settings()) as ledger:
        demo_home.fill(ledger, progress)
    return told


def test_filling_goes_on_after_interruptions(tmp_path: Path) -> None:
    path = tmp_path / "home"
    Ledger.create(path, Settings())
    for until in (2, 9, 20, 41):
        with pytest.raises(Killed):
            _fill(path, until)
    assert _fill(path)[-1] == "ready"
    assert _fill(path) == []
    with Ledger.open(path, Settings()) as ledger:
        data = demo_home.demonstration()
        with ledger.store.read() as connection:
            counts = events.counts_by_state(connection)
            assert (meta.get(connection, DEMONSTRATION) or "").count('"sentence"') == len(data.showcase)
        assert sum(counts.values()) == len(data.events)
        assert counts[State.FINAL] > 0
        assert {one.uri for one in ledger.organisations()} == {one.uri for one in data.organisations}


def test_a_home_in_use_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "home"
    Ledger.create(path, Settings())
    with Ledger.open(path, Settings()) as ledger:
        ledger.add_organisation("urn:example:mine", "mine")
    assert _fill(path) == []
    with Ledger.open(path, Settings()) as ledger:
        assert [one.name for one in ledger.organisations()] == ["mine"]
