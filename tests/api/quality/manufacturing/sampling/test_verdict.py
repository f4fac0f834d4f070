"""Verdicts on lots: what was not inspected is unknown, and a series moves between severities."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from api.quality.manufacturing.sampling.verdict import HISTORY, LOT_VERDICT, Lot, inspection_history, lot_verdicts
from ledger.errors import InvalidDocument

_BLANK = {"characteristic": "dents", "passed": None, "size": None, "nonconforming": None, "defects": None}


def inspections(*rows: dict[str, Any]) -> pd.DataFrame:
    return pd.DataFrame([_BLANK | row for row in rows])


def verdicts(*rows: dict[str, Any], **more: Any) -> dict[str, str]:
    found = lot_verdicts(inspections(*rows), {"L": 5000, "M": 5000}, 1.5, **more)
    assert list(found.columns) == list(LOT_VERDICT)
    return dict(zip(found["item"], found["verdict"], strict=True))


@pytest.mark.parametrize(
    ("size", "nonconforming", "verdict"),
    [
        (200, 7, "accept"),
        (200, 8, "reject"),
        (199, 0, "unknown"),
        (120, 8, "reject"),
        (400, 7, "accept"),
        (400, 8, "unknown"),
    ],
)
def test_a_lot_is_judged_on_the_sample_that_the_plan_draws(size: int, nonconforming: int, verdict: str) -> None:
    assert verdicts({"item": "L", "size": size, "nonconforming": nonconforming}) == {"L": verdict}


def test_samples_of_one_lot_are_counted_together_and_lots_apart() -> None:
    found = verdicts(
        {"item": "L", "size": 150, "nonconforming": 5},
        {"item": "L", "size": 50, "nonconforming": 3},
        {"item": "M", "size": 200, "nonconforming": 3},
    )
    assert found == {"L": "reject", "M": "accept"}


def test_single_units_that_passed_or_failed_are_a_sample() -> None:
    units = [{"item": "L", "passed": each >= 7} for each in range(200)]
    assert verdicts(*units) == {"L": "accept"}
    assert verdicts(*units, {"item": "L", "passed": None}) == {"L": "accept"}
    assert verdicts(*units[:199], {"item": "L", "passed": None}) == {"L": "unknown"}


def test_a_size_without_a_count_is_not_an_inspection() -> None:
    assert verdicts({"item": "L", "size": 200}) == {"L": "unknown"}
    assert verdicts({"item": "L", "size": 200, "nonconforming": 1}, defects=True) == {"L": "unknown"}
    assert verdicts({"item": "L", "size": 200, "defects": 9}, defects=True) == {"L": "reject"}


def test_a_lot_of_unknown_size_has_no_verdict() -> None:
    found = verdicts({"item": "X", "size": 200, "nonconforming": 0})
    assert found == {"X": "unknown"}


def test_a_small_lot_is_inspected_whole() -> None:
    found = lot_verdicts(inspections({"item": "S", "size": 30, "nonconforming": 0}), {"S": 30}, 0.1)
    assert found.loc[0, ["n", "verdict"]].tolist() == [30, "accept"]


def test_a_series_from_normal_through_tightened_and_back() -> None:
    counts = [0, 8, 8, *[0] * 5, 0]
    history = inspection_history([Lot(str(at), 5000, found) for at, found in enumerate(counts)], 1.5)
    assert list(history.columns) == list(HISTORY)
    assert history["severity"].tolist() == ["normal"] * 3 + ["tightened"] * 5 + ["normal"]
    assert history["ac"].tolist() == [7] * 3 + [5] * 5 + [7]
    assert history["verdict"].tolist() == ["accept", "reject", "reject", *["accept"] * 6]


def test_ten_clean_lots_reduce_and_a_finding_between_ac_and_re_returns() -> None:
    lots = [Lot(str(at), 5000, 0) for at in range(10)] + [Lot("between", 5000, 4), Lot("last", 5000, 0)]
    history = inspection_history(lots, 1.5)
    assert history["severity"].tolist() == ["normal"] * 10 + ["reduced", "normal"]
    between = history.iloc[10]
    assert (between["n"], between["ac"], between["re"], between["verdict"]) == (80, 3, 6, "accept")
    assert history["score"].tolist() == [3, 6, 9, 12, 15, 18, 21, 24, 27, 0, 0, 3]


def test_five_rejected_lots_on_tightened_inspection_end_the_series() -> None:
    history = inspection_history([Lot(str(at), 5000, 20) for at in range(9)], 1.5)
    assert history["next"].tolist() == ["normal"] + ["tightened"] * 5 + ["discontinued"] * 3
    assert history["verdict"].tolist() == ["reject"] * 7 + ["unknown"] * 2


def test_a_lot_without_a_verdict_moves_nothing() -> None:
    history = inspection_history([Lot("a", 5000, 0), Lot("b", 5000, 0, inspected=10), Lot("c", 5000, 0)], 1.5)
    assert history["score"].tolist() == [3, 3, 6]


def test_impossible_counts_are_refused() -> None:
    with pytest.raises(InvalidDocument, match="lot a: a count is below zero"):
        inspection_history([Lot("a", 5000, -1)], 1.5)
    with pytest.raises(InvalidDocument, match="600 units inspected of a lot of 500"):
        inspection_history([Lot("a", 500, 0, inspected=600)], 1.5)
