"""Models judged on unseen groups: thresholds from training only, calibrated probabilities, intervals."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.base import clone
from sklearn.calibration import CalibratedClassifierCV
from sklearn.metrics import average_precision_score, brier_score_loss, f1_score, mean_absolute_error, recall_score

from api.quality.prediction.calibration import calibration, reliability_curve
from api.quality.prediction.evaluation import _ask, bootstrap, evaluate
from api.quality.prediction.folds import grouped_folds
from api.quality.prediction.metrics import Asked, classification_metrics, regression_metrics
from api.quality.prediction.models import MODELS, make_model
from api.quality.prediction.predictor import fit, log_odds, logistic
from api.quality.prediction.tabular import FeatureTable, feature_table
from api.quality.prediction.thresholds import best_f1_threshold, budget_threshold
from ledger.errors import InvalidInput

QUICK: dict[str, dict[str, Any]] = {
    "boosting": {"max_iter": 20},
    "gradient_boosting": {"n_estimators": 20},
    "random_forest": {"n_estimators": 20},
    "neural_net": {
        "hidden_layer_sizes": (8,),
        "solver": "lbfgs",
        "alpha": 1.0,
        "early_stopping": False,
        "max_iter": 2000,
    },
}


@pytest.fixture(scope="module")
def table(line: pd.DataFrame) -> FeatureTable:
    return feature_table(line, target="bad", group="lot", audit=["supplier", "shift"])


@pytest.fixture(scope="module")
def graded(line: pd.DataFrame) -> FeatureTable:
    rng = np.random.default_rng(5)
    score = line["heat"] * 2 + line["wear"] + rng.normal(0, 0.5, len(line))
    return feature_table(line.assign(bad=score), target="bad", group="lot", features=["heat", "wear", "noise"])


@pytest.mark.parametrize("kind", list(MODELS["classification"]))
def test_every_classifier_learns_and_is_calibrated(table: FeatureTable, kind: str) -> None:
    fitted = fit(table, make_model(kind, "classification", **QUICK.get(kind, {})), folds=3)
    p = fitted.predictor.predict(table.X)
    assert ((p >= 0) & (p <= 1)).all()
    assert average_precision_score(table.y, fitted.out_of_fold) > 0.6
    assert abs(fitted.out_of_fold.mean() - table.y.mean()) < 0.02
    np.testing.assert_allclose(logistic(fitted.predictor.score(table.X)), p, atol=1e-12)
    with pytest.raises(InvalidInput, match="columns are not those"):
        fitted.predictor.predict(table.X.iloc[:, ::-1])


@pytest.mark.parametrize("kind", list(MODELS["regression"]))
def test_every_regression_learns(graded: FeatureTable, kind: str) -> None:
    fitted = fit(graded, make_model(kind, "regression", **QUICK.get(kind, {})), folds=3)
    assert np.corrcoef(graded.y, fitted.out_of_fold)[0, 1] > 0.85


@pytest.mark.parametrize("kind", ["logistic", "svm", "neural_net", "boosting", "gradient_boosting"])
def test_missing_inputs_are_taken(table: FeatureTable, kind: str) -> None:
    X = table.X.copy()
    X.loc[::7, "heat"] = np.nan
    model = make_model(kind, "classification", **QUICK.get(kind, {})).fit(X, table.y)
    assert len(model.predict(X)) == len(X)


def test_unknown_models_and_parameters_are_refused() -> None:
    with pytest.raises(InvalidInput, match="no model 'oracle'"):
        make_model("oracle", "classification")
    with pytest.raises(InvalidInput, match="depth_of_field"):
        make_model("boosting", "classification", depth_of_field=3)


def test_calibration_agrees_with_scikit_learn(table: FeatureTable) -> None:
    """Its sigmoid smooths the targets (Platt), ours does not; with 600 rows they differ in the third decimal."""
    model = make_model("svm", "classification")
    folds = grouped_folds(table.y, table.groups, folds=3, seed=0)
    theirs = CalibratedClassifierCV(estimator=clone(model), method="sigmoid", cv=folds, ensemble=False)
    theirs.fit(table.X, table.y)
    ours = fit(table, model, folds=3, seed=0)
    np.testing.assert_allclose(ours.predictor.predict(table.X), theirs.predict_proba(table.X)[:, 1], atol=0.02)


def test_isotonic_and_no_calibration(table: FeatureTable) -> None:
    model = make_model("boosting", "classification", max_iter=30)
    raw = fit(table, model, folds=3, calibration="none")
    bent = fit(table, model, folds=3, calibration="isotonic")
    assert calibration(table.y, bent.out_of_fold).brier <= calibration(table.y, raw.out_of_fold).brier
    assert ((bent.predictor.predict(table.X) >= 0) & (bent.predictor.predict(table.X) <= 1)).all()
    with pytest.raises(InvalidInput, match="no calibration 'magic'"):
        fit(table, model, calibration="magic")


def test_thresholds_are_chosen_on_training_rows_only(table: FeatureTable) -> None:
    """Changing the outcomes of one test fold changes no prediction and no alarm there."""
    made = evaluate(table, lambda seed: make_model("logistic", "classification"), folds=4, repeats=1, draws=5)
    folds = grouped_folds(table.y, table.groups, folds=4, seed=0)
    _, test = folds[-1]
    turned = table.y.copy()
    turned[test] = 1 - turned[test]
    options = {"calibration": "sigmoid", "folds": 3, "seed": 0}
    other = _ask(replace(table, y=turned), make_model("logistic", "classification"), folds[-1:], test, 0.05, options)
    np.testing.assert_array_equal(other.predicted, made.asked[0].predicted[test])
    np.testing.assert_array_equal(other.alarm, made.asked[0].alarm[test])


def test_blocks_of_time_are_asked_of_what_came_before(line: pd.DataFrame) -> None:
    """A cause that turns round half-way: shuffled folds have seen both ways, yesterday's model has not."""
    rng = np.random.default_rng(0)
    begun = pd.Timestamp("2026-05-01T00:00:00Z")
    cause = rng.normal(size=600)
    frame = pd.DataFrame({"x": cause, "time": begun + pd.to_timedelta(np.arange(600), unit="h")})
    frame["late"] = (np.arange(600) >= 300).astype(int)
    frame["bad"] = (cause * np.where(frame["late"] == 1, -1, 1) + rng.normal(0, 0.3, 600) > 0).astype(int)
    table = feature_table(frame, target="bad", time="time", groups=np.arange(600) // 5)

    def made(seed: int) -> Any:
        return make_model("gradient_boosting", "classification", seed=seed, n_estimators=20)

    forward = evaluate(table, made, folds=3, repeats=1, by_time=True, draws=20)
    shuffled = evaluate(table, made, folds=3, repeats=1, draws=20)
    assert len(forward.rows) == 450
    assert forward.metric("roc_auc")["mean"] < 0.85 < shuffled.metric("roc_auc")["mean"]
    with pytest.raises(InvalidInput, match="no time"):
        evaluate(replace(table, time=None), made, by_time=True)


def test_evaluation_shows_both_kinds_of_doubt(table: FeatureTable) -> None:
    found = evaluate(
        table, lambda seed: make_model("logistic", "classification", random_state=seed), repeats=3, draws=80
    )
    assert list(found.metrics.columns) == ["metric", "mean", "sd", "least", "most", "low", "high"]
    for name in ("pr_auc", "f1", "brier"):
        row = found.metric(name)
        assert row["low"] < row["mean"] < row["high"]
        assert row["least"] <= row["mean"] <= row["most"]
        assert row["high"] - row["low"] > row["most"] - row["least"]
    assert found.metric("alarm_rate_at_budget")["mean"] == pytest.approx(0.05, abs=0.02)
    assert found.calibration is not None
    assert found.calibration.slope == pytest.approx(1, abs=0.25)
    assert found.calibration.intercept == pytest.approx(0, abs=0.25)


def test_a_regression_is_evaluated_too(graded: FeatureTable) -> None:
    found = evaluate(graded, lambda seed: make_model("linear", "regression"), repeats=2, draws=50)
    assert found.metric("r2")["mean"] > 0.9
    assert found.calibration is None


def test_neighbours_flatter_a_model_that_grouping_does_not() -> None:
    """Rows of a lot share a hidden cause: with lots split over folds it seems learnable, with whole lots it is not."""
    rng = np.random.default_rng(2)
    lot = np.repeat(np.arange(60), 12)
    hidden = rng.random(60) < 0.4
    X = pd.DataFrame({"a": rng.normal(size=60)[lot], "b": rng.normal(size=60)[lot]})
    X += rng.normal(0, 1e-3, X.shape)
    frame = X.assign(bad=hidden[lot].astype(int), lot=lot)

    def model(seed: int) -> Any:
        return make_model("random_forest", "classification", seed=seed, n_estimators=30)

    honest = feature_table(frame, target="bad", group="lot")
    naive = feature_table(frame.drop(columns="lot"), target="bad")
    assert evaluate(naive, model, repeats=1, draws=5).metric("roc_auc")["mean"] > 0.99
    assert evaluate(honest, model, repeats=1, draws=5).metric("roc_auc")["mean"] < 0.75


probabilities = st.lists(st.tuples(st.booleans(), st.integers(0, 20)), min_size=2, max_size=60)


@settings(deadline=None, max_examples=80)
@given(probabilities)
def test_best_f1_threshold_is_the_best(rows: list[tuple[bool, int]]) -> None:
    y, p = np.array([row[0] for row in rows]), np.array([row[1] / 20 for row in rows])
    at = best_f1_threshold(y, p)
    if not y.any():
        assert at == 1.0
        return
    best = max(f1_score(y, p >= each) for each in p)
    assert f1_score(y, p >= at) == pytest.approx(best)


@settings(deadline=None, max_examples=100)
@given(st.lists(st.integers(0, 10), min_size=1, max_size=60), st.floats(0, 1))
def test_a_budget_is_kept_and_used(values: list[int], budget: float) -> None:
    p = np.array(values) / 10
    at = budget_threshold(p, budget)
    assert (p >= at).mean() <= budget + 1e-9
    lower = p[p < at]
    if lower.size and at > 0:
        assert (p >= lower.max()).sum() > np.floor(budget * len(p) + 1e-9)


@settings(deadline=None, max_examples=60)
@given(st.lists(st.tuples(st.booleans(), st.floats(0, 1), st.integers(0, 3)), min_size=3, max_size=40))
def test_metrics_agree_with_scikit_learn(rows: list[tuple[bool, float, int]]) -> None:
    """And a row of weight two counts as two rows."""
    y = np.array([float(row[0]) for row in rows])
    p = np.array([round(row[1], 2) for row in rows])
    times = np.array([row[2] for row in rows])
    asked = Asked(y, p, p >= 0.5, p >= 0.8)
    again = np.repeat(np.arange(len(y)), times)
    found = classification_metrics(asked, times.astype(float))
    if not y[again].any() or y[again].all():
        return
    assert found["f1"] == pytest.approx(f1_score(y[again], p[again] >= 0.5, zero_division=0))
    assert found["recall_at_budget"] == pytest.approx(recall_score(y[again], p[again] >= 0.8))
    assert found["pr_auc"] == pytest.approx(average_precision_score(y[again], p[again]))
    assert found["brier"] == pytest.approx(brier_score_loss(y[again], p[again]))
    regression = regression_metrics(asked, times.astype(float))
    assert regression["mad"] == pytest.approx(mean_absolute_error(y[again], p[again]))


def test_bootstrap_draws_whole_groups() -> None:
    y = np.repeat([0.0, 1.0], 50)
    asked = Asked(y, y, y == 1, y == 1)
    drawn = bootstrap([asked], np.repeat([0, 1], 50), classification_metrics, draws=100)
    assert set(drawn["alarm_rate_at_budget"].round(6)) == {0.0, 0.5, 1.0}


def test_reliability_is_that_of_the_definition() -> None:
    p = np.array([0.1, 0.1, 0.1, 0.1, 0.9, 0.9])
    y = np.array([0, 0, 0, 1, 1, 1])
    curve = reliability_curve(y, p, bins=10)
    assert curve["count"].tolist() == [4, 2]
    assert curve["observed"].tolist() == [0.25, 1.0]
    found = calibration(y, p)
    assert found.brier == pytest.approx(np.mean((p - y) ** 2))
    assert found.expected_error == pytest.approx((4 * 0.15 + 2 * 0.1) / 6)


@settings(deadline=None, max_examples=200)
@given(st.floats(-13, 13))
def test_log_odds_and_back(score: float) -> None:
    assert log_odds(logistic(score)) == pytest.approx(score, abs=1e-6)
