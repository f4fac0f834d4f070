"""Results against limits: the published decision, what decides nothing, and which limit binds."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.quality.agriculture.censored import censored_summary, summaries
from api.quality.agriculture.residues import EU_DEFAULT, judge_results
from api.quality.columns import TIME_DTYPE

APPLE = "https://id.gs1.org/01/09521000010017"
LOT = f"{APPLE}/10/A"
DAY = pd.Timestamp("2026-06-01T00:00Z")


def result(value: float | None, **fields: Any) -> dict[str, Any]:
    return {
        "time": DAY, "item": LOT, "sample": "S1", "laboratory": "lab", "analyte": "chlorpyrifos", "value": value,
        "unit": "NA", "loq": np.nan, "uncertainty": np.nan, "method": "QuEChERS", "certificate": "",
    } | fields  # fmt: skip


def results(*rows: dict[str, Any]) -> pd.DataFrame:
    frame = pd.DataFrame(list(rows))
    return frame.astype({"value": "float64", "loq": "float64", "uncertainty": "float64", "time": TIME_DTYPE})


def mrl(high: float, **fields: Any) -> dict[str, Any]:
    return {
        "item": APPLE, "characteristic": "chlorpyrifos", "market": "", "low": np.nan, "target": np.nan, "high": high,
        "unit": "NA", "valid_from": pd.NaT, "valid_to": pd.NaT, "source": "40 CFR 180",
    } | fields  # fmt: skip


def limits(*rows: dict[str, Any]) -> pd.DataFrame:
    frame = pd.DataFrame(list(rows) or [mrl(1)]).astype({"low": "float64", "high": "float64"})
    for name in ("valid_from", "valid_to"):
        frame[name] = pd.to_datetime(frame[name], utc=True).astype(TIME_DTYPE)
    return frame if rows else frame.iloc[:0]


def judged(row: dict[str, Any], *specifications: dict[str, Any], **options: Any) -> dict[str, Any]:
    (found,) = judge_results(results(row), limits(*specifications), **options).to_dict("records")
    return {str(name): value for name, value in found.items()}


def verdict(row: dict[str, Any], *specifications: dict[str, Any], **options: Any) -> tuple[str, str]:
    found = judged(row, *specifications, **options)
    return found["verdict"], found["reason"]


def test_worked_example_mrl_sante(worked_example: Any, within: Any) -> None:
    example = worked_example("mrl_sante")
    inputs = example["inputs"]
    found = judge_results(
        results(*(result(x) for x in inputs["x"])),
        limits(mrl(inputs["MRL"])),
        relative_uncertainty=inputs["U_relative"],
    )
    within(example, {"exceed": (found["verdict"] == "outside").tolist()})
    assert found["verdict"].tolist() == ["outside", "within_uncertainty"]


def test_below_the_loq_is_censored_and_never_zero() -> None:
    found = judged(result(None, loq=0.005), mrl(0.01))
    assert (found["verdict"], found["censored"]) == ("in_range", True)
    assert np.isnan(found["value"])
    assert verdict(result(0.004, loq=0.005), mrl(0.01)) == ("in_range", "")


def test_an_loq_above_the_limit_decides_nothing() -> None:
    assert verdict(result(None, loq=0.05), mrl(0.01)) == ("unknown", "loq_beyond_limit")
    assert verdict(result(None, loq=0.01), mrl(0.01)) == ("in_range", "")


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (result(None), "missing"),
        (result(0.0), "zero_without_loq"),
        (result(0.02, unit="M1"), "unit"),
        (result(0.02, unit=None), "unit"),
    ],
)
def test_what_decides_nothing_is_unknown(row: dict[str, Any], reason: str) -> None:
    assert verdict(row, mrl(0.01)) == ("unknown", reason)


def test_without_a_limit_nothing_is_in_range_unless_the_default_is_asked_for() -> None:
    assert verdict(result(0.5)) == ("no_limit", "")
    assert verdict(result(0.5), default_limit=EU_DEFAULT) == ("outside", "")
    assert verdict(result(0.5, unit="59"), default_limit=EU_DEFAULT) == ("outside", "")
    assert verdict(result(0.5), mrl(1), default_limit=EU_DEFAULT) == ("in_range", "")
    assert verdict(result(12, unit="P1", analyte="brix"), default_limit=EU_DEFAULT) == ("no_limit", "")


def test_a_limit_in_another_unit_is_converted() -> None:
    assert (
        verdict(result(1500, unit="GQ", analyte="dust"), mrl(1, unit="GP", characteristic="dust"))[0]
        == "within_uncertainty"
    )
    assert judged(result(0.5, unit="59"), mrl(1))["high"] == pytest.approx(1)


def test_the_stated_uncertainty_stands_before_the_default() -> None:
    assert verdict(result(1.9, uncertainty=0.2), mrl(1))[0] == "outside"
    assert judged(result(1.9, uncertainty=0.2), mrl(1))["expanded"] == 0.2


def test_market_commodity_and_day_choose_the_limit() -> None:
    rules = [
        mrl(1.0, source="all"),
        mrl(0.5, market="EU", source="eu until", valid_to=DAY),
        mrl(0.1, market="EU", source="eu from", valid_from=DAY),
        mrl(0.2, item=LOT, source="contract", market="JP"),
        mrl(9.0, item="", market="EU", source="everything"),
    ]
    day_before = result(0.15, time=DAY - pd.Timedelta(days=1))
    assert judged(result(0.15), *rules)["limit_source"] == "all"
    assert judged(result(0.15), *rules, market="EU")["limit_source"] == "eu from"
    assert judged(day_before, *rules, market="EU")["limit_source"] == "eu until"
    assert judged(result(0.15), *rules, market="JP")["limit_source"] == "contract"
    assert judged(result(0.15, item="urn:x:y"), *rules, market="EU")["limit_source"] == "everything"


def test_a_minimum_is_a_limit_too() -> None:
    brix = {"characteristic": "brix", "unit": "P1", "low": 12.0}
    assert verdict(result(11, analyte="brix", unit="P1", uncertainty=0.5), mrl(np.nan, **brix))[0] == "outside"
    assert (
        verdict(result(11.8, analyte="brix", unit="P1", uncertainty=0.5), mrl(np.nan, **brix))[0]
        == "within_uncertainty"
    )
    assert verdict(result(13, analyte="brix", unit="P1", uncertainty=0.5), mrl(np.nan, **brix))[0] == "in_range"
    assert verdict(result(None, analyte="brix", unit="P1", loq=1.0), mrl(np.nan, **brix))[0] == "outside"


@given(st.lists(st.tuples(st.floats(0.001, 10), st.floats(0, 1)), min_size=1, max_size=20), st.floats(0.001, 10))
@settings(deadline=None, max_examples=100)
def test_each_verdict_is_the_definition(pairs: list[tuple[float, float]], limit: float) -> None:
    rows = [result(x, uncertainty=u * x) for x, u in pairs]
    found = judge_results(results(*rows), limits(mrl(limit)))["verdict"].tolist()
    expected = ["outside" if x - u * x > limit else "within_uncertainty" if x > limit else "in_range" for x, u in pairs]
    assert found == expected


@given(st.lists(st.integers(1, 40), min_size=1, max_size=30))
@settings(deadline=None)
def test_without_censoring_a_summary_is_the_plain_one(values: list[int]) -> None:
    found = censored_summary(values, [np.nan] * len(values))
    assert found.p50 == np.quantile(values, 0.5, method="inverted_cdf")
    assert found.mean_least == found.mean_most == pytest.approx(np.mean(values))
    assert (found.censored, found.highest) == (0, max(values))


def test_quantiles_among_censored_values_by_hand() -> None:
    # from the highest down, F(5) = 1, F(3) = 4/5, F(1) = 4/5 · 2/3 = 0.53: what is below 2 can only be 1 here
    found = censored_summary([np.nan, 5, 3, np.nan, 1], [2, 2, 2, 4, 0.5])
    assert (found.count, found.censored, found.highest, found.highest_loq) == (5, 2, 5, 4)
    assert (found.mean_least, found.mean_most) == (9 / 5, 15 / 5)
    assert (found.p50, found.p95) == (1, 5)


def test_mostly_censored_has_no_median() -> None:
    found = censored_summary([np.nan] * 9 + [0.5], [0.1] * 10)
    assert np.isnan(found.p50)
    assert found.p95 == 0.5
    none = censored_summary([np.nan] * 3, [0.1] * 3)
    assert np.isnan([none.p50, none.highest]).all()
    assert (none.mean_least, none.mean_most) == (0, pytest.approx(0.1))


@given(st.lists(st.tuples(st.integers(1, 20), st.booleans()), min_size=1, max_size=30))
@settings(deadline=None)
def test_substitution_bounds_hold_the_quantiles_between_them(pairs: list[tuple[int, bool]]) -> None:
    values = [np.nan if censored else float(x) for x, censored in pairs]
    loqs = [float(x) if censored else np.nan for x, censored in pairs]
    found = censored_summary(values, loqs)
    least = np.quantile([0.0 if censored else x for x, censored in pairs], 0.95, method="inverted_cdf")
    most = np.quantile([x for x, _ in pairs], 0.95, method="inverted_cdf")
    assert found.mean_least <= found.mean_most
    if not np.isnan(found.p95):
        assert least <= found.p95 <= most


def test_units_are_not_mixed_in_a_summary() -> None:
    found = summaries(results(result(1.0), result(1.0, unit="P1"), result(None, loq=0.5)), by=["analyte"])
    assert found[["unit", "count"]].to_records(index=False).tolist() == [("NA", 2), ("P1", 1)]


def test_half_the_value_is_no_uncertainty_of_a_content_in_percent() -> None:
    moisture = {"analyte": "moisture", "unit": "P1"}
    found = judged(result(14, **moisture), mrl(13, characteristic="moisture", unit="P1"))
    assert found["verdict"] == "outside"
    assert np.isnan(found["expanded"])
    stated = judged(result(14, uncertainty=2.0, **moisture), mrl(13, characteristic="moisture", unit="P1"))
    assert stated["verdict"] == "within_uncertainty"
