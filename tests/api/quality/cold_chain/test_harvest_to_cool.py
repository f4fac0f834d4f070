"""Harvest-to-cool: censored lots count, unmeasured ones are told, and quantiles agree with scipy where none is."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.quality.cold_chain.harvest_to_cool import COOLING, cooling, harvest_to_cool
from ledger.errors import InvalidInput

CUT = pd.Timestamp("2026-06-01T06:00Z")


def harvest(lots: int, **groups: list[str]) -> pd.DataFrame:
    return pd.DataFrame({"lot": [f"lot {n}" for n in range(lots)], "cut": pd.Series([CUT] * lots), **groups})


def readings(*rows: tuple[int, float, float]) -> pd.DataFrame:
    """Lot number, hours after the cut, core temperature."""
    return pd.DataFrame(
        [(f"lot {lot}", CUT + pd.Timedelta(hours=hours), value) for lot, hours, value in rows],
        columns=["lot", "time", "value"],
    )


def cooled(hours: list[float], reached: list[bool]) -> pd.DataFrame:
    frame = pd.DataFrame({name: None for name in COOLING}, index=range(len(hours)))
    return frame.assign(hours=hours, reached=reached)


def test_the_first_reading_at_the_target_after_the_cut_counts() -> None:
    found = cooling(harvest(1), readings((0, -1, 2), (0, 1, 9), (0, 3, 4), (0, 4, 3), (0, 5, 9)), target=4)
    assert (found["hours"].item(), found["reached"].item()) == (3, True)


def test_a_lot_that_never_cooled_is_censored_and_one_without_readings_unmeasured() -> None:
    found = cooling(harvest(3), readings((0, 2, 4), (1, 2, 9), (1, 6, 8), (1, 8, np.nan)), target=4)
    assert found["hours"].tolist()[:2] == [2, 6]
    assert found["reached"].tolist() == [True, False, False]
    (row,) = harvest_to_cool(found, limit_hours=4).to_dict("records")
    assert (row["lots"], row["reached"], row["censored"], row["unmeasured"]) == (3, 1, 1, 1)
    assert (row["p50"], row["over"]) == (2, 0.5)
    assert np.isnan(row["p90"])
    assert (row["over_least"], row["over_most"]) == (pytest.approx(1 / 3), pytest.approx(2 / 3))


def test_by_crew_the_slow_one_is_seen() -> None:
    lots = harvest(4, crew=["a", "a", "b", "b"])
    found = cooling(lots, readings((0, 2, 4), (1, 3, 4), (2, 5, 4), (3, 9, 4)), target=4)
    summary = harvest_to_cool(found, limit_hours=4, by="crew").set_index("group")
    assert summary["over"].to_dict() == {"a": 0, "b": 1}
    assert summary["p90"].to_dict() == {"a": 3, "b": 9}


def test_a_textbook_kaplan_meier() -> None:
    # remission of 21 patients under 6-MP (Freireich 1963): median 23 weeks
    events = [6, 6, 6, 7, 10, 13, 16, 22, 23]
    censored = [6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35]
    frame = cooled([float(x) for x in events + censored], [True] * len(events) + [False] * len(censored))
    (row,) = harvest_to_cool(frame, limit_hours=10).to_dict("records")
    assert row["p50"] == 23
    assert row["over"] == pytest.approx(0.7529, abs=1e-4)


@given(st.lists(st.integers(1, 50), min_size=1, max_size=40), st.integers(1, 50))
@settings(deadline=None)
def test_without_censoring_it_is_the_plain_share_and_quantile(hours: list[int], limit: int) -> None:
    frame = cooled([float(each) for each in hours], [True] * len(hours))
    (row,) = harvest_to_cool(frame, limit_hours=limit).to_dict("records")
    assert row["over"] == pytest.approx(np.mean(np.array(hours) > limit))
    assert row["over"] == pytest.approx(row["over_least"]) == pytest.approx(row["over_most"])
    assert row["p50"] == np.quantile(hours, 0.5, method="inverted_cdf")


@given(st.lists(st.tuples(st.integers(1, 30), st.booleans()), min_size=1, max_size=40), st.integers(1, 40))
@settings(deadline=None)
def test_the_estimate_lies_within_what_is_certain(lots: list[tuple[int, bool]], limit: int) -> None:
    frame = cooled([float(hours) for hours, _ in lots], [reached for _, reached in lots])
    (row,) = harvest_to_cool(frame, limit_hours=limit).to_dict("records")
    assert row["over_least"] <= row["over_most"]
    if not np.isnan(row["over"]):
        assert row["over_least"] - 1e-9 <= row["over"] <= row["over_most"] + 1e-9


def test_what_makes_no_sense_is_refused() -> None:
    twice = pd.concat([harvest(1), harvest(1)])
    with pytest.raises(InvalidInput, match="twice"):
        cooling(twice, readings(), target=4)
    with pytest.raises(InvalidInput, match="unknown group"):
        harvest_to_cool(cooled([1.0], [True]), limit_hours=4, by="moon")
    with pytest.raises(InvalidInput, match="no time"):
        cooling(harvest(1).assign(cut=pd.NaT), readings(), target=4)
