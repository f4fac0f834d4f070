"""Shares through mixing, splitting and rework: against a walk along every path, and draws of what is unknown."""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass, replace
from fractions import Fraction

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.quality.columns import MENTION, TIME_DTYPE
from api.quality.join.composition import COMPOSITION, CONTENT, composition, content
from api.quality.join.transformations import Transformations, transformations_of

START = pd.Timestamp("2026-10-24T21:00Z")


@dataclass(frozen=True)
class Run:
    """One transformation: inputs and outputs as (item, kilograms or None)."""

    hour: int
    inputs: tuple[tuple[str, int | None], ...]
    outputs: tuple[tuple[str, int | None], ...]


def transformations(runs: list[Run], lots: dict[str, str] | None = None) -> Transformations:
    facts = [(f"e{n}", START + pd.Timedelta(hours=run.hour), "TransformationEvent") for n, run in enumerate(runs)]
    named = [
        (f"e{n}", item, role, quantity, "KGM" if quantity is not None else None)
        for n, run in enumerate(runs)
        for role, gates in (("input", run.inputs), ("output", run.outputs))
        for item, quantity in gates
    ]
    events = pd.DataFrame(facts, columns=["event", "time", "type"]).astype({"time": TIME_DTYPE})
    mentions = pd.DataFrame(named, columns=[*MENTION, "quantity", "uom"]).astype({"quantity": "float64"})
    return transformations_of(events, mentions, lots=lots)


def shares(runs: list[Run], item: str) -> dict[str, tuple[float, float, float]]:
    found = composition(transformations(runs), [item]).set_index("ancestor")
    return {str(name): (row["share"], row["share_low"], row["share_high"]) for name, row in found.iterrows()}


def test_mixing_adds_up_in_one_unit() -> None:
    events = pd.DataFrame([("m", START, "TransformationEvent")], columns=["event", "time", "type"])
    mentions = pd.DataFrame(
        [("m", "A", "input", 30, "KGM"), ("m", "B", "input", 70_000, "GRM"), ("m", "C", "output", 99, "KGM")],
        columns=[*MENTION, "quantity", "uom"],
    )
    found = composition(transformations_of(events.astype({"time": TIME_DTYPE}), mentions), ["C"])
    assert tuple(found.columns) == COMPOSITION
    assert found["ancestor"].tolist() == ["C", "B", "A"]
    assert found["share"].tolist() == pytest.approx([1.0, 0.7, 0.3])
    assert found["origin"].tolist() == pytest.approx([0.0, 0.7, 0.3])


def test_an_unknown_quantity_gives_bounds_and_no_figure() -> None:
    found = shares([Run(1, (("A", 30), ("B", 10), ("C", None)), (("D", 50),))], "D")
    assert found["A"][1:] == (0.0, 0.75)
    assert found["C"][1:] == (0.0, 1.0)
    assert math.isnan(found["A"][0])
    assert shares([Run(1, (("A", None),), (("D", None), ("E", None)))], "E")["A"] == (1.0, 1.0, 1.0)


def test_a_tank_gives_only_what_it_had_been_given() -> None:
    runs = [
        Run(1, (("milk 1", 10),), (("tank", 10),)),
        Run(2, (("tank", 5),), (("cheese 1", 5),)),
        Run(3, (("milk 2", 30),), (("tank", 30),)),
        Run(4, (("tank", 5),), (("cheese 2", 5),)),
    ]
    assert set(shares(runs, "cheese 1")) == {"cheese 1", "tank", "milk 1"}
    assert shares(runs, "cheese 2")["milk 2"] == (0.75, 0.0, 1.0), "which part of a tank it was, nobody knows"
    found = content(transformations(runs), "milk 2").set_index("item")
    assert tuple(found.reset_index().columns[:1]) + tuple(found.columns[1:]) == ("item", *CONTENT[2:])
    assert set(found.index) == {"milk 2", "tank", "cheese 2"}
    assert found.loc["cheese 2", "kilograms"] == 3.75


def test_rework_ends_and_one_moment_leaves_all_open() -> None:
    runs = [Run(1, (("A", 10),), (("B", 10),)), Run(2, (("B", 10),), (("A", 10),))]
    assert shares(runs, "A")["B"] == (pytest.approx(math.nan, nan_ok=True), 0.0, 1.0)
    same = [replace(run, hour=1) for run in runs]
    assert shares(same, "A")["B"] == (pytest.approx(math.nan, nan_ok=True), 0.0, 1.0)
    topped = [Run(1, (("A", 30), ("X", 10)), (("A", 40),))]
    assert shares(topped, "A")["X"] == (0.25, 0.25, 0.25)


def test_a_serial_item_is_made_of_what_its_lot_was_made_of() -> None:
    made = transformations([Run(1, (("A", 3), ("B", 1)), (("L", 4),))], {"S": "L"})
    found = composition(made, ["S"]).set_index("ancestor")["share"]
    assert found.to_dict() == {"S": 1.0, "L": 1.0, "A": 0.75, "B": 0.25}
    assert content(made, "A")["item"].tolist() == ["A", "L", "S"]


names = st.sampled_from("ABCDEF")
amounts = st.integers(1, 9)
gates = st.dictionaries(names, amounts, min_size=1, max_size=3).map(lambda each: tuple(each.items()))
histories = st.lists(st.tuples(gates, gates), min_size=1, max_size=6).map(
    lambda pairs: [Run(hour, *pair) for hour, pair in enumerate(pairs)]
)


def along_every_path(runs: list[Run], item: str, until: int) -> tuple[dict[str, Fraction], dict[str, Fraction], bool]:
    """The shares that passed through and that started as each lot; whether the lot's first stock was never weighed."""
    makings = [n for n in range(until) if any(name == item for name, _ in runs[n].outputs)]
    first_use = next((n for n, run in enumerate(runs) if any(name == item for name, _ in run.inputs)), len(runs))
    if not makings:
        return {item: Fraction(1)}, {item: Fraction(1)}, False
    total = sum(Fraction(dict(runs[n].outputs)[item] or 0) for n in makings)
    through: dict[str, Fraction] = defaultdict(Fraction)
    origin: dict[str, Fraction] = defaultdict(Fraction)
    unweighed = first_use < makings[0]
    for n in makings:
        inputs = dict(runs[n].inputs)
        for name, amount in inputs.items():
            weight = (
                Fraction(dict(runs[n].outputs)[item] or 0)
                / total
                * Fraction(amount or 0, sum(map(_number, inputs.values())))
            )
            passed, started, doubt = along_every_path(runs, name, n)
            unweighed |= doubt
            for other, share in passed.items():
                through[other] += weight * share
            for other, share in started.items():
                origin[other] += weight * share
    return {**through, item: Fraction(1)}, dict(origin), unweighed


def _number(amount: int | None) -> int:
    return amount or 0


@settings(deadline=None, max_examples=60)
@given(histories, names)
def test_known_quantities_agree_with_a_walk_along_every_path(runs: list[Run], item: str) -> None:
    found = composition(transformations(runs), [item]).set_index("ancestor")
    through, origin, unweighed = along_every_path(runs, item, len(runs))
    assert {*through, *origin} <= set(found.index)
    assert (found["share_low"] <= found["share_high"] + 1e-9).all()
    assert found["origin_low"].sum() <= 1 + 1e-9
    assert found["origin_high"].sum() >= 1 - 1e-9
    if unweighed:
        return
    assert found["share"].to_dict() == pytest.approx({name: float(through.get(name, 0)) for name in found.index})
    assert found["origin"].sum() == pytest.approx(1.0)
    assert found["origin"].to_dict() == pytest.approx({name: float(origin.get(name, 0)) for name in found.index})
    for column in ("share", "origin"):
        assert (found[f"{column}_low"] - 1e-9 <= found[column]).all()
        assert (found[column] <= found[f"{column}_high"] + 1e-9).all()


@settings(deadline=None, max_examples=40)
@given(histories, names, st.data())
def test_the_bounds_hold_whatever_the_unknown_quantities_are(runs: list[Run], item: str, data: st.DataObject) -> None:
    hidden = [
        replace(
            run,
            inputs=tuple((name, None if data.draw(st.booleans()) else amount) for name, amount in run.inputs),
            outputs=tuple((name, None if data.draw(st.booleans()) else amount) for name, amount in run.outputs),
        )
        for run in runs
    ]
    through, _, _ = along_every_path(runs, item, len(runs))
    for name, (value, low, high) in shares(hidden, item).items():
        assert low - 1e-9 <= float(through.get(name, 0)) <= high + 1e-9
        assert math.isnan(value) or value == pytest.approx(float(through.get(name, 0))) or low < high


@settings(deadline=None, max_examples=30)
@given(histories, names)
def test_both_ways_agree(runs: list[Run], ancestor: str) -> None:
    made = transformations(runs)
    forward = content(made, ancestor).set_index("item")["share_high"].to_dict()
    items = sorted({name for run in runs for name, _ in (*run.inputs, *run.outputs)} | {ancestor})
    backward = composition(made, items)
    backward = backward[backward["ancestor"] == ancestor].set_index("item")["share_high"].to_dict()
    assert forward == backward
