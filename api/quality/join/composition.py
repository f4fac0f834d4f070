"""How much of an item each of its ancestors is, through mixing, splitting and rework, as far as quantities tell.

All outputs of a transformation are the same mixture of its inputs, by their amounts. A lot made by several
transformations is taken as their mixture by what each made; which of them a part of it comes from, nobody knows, and
`share_low` and `share_high` hold for any part. Where an amount is unknown the share is NaN between those bounds, which
are sharp for one mixture: nothing is invented. `origin` counts by where the mass started, so that it adds up to 1.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from graphlib import TopologicalSorter
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from api.quality.columns import empty
from api.quality.join.amounts import kilograms
from api.quality.join.states import Making, Part, State, States
from api.quality.join.transformations import Transformations

_SHARES = ("share", "share_low", "share_high")
#: `share` of the item passed through `ancestor`, `origin` of it started there; ancestor '' is what a GTIN alone names
COMPOSITION = ("item", "ancestor", *_SHARES, "origin", "origin_low", "origin_high")

#: the same seen from the ancestor: how much of it, in kg, is in each item made of it
CONTENT = ("ancestor", "item", *_SHARES, "kilograms", "kilograms_low", "kilograms_high")

UNTRACED = ""


class Share(NamedTuple):
    """A share from 0 to 1 with its bounds; `value` is NaN where only these are known."""

    value: float
    low: float
    high: float


_NONE, _ALL, _ANY = Share(0.0, 0.0, 0.0), Share(1.0, 1.0, 1.0), Share(math.nan, 0.0, 1.0)
Shares = dict[str, Share]


def composition(transformations: Transformations, items: Iterable[str]) -> pd.DataFrame:
    """A frame with the columns `COMPOSITION`: a row per item and ancestor, itself included, by falling share."""
    states = States(transformations)
    targets = {item: states.at(item) for item in dict.fromkeys(items)}
    through, origin = _solve(states, targets.values())
    rows = [
        (item, ancestor, *through[state].get(ancestor, _NONE), *origin[state].get(ancestor, _NONE))
        for item, state in targets.items()
        for ancestor in sorted(through[state].keys() | origin[state].keys())
    ]
    frame = pd.DataFrame(rows, columns=list(COMPOSITION)).astype(dict.fromkeys(COMPOSITION[2:], "float64"))
    order = frame.assign(number=frame["item"].map({item: at for at, item in enumerate(targets)}))
    order = order.sort_values(["number", "share_high", "share_low", "ancestor"], ascending=[True, False, False, True])
    return frame.loc[order.index].reset_index(drop=True)


def content(transformations: Transformations, ancestor: str) -> pd.DataFrame:
    """A frame with the columns `CONTENT`: everything that the ancestor went into, itself first."""
    items = [ancestor, *sorted(_reached(transformations, ancestor) - {ancestor})]
    found = composition(transformations, items)
    found = found[found["ancestor"] == ancestor]
    if found.empty:
        return empty(CONTENT)
    outputs = transformations.outputs
    made = pd.Series(kilograms(outputs["quantity"], outputs["uom"]), index=outputs["item"], dtype="float64")
    made = made.groupby(level=0).sum(skipna=False)
    mass = found["item"].map(made).astype("float64")
    columns = {name.replace("share", "kilograms"): found[name] * mass for name in _SHARES}
    return found.assign(**columns)[list(CONTENT)].reset_index(drop=True)


def _reached(transformations: Transformations, ancestor: str) -> set[str]:
    """All items that the ancestor may be in, time not yet asked."""
    into = transformations.outputs.groupby("transformation")["item"].agg(list).to_dict()
    by_input = transformations.inputs.groupby("item")["transformation"].agg(list).to_dict()
    serials: dict[str, list[str]] = defaultdict(list)
    for serial, lot in transformations.lots.items():
        serials[lot].append(serial)
    reached, waiting = {ancestor}, [ancestor]
    while waiting:
        item = waiting.pop()
        onward = [other for number in by_input.get(item, ()) for other in into.get(number, ())]
        new = {*onward, *serials.get(item, ())} - reached
        reached |= new
        waiting += new
    return reached


def _solve(states: States, targets: Iterable[State]) -> tuple[dict[State, Shares], dict[State, Shares]]:
    """For every state: which share passed through each ancestor, and which started as each."""
    makings, needs = _expand(states, targets)
    through: dict[State, Shares] = {}
    origin: dict[State, Shares] = {}
    for together in _in_order(needs):
        if len(together) > 1 or together[0] in needs[together[0]]:
            _leave_open(together, needs, through, origin)
            continue
        [state] = together
        mixed = _made(makings[state], through, {}, {})
        started = _made(makings[state], origin, {UNTRACED: _ALL}, {state.item: _ALL})
        lot = states.lot_state(state)
        if lot is None:
            started = started or {state.item: _ALL}
        elif makings[state]:
            mixed = {name: _ANY for name in through[lot]} | mixed | {lot.item: _ALL}
        else:
            mixed, started = through[lot], origin[lot]
        through[state], origin[state] = mixed | {state.item: _ALL}, started
    return through, origin


def _leave_open(
    together: Sequence[State],
    needs: Mapping[State, Sequence[State]],
    through: dict[State, Shares],
    origin: dict[State, Shares],
) -> None:
    """Of states that need each other, as their times do not tell which was first, every share is possible."""
    outer = [through[each] for one in together for each in needs[one] if each in through]
    names = {one.item for one in together} | {name for each in outer for name in each}
    for state in together:
        through[state] = dict.fromkeys(names, _ANY) | {state.item: _ALL}
        origin[state] = dict.fromkeys([*names, UNTRACED], _ANY)


def _expand(states: States, targets: Iterable[State]) -> tuple[dict[State, list[Making]], dict[State, list[State]]]:
    """How each state that matters was made, and which states it needs."""
    makings: dict[State, list[Making]] = {}
    needs: dict[State, list[State]] = {}
    waiting = list(targets)
    while waiting:
        state = waiting.pop()
        if state in makings:
            continue
        makings[state] = states.makings(state)
        lot = states.lot_state(state)
        parts = [part.state for making in makings[state] for part in making.parts if part.state is not None]
        needs[state] = list(dict.fromkeys([*parts, *([lot] if lot is not None else [])]))
        waiting += needs[state]
    return makings, needs


def _in_order(needs: Mapping[State, Sequence[State]]) -> Iterable[list[State]]:
    """The states, each after those that it needs; those that need each other together."""
    names = list(needs)
    number = {state: at for at, state in enumerate(names)}
    pairs = [(number[state], number[need]) for state, some in needs.items() for need in some]
    rows, columns = np.array(pairs, dtype=np.int64).reshape(-1, 2).T
    graph = csr_array((np.ones(len(pairs)), (rows, columns)), shape=(len(names), len(names)))
    _, label = connected_components(graph, directed=True, connection="strong")
    members: dict[int, list[State]] = defaultdict(list)
    before: dict[int, set[int]] = defaultdict(set)
    for state, component in zip(names, label, strict=True):
        members[int(component)].append(state)
        before[int(component)] |= {int(label[number[need]]) for need in needs[state]} - {int(component)}
    return [members[component] for component in TopologicalSorter(before).static_order()]


def _made(makings: Sequence[Making], of: Mapping[State, Shares], untraced: Shares, before: Shares) -> Shares:
    """The shares in a lot made in these ways; `before` are those in what was there before the first of them."""
    ways = [_mixture(making.parts, of, untraced) if making.parts else before for making in makings]
    amounts = [making.amount for making in makings if making.amount is not None]
    alike = len({making.dimension for making in makings}) == 1 and len(amounts) == len(makings)
    total = sum(amounts)
    return _either(ways, [amount / total for amount in amounts] if alike and total > 0 else None)


def _mixture(parts: Sequence[Part], of: Mapping[State, Shares], untraced: Shares) -> Shares:
    """Parts of known weight make one part; with parts of unknown weight beside it, any proportion is possible."""
    shares = [(untraced if part.state is None else of[part.state], part.weight) for part in parts]
    together: Shares = {}
    for share, weight in shares:
        for name, part in share.items() if weight is not None else ():
            sofar = together.get(name, _NONE)
            together[name] = Share(*(one + (weight or 0.0) * other for one, other in zip(sofar, part, strict=True)))
    weighs = any(weight for _, weight in shares)
    unknown = [share for share, weight in shares if weight is None]
    return dict.fromkeys(together, _NONE) | _either([*([together] if weighs else []), *unknown], None)


def _either(ways: Sequence[Shares], weights: Sequence[float] | None) -> Shares:
    """What may be any of these, or a mixture of them by `weights`."""
    if len(ways) == 1:
        return dict(ways[0])
    found: Shares = {}
    for name in {name: None for way in ways for name in way}:
        each = [way.get(name, _NONE) for way in ways]
        low, high = min(one.low for one in each), max(one.high for one in each)
        value = low if low == high else math.nan
        if weights is not None:
            value = sum(weight * one.value for weight, one in zip(weights, each, strict=True))
        found[name] = Share(value, low, high)
    return found
