"""Footprints: factors that must fit, shares by mass by hand, and conservation over random mills with rework."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.quality.agriculture.activity_factors import impacts
from api.quality.agriculture.footprint import MADE_BY, Footprints, footprints
from api.quality.agriculture.mass_flow import MOVEMENT
from api.quality.columns import ACTIVITY, FACTOR, TIME_DTYPE
from ledger.errors import InvalidDocument, InvalidInput

DAY = pd.Timestamp("2026-06-01T00:00Z")


def factors(*rows: tuple[Any, ...]) -> pd.DataFrame:
    frame = pd.DataFrame(rows or [("power", "carbon", 0.4, "KWH", "kgCO2e", "grid", None, None)], columns=list(FACTOR))
    for name in ("valid_from", "valid_to"):
        frame[name] = pd.to_datetime(frame[name], utc=True).astype(TIME_DTYPE)
    return frame


def activities(*rows: tuple[str, str, float, str]) -> pd.DataFrame:
    full = [(DAY, DAY + pd.Timedelta(hours=1), *row) for row in rows]
    return pd.DataFrame(full, columns=list(ACTIVITY)).astype({"amount": "float64"})


def movements(*rows: tuple[str, str, str, float | None, str]) -> pd.DataFrame:
    return pd.DataFrame(list(rows), columns=list(MOVEMENT)).astype({"quantity": "float64"})


def of(used: pd.DataFrame, moved: pd.DataFrame, **more: Any) -> Footprints:
    return footprints(impacts(used, factors()), moved, **more)


def total(found: Footprints) -> float:
    return float(found.lots["retained"].sum() + found.unallocated["impact"].sum())


def test_an_amount_is_converted_to_the_factors_unit() -> None:
    (found,) = impacts(activities(("A", "power", 3.6, "3B")), factors()).to_dict("records")
    assert (found["impact"], found["per"], found["reason"]) == (pytest.approx(0.4), "kgCO2e", "")


def test_the_factor_valid_on_the_day_counts() -> None:
    table = factors(
        ("power", "carbon", 0.5, "KWH", "kgCO2e", "old", None, DAY),
        ("power", "carbon", 0.4, "KWH", "kgCO2e", "new", DAY, None),
        ("power", "carbon", 0.1, "KWH", "kgCO2e", "future", DAY + pd.Timedelta(days=9), None),
    )
    (found,) = impacts(activities(("A", "power", 10, "KWH")), table).to_dict("records")
    assert (found["impact"], found["source"]) == (pytest.approx(4), "new")


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (("A", "diesel", 10, "LTR"), "factor"),
        (("A", "power", 10, "LTR"), "unit"),
        (("A", "power", float("nan"), "KWH"), "amount"),
    ],
)
def test_a_missing_factor_is_unknown_or_an_error_and_never_zero(row: Any, reason: str) -> None:
    (found,) = impacts(activities(row), factors()).to_dict("records")
    assert (np.isnan(found["impact"]), found["reason"]) == (True, reason)
    with pytest.raises(InvalidDocument, match=row[1]):
        impacts(activities(row), factors(), missing="error")
    lots = of(activities(("A", "power", 10, "KWH"), row), movements(("e", "A", "output", 1, "KGM"))).lots
    assert (lots["complete"].item(), lots["total"].item()) == (False, pytest.approx(4))


def test_mixing_and_splitting_by_mass() -> None:
    moved = movements(
        ("e0", "A", "output", 100, "KGM"),
        ("e1", "A", "input", 25, "KGM"),
        ("e1", "B", "input", 0.075, "TNE"),
        ("e1", "C", "output", 60, "KGM"),
        ("e1", "D", "output", 30, "KGM"),
    )
    found = of(activities(("A", "power", 100, "KWH"), ("B", "power", 25, "KWH"), ("D", "power", 5, "KWH")), moved)
    lots = found.lots.set_index("item")
    # A has 40, of which a quarter goes on; with B's 10 that is 20, two thirds of it into C
    assert lots["retained"].to_dict() == pytest.approx({"A": 30, "B": 0, "C": 40 / 3, "D": 20 / 3 + 2})
    assert lots.loc["D", "inherited"] == pytest.approx(20 / 3)
    assert lots.loc["D", "per_kilogram"] == pytest.approx((20 / 3 + 2) / 30)
    assert lots["complete"].all()
    assert found.unallocated.empty


def test_a_run_divides_over_what_it_made_and_a_place_nobody_knows_is_left_over() -> None:
    made = pd.DataFrame([("run 1", "A", 30.0, "KGM"), ("run 1", "B", 10.0, "KGM")], columns=list(MADE_BY))
    used = activities(("run 1", "power", 100, "KWH"), ("https://id.gs1.org/414/9521000000018", "power", 10, "KWH"))
    found = of(used, movements(), made_by=made)
    assert found.lots.set_index("item")["own"].to_dict() == pytest.approx({"A": 30, "B": 10})
    assert found.unallocated[["reason", "impact"]].to_numpy().tolist() == [["subject", pytest.approx(4)]]


def test_an_unknown_mass_of_what_a_run_made_leaves_all_of_them_incomplete() -> None:
    made = pd.DataFrame([("run 1", "A", 30.0, "KGM"), ("run 1", "B", None, "KGM")], columns=list(MADE_BY))
    found = of(activities(("run 1", "power", 100, "KWH")), movements(), made_by=made)
    assert found.lots["complete"].tolist() == [False, False]
    assert found.unallocated["reason"].tolist() == ["mass"]
    assert total(found) == pytest.approx(40)


def test_an_unknown_quantity_stops_the_flow_and_is_told() -> None:
    moved = movements(
        ("e0", "A", "output", 100, "KGM"),
        ("e1", "A", "input", None, "KGM"),
        ("e1", "C", "output", 60, "KGM"),
        ("e2", "C", "input", 60, "KGM"),
        ("e2", "E", "output", 60, "KGM"),
    )
    found = of(activities(("A", "power", 100, "KWH"), ("C", "power", 10, "KWH")), moved)
    lots = found.lots.set_index("item")
    assert lots["complete"].to_dict() == {"A": True, "C": False, "E": False}
    assert lots.loc["E", "total"] == pytest.approx(4)
    assert found.unallocated[["subject", "reason"]].to_numpy().tolist() == [["A", "mass"]]
    assert total(found) == pytest.approx(44)


def test_rework_is_solved_and_a_circle_without_end_is_refused() -> None:
    moved = movements(
        ("e1", "A", "input", 100, "KGM"),
        ("e1", "R", "input", 50, "KGM"),
        ("e1", "B", "output", 100, "KGM"),
        ("e1", "R", "output", 50, "KGM"),
    )
    found = of(activities(("A", "power", 100, "KWH")), moved)
    assert found.lots.set_index("item")["retained"].to_dict() == pytest.approx({"A": 0, "R": 0, "B": 40})
    circle = movements(
        ("e1", "A", "input", 1, "KGM"), ("e1", "B", "output", 1, "KGM"),
        ("e2", "B", "input", 1, "KGM"), ("e2", "A", "output", 1, "KGM"),
    )  # fmt: skip
    with pytest.raises(InvalidInput, match="circle"):
        of(activities(("A", "power", 1, "KWH")), circle)


@st.composite
def mills(draw: st.DrawFn) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Events over a few lots, each taking some and giving some, a few masses unknown; and activities of lots."""
    lots = [f"L{n}" for n in range(draw(st.integers(2, 9)))]
    masses = st.one_of(st.integers(1, 100).map(float), st.integers(1, 100).map(float), st.none())
    rows: list[tuple[str, str, str, float | None, str]] = []
    for event in range(draw(st.integers(1, 8))):
        cut = draw(st.integers(1, len(lots) - 1))
        for side, among in (("input", lots[:cut]), ("output", lots[cut:])):
            for item in draw(st.sets(st.sampled_from(among), min_size=1, max_size=3)):
                rows.append((f"e{event}", item, side, draw(masses), "KGM"))
    named = st.sampled_from([*lots, "nobody"])
    used = draw(st.lists(st.tuples(named, st.integers(0, 50)), min_size=1, max_size=8, unique_by=lambda row: row[0]))
    return movements(*rows), activities(*((item, "power", float(amount), "KWH") for item, amount in used))


@given(mills())
@settings(deadline=None, max_examples=60)
def test_what_is_left_and_what_is_not_allocated_add_up_to_all(mill: tuple[pd.DataFrame, pd.DataFrame]) -> None:
    moved, used = mill
    found = of(used, moved)
    assert total(found) == pytest.approx(0.4 * used["amount"].sum())
    assert (found.lots["retained"] >= 0).all()
    assert (found.lots["inherited"] >= -1e-9).all()
