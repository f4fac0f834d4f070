"""Attribute agreement against statsmodels's kappa, and on studies whose answer is known."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from statsmodels.stats.inter_rater import aggregate_raters
from statsmodels.stats.inter_rater import fleiss_kappa as reference

from api.quality.manufacturing.agreement import attribute_agreement, fleiss_kappa
from ledger.errors import InvalidInput


def test_kappa_is_the_library_s() -> None:
    random = np.random.default_rng(2)
    for raters in (2, 3, 6):
        ratings = random.integers(0, 3, size=(40, raters))
        ratings[:20] = ratings[:20, :1]
        assert fleiss_kappa(ratings) == pytest.approx(reference(aggregate_raters(ratings)[0]))


def ratings(**columns: list[object]) -> pd.DataFrame:
    base = {"part": [1, 1, 1, 1, 2, 2, 2, 2], "operator": list("aabb") * 2, "rating": list("gggg") + list("bbbg")}
    return pd.DataFrame(base | columns)


def test_who_agrees_with_whom() -> None:
    found = attribute_agreement(ratings(standard=list("ggggbbbb")))
    table = found.table.set_index(["scope", "operator"])
    assert (found.parts, found.operators, found.trials) == (2, 2, 2)
    assert table.loc[("within", "a"), ["agreed", "kappa"]].tolist() == [2, pytest.approx(1.0)]
    assert table.loc[("within", "b"), "percent"] == 50
    assert table.loc[("standard", "a"), "kappa"] == pytest.approx(1.0)
    assert table.loc[("standard", "b"), "kappa"] < 1
    every = found.table.set_index("scope")
    assert every.loc[["between", "all_standard"], "agreed"].tolist() == [1, 1]
    assert (found.table["low"] <= found.table["percent"]).all()
    assert (found.table["high"] >= found.table["percent"]).all()


def test_always_the_same_answer_is_no_agreement_beyond_chance() -> None:
    found = attribute_agreement(ratings(rating=["g"] * 8))
    assert found.table["percent"].tolist() == [100.0] * 3
    assert found.table["kappa"].isna().all()


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (ratings().drop(columns="rating"), "no column rating"),
        (ratings().iloc[:-1], "not balanced"),
        (ratings(rating=[None, *"gggbbbg"]), "ratings are missing"),
        (ratings(standard=list("gbggbbbb")), "a part has two standards"),
        (ratings().iloc[:0], "ratings are missing"),
    ],
)
def test_what_is_no_agreement_study_is_refused(data: pd.DataFrame, words: str) -> None:
    with pytest.raises(InvalidInput, match=words):
        attribute_agreement(data)
