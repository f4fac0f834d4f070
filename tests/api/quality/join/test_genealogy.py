"""Edges "went into" from transformations: quantities, splits, several events of one transformation, containers."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from api.quality import containment
from api.quality.columns import GENEALOGY, MENTION, TIME_DTYPE
from api.quality.join.genealogy import edges_of

START = pd.Timestamp("2026-03-28T22:00Z")
FLOUR = "https://id.gs1.org/01/09521000010017"
PALLET = "https://id.gs1.org/00/095210000000000016"


def history(*rows: tuple[str, int, str, str, str, float | None, str | None]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Rows (event, hour, transformation, role, item, quantity, uom)."""
    events = {
        event: (event, START + pd.Timedelta(hours=hour), "TransformationEvent", None, None, "org", name or None)
        for event, hour, name, *_ in rows
    }
    columns = ["event", "time", "type", "action", "biz_location", "organisation", "transformation"]
    frame = pd.DataFrame(list(events.values()), columns=columns).astype({"time": TIME_DTYPE})
    named = [(event, item, role, quantity, uom) for event, _, _, role, item, quantity, uom in rows]
    return frame, pd.DataFrame(named, columns=[*MENTION, "quantity", "uom"]).astype({"quantity": "float64"})


def values(found: pd.DataFrame, *columns: str) -> list[list[Any]]:
    return found[list(columns)].astype(object).where(found[list(columns)].notna(), None).to_numpy().tolist()


def test_mixing_gives_one_edge_per_input_with_its_quantity() -> None:
    found = edges_of(
        *history(
            ("mix", 1, "", "input", "A", 30, "KGM"),
            ("mix", 1, "", "input", "B", 70_000, "GRM"),
            ("mix", 1, "", "output", "C", 99, "KGM"),
        )
    )
    assert tuple(found.columns) == GENEALOGY
    assert values(found, "parent", "child", "event", "quantity", "uom", "certainty") == [
        ["A", "C", "mix", 30, "KGM", "certain"],
        ["B", "C", "mix", 70_000, "GRM", "certain"],
    ]
    assert found["time"].tolist() == [START + pd.Timedelta(hours=1)] * 2


def test_a_split_divides_by_what_came_out_and_only_where_that_compares() -> None:
    found = edges_of(
        *history(
            ("s", 1, "", "input", "A", 100, "KGM"),
            ("s", 1, "", "output", "B", 30, "KGM"),
            ("s", 1, "", "output", "C", 60, "KGM"),
            ("t", 2, "", "input", "B", 30, "KGM"),
            ("t", 2, "", "output", "D", 12, "KGM"),
            ("t", 2, "", "output", "E", 8, "LTR"),
        )
    )
    assert found["quantity"].tolist()[:2] == pytest.approx([100 / 3, 200 / 3])
    assert found["quantity"][2:].isna().all()


def test_events_of_one_transformation_are_one_and_of_another_organisation_are_not() -> None:
    events, mentions = history(
        ("in", 1, "T", "input", "A", 5, "KGM"),
        ("more", 2, "T", "input", "A", 6, "KGM"),
        ("out", 3, "T", "output", "B", 11, "KGM"),
        ("other", 3, "T", "input", "X", 1, "KGM"),
    )
    events.loc[events["event"] == "other", "organisation"] = "stranger"
    found = edges_of(events, mentions)
    assert values(found, "parent", "child", "event", "quantity", "certainty") == [["A", "B", "in", 11, "certain"]]


def test_a_lot_consumed_or_made_twice_leaves_doubt() -> None:
    found = edges_of(
        *history(
            ("e1", 1, "", "input", "A", 5, "KGM"),
            ("e1", 1, "", "output", "B", 5, "KGM"),
            ("e2", 2, "", "input", "A", 5, "KGM"),
            ("e2", 2, "", "output", "C", 5, "KGM"),
            ("e3", 3, "", "input", "C", 5, "KGM"),
            ("e3", 3, "", "output", "D", 5, "KGM"),
        )
    )
    assert found["certainty"].tolist() == ["possible", "possible", "certain"]


def test_a_class_alone_is_no_parent_and_a_consumed_pallet_takes_its_contents_along() -> None:
    events, mentions = history(
        ("use", 5, "", "input", PALLET, None, None),
        ("use", 5, "", "input", FLOUR, 9, "KGM"),
        ("use", 5, "", "output", "C", 9, "KGM"),
    )
    pack = pd.DataFrame(
        [["pack", START, "AggregationEvent", "ADD", None, "org", None]], columns=events.columns
    ).astype({"time": TIME_DTYPE})  # fmt: skip
    events = pd.concat([pack, events], ignore_index=True)
    held = pd.DataFrame(
        [["pack", PALLET, "parent", float("nan"), None], ["pack", "bag", "child", float("nan"), None]],
        columns=mentions.columns,
    )
    mentions = pd.concat([held, mentions], ignore_index=True)
    assert set(edges_of(events, mentions)["parent"]) == {PALLET}
    found = edges_of(events, mentions, inside=containment(events, mentions))
    assert set(found["parent"]) == {PALLET, "bag"}


def test_nothing_transformed_gives_no_edges() -> None:
    found = edges_of(*history())
    assert found.empty
    assert tuple(found.columns) == GENEALOGY
