"""From one measurement forward: what was there, and what was made of it from then on."""

from __future__ import annotations

import pandas as pd

from api.quality.columns import EVENT, MENTION, TIME_DTYPE
from api.quality.join.containment import containment
from api.quality.join.touched import TOUCHED, Measurement, touched_lots
from api.quality.join.transformations import transformations_of

START = pd.Timestamp("2026-03-29T00:00Z")


def at(hour: float) -> pd.Timestamp:
    return START + pd.Timedelta(hours=hour)


EVENTS = pd.DataFrame(
    [
        ("pack", at(1), "AggregationEvent", "ADD", "dock"),
        ("early", at(2), "TransformationEvent", None, "hall"),
        ("unpack", at(4), "AggregationEvent", "DELETE", "shop"),
        ("mix", at(5), "TransformationEvent", None, "hall"),
    ],
    columns=list(EVENT),
).astype({"time": TIME_DTYPE})
MENTIONS = pd.DataFrame(
    [
        ("pack", "pallet", "parent", None), ("pack", "A", "child", None), ("early", "A", "input", 1.0),
        ("early", "B", "output", 1.0), ("unpack", "pallet", "parent", None), ("unpack", "A", "child", None),
        ("mix", "A", "input", 1.0), ("mix", "X", "input", 3.0), ("mix", "C", "output", 4.0),
    ],
    columns=[*MENTION, "quantity"],
).assign(uom="KGM")  # fmt: skip


def touched(measurement: Measurement) -> pd.DataFrame:
    inside = containment(EVENTS, MENTIONS)
    return touched_lots(EVENTS, MENTIONS, transformations_of(EVENTS, MENTIONS), inside, measurement)


def test_a_reading_touches_what_was_inside_and_made_of_it_since() -> None:
    found = touched(Measurement(at(3), "pallet", None))
    assert tuple(found.columns) == TOUCHED
    assert found[["item", "through"]].values.tolist() == [
        ["A", "container"], ["pallet", "item"], ["C", "descendant"],
    ]  # fmt: skip
    assert found.set_index("item").loc["C", "share"] == 0.25
    assert touched(Measurement(at(4), "pallet", None))["item"].tolist() == ["pallet"]


def test_a_result_speaks_for_the_whole_lot() -> None:
    assert set(touched(Measurement(at(9), "A", None, whole=True))["item"]) == {"A", "B", "C"}
    assert set(touched(Measurement(at(9), "A", None))["item"]) == {"A"}


def test_a_reading_of_a_place_touches_what_was_there() -> None:
    assert set(touched(Measurement(at(1.5), None, "dock"))["item"]) == {"A", "pallet", "B", "C"}
    assert touched(Measurement(at(0.5), None, "dock")).empty
