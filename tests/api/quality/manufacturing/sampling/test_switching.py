"""Switching rules: the published conditions one by one, and a state machine against a reference that keeps all lots."""

from __future__ import annotations

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from api.quality.manufacturing.sampling.single import Severity
from api.quality.manufacturing.sampling.switching import LotOutcome, Standard, Switching, switching_score

GOOD, BAD = LotOutcome(True, 3), LotOutcome(False)


def after(lots: list[LotOutcome], start: Switching | None = None) -> Switching:
    state = start or Switching()
    for lot in lots:
        state = state.after(lot)
    return state


@pytest.mark.parametrize("between", range(4))
def test_two_of_five_lots_not_accepted_tighten(between: int) -> None:
    assert after([BAD, *[GOOD] * between, BAD]).severity is Severity.TIGHTENED


def test_two_of_six_do_not() -> None:
    assert after([BAD, *[GOOD] * 4, BAD]).severity is Severity.NORMAL


def test_five_accepted_in_a_row_end_tightened_inspection() -> None:
    tightened = after([BAD, BAD])
    assert after([GOOD] * 4, tightened).severity is Severity.TIGHTENED
    assert after([GOOD] * 5, tightened) == Switching()
    assert after([GOOD] * 4 + [BAD] + [GOOD] * 4, tightened).severity is Severity.TIGHTENED


def test_the_fifth_lot_not_accepted_on_tightened_inspection_discontinues_it() -> None:
    state = after([BAD, GOOD, BAD, GOOD, BAD, BAD], after([BAD, BAD]))
    assert not state.discontinued
    state = state.after(BAD)
    assert state.discontinued
    assert after([GOOD] * 9, state) == state
    assert state.resumed() == Switching(Severity.TIGHTENED)
    assert after([GOOD] * 5, state.resumed()).severity is Severity.NORMAL


def test_iso_scores_thirty_for_reduced_inspection() -> None:
    assert after([LotOutcome(True, 3)] * 9).severity is Severity.NORMAL
    assert after([LotOutcome(True, 3)] * 10).severity is Severity.REDUCED
    assert after([LotOutcome(True, 2)] * 14).severity is Severity.NORMAL
    assert after([LotOutcome(True, 2)] * 15).severity is Severity.REDUCED
    set_back = [LotOutcome(True, 3)] * 9 + [LotOutcome(True, 0)]
    assert after(set_back).score == 0
    assert after(set_back + [LotOutcome(True, 3)] * 10).severity is Severity.REDUCED


def test_z14_takes_ten_lots_in_a_row() -> None:
    z14 = Switching(standard=Standard.Z14)
    assert after([LotOutcome(True)] * 9, z14).severity is Severity.NORMAL
    assert after([LotOutcome(True)] * 10, z14).severity is Severity.REDUCED


def test_reduced_inspection_needs_steady_production() -> None:
    unsteady = [LotOutcome(True, 3, steady=False)] * 12
    assert after(unsteady).severity is Severity.NORMAL
    assert after([*unsteady, GOOD]).severity is Severity.REDUCED


@pytest.mark.parametrize(
    "lot",
    [BAD, LotOutcome(True, between=True), LotOutcome(True, steady=False)],
    ids=["rejected", "between", "unsteady"],
)
def test_what_ends_reduced_inspection(lot: LotOutcome) -> None:
    reduced = after([GOOD] * 10)
    assert after([GOOD] * 50, reduced).severity is Severity.REDUCED
    assert reduced.after(lot) == Switching()


def test_the_score_of_a_lot() -> None:
    assert switching_score(1, accepted=True, accepted_one_step_tighter=False) == 2
    assert switching_score(0, accepted=False, accepted_one_step_tighter=False) == 0
    assert switching_score(2, accepted=True, accepted_one_step_tighter=True) == 3
    assert switching_score(2, accepted=True, accepted_one_step_tighter=False) == 0


class AgainstHistory(RuleBasedStateMachine):
    """The machine keeps counters; the reference keeps every lot since the severity began, and counts anew."""

    @initialize(standard=st.sampled_from(Standard))
    def begin(self, standard: Standard) -> None:
        self.state, self.lots = Switching(standard=standard), list[LotOutcome]()
        self.severity, self.discontinued = Severity.NORMAL, False

    @rule(
        lots=st.lists(
            st.builds(
                LotOutcome,
                accepted=st.sampled_from([True, True, True, False]),
                scores=st.sampled_from([3, 3, 2, 0]),
                between=st.sampled_from([False, False, False, True]),
                steady=st.sampled_from([True, True, True, False]),
            ),
            max_size=12,
        )
    )
    def inspect(self, lots: list[LotOutcome]) -> None:
        for lot in lots:
            self.state = self.state.after(lot)
            self._expect(lot)

    @rule()
    def good_run(self) -> None:
        self.inspect([GOOD] * 10)

    @rule()
    def resume(self) -> None:
        self.state = self.state.resumed()
        if self.discontinued:
            self._move(Severity.TIGHTENED)

    def _move(self, severity: Severity) -> None:
        self.severity, self.lots, self.discontinued = severity, [], False

    def _expect(self, lot: LotOutcome) -> None:
        if self.discontinued:
            return
        self.lots.append(lot)
        accepted = [each.accepted for each in self.lots]
        if self.severity is Severity.NORMAL:
            if sum(not each for each in accepted[-5:]) >= 2:
                self._move(Severity.TIGHTENED)
            elif self._earned(accepted) and lot.steady:
                self._move(Severity.REDUCED)
        elif self.severity is Severity.TIGHTENED:
            if len(accepted) >= 5 and all(accepted[-5:]):
                self._move(Severity.NORMAL)
            else:
                self.discontinued = accepted.count(False) >= 5
        elif not lot.accepted or lot.between or not lot.steady:
            self._move(Severity.NORMAL)

    def _earned(self, accepted: list[bool]) -> bool:
        if self.state.standard is Standard.Z14:
            return len(accepted) >= 10 and all(accepted[-10:])
        score = 0
        for each in self.lots:
            score = score + each.scores if each.accepted and each.scores else 0
        return score >= 30

    @invariant()
    def agrees(self) -> None:
        if hasattr(self, "state"):
            assert (self.state.severity, self.state.discontinued) == (self.severity, self.discontinued)


AgainstHistory.TestCase.settings = settings(max_examples=150, stateful_step_count=25, deadline=None)
TestAgainstHistory = AgainstHistory.TestCase
