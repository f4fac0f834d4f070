"""Scorecards: shrinkage against its definition, groups that are honest, and unknown that counts for nobody."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import special, stats

from api.quality.manufacturing.calibration import calibration_at, calibration_state
from api.quality.manufacturing.shrinkage import BetaPrior, Posterior, beta_prior, indistinguishable, posterior
from api.quality.manufacturing.suppliers import COMPARISON, SHARE, scorecards
from ledger.errors import InvalidDocument

NOW = pd.Timestamp("2026-06-30T00:00Z")
_UNKNOWN = {"received": None, "due": None, "units": None, "nonconforming": None, "accepted": None, "coa_agrees": None}


def deliveries(*rows: dict[str, Any]) -> pd.DataFrame:
    frame = pd.DataFrame([{"lot": f"l{at}"} | _UNKNOWN | row for at, row in enumerate(rows)])
    for name in ("received", "due"):
        frame[name] = pd.to_datetime(frame[name], utc=True).astype("datetime64[us, UTC]")
    return frame


def test_a_small_supplier_is_drawn_towards_what_is_usual() -> None:
    rows = [{"supplier": f"s{at}", "units": 10_000, "nonconforming": 80 + 10 * (at % 5)} for at in range(10)]
    found = scorecards(deliveries(*rows, {"supplier": "small", "units": 20, "nonconforming": 1}), now=NOW)
    assert list(found.shares.columns) == list(SHARE)
    shares = found.shares[found.shares["measure"] == "nonconforming"].set_index("supplier")
    assert shares.loc["small", "value"] == 0.05
    assert shares.loc["small", "usual"] < 0.015
    assert shares.loc["s0", "usual"] == pytest.approx(0.008, rel=0.15)
    assert (shares["usual_low"] < shares["usual"]).all()
    assert shares.loc["small", "high"] > 0.2


def test_who_cannot_be_told_apart_shares_a_letter() -> None:
    rows = [
        {"supplier": "clean", "units": 50_000, "nonconforming": 50},
        {"supplier": "tidy", "units": 50_000, "nonconforming": 55},
        {"supplier": "few", "units": 60, "nonconforming": 0},
        {"supplier": "poor", "units": 50_000, "nonconforming": 900},
    ]
    found = scorecards(deliveries(*rows), now=NOW)
    group = found.shares[found.shares["measure"] == "nonconforming"].set_index("supplier")["group"]
    assert set(group["clean"].split()) & set(group["tidy"].split())
    assert not set(group["clean"].split()) & set(group["poor"].split())
    assert list(found.comparisons.columns) == list(COMPARISON)
    pairs = found.comparisons.set_index(["supplier", "other"])["probability_better"]
    assert pairs["clean", "poor"] > 0.999
    assert 0.5 < pairs["clean", "tidy"] < 0.95
    assert pairs["poor", "tidy"] < 0.001


def test_more_accepted_lots_are_better() -> None:
    rows = [{"supplier": "a", "accepted": True}] * 60 + [{"supplier": "b", "accepted": at % 2 == 0} for at in range(60)]
    found = scorecards(deliveries(*rows), now=NOW)
    assert found.comparisons["probability_better"].tolist() == pytest.approx([1], abs=2e-3)


def test_what_nobody_knows_counts_for_nobody() -> None:
    rows = [
        {"supplier": "a", "units": 10, "nonconforming": 0, "received": "2026-06-02", "due": "2026-06-03"},
        {"supplier": "a", "received": "2026-06-04", "due": "2026-06-03", "coa_agrees": False},
        {"supplier": "b", "units": 10, "received": "2026-06-02"},
    ]
    shares = scorecards(deliveries(*rows), now=NOW).shares.set_index(["supplier", "measure"])
    assert shares.loc["a", "trials"].tolist() == [10, 0, 2, 1]
    assert shares.loc["a", "count"].tolist() == [0, 0, 1, 0]
    assert shares.loc["b", "trials"].tolist() == [0, 0, 0, 0]
    assert shares.loc["b", ["value", "low", "usual"]].isna().all(axis=None)
    assert shares.loc["b", "group"].tolist() == [""] * 4


def test_the_age_of_corrective_actions() -> None:
    actions = pd.DataFrame(
        {
            "supplier": ["a", "a", "a", "c"],
            "opened": pd.to_datetime(["2026-06-20", "2026-06-26", "2026-06-01", "2026-06-29"], utc=True),
            "closed": pd.to_datetime([None, None, "2026-06-08", None], utc=True),
        }
    )
    ages = scorecards(deliveries({"supplier": "b"}), actions, now=NOW).actions.set_index("supplier")
    assert ages.loc["a"].tolist() == [2, 10, 7, 1, 7]
    assert ages.loc["b", "open"] == 0
    assert np.isnan(ages.loc["b", "oldest_days"])
    assert ages.loc["c", "oldest_days"] == 1


def test_impossible_counts_are_refused() -> None:
    with pytest.raises(InvalidDocument, match="lot l0 of a: its counts are not possible"):
        scorecards(deliveries({"supplier": "a", "units": 5, "nonconforming": 6}), now=NOW)


def test_the_prior_is_found_again() -> None:
    random = np.random.default_rng(1)
    trials = random.integers(20, 400, size=400)
    counts = random.binomial(trials, random.beta(2, 38, size=400))
    prior = beta_prior(counts, trials)
    assert prior.alpha / (prior.alpha + prior.beta) == pytest.approx(0.05, rel=0.1)
    assert prior.alpha + prior.beta == pytest.approx(40, rel=0.3)


def test_shrunken_intervals_hold_and_lie_closer() -> None:
    random = np.random.default_rng(2)
    true = random.beta(3, 60, size=300)
    trials = random.integers(10, 120, size=300)
    counts = random.binomial(trials, true)
    after = posterior(counts, trials, beta_prior(counts, trials))
    low, high = after.interval()
    assert np.mean((low <= true) & (true <= high)) == pytest.approx(0.95, abs=0.035)
    assert np.square(after.mean - true).mean() < 0.7 * np.square(counts / trials - true).mean()


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 300)), min_size=1, max_size=8))
@settings(max_examples=30, deadline=None)
def test_any_counts_have_a_usual_share_between_none_and_all(drawn: list[tuple[int, int]]) -> None:
    counts, trials = np.array([k for k, _ in drawn]), np.array([k + more for k, more in drawn])
    prior = beta_prior(counts, trials)
    assert prior.alpha > 0
    assert prior.beta > 0
    after = posterior(counts, trials, prior)
    lower = after.probability_lower()
    np.testing.assert_allclose(lower + lower.T, 1, atol=1e-9)
    letters = indistinguishable(after.mean, lower)
    assert all(letters)
    for i, one in enumerate(letters):
        for j, other in enumerate(letters):
            if set(one.split()) & set(other.split()) and i != j:
                assert max(lower[i, j], lower[j, i]) < 0.95


def test_the_probability_is_that_of_the_two_distributions() -> None:
    after = posterior([3, 12], [100, 150], BetaPrior(1, 20))
    one, other = (stats.beta(after.alpha[at], after.beta[at]).rvs(200_000, random_state=at) for at in (0, 1))
    assert after.probability_lower()[0, 1] == pytest.approx(np.mean(one < other), abs=0.005)


def test_calibration_is_overdue_soon_valid_or_unknown() -> None:
    due = pd.to_datetime(["2026-06-29", "2026-07-10", "2026-12-01", None, "2026-06-30"], utc=True)
    equipment = pd.DataFrame(
        {"equipment": list("abcde"), "name": "", "kind": "sensor", "calibrated": pd.Timestamp("2026-01-01T00:00Z"),
         "calibration_due": due}
    )  # fmt: skip
    found = calibration_state(equipment, NOW)
    assert dict(zip(found["equipment"], found["state"], strict=True)) == {
        "a": "overdue", "e": "overdue", "d": "unknown", "b": "due_soon", "c": "valid",
    }  # fmt: skip
    assert found["equipment"].tolist() == ["a", "e", "d", "b", "c"]
    times = pd.to_datetime(["2025-12-31", "2026-06-01", "2026-06-29", "2026-06-01", "2026-06-01"], utc=True)
    readings = pd.DataFrame({"time": times, "sensor": ["a", "a", "a", "d", "x"]})
    assert calibration_at(readings, equipment).tolist() == ["unknown", "valid", "expired", "unknown", "unknown"]


@given(st.lists(st.tuples(st.floats(0.5, 3000), st.floats(0.5, 3000)), min_size=2, max_size=4))
@settings(max_examples=25, deadline=None)
def test_the_probabilities_are_those_of_a_fine_quadrature(drawn: list[tuple[float, float]]) -> None:
    alpha, beta = np.array(drawn).T
    found = Posterior(alpha, beta).probability_lower()
    nodes, weights = np.polynomial.legendre.leggauss(200)
    for i, j in itertools.combinations(range(len(drawn)), 2):
        of_j = special.betaincinv(alpha[j], beta[j], (nodes + 1) / 2)
        expected = special.betainc(alpha[i], beta[i], of_j) @ weights / 2
        assert found[i, j] == pytest.approx(expected, abs=2e-3)
        assert found[i, j] + found[j, i] == pytest.approx(1)
