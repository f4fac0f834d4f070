"""The join's containment and the trace's: the same stays from the same events, whatever these say."""

from __future__ import annotations

from typing import Any

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from api.quality.columns import EVENT, MENTION, TIME_DTYPE
from api.quality.join.containment import CONTAINMENT, containment, direct_stays
from ledger.trace.containment import stays
from ledger.trace.naming import HOLDING, Naming

START = pd.Timestamp("2026-10-25T00:30Z")
KINDS = ("AggregationEvent", "AssociationEvent")
Told = list[tuple[str, str, int, str, list[tuple[str, int | None]]]]

children = st.lists(st.tuples(st.sampled_from("abP"), st.sampled_from([None, 1, 2, 3])), max_size=2)
told = st.lists(
    st.tuples(
        st.sampled_from(KINDS), st.sampled_from(["ADD", "OBSERVE", "DELETE"]), st.integers(0, 6), st.sampled_from("PQ"),
        children,
    ),
    max_size=12,
)  # fmt: skip


def frames(events: Told) -> tuple[pd.DataFrame, pd.DataFrame]:
    facts = [
        (n, START + pd.Timedelta(hours=hour), kind, action, None) for n, (kind, action, hour, _, _) in enumerate(events)
    ]
    named: list[tuple[Any, ...]] = []
    for n, (_, _, _, parent, inside) in enumerate(events):
        named.append((n, parent, "parent", None, None))
        named += [(n, child, "child", quantity, "KGM" if quantity else None) for child, quantity in inside]
    mentions = pd.DataFrame(named, columns=[*MENTION, "quantity", "uom"]).astype({"quantity": "float64"})
    return pd.DataFrame(facts, columns=list(EVENT)).astype({"time": TIME_DTYPE}), mentions


def as_the_trace_has_them(events: Told) -> set[tuple[str, str, int, int, bool, str]]:
    found = set()
    for child in "abPQ":
        for parent in "PQ":
            for kind in KINDS:
                signals, emptied = [], []
                for n, (type_, action, hour, container, inside) in enumerate(events):
                    time = int((START + pd.Timedelta(hours=hour)).value // 1000)
                    if (type_, container) != (kind, parent):
                        continue
                    if action == "DELETE" and not inside:
                        emptied.append(time)
                    signals += [
                        Naming(child, n, "child", "lot", None, quantity, "KGM" if quantity else None, True, type_,
                               action, time, b"", None, True, False)
                        for name, quantity in inside if name == child != parent
                    ]  # fmt: skip
                if signals:
                    for stay in stays(child, parent, HOLDING[kind], signals, emptied):
                        found.add((child, parent, *stay.window, stay.sure, kind))
    return found


@settings(deadline=None, max_examples=150)
@given(told)
def test_the_same_stays(events: Told) -> None:
    found = {(item, *stay) for item, several in direct_stays(*frames(events)).items() for stay in several}
    assert found == as_the_trace_has_them(events)


def test_observed_inside_without_a_known_addition_is_inside_since_it_was_last_known_out() -> None:
    events: Told = [(KINDS[0], "OBSERVE", 2, "P", [("a", None)]), (KINDS[0], "DELETE", 3, "P", [])]
    found = containment(*frames(events))
    assert tuple(found.columns) == CONTAINMENT
    [row] = found.to_dict("records")
    assert row["start"] is pd.NaT
    assert (row["item"], row["end"], row["certainty"]) == ("a", START + pd.Timedelta(hours=3), "possible")


def test_a_part_that_leaves_leaves_the_rest_inside() -> None:
    events: Told = [
        (KINDS[0], "ADD", 0, "P", [("a", 3)]),
        (KINDS[0], "DELETE", 1, "P", [("a", 2)]),
        (KINDS[0], "DELETE", 4, "P", [("a", 1)]),
    ]
    [row] = containment(*frames(events)).to_dict("records")
    assert (row["start"], row["end"], row["certainty"]) == (START, START + pd.Timedelta(hours=4), "certain")


def test_emptying_does_not_detach() -> None:
    events: Told = [
        (KINDS[0], "ADD", 0, "P", [("a", None)]),
        (KINDS[1], "ADD", 0, "P", [("b", None)]),
        (KINDS[0], "DELETE", 1, "P", []),
    ]
    found = containment(*frames(events)).set_index("item")
    assert found.loc["a", "end"] == START + pd.Timedelta(hours=1)
    assert found.loc["b", "end"] is pd.NaT
