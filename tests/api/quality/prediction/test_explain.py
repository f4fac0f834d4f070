"""Explanations: contributions sum to the prediction minus the base; linear and brute-force references agree."""

from __future__ import annotations

from itertools import permutations
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.quality.prediction.explain import explain, permutation_importance
from api.quality.prediction.folds import grouped_folds
from api.quality.prediction.models import make_model
from api.quality.prediction.predictor import Predictor, fit
from api.quality.prediction.tabular import FeatureTable, feature_table


@pytest.fixture(scope="module")
def table(line: pd.DataFrame) -> FeatureTable:
    return feature_table(line, target="bad", group="lot", audit=["supplier", "shift"])


@pytest.fixture(scope="module")
def predictors(table: FeatureTable) -> dict[str, Predictor]:
    made: dict[str, Any] = {
        "logistic": make_model("logistic", "classification"),
        "svm": make_model("svm", "classification"),
        "gradient_boosting": make_model("gradient_boosting", "classification", n_estimators=15),
    }
    return {kind: fit(table, model, folds=3).predictor for kind, model in made.items()}


@pytest.mark.parametrize("kind", ["logistic", "svm", "gradient_boosting"])
def test_contributions_sum_to_the_prediction(table: FeatureTable, predictors: dict[str, Predictor], kind: str) -> None:
    background, X = table.X.iloc[:20], table.X.iloc[100:110]
    found = explain(predictors[kind], X, background)
    total = found.base + found.contributions.sum(axis=1).to_numpy()
    np.testing.assert_allclose(total, predictors[kind].score(X), atol=1e-9)
    assert found.base == pytest.approx(predictors[kind].score(background).mean())
    assert found.method == ("linear, exact" if kind == "logistic" else "Shapley, exact")


@settings(deadline=None, max_examples=40)
@given(seed=st.integers(0, 10_000), orders=st.integers(1, 4))
def test_sampled_contributions_sum_exactly_too(seed: int, orders: int) -> None:
    """For any function of more inputs than are enumerated, whatever few orders are drawn."""
    rng = np.random.default_rng(seed)
    weights, pairs = rng.normal(size=12), rng.normal(size=(12, 12))

    class Rough:
        def predict(self, X: pd.DataFrame) -> Any:
            x = X.to_numpy()
            return np.sin(x @ weights) + np.einsum("ri,ij,rj->r", x, pairs, x)

    columns = [f"x{number}" for number in range(12)]
    X, background = (pd.DataFrame(rng.normal(size=(size, 12)), columns=columns) for size in (3, 5))
    predictor = Predictor(Rough(), None, "regression", tuple(columns))
    found = explain(predictor, X, background, orders=orders, seed=seed)
    np.testing.assert_allclose(found.base + found.contributions.sum(axis=1), found.score, atol=1e-8)
    assert f"{2 * orders} orders" in found.method


def test_exact_values_are_those_of_the_definition() -> None:
    """The mean over all orders of what each input adds."""
    rng = np.random.default_rng(3)

    class Product:
        def predict(self, X: pd.DataFrame) -> Any:
            x = X.to_numpy()
            return x[:, 0] * x[:, 1] + np.maximum(x[:, 2], x[:, 0])

    columns = ["a", "b", "c"]
    X, background = (pd.DataFrame(rng.normal(size=(size, 3)), columns=columns) for size in (2, 7))
    found = explain(Predictor(Product(), None, "regression", tuple(columns)), X, background)
    for row in range(2):
        added = np.zeros(3)
        for order in permutations(range(3)):
            mixed = background.to_numpy().copy()
            before = Product().predict(pd.DataFrame(mixed)).mean()
            for at in order:
                mixed[:, at] = X.iloc[row, at]
                after = Product().predict(pd.DataFrame(mixed)).mean()
                added[at] += (after - before) / 6
                before = after
        np.testing.assert_allclose(found.contributions.iloc[row], added, atol=1e-12)


def test_sampling_comes_near_the_exact_values(table: FeatureTable, predictors: dict[str, Predictor]) -> None:
    from api.quality.prediction import explain as module

    predictor, X, background = predictors["svm"], table.X.iloc[:3], table.X.iloc[100:112]
    exact = explain(predictor, X, background)
    players = [np.array([at]) for at in range(X.shape[1])]
    values, error = module._sampled(predictor.score, X, background, players, 40, 0)
    assert (np.abs(values - exact.contributions.to_numpy()) <= 5 * error + 1e-9).all()


def test_an_input_that_is_not_used_moves_nothing(table: FeatureTable) -> None:
    X = table.X[["heat", "wear", "noise"]].assign(noise=0.0)
    model = make_model("gradient_boosting", "classification", n_estimators=10).fit(X, table.y)
    asked = X.assign(noise=5.0).iloc[:5]
    found = explain(Predictor(model, None, "classification", tuple(X.columns)), asked, X.iloc[:10])
    assert (found.contributions["noise"].abs() < 1e-12).all()


def test_levels_of_one_text_move_together(table: FeatureTable, predictors: dict[str, Predictor]) -> None:
    together = {"grade": ["grade=H", "grade=L", "grade=M"]}
    for kind in ("logistic", "svm"):
        found = explain(predictors[kind], table.X.iloc[:4], table.X.iloc[50:60], together=together)
        assert list(found.contributions.columns) == ["heat", "wear", "noise", "grade"]
        np.testing.assert_allclose(found.base + found.contributions.sum(axis=1), found.score, atol=1e-9)
    shown = found.row(0)
    assert shown["contribution"].abs().is_monotonic_decreasing


def test_a_missing_value_is_explained_too(table: FeatureTable, predictors: dict[str, Predictor]) -> None:
    X = table.X.iloc[:3].copy()
    X.iloc[0, 0] = np.nan
    found = explain(predictors["logistic"], X, table.X.iloc[50:60])
    np.testing.assert_allclose(found.base + found.contributions.sum(axis=1), found.score, atol=1e-9)


def test_importance_ranks_what_matters(table: FeatureTable) -> None:
    model = make_model("logistic", "classification")
    folds = grouped_folds(table.y, table.groups, folds=3, seed=0)
    fitted = [fit(table.rows(train), model, folds=3).predictor for train, _ in folds]
    found = permutation_importance(table, folds, fitted, repeats=3)
    assert found["feature"].iloc[0] == "heat"
    assert found.set_index("feature").loc["noise", "importance"] < 0.02
