"""Signals of a lot: what is said of an excursion, a result, a chart; what ancestors count for; the worst first."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.analysis.lot.signals import (
    SEVERITIES,
    excursions,
    failed_inspections,
    inherited,
    out_of_control,
    residues,
    severity_of,
    signal,
    silent,
    worst_first,
)

LOT, BAG = "https://id.gs1.org/01/09521000010017/10/A7", "https://id.gs1.org/01/09521000010017/21/1"
TIME = "2026-06-01T06:00:00.000Z"


def step(outside: float, **more: Any) -> dict[str, Any]:
    return {
        "item": BAG, "quantity_kind": "Temperature", "unit": "CEL", "minimum": 3.0, "maximum": 9.0, "low": 0.0,
        "high": 5.0, "verdict": "outside", "seconds_outside": outside, "start": TIME, "first": TIME,
    } | more  # fmt: skip


def result(value: float | None, verdict: str, **more: Any) -> dict[str, Any]:
    return {
        "item": LOT, "analyte": "lead", "value": value, "unit": "NA", "low": None, "high": 0.1, "loq": 0.01,
        "censored": value is None, "expanded": None, "certificate": "", "verdict": verdict, "time": TIME,
    } | more  # fmt: skip


def test_one_excursion_per_item_and_quantity_the_longest() -> None:
    steps = [step(60.0, maximum=6.0), step(7200.0), step(120.0, maximum=30.0), step(0.0, verdict="in_range")]
    (found,) = excursions(steps, lambda uri: LOT)
    assert (found["severity"], found["uri"], found["since"]) == ("major", LOT, TIME)
    assert found["message"] == "Temperature 9 °C, above 5 °C for 2.0 h"
    assert found["facts"]["seconds_outside"] == 7200.0


def test_too_cold_is_said_too_and_no_step_need_have_a_length() -> None:
    (found,) = excursions([step(0.0, minimum=-2.0, maximum=4.0, start=None)], lambda uri: uri)
    assert (found["message"], found["since"]) == ("Temperature -2 °C, below 0 °C", TIME)


@pytest.mark.parametrize(
    ("row", "severity", "message"),
    [
        (result(0.3, "outside"), "critical", "lead 0.3 mg/kg, beyond the limit of 0.1"),
        (result(0.2, "within_uncertainty"), "warning", "lead 0.2 mg/kg, beyond, within its uncertainty, the limit of 0.1"),  # noqa: E501
        (result(1.0, "outside", low=5.0, high=9.0), "critical", "lead 1 mg/kg, beyond the limit of 5"),
        (result(None, "outside", low=0.05, high=None), "critical", "lead < 0.01 mg/kg, beyond the limit of 0.05"),
    ],
)  # fmt: skip
def test_a_result_beyond_its_limit(row: dict[str, Any], severity: str, message: str) -> None:
    (found,) = residues([row])
    assert (found["severity"], found["message"]) == (severity, message)


def test_what_is_not_known_to_be_beyond_is_no_signal() -> None:
    assert not list(residues([result(0.05, "in_range"), result(None, "unknown"), result(9.0, "no_limit")]))
    checks = [{"item": LOT, "characteristic": "seal", "passed": said} for said in (True, None)]
    assert not list(failed_inspections(checks))
    assert not list(silent(None, LOT))
    assert not list(silent(0.96, LOT))
    (found,) = silent(0.6, LOT)
    assert found["message"] == "nothing is known for 40 % of the time with limits"


def test_a_chart_is_one_signal_with_the_rules_that_fired() -> None:
    points = [{"signals": fired, "time": f"2026-06-0{day}"} for day, fired in enumerate(([], [5, 1], [], [1]), start=1)]
    chart = {"characteristic": "fill_weight", "points": points, "rules": {"set": "nelson"}}
    (found,) = out_of_control([chart, chart | {"points": points[:1]}], LOT)
    assert (found["facts"], found["since"]) == ({"points": 2, "rules": [1, 5], "set": "nelson"}, "2026-06-02")
    assert found["message"] == "fill weight: 2 of 4 points signal"


signals = st.lists(
    st.builds(
        signal,
        st.sampled_from(SEVERITIES),
        st.just("residue"),
        st.sampled_from([LOT, BAG, "urn:x:y"]),
        st.just("lead"),
        st.just(""),
        st.none() | st.sampled_from([TIME, "2026-06-02T06:00:00.000Z"]),
    ),
    max_size=8,
)


@given(signals)
def test_worst_first_loses_nothing_and_what_is_inherited_counts_one_less(found: list[dict[str, Any]]) -> None:
    ordered = worst_first(found)
    ranks = [SEVERITIES.index(one["severity"]) for one in ordered]
    assert ranks == sorted(ranks)
    assert sorted(map(id, ordered)) == sorted(map(id, found))
    lower = [SEVERITIES.index(one["severity"]) for one in inherited(ordered)]
    assert lower == [min(rank + 1, len(SEVERITIES) - 1) for rank in ranks]
    for uri in (LOT, BAG):
        own = [one["severity"] for one in ordered if one["uri"] == uri]
        assert severity_of(found, uri) == (own[0] if own else None)
