"""Lots over time: what a lot was made of when a part of it was used. What one has gained since, the part did not get.

A lot's *state* counts the transformations that had made some of it until then (inclusive, as the trace has it). A
transformation's inputs are the states of its input lots, without what the same transformation adds to them.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from api.quality.frames import microseconds
from api.quality.join.transformations import Transformations

ALWAYS = 2**63 - 1


class State(NamedTuple):
    """`item` as its first `made` transformations left it, `without` one of them (−1: none); its lot's `lot_made`."""

    item: str
    made: int
    without: int
    lot_made: int


@dataclass(frozen=True, slots=True)
class Part:
    """An input of a mixture: its state (None: named by GTIN alone) and its weight in the mixture, None if unknown."""

    state: State | None
    weight: float | None


@dataclass(frozen=True, slots=True)
class Making:
    """A way in which some of a lot came to be: the parts mixed and how much came out; no parts: it was there before."""

    parts: tuple[Part, ...]
    amount: float | None
    dimension: str


class States:
    """The states of all items of a history."""

    def __init__(self, transformations: Transformations) -> None:
        self._lots: Mapping[str, str] = transformations.lots
        self._inputs: dict[int, list[tuple[str, int, float, str, bool]]] = defaultdict(list)
        self._first_use: dict[str, int] = {}
        self._made: dict[str, list[tuple[int, int, float, str]]] = defaultdict(list)
        used = transformations.inputs
        last, first = microseconds(used["last"], ALWAYS), microseconds(used["first"], ALWAYS)
        gates = zip(
            used["transformation"], used["item"], last, used["amount"], used["dimension"], used["traced"], first,
            strict=True,
        )  # fmt: skip
        for number, item, until, amount, dimension, traced, since in gates:
            self._inputs[number].append((item, int(until), float(amount), dimension, bool(traced)))
            self._first_use[item] = min(int(since), self._first_use.get(item, ALWAYS))
        out = transformations.outputs
        columns = (
            out["item"],
            microseconds(out["first"], ALWAYS),
            out["transformation"],
            out["amount"],
            out["dimension"],
        )
        for item, time, number, amount, dimension in zip(*columns, strict=True):
            self._made[item].append((int(time), int(number), float(amount), dimension))
        for makings in self._made.values():
            makings.sort(key=lambda making: making[:2])

    def at(self, item: str, time: int = ALWAYS, without: int = -1) -> State:
        """The state of the item at a time (inclusive), without what transformation number `without` made of it."""
        makings = self._made.get(item, [])
        made = bisect_right(makings, time, key=lambda making: making[0])
        lot = self.lot(item)
        lot_made = -1 if lot is None else self.at(lot, time).made
        own = without if any(number == without for _, number, *_ in makings[:made]) else -1
        return State(item, made, own, lot_made)

    def lot(self, item: str) -> str | None:
        lot = self._lots.get(item)
        return None if lot == item else lot

    def lot_state(self, state: State) -> State | None:
        """Its lot's, for a serial item whose lot is known."""
        lot = self.lot(state.item)
        return None if lot is None else State(lot, state.lot_made, -1, -1)

    def makings(self, state: State) -> list[Making]:
        """How this state came to be; empty for what no transformation made."""
        makings = [making for making in self._made.get(state.item, [])[: state.made] if making[1] != state.without]
        found = [
            Making(self._parts(number), None if np.isnan(amount) else amount, dimension)
            for _, number, amount, dimension in makings
        ]
        if makings and self._first_use.get(state.item, ALWAYS) < makings[0][0]:
            found.append(Making((), None, ""))
        return found

    def _parts(self, number: int) -> tuple[Part, ...]:
        """What carries the others weighs nothing, unless it is all there is."""
        inputs = self._inputs.get(number, [])
        weighing = [each for each in inputs if each[3] != "carrier"] or inputs
        weights = _weights([each[3] for each in weighing], [each[2] for each in weighing])
        found = [
            Part(self.at(item, until, number) if traced else None, weight)
            for (item, until, _, _, traced), weight in zip(weighing, weights, strict=True)
        ]
        carriers = [each for each in inputs if each not in weighing]
        return tuple(found + [Part(self.at(item, until, number), 0.0) for item, until, *_ in carriers])


def _weights(dimensions: list[str], amounts: list[float]) -> list[float | None]:
    """By the amounts that compare: of mass, else of volume, else of the only dimension there is; None for others."""
    if len(amounts) == 1:
        return [1.0]
    given = {dimension for dimension, amount in zip(dimensions, amounts, strict=True) if not np.isnan(amount)}
    single = next(iter(given)) if len(given) == 1 else ""
    common = next((each for each in ("mass", "volume") if each in given), single)
    known = [
        amount if dimension == common and not np.isnan(amount) else None
        for dimension, amount in zip(dimensions, amounts, strict=True)
    ]
    total = sum(amount for amount in known if amount is not None)
    return [None if amount is None or total <= 0 else amount / total for amount in known]
