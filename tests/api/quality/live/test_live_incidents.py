"""Incidents as a state machine: one live one per cause, whatever rules and people do in whatever order."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from api.quality.live import CAUSE_CODES, Incident, Raised, incidents
from ledger.errors import Conflict, InvalidInput

CAUSES = ["cold|s1|Temperature|lot", "cold|s2|Temperature|lot", "silent|s1|Temperature|"]


def finding(cause: str, at: int, count: int = 1, badness: float = 1.0) -> Raised:
    point = {"time": at, "value": 5 + badness, "unit": "CEL", "badness": badness}
    evidence: dict[str, Any] = {"rule": "cold", "high": 5.0, "unit": "CEL", "late": 0}
    evidence |= dict.fromkeys(("first", "worst", "last"), point)
    sensor = cause.split("|")[1]
    return Raised(cause, "specification", "major", sensor, "Temperature", "lot", None, at, at, count, evidence)


class Incidents(RuleBasedStateMachine):
    """The model: per cause, the incidents there were and how often each was raised."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 0
        self.all: list[Incident] = []
        self.counts: list[int] = []

    def _live(self, cause: str) -> int | None:
        return next((n for n, one in enumerate(self.all) if one.cause == cause and one.is_live), None)

    @rule(cause=st.sampled_from(CAUSES), count=st.integers(1, 5))
    def raise_it(self, cause: str, count: int) -> None:
        self.now += 1
        at = self._live(cause)
        after = incidents.raised(None if at is None else self.all[at], finding(cause, self.now, count))
        if at is None:
            self.all.append(after)
            self.counts.append(count)
        else:
            self.all[at] = after
            self.counts[at] += count

    @rule(cause=st.sampled_from(CAUSES))
    def clear_it(self, cause: str) -> None:
        self.now += 1
        at = self._live(cause)
        if at is not None:
            self.all[at] = incidents.cleared(self.all[at], self.now)

    @precondition(lambda self: self.all)
    @rule(data=st.data())
    def acknowledge(self, data: st.DataObject) -> None:
        at = data.draw(st.integers(0, len(self.all) - 1))
        self.now += 1
        before = self.all[at]
        self.all[at] = incidents.acknowledged(before, "ann", self.now)
        if before.acknowledged_at is not None:
            assert self.all[at] == before

    @precondition(lambda self: self.all)
    @rule(data=st.data(), code=st.sampled_from(sorted(CAUSE_CODES)))
    def close(self, data: st.DataObject, code: str) -> None:
        at = data.draw(st.integers(0, len(self.all) - 1))
        self.now += 1
        if self.all[at].closed_at is not None:
            with pytest.raises(Conflict):
                incidents.closed(self.all[at], "ben", self.now, code, "door repaired")
            return
        self.all[at] = incidents.closed(self.all[at], "ben", self.now, code, "door repaired")
        assert not self.all[at].is_live
        assert self.all[at].state == "cleared_acknowledged"

    @invariant()
    def one_live_incident_per_cause(self) -> None:
        live = [one.cause for one in self.all if one.is_live]
        assert len(live) == len(set(live))

    @invariant()
    def nothing_is_lost(self) -> None:
        assert [one.count for one in self.all] == self.counts
        for one in self.all:
            assert one.opened_at <= one.last_at
            assert one.cleared_at is None or one.cleared_at >= one.opened_at
            assert (one.closed_at is None) == (one.cause_code is None)

    @invariant()
    def cleared_is_final(self) -> None:
        for cause in CAUSES:
            of_cause = [one for one in self.all if one.cause == cause]
            assert all(not one.is_live for one in of_cause[:-1])


TestIncidents = Incidents.TestCase
TestIncidents.settings = settings(max_examples=80, stateful_step_count=25, deadline=None)


def test_what_is_asked_of_a_closer() -> None:
    one = incidents.raised(None, finding(CAUSES[0], 5))
    with pytest.raises(InvalidInput, match="unknown cause code"):
        incidents.closed(one, "ben", 9, "gremlins", "caught them")
    with pytest.raises(InvalidInput, match="what was done"):
        incidents.closed(one, "ben", 9, "door", "  ")
    owned = incidents.owned(one, "ann", 99)
    assert (owned.owner, owned.due_at) == ("ann", 99)
    with pytest.raises(Conflict):
        incidents.owned(incidents.closed(one, "ben", 9, "door", "shut it"), "ann", None)


def test_an_incident_tells_first_worst_and_last() -> None:
    one = incidents.raised(None, finding(CAUSES[0], 5, badness=1.0))
    one = incidents.raised(one, finding(CAUSES[0], 6, badness=3.0))
    one = incidents.raised(one, finding(CAUSES[0], 7, badness=2.0))
    assert [one.evidence[name]["value"] for name in ("first", "worst", "last")] == [6, 8, 7]
    assert (
        one.message
        == "Temperature of lot: outside at most 5 CEL; at worst 8 CEL at 1970-01-01T00:00:00.000006Z (sensor s1)"
    )
