"""Results as JSON can carry them."""

from __future__ import annotations

import json
from dataclasses import dataclass

import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from api.quality.plain import plain


@dataclass(frozen=True, slots=True)
class Figure:
    value: float
    at: pd.Timestamp


def test_a_result_becomes_json() -> None:
    moment = pd.Timestamp("2026-03-29T03:30:00+02:00")
    frame = pd.DataFrame({"time": [moment, pd.NaT], "value": [np.float64(1.5), np.nan]})
    found = plain({"figure": Figure(np.inf, moment), "rows": frame, "names": {"b", "a"}, 1: np.arange(2)})
    assert found == {
        "figure": {"value": None, "at": "2026-03-29T01:30:00.000Z"},
        "rows": [{"time": "2026-03-29T01:30:00.000Z", "value": 1.5}, {"time": None, "value": None}],
        "names": ["a", "b"],
        "1": [0, 1],
    }


@given(st.recursive(st.floats() | st.none() | st.booleans() | st.text(), lambda inner: st.lists(inner)))
def test_every_answer_is_strict_json(value: object) -> None:
    json.dumps(plain(value), allow_nan=False)
    assert plain(plain(value)) == plain(value)
