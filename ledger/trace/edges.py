"""Edges: links with who claims them, how certain they are, how much went over them and whose word it is. Pure.

One edge per link and claimant. *Certain* and *possible* tell what follows from identifiers and times alone: one key
of a lot that is in two places does not say which part went where. Whether the claimant is to be believed is the
verdict's business.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

from ledger.trace.containment import Stay
from ledger.trace.graph import Evidence, Link
from ledger.trace.knowledge import Knowledge
from ledger.trace.naming import Naming, Relation

_HELD = (Relation.CONTAINED, Relation.ASSOCIATED)


@dataclass(frozen=True, slots=True)
class Claim:
    """What one organisation says of one link."""

    organisation: bytes
    events: tuple[int, ...]
    quantity: float | None
    uom: str | None


def claims(link: Link, evidence: Evidence) -> list[Claim]:
    """The claims of a link, one per organisation."""
    by_organisation: dict[bytes, list[Naming]] = defaultdict(list)
    for naming in evidence.namings:
        by_organisation[naming.organisation].append(naming)
    return [
        Claim(organisation, tuple(sorted({each.event for each in namings})), *_amount(link, namings))
        for organisation, namings in sorted(by_organisation.items())
    ]


def _amount(link: Link, namings: Sequence[Naming]) -> tuple[float | None, str | None]:
    """How much of the source went into the target, if all of it was given in one unit."""
    if link.relation is Relation.TRANSFORMED:
        went = [each for each in namings if each.role == "input"]
    elif link.relation in _HELD:
        went = [each for each in namings if each.action == "ADD"]
    else:
        went = []
    units = {each.uom for each in went}
    if len(units) != 1 or any(each.quantity is None for each in went):
        return None, None
    return sum(each.quantity or 0.0 for each in went), units.pop()


def certain_links(links: dict[Link, Evidence], knowledge: Knowledge) -> set[Link]:
    """The links that follow from their events without doubt; every item of `links` must be known."""
    doubts = _Doubts(knowledge)
    return {link for link, evidence in links.items() if evidence.sure and not doubts.about(link)}


class _Doubts:
    """Reasons why a link is only possible; what is found out about a lot is kept."""

    def __init__(self, knowledge: Knowledge) -> None:
        self._knowledge = knowledge
        self._divided: dict[str, bool] = {}
        self._mixed: dict[str, bool] = {}

    def about(self, link: Link) -> bool:
        source, target, relation = link
        if relation is Relation.OF_LOT:
            return len(self._knowledge.lots(target)) > 1
        if self._is_divided(source):
            return True
        if relation is Relation.TRANSFORMED:
            return self._is_mixed(target)
        return self._is_elsewhere(link)

    def _is_divided(self, item: str) -> bool:
        """One key of a lot, used in two places: which part of it went where is not known."""
        if item not in self._divided:
            self._divided[item] = self._is_lot(item) and self._is_used_twice(item)
        return self._divided[item]

    def _is_mixed(self, item: str) -> bool:
        """One key of a lot, made more than once: which making a part of it comes from is not known."""
        if item not in self._mixed:
            self._mixed[item] = self._is_lot(item) and len(self._knowledge.gates(item, "output")) > 1
        return self._mixed[item]

    def _is_lot(self, item: str) -> bool:
        return any(each.kind == "lot" or each.counted for each in self._knowledge.namings(item))

    def _is_used_twice(self, lot: str) -> bool:
        consumed = self._knowledge.gates(lot, "input")
        if len(consumed) > 1:
            return True
        stays = self._knowledge.stays_of(lot)
        since = min((each.time for namings in consumed.values() for each in namings), default=None)
        if since is not None and any(stay.window[1] > since for stay in stays):
            return True
        return any(_at_once(one, other) for one, other in combinations(stays, 2))

    def _is_elsewhere(self, link: Link) -> bool:
        """A thing that was put into another container and never taken out of this one, or the other way round."""
        stays = self._knowledge.stays_of(link.source)
        here = [stay for stay in stays if (stay.container, stay.relation) == (link.target, link.relation)]
        return any(_at_once(one, other) for one in here for other in stays)


def _at_once(one: Stay, other: Stay) -> bool:
    """In two containers for longer than the moment of passing from one to the other."""
    if one.relation is not other.relation or one.container == other.container:
        return False
    return one.window[0] < other.window[1] and other.window[0] < one.window[1]
