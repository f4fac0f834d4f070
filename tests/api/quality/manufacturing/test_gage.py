"""Gage R&R: the published study, the model's own arithmetic, intervals by simulation, and what is refused."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.quality.manufacturing.gage import ANOVA, COMPONENT, GageStudy, gage_study
from ledger.errors import InvalidInput


def study(values: np.ndarray[Any, Any], **more: float) -> GageStudy:
    """A study of parts × operators × trials, its rows in random order."""
    index = np.array(list(np.ndindex(values.shape)))
    frame = pd.DataFrame({"part": index[:, 0], "operator": index[:, 1], "value": values.ravel()})
    return gage_study(frame.sample(frac=1, random_state=1), **more)


def test_worked_example_grr_sixsigma(
    worked_example: Callable[[str], dict[str, Any]], within: Callable[[dict[str, Any], Mapping[str, Any]], None]
) -> None:
    example = worked_example("grr_sixsigma")
    given_ = example["inputs"]
    frame = pd.DataFrame({"part": given_["part"], "operator": given_["operator"], "value": given_["y"]})
    found = gage_study(frame, low=given_["LSL"], high=given_["USL"], alpha=given_["alpha_interaction"])
    assert found.interaction_pooled
    assert list(found.anova.columns) == list(ANOVA)
    assert list(found.components.columns) == list(COMPONENT)
    ss = found.anova.set_index("source")["ss"]
    parts = found.components.set_index("component")
    within(
        example,
        {
            "SS_part": ss["part"], "SS_op": ss["operator"], "SS_int": ss["interaction"], "SS_rep": ss["repeatability"],
            "SS_tot": ss["total"], "p_int": found.p_interaction, "var_repeat": parts.loc["repeatability", "variance"],
            "var_operator": parts.loc["operator", "variance"], "var_grr": parts.loc["grr", "variance"],
            "var_part": parts.loc["part", "variance"], "var_tot": parts.loc["total", "variance"],
            "pct_contrib_grr": parts.loc["grr", "contribution"], "pct_study_grr": parts.loc["grr", "study"],
            "pct_tol_grr": parts.loc["grr", "tolerance"], "ndc": found.ndc,
        },
    )  # fmt: skip


def test_against_a_general_analysis_of_variance() -> None:
    from statsmodels.formula.api import ols
    from statsmodels.stats.anova import anova_lm

    random = np.random.default_rng(3)
    values = random.normal(size=(5, 3, 2)) + 3 * random.normal(size=(5, 3, 1)) + 2 * random.normal(size=(5, 1, 1))
    found = study(values)
    assert not found.interaction_pooled
    index = np.array(list(np.ndindex(values.shape)))
    frame = pd.DataFrame({"part": index[:, 0], "operator": index[:, 1], "value": values.ravel()})
    table = anova_lm(ols("value ~ C(part) * C(operator)", frame).fit())
    np.testing.assert_allclose(found.anova["ss"].iloc[:4], table["sum_sq"], rtol=1e-9)
    assert found.p_interaction == pytest.approx(table["PR(>F)"].iloc[2])
    ms = found.anova["ms"]
    assert found.component("interaction")["variance"] == pytest.approx((ms[2] - ms[3]) / 2)
    assert found.component("part")["variance"] == pytest.approx((ms[0] - ms[2]) / 6)
    assert found.component("repeatability")["variance"] == pytest.approx(ms[3])


@given(
    st.integers(2, 5), st.integers(2, 4), st.integers(2, 4), st.integers(0, 10**6), st.floats(-5, 5), st.floats(0.1, 9)
)
@settings(max_examples=50, deadline=None)
def test_scale_and_origin_do_not_matter_and_the_parts_make_the_whole(
    parts: int, operators: int, trials: int, seed: int, origin: float, scale: float
) -> None:
    random = np.random.default_rng(seed)
    values = random.normal(size=(parts, operators, trials)) + random.normal(size=(parts, operators, 1))
    one, other = study(values, low=-9, high=9), study(origin + scale * values, low=-9 * scale, high=9 * scale)
    for name in ("contribution", "study", "tolerance"):
        np.testing.assert_allclose(one.components[name], other.components[name], rtol=1e-6, atol=1e-6)
    variance = one.components.set_index("component")["variance"]
    assert variance["grr"] + variance["part"] == pytest.approx(variance["total"])
    assert variance["repeatability"] + variance["reproducibility"] == pytest.approx(variance["grr"])
    assert one.anova["ss"].iloc[:4].sum() == pytest.approx(np.square(values - values.mean()).sum())
    bounds = one.components.dropna(subset=["low"])
    assert (bounds["low"] <= bounds["variance"] + 1e-9).all()
    assert (bounds["high"] >= 0).all()


@pytest.mark.parametrize("alpha", [1e-9, 1 - 1e-9], ids=["pooled", "not pooled"])
def test_intervals_hold_as_often_as_they_say(alpha: float) -> None:
    random, covered = np.random.default_rng(8), np.zeros(4)
    true = {"repeatability": 1.0, "operator": 0.5, "grr": 1.5, "part": 4.0}
    if alpha > 0.5:
        true["grr"] = 1.5 + 0.4
    runs = 250
    for _ in range(runs):
        values = random.normal(size=(10, 4, 3)) + np.sqrt(0.5) * random.normal(size=(1, 4, 1))
        values += 2 * random.normal(size=(10, 1, 1))
        if alpha > 0.5:
            values += np.sqrt(0.4) * random.normal(size=(10, 4, 1))
        rows = gage_components(values, alpha)
        covered += [rows.loc[name, "low"] <= value <= rows.loc[name, "high"] for name, value in true.items()]
    assert (covered / runs > 0.91).all(), covered / runs
    assert (covered / runs < 0.99).all(), covered / runs


def gage_components(values: np.ndarray[Any, Any], alpha: float) -> pd.DataFrame:
    return study(values, alpha=alpha).components.set_index("component")


def test_a_gauge_without_variation_has_no_number_of_categories() -> None:
    values = np.broadcast_to(np.arange(3.0)[:, None, None], (3, 2, 2))
    found = study(values)
    assert found.ndc is None
    assert found.component("grr")["variance"] == 0
    assert found.component("part")["contribution"] == pytest.approx(100)
    assert np.isnan(found.component("grr")["tolerance"])


def test_a_hopeless_gauge_still_has_one_category() -> None:
    assert study(np.random.default_rng(0).normal(size=(4, 3, 3))).ndc == 1


def frame(**columns: list[Any]) -> pd.DataFrame:
    base = {"part": [1, 1, 2, 2] * 2, "operator": ["a", "b"] * 4, "value": [1.0, 2, 3, 4, 5, 6, 7, 9]}
    return pd.DataFrame(base | columns)


@pytest.mark.parametrize(
    ("data", "more", "words"),
    [
        (frame().drop(columns="operator"), {}, "the study has no column operator"),
        (frame().iloc[:-1], {}, "not balanced: part 2, operator b: 1, elsewhere 2"),
        (frame(value=[1.0, None, 3, 4, 5, 6, 7, 9]), {}, "1 measurements are incomplete"),
        (frame().iloc[:4], {}, "1 trials are too few"),
        (frame(part=[1] * 8), {}, "1 parts, 2 operators"),
        (frame().iloc[:0], {}, "0 parts"),
        (frame(), {"low": 2.0, "high": 1.0}, "tolerance from 2 to 1 is empty"),
        (frame(), {"alpha": 0.0}, "fractions between 0 and 1"),
    ],
)
def test_what_is_no_crossed_study_is_refused(data: pd.DataFrame, more: dict[str, float], words: str) -> None:
    with pytest.raises(InvalidInput, match=words):
        gage_study(data, **more)
