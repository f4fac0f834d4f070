"""Exposures: attributes through the closure, groups that cannot be told apart, and what is set aside."""

from __future__ import annotations

import pandas as pd
import pytest

from api.quality.root_cause import exposure, time_windows
from ledger.errors import InvalidInput

START = pd.Timestamp("2026-06-01T06:00Z")
ITEMS = [f"f{number}" for number in range(12)]


def chain() -> pd.DataFrame:
    """f0 to f5 are made of m1 (made of r1), the others of m2 (made of r2 and a little of r1)."""
    made = [("m1" if number < 6 else "m2", item, 2, 1.0) for number, item in enumerate(ITEMS)]
    rows = [("r1", "m1", 1, 10.0), ("r2", "m2", 1, 9.0), ("r1", "m2", 1, 1.0), *made]
    frame = pd.DataFrame(rows, columns=["parent", "child", "time", "quantity"]).assign(uom="KGM")
    return frame.assign(time=START + pd.to_timedelta(frame["time"], unit="h"))


def attributes(*rows: tuple[str, str, str]) -> pd.DataFrame:
    return pd.DataFrame(list(rows), columns=["item", "kind", "name"])


def test_factors_with_the_same_exposed_items_are_one() -> None:
    found = exposure(ITEMS, chain(), attributes(("r2", "supplier", "S2"), ("m1", "machine", "M1")))
    assert found.factors["members"].to_list() == [("lot m1", "machine M1"), ("lot m2", "lot r2", "supplier S2")]
    assert found.matrix.toarray().sum(axis=0).tolist() == [6, 6]


def test_what_everything_is_exposed_to_is_set_aside_with_the_reason() -> None:
    found = exposure(ITEMS, chain(), attributes(("f3", "operator", "Ada")))
    assert found.set_aside.to_dict("records") == [
        {"kind": "lot", "name": "r1", "exposed": 12, "reason": "fewer than 5 items not exposed"},
        {"kind": "operator", "name": "Ada", "exposed": 1, "reason": "fewer than 5 items exposed"},
    ]


def test_the_share_by_quantity_stands_beside_the_exposure() -> None:
    found = exposure(ITEMS, chain(), minimum=0)
    assert found.factors.set_index("name")["mean_share"].to_dict() == pytest.approx(
        {"m1": 1.0, "m2": 1.0, "r1": (6 * 1.0 + 6 * 0.1) / 12}
    )


def test_an_attribute_of_an_item_and_of_its_ancestor_counts_once() -> None:
    rows = [(item, "place", "Hall 1") for item in ITEMS[:5]]
    found = exposure(ITEMS, chain(), attributes(*rows, ("m1", "place", "Hall 1"), ("nowhere", "place", "Hall 2")))
    assert found.factors["members"].to_list()[0] == ("lot m1", "place Hall 1")
    assert set(found.matrix.data) == {1}


def test_what_befell_an_ancestor_later_counts_only_for_what_was_made_later() -> None:
    halls = attributes(("m1", "place", "Hall 1"), ("m1", "place", "Hall 2"), ("m1", "place", "Hall 3"))
    halls["time"] = [START + pd.Timedelta(hours=hours) for hours in (1, 2, 3)]
    found = exposure(ITEMS, chain(), halls)
    assert found.factors["members"].to_list()[0] == ("lot m1", "place Hall 1", "place Hall 2")


def test_attributes_of_the_last_level_count_and_what_lies_above_does_not() -> None:
    rows = attributes(("m1", "machine", "M1"), ("r2", "supplier", "S2"))
    found = exposure(ITEMS, chain(), rows, levels=1)
    assert found.factors["members"].to_list() == [("lot m1", "machine M1"), ("lot m2",)]


def test_an_item_that_comes_twice_is_refused() -> None:
    with pytest.raises(InvalidInput, match="item f0 comes twice"):
        exposure(["f0", "f0"], chain())


def test_time_windows_are_bins_of_equal_length() -> None:
    hours = [0, 5, 6, 13.99, 14, 30]
    moments = pd.DataFrame({"item": list("abcdef"), "time": START.normalize() + pd.to_timedelta(hours, unit="h")})
    moments.loc[len(moments)] = ["unknown", pd.NaT]
    found = time_windows(moments, width="8h", begins="06:00:00")
    assert dict(zip(found["item"], found["name"], strict=True)) == {
        "a": "2026-05-31T22:00Z/8h",
        "b": "2026-05-31T22:00Z/8h",
        "c": "2026-06-01T06:00Z/8h",
        "d": "2026-06-01T06:00Z/8h",
        "e": "2026-06-01T14:00Z/8h",
        "f": "2026-06-02T06:00Z/8h",
    }


def test_time_windows_can_be_of_a_place() -> None:
    moments = pd.DataFrame({"item": ["a", "b"], "time": [START, START], "place": ["Hall 1", None]})
    found = time_windows(moments, width="1h", by="place")
    assert found.to_dict("records") == [
        {"item": "a", "kind": "window", "name": "2026-06-01T06:00Z/1h at Hall 1", "time": START}
    ]


@pytest.mark.parametrize("width", ["", "soon", "NaT", "0h", "-1h"])
def test_a_width_that_is_no_duration_is_refused(width: str) -> None:
    with pytest.raises(InvalidInput, match="width"):
        time_windows(pd.DataFrame({"item": ["a"], "time": [START]}), width=width)
