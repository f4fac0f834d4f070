"""The ancestor closure and the shares, against a reference that follows every path."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.quality.root_cause import ancestors, shares

START = pd.Timestamp("2026-06-01T06:00Z")


def genealogy(*edges: tuple[str, str, int] | tuple[str, str, int, float | None, str | None]) -> pd.DataFrame:
    """Edges parent, child, hour, and perhaps quantity and uom."""
    rows = [(*edge, 1.0, "KGM")[:5] for edge in edges]
    frame = pd.DataFrame(rows, columns=["parent", "child", "time", "quantity", "uom"])
    return frame.assign(time=START + pd.to_timedelta(frame["time"], unit="h"))


def closure_of(frame: pd.DataFrame, items: list[str]) -> dict[str, set[str]]:
    matrix, names = ancestors(frame, items)
    dense = matrix.toarray()
    return {item: {names[at] for at in np.flatnonzero(row)} for item, row in zip(items, dense, strict=True)}


def by_paths(frame: pd.DataFrame, item: str) -> set[str]:
    """Every ancestor at the start of a path of edges whose times do not run backward."""
    found: set[str] = set()
    seen: set[tuple[str, pd.Timestamp]] = set()

    def follow(node: str, latest: pd.Timestamp) -> None:
        if (node, latest) in seen:
            return
        seen.add((node, latest))
        for edge in frame[(frame["child"] == node) & (frame["time"] <= latest)].itertuples():
            if edge.parent != edge.child:
                found.add(str(edge.parent))
                follow(str(edge.parent), edge.time)

    follow(item, pd.Timestamp("2100-01-01T00:00Z"))
    return found - {item}


edges = st.lists(
    st.tuples(st.integers(0, 8), st.integers(0, 8), st.integers(0, 5)).map(lambda e: (f"n{e[0]}", f"n{e[1]}", e[2])),
    max_size=25,
)


@settings(deadline=None, max_examples=120)
@given(edges)
def test_closure_equals_following_every_path_also_through_cycles(drawn: list[tuple[str, str, int]]) -> None:
    frame, items = genealogy(*drawn), [f"n{number}" for number in range(9)]
    assert closure_of(frame, items) == {item: by_paths(frame, item) for item in items}


@settings(deadline=None, max_examples=60)
@given(edges, st.randoms(use_true_random=False))
def test_closure_does_not_depend_on_names_or_order(drawn: list[tuple[str, str, int]], dice: object) -> None:
    frame, items = genealogy(*drawn), [f"n{number}" for number in range(9)]
    order = list(range(9))
    dice.shuffle(order)  # type: ignore[attr-defined]
    new = {f"n{number}": f"x{order[number]}" for number in range(9)}
    shuffled = frame.sample(frac=1, random_state=1).assign(
        parent=lambda f: f["parent"].map(new), child=lambda f: f["child"].map(new)
    )
    found = closure_of(shuffled, [new[item] for item in items])
    assert found == {new[item]: {new[each] for each in above} for item, above in closure_of(frame, items).items()}


def test_what_arrives_later_was_not_passed_on_earlier() -> None:
    frame = genealogy(("tank", "bottle 1", 1), ("late milk", "tank", 2), ("tank", "bottle 2", 3))
    assert closure_of(frame, ["bottle 1", "bottle 2"]) == {"bottle 1": {"tank"}, "bottle 2": {"tank", "late milk"}}


def share_of(frame: pd.DataFrame, item: str) -> dict[str, float]:
    matrix, names = ancestors(frame, [item])
    found = shares(frame, [item], matrix, names).tocoo()
    return {names[at]: float(value) for at, value in zip(found.col, found.data, strict=True)}


def test_shares_multiply_along_the_way_and_add_over_ways() -> None:
    frame = genealogy(
        ("a", "mix", 1, 30.0, "KGM"),
        ("b", "mix", 1, 70_000.0, "GRM"),
        ("mix", "box", 2, 1.0, "KGM"),
        ("a", "box", 2, 1.0, "KGM"),
    )
    assert share_of(frame, "box") == pytest.approx({"mix": 0.5, "a": 0.65, "b": 0.35})


@pytest.mark.parametrize("unknown", [(None, "KGM"), (3.0, "LTR"), (3.0, None), (3.0, "nonsense")])
def test_a_share_through_an_unknown_quantity_is_unknown(unknown: tuple[float | None, str | None]) -> None:
    frame = genealogy(
        ("a", "mix", 1, 30.0, "KGM"), ("b", "mix", 1, *unknown), ("mix", "box", 2, 1.0, "KGM"), ("c", "box", 2)
    )
    assert share_of(frame, "box") == pytest.approx({"mix": 0.5, "a": np.nan, "b": np.nan, "c": 0.5}, nan_ok=True)


@settings(deadline=None, max_examples=60)
@given(st.lists(st.tuples(st.integers(0, 7), st.integers(1, 4), st.integers(1, 50)), max_size=20))
def test_shares_of_the_first_ancestors_add_up_to_one(drawn: list[tuple[int, int, int]]) -> None:
    tree = [(f"n{at}", f"n{at + step}", at, float(amount), "KGM") for at, step, amount in drawn]
    frame = genealogy(*tree)
    for item in {child for _, child, *_ in tree}:
        found = share_of(frame, item)
        first = {name for name in found if name not in set(frame["child"])}
        assert sum(found[name] for name in first) == pytest.approx(1.0)


def test_a_cycle_of_rework_ends() -> None:
    frame = genealogy(("raw", "batch", 0), ("batch", "scrap", 1), ("scrap", "batch", 2), ("batch", "product", 3))
    found = share_of(frame, "product")
    assert set(found) == {"raw", "batch", "scrap"}
    assert all(0 < value <= 1 for value in found.values())


def test_nothing_upstream_is_an_empty_matrix() -> None:
    matrix, names = ancestors(genealogy(("a", "b", 0)), ["a"])
    assert (matrix.shape, names) == ((1, 0), [])
