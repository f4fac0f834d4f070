"""Switching between normal, tightened and reduced inspection: a pure state machine over the lots of one series.

ISO 2859-1 clause 9.3 and ANSI/ASQ Z1.4 clause 8, which differ in one point, the way to reduced inspection: ISO counts a
switching score up to 30, Z1.4 ten lots accepted in a row. Both ask for steady production and the consent of whoever is
responsible; `steady` stands for both. Only original inspection counts, not lots presented again.

- normal → tightened: two of five or fewer consecutive lots not accepted
- tightened → normal: five consecutive lots accepted
- tightened → discontinued: five lots not accepted while on it; `resumed` returns to tightened when the cause is mended
- normal → reduced: as above
- reduced → normal: a lot not accepted, or found between Ac and Re, or production no longer steady
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from api.quality.manufacturing.sampling.single import Severity

SCORE_FOR_REDUCED: Final = 30
ACCEPTED_FOR_REDUCED: Final = 10
_ACCEPTED_FOR_NORMAL: Final = 5
_REJECTED_TO_DISCONTINUE: Final = 5
_LOOKED_BACK: Final = 5


class Standard(StrEnum):
    """Whose way to reduced inspection is followed."""

    ISO_2859_1 = "iso2859-1"
    Z14 = "z1.4"


@dataclass(frozen=True, slots=True)
class LotOutcome:
    """What became of a lot on original inspection."""

    accepted: bool
    #: the lot would pass as well with an AQL one step tighter, or, where Ac is 0 or 1, it was accepted (ISO 9.3.3.2)
    scores: int = 0
    #: reduced inspection found a number between Ac and Re
    between: bool = False
    #: production runs steadily, and the one responsible agrees to reduced inspection
    steady: bool = True


@dataclass(frozen=True, slots=True)
class Switching:
    """Where a series of lots stands; `after` gives where it stands after one more."""

    severity: Severity = Severity.NORMAL
    standard: Standard = Standard.ISO_2859_1
    discontinued: bool = False
    #: ISO's switching score, on normal inspection
    score: int = 0
    #: lots accepted in a row at this severity
    accepted_in_row: int = 0
    #: of the last lots at this severity, at most five, whether each was accepted
    recent: tuple[bool, ...] = ()
    #: lots not accepted since tightened inspection began
    rejected: int = 0

    def after(self, lot: LotOutcome) -> Switching:
        """The state after `lot`. While inspection is discontinued, lots change nothing."""
        if self.discontinued:
            return self
        counted = replace(
            self,
            accepted_in_row=self.accepted_in_row + 1 if lot.accepted else 0,
            recent=(*self.recent, lot.accepted)[-_LOOKED_BACK:],
            rejected=self.rejected + (not lot.accepted),
            score=self.score + lot.scores if lot.accepted and lot.scores else 0,
        )
        return _NEXT[self.severity](counted, lot)

    def resumed(self) -> Switching:
        """After corrective action: tightened inspection from the start."""
        return self._to(Severity.TIGHTENED) if self.discontinued else self

    def _to(self, severity: Severity) -> Switching:
        return Switching(severity, self.standard)

    def _after_normal(self, lot: LotOutcome) -> Switching:
        if self.recent.count(False) >= 2:
            return self._to(Severity.TIGHTENED)
        earned = (
            self.score >= SCORE_FOR_REDUCED
            if self.standard is Standard.ISO_2859_1
            else self.accepted_in_row >= ACCEPTED_FOR_REDUCED
        )
        return self._to(Severity.REDUCED) if earned and lot.steady else self

    def _after_tightened(self, lot: LotOutcome) -> Switching:
        if self.accepted_in_row >= _ACCEPTED_FOR_NORMAL:
            return self._to(Severity.NORMAL)
        return replace(self, discontinued=self.rejected >= _REJECTED_TO_DISCONTINUE)

    def _after_reduced(self, lot: LotOutcome) -> Switching:
        stays = lot.accepted and not lot.between and lot.steady
        return self if stays else self._to(Severity.NORMAL)


_NEXT = {
    Severity.NORMAL: Switching._after_normal,
    Severity.TIGHTENED: Switching._after_tightened,
    Severity.REDUCED: Switching._after_reduced,
}


def switching_score(ac: int, *, accepted: bool, accepted_one_step_tighter: bool) -> int:
    """What a lot adds to ISO's switching score on normal inspection with a single plan; 0 sets the score back.

    Ac 0 or 1: two for an accepted lot. Ac 2 and above: three for one that would pass with an AQL one step tighter.
    """
    if ac <= 1:
        return 2 if accepted else 0
    return 3 if accepted and accepted_one_step_tighter else 0
