"""Next of kin: amounts where all are known in one unit, shares, certainty, sisters; and one name per lot."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from api.analysis.lot.family import Family
from api.analysis.lot.relatives import children_of, parents_of, sisters_of
from api.quality.columns import GENEALOGY

BASE = "https://id.gs1.org/01/09521000010017"
A, B, MIX, PACK = (f"{BASE}/10/{name}" for name in ("A", "B", "MIX", "PACK"))
SERIALS = [f"{BASE}/21/{number}" for number in range(3)]


def genealogy(*rows: tuple[str, str, float | None, str | None, str]) -> pd.DataFrame:
    full = [(p, c, f"e{n}", pd.Timestamp("2026-06-01", tz="UTC"), *rest) for n, (p, c, *rest) in enumerate(rows)]
    return pd.DataFrame(full, columns=list(GENEALOGY))


def nothing(uri: str) -> None:
    return None


EDGES = genealogy(
    (A, MIX, 3.0, "KGM", "certain"), (A, MIX, 2.0, "KGM", "possible"), (B, MIX, 10.0, "KGM", "certain"),
    (A, PACK, 1.0, "KGM", "certain"), (MIX, PACK, None, None, "certain"),
)  # fmt: skip


def parents(edges: pd.DataFrame, **amounts: Any) -> list[dict[str, Any]]:
    return parents_of(edges, MIX, {A: 0.4, B: 0.6}, amounts, {}, nothing)


def test_parents_with_amounts_greatest_share_first() -> None:
    found = parents(EDGES)
    assert [(one["uri"], one["quantity"], one["uom"], one["certainty"]) for one in found] == [
        (B, 10.0, "KGM", "certain"), (A, 5.0, "KGM", "possible")
    ]  # fmt: skip
    assert [one["share"] for one in found] == [0.6, 0.4]


@pytest.mark.parametrize("second", [(A, MIX, 2.0, "EA", "certain"), (A, MIX, None, None, "certain")])
def test_amounts_in_two_units_or_unknown_are_not_added(second: Any) -> None:
    edges = genealogy((A, MIX, 3.0, "KGM", "certain"), second)
    assert [(one["quantity"], one["uom"]) for one in parents(edges)] == [(None, None)]
    (told,) = parents_of(edges, MIX, {}, {A: (5.0, "KGM")}, {}, nothing)
    assert (told["quantity"], told["uom"], told["share"]) == (5.0, "KGM", None)


def test_children_and_sisters() -> None:
    assert [one["uri"] for one in children_of(EDGES, A, {MIX: "Mix"}, lambda uri: "major")] == [MIX, PACK]
    assert children_of(EDGES, A, {MIX: "Mix"}, lambda uri: "major")[0]["name"] == "Mix"
    sisters = sisters_of(EDGES, MIX, {MIX}, {})
    assert [(one["uri"], one["ancestor"]) for one in sisters] == [(PACK, "(01)09521000010017(10)A")]
    assert sisters_of(EDGES, MIX, {MIX, PACK}, {}) == []
    assert sisters_of(EDGES, A, {A}, {}) == []


def test_a_lot_of_serial_items_is_one_relative() -> None:
    lots = dict.fromkeys(SERIALS, PACK)
    family = Family(MIX, None, frozenset({MIX}), frozenset({A}), lots)
    edges = genealogy(*[(MIX, serial, 1.0, "KGM", "certain") for serial in SERIALS])
    (child,) = children_of(family.by_lot(edges), MIX, {}, nothing)
    assert (child["uri"], child["quantity"]) == (PACK, 3.0)


def test_the_serial_items_of_the_lot_in_question_go_by_its_name() -> None:
    family = Family(PACK, None, frozenset({PACK, *SERIALS}), frozenset({A}), dict.fromkeys(SERIALS, PACK))
    edges = family.by_lot(genealogy(*[(A, serial, 1.0, "KGM", "certain") for serial in SERIALS]))
    assert set(edges["child"]) == {PACK}
    assert sisters_of(edges, PACK, {PACK}, {}) == []
