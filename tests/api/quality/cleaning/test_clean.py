"""The pipeline as a whole: recorded, reproducible, and never to the advantage of what was measured."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.quality import quality_by_step
from api.quality.cleaning import DEFAULT, clean, pipeline_of
from api.quality.cleaning.clean import digest_of
from api.quality.columns import LIMIT, READING, TIME_DTYPE
from api.quality.join.steps import STEP
from ledger.errors import InvalidInput

START = pd.Timestamp("2026-10-25T00:00Z")
LIMITS = pd.DataFrame([["", "Temperature", 2.0, 6.0, "CEL"]], columns=list(LIMIT))
EAGER = pipeline_of(
    [
        {"step": "missing"},
        {"step": "impossible", "parameters": {"ranges": {"Temperature": [-50, 90, "CEL"]}}},
        {"step": "duplicates"},
        {"step": "contradictions"},
        {"step": "spikes", "parameters": {"least": {"": 2.0}, "threshold": 3.0}},
        {"step": "stuck", "parameters": {"count": 3, "others_move": 0.5, "expected": 10.0}},
        {"step": "drift", "parameters": {"baseline": 3, "limit": 1.0, "least": 0.1}},
        {"step": "gaps", "parameters": {"factor": 2.0}},
    ]
)


def readings(rows: list[tuple[int, str, float]]) -> pd.DataFrame:
    full = [(START + pd.Timedelta(minutes=m), s, None, "P", "Temperature", v, "CEL") for m, s, v in rows]
    return pd.DataFrame(full, columns=list(READING)).astype({"time": TIME_DTYPE, "value": "float64"})


def judged(table: pd.DataFrame) -> pd.DataFrame:
    at = [START + pd.Timedelta(minutes=each) for each in (10, 70, 130)]
    journey = pd.DataFrame(
        [[0, "i", "e", at[0], at[1], "P", None], [1, "i", "f", at[1], at[2], "P", None]], columns=list(STEP)
    )
    journey = journey.astype({"start": TIME_DTYPE, "end": TIME_DTYPE})
    return quality_by_step(journey, table, limits=LIMITS).set_index("step")


rows = st.lists(
    st.tuples(
        st.integers(0, 28).map(lambda each: each * 5),
        st.sampled_from(["S", "T"]),
        st.sampled_from([3.0, 3.0, 3.5, 4.0, 5.9, 6.1, 30.0, -80.0, float("nan")]),
    ),
    max_size=40,
)


@settings(deadline=None, max_examples=50)
@given(rows)
def test_cleaning_makes_nothing_good(given_rows: list[tuple[int, str, float]]) -> None:
    table = readings(given_rows)
    before = table.copy()
    cleaned = clean(table, EAGER)
    pd.testing.assert_frame_equal(table, before)
    pd.testing.assert_frame_equal(cleaned.readings[list(READING)], before)
    raw, found = judged(table), judged(cleaned.readings)
    assert raw.index.tolist() == found.index.tolist()
    for step in raw.index:
        was, now = raw.loc[step], found.loc[step]
        assert now["verdict"] != "in_range" or was["verdict"] == "in_range"
        assert now["seconds_unknown"] >= was["seconds_unknown"]
        assert now["seconds"] == was["seconds"]
        for extreme in ("minimum", "maximum"):
            assert now[f"raw_{extreme}"] == was[extreme] or (np.isnan(now[f"raw_{extreme}"]) and np.isnan(was[extreme]))
        assert now["count"] + sum(n for step, n in now["flagged"].items() if step != "gaps") == was["count"]


@settings(deadline=None, max_examples=40)
@given(rows, st.randoms())
def test_order_does_not_matter(given_rows: list[tuple[int, str, float]], random: Any) -> None:
    table = readings(given_rows).drop_duplicates(["time", "sensor"])
    shuffled = table.loc[random.sample(list(table.index), len(table))]
    one, other = clean(table, EAGER), clean(shuffled, EAGER)
    pd.testing.assert_frame_equal(one.readings, other.readings.loc[table.index])
    assert one.flagged == other.flagged


def test_a_spike_beyond_the_limit_is_unknown_and_stays_in_sight() -> None:
    values = [3.0 + 0.1 * (n % 3) for n in range(27)]
    values[6] = 45.0
    table = readings([(5 * n, "S", value) for n, value in enumerate(values)])
    assert judged(table).loc[0, "verdict"] == "outside"
    found = judged(clean(table, DEFAULT).readings).loc[0]
    assert (found["verdict"], found["flagged"], found["seconds_unknown"]) == ("unknown", {"spikes": 1}, 300)
    assert (found["maximum"], found["raw_maximum"]) == (pytest.approx(3.2), 45.0)
    assert judged(clean(table, DEFAULT).readings).loc[1, "verdict"] == "in_range"


def test_the_record_says_what_each_step_saw() -> None:
    table = readings([(0, "S", 3.0), (5, "S", float("nan")), (5, "S", 4.0), (5, "S", 4.0), (10, "S", 5.0)])
    cleaned = clean(table, DEFAULT)
    assert cleaned.flagged == {"missing": 1, "duplicates": 1}
    assert [(each.step, each.rows) for each in cleaned.record][:4] == [
        ("missing", 5), ("impossible", 4), ("duplicates", 4), ("contradictions", 3),
    ]  # fmt: skip
    assert cleaned.record[0].input_digest == digest_of(table)
    for one, following in zip(cleaned.record, cleaned.record[1:], strict=False):
        assert one.output_digest == following.input_digest
    assert cleaned.readings["flag"].tolist() == [None, "missing", None, "duplicates", None]
    assert cleaned.readings["speaks"].tolist() == [True, False, True, True, True]
    assert cleaned.digest == DEFAULT.digest
    again = clean(table, DEFAULT)
    assert again.record == cleaned.record
    assert clean(table.assign(value=9.0), DEFAULT).record[0].input_digest != cleaned.record[0].input_digest


def test_a_pipeline_is_a_document_with_a_digest() -> None:
    document = json.loads(DEFAULT.canonical)
    assert pipeline_of(document) == DEFAULT
    assert hashlib.sha256(DEFAULT.canonical).hexdigest() == DEFAULT.digest
    turned = [dict(reversed(list(step.items()))) for step in document]
    assert pipeline_of(turned).digest == DEFAULT.digest
    assert (
        pipeline_of([{"step": "stuck", "parameters": {"count": 13}}]).digest != pipeline_of([{"step": "stuck"}]).digest
    )
    assert clean(readings([(0, "S", 1.0)]), pipeline_of([])).readings["speaks"].all()


@pytest.mark.parametrize(
    ("document", "said"),
    [
        ({}, "a list of steps"),
        (["stuck"], "an object with a name"),
        ([{"step": "polish"}], "unknown step 'polish'"),
        ([{"step": "stuck", "version": 7}], "no version 7"),
        ([{"step": "stuck", "parameters": {"n": 3}}], "unknown parameters of stuck"),
        ([{"step": "stuck", "parameters": {"count": 0}}], "0 does not do"),
        ([{"step": "stuck", "parameters": {"count": 2.5}}], "2.5 does not do"),
        ([{"step": "stuck", "parameters": {"count": True}}], "True does not do"),
        ([{"step": "stuck", "parameters": {"expected": float("nan")}}], "nan does not do"),
        ([{"step": "impossible", "parameters": {"ranges": {"Temperature": [1, 2]}}}], "is no range"),
        ([{"step": "impossible", "parameters": {"ranges": []}}], "is no object"),
        ([{"step": "spikes", "parameters": {"least": {"": -1}}}], "-1 does not do"),
        ([{"step": "stuck", "extra": 1}], "unknown field 'extra'"),
        ([{"step": "gaps"}, {"step": "gaps"}], "comes twice"),
    ],
)
def test_what_is_no_pipeline_is_told(document: Any, said: str) -> None:
    with pytest.raises(InvalidInput, match=said):
        pipeline_of(document)
