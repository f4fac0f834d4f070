"""Published data sets, in the small: what `scripts/bench/prediction.py` measures whole."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import numpy as np
import pandas as pd
import pytest

from api.quality.prediction.evaluation import evaluate
from api.quality.prediction.models import make_model
from api.quality.prediction.tabular import feature_table

ROOT = Path(__file__).parents[4]


@pytest.fixture(scope="module")
def bench() -> ModuleType:
    spec = importlib.util.spec_from_file_location("bench_prediction", ROOT / "scripts/bench/prediction.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def sets(shared: Path) -> Path:
    return shared / "quality" / "sets"


def test_failures_are_told_by_physics(bench: ModuleType, sets: Path) -> None:
    """A third of AI4I 2020: physics beats raw columns, and no mode column is among the features."""
    frame = bench.ai4i_frame(sets).iloc[:3500]
    found = {}
    for physics in (False, True):
        table = bench.ai4i_table(frame, physics=physics, strain=physics)
        assert not set(table.features) & set(bench.MODES)
        model = {"n_estimators": 60, "min_samples_leaf": 20}
        found[physics] = evaluate(
            table,
            lambda seed, m=model: make_model("gradient_boosting", "classification", seed=seed, **m),
            folds=3,
            inner_folds=2,
            repeats=1,
            draws=20,
        ).metric("pr_auc")["mean"]
    assert found[True] > 0.8 > found[False]


def test_duplicates_flatter_a_forest(sets: Path) -> None:
    """Red wine: with its 240 duplicates on both sides of a split the forest seems better than it is."""
    frame = pd.read_csv(sets / "winequality-red.csv")
    inputs = [name for name in frame.columns if name != "quality"]
    model = make_model("random_forest", "regression", n_estimators=40)

    def r2(rows: pd.DataFrame, *, grouped: bool) -> float:
        table = feature_table(
            rows,
            target="quality",
            features=inputs,
            task="regression",
            groups=np.arange(len(rows)),
            join_duplicates=grouped,
        )
        if grouped:
            return evaluate(table, lambda seed: model, repeats=1, draws=5).metric("r2")["mean"]
        shuffled = np.random.default_rng(0).permutation(len(rows))
        predicted = np.empty(len(rows))
        for test in np.array_split(shuffled, 5):
            train = np.setdiff1d(shuffled, test)
            predicted[test] = model.fit(table.X.iloc[train], table.y[train]).predict(table.X.iloc[test])
        return float(1 - ((predicted - table.y) ** 2).sum() / ((table.y - table.y.mean()) ** 2).sum())

    assert r2(frame, grouped=False) > r2(frame.drop_duplicates(), grouped=True) + 0.05


def test_remaining_life_from_the_way_since_the_start(bench: ModuleType, sets: Path) -> None:
    """60 of the 100 engines of C-MAPSS FD001 are enough for an error on the test engines below 16.18 cycles."""
    lines = {name: text for name, text, _ in bench.cmapss(sets, 1, 60)}
    [test] = [text for name, text in lines.items() if "test engines" in name]
    assert float(test.split()[1]) < 16.18
