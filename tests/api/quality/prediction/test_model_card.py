"""The card, its digests, and models kept on disk: bound to each other, refused when altered or a stranger's."""

from __future__ import annotations

import json
import pickle
from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import rfc8785
import skops.io
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.pipeline import FunctionTransformer, Pipeline

from api.quality.prediction import safekeeping
from api.quality.prediction.digests import input_digest, ni_uri, table_digest
from api.quality.prediction.model_card import make_card, read_card
from api.quality.prediction.models import MODELS, make_model
from api.quality.prediction.predictions import explanation, predict
from api.quality.prediction.predictor import fit
from api.quality.prediction.safekeeping import ALLOWED, load, load_card, pack, save, unpack
from api.quality.prediction.tabular import FeatureTable, feature_table
from api.quality.prediction.training import Recipe, Trained, train
from ledger.errors import InvalidInput

SMALL = {"folds": 3, "repeats": 2}
FEW = {
    "boosting": {"max_iter": 10},
    "gradient_boosting": {"n_estimators": 10},
    "random_forest": {"n_estimators": 10},
    "neural_net": {"solver": "lbfgs", "hidden_layer_sizes": [4], "alpha": 1.0, "early_stopping": False},
}


@pytest.fixture(scope="module")
def table(line: pd.DataFrame) -> FeatureTable:
    return feature_table(line, target="bad", group="lot", audit=["supplier", "shift"])


@pytest.fixture(scope="module")
def trained(line: pd.DataFrame, table: FeatureTable) -> Trained:
    recipe = Recipe("logistic", {}, name="Bad goods", version="3", intended_use="to look twice", **SMALL)
    return train(table, line, recipe, beside=["svm"])


def test_the_card_says_what_was_done(line: pd.DataFrame, trained: Trained) -> None:
    card = trained.kept.card
    content = card.content
    assert card.data == rfc8785.dumps(json.loads(card.data))
    assert content["name"] == "Bad goods"
    assert content["split"]["group"] == "lot"
    assert content["data"]["sha256"] == table_digest(line)
    assert content["data"]["groups"] == 60
    assert content["model"]["sha256"] == sha256(trained.file).hexdigest()
    assert content["model"]["uri"] == ni_uri(card.model_sha256)
    assert {row["metric"] for row in content["metrics"]} >= {"pr_auc", "f1", "recall_at_budget", "brier"}
    assert all(row["low"] <= row["mean"] <= row["high"] for row in content["metrics"])
    assert content["beside"][0]["kind"] == "svm"
    assert {row["by"] for row in content["error_rates"]} == {"supplier", "shift"}
    assert 0 < content["threshold"] < 1
    assert content["libraries"]["scikit-learn"].startswith("1.9")
    assert card.uri == ni_uri(sha256(card.data).hexdigest())


def test_predictions_are_the_same_after_keeping(line: pd.DataFrame, trained: Trained, tmp_path: Path) -> None:
    trained.save(tmp_path / "model")
    kept = load(tmp_path / "model")
    assert kept.card == trained.kept.card
    found, before = predict(kept, line), predict(trained.kept, line)
    pd.testing.assert_frame_equal(found, before)
    assert (found["alarm"] == (found["predicted"] >= kept.card.content["threshold"])).all()
    moved = explanation(kept, line.iloc[:5])
    assert list(moved.contributions.columns) == ["heat", "wear", "noise", "grade"]
    np.testing.assert_allclose(moved.base + moved.contributions.sum(axis=1), moved.score, atol=1e-9)


@pytest.mark.parametrize(
    ("task", "kind", "calibration"),
    [("classification", kind, how) for kind in MODELS["classification"] for how in ("sigmoid", "isotonic")]
    + [("regression", kind, "sigmoid") for kind in MODELS["regression"]],
)
def test_every_model_is_kept_in_listed_types(table: FeatureTable, task: str, kind: str, calibration: str) -> None:
    own = table if task == "classification" else replace(table, task="regression", y=table.X["heat"].to_numpy() * 2.0)
    X = own.X.drop(columns="heat") if task == "regression" else own.X
    own = replace(own, X=X)
    fitted = fit(own, make_model(kind, task, **FEW.get(kind, {})), folds=3, calibration=calibration)
    data = pack(fitted.predictor, X.iloc[:5])
    card = make_card(_content(data, fitted.predictor.columns, task))
    kept = unpack(data, card)
    np.testing.assert_allclose(kept.predictor.predict(X), fitted.predictor.predict(X), rtol=1e-12)


def _content(data: bytes, columns: tuple[str, ...], task: str = "classification") -> dict[str, object]:
    return {
        "name": "n",
        "version": "1",
        "task": task,
        "target": "bad",
        "features": list(columns),
        "columns": list(columns),
        "levels": {},
        "limits": "",
        "data": {"sha256": "0" * 64, "rows": 1, "groups": 1},
        "split": {"kind": "none", "group": "", "folds": 2, "repeats": 1},
        "model": {"kind": "k", "sha256": sha256(data).hexdigest()},
        "metrics": [],
        "beside": [],
        "importance": [],
        "error_rates": [],
        "classes": ["0", "1"] if task == "classification" else [],
        "threshold": 0.5 if task == "classification" else None,
    }


def test_an_altered_file_is_refused(trained: Trained, tmp_path: Path) -> None:
    trained.save(tmp_path)
    path = tmp_path / "model.skops"
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    with pytest.raises(InvalidInput, match="the model file has SHA-256"):
        load(tmp_path)


def test_a_card_altered_to_fit_is_another_card(trained: Trained, tmp_path: Path) -> None:
    """Who rewrites the card for another model changes its hash, which the chain has."""
    other = make_card({**trained.kept.card.content, "version": "4"})
    assert other.sha256 != trained.kept.card.sha256
    trained.save(tmp_path)
    (tmp_path / "card.json").write_bytes(trained.kept.card.data.replace(b'"version":"3"', b'"version": "3"'))
    with pytest.raises(InvalidInput, match=r"no model card.*canonical"):
        load_card(tmp_path)


class _Opens:
    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[Callable[..., object], tuple[str, str]]:
        return open, (str(self.path), "w")


def _pickle(tmp_path: Path) -> bytes:
    return pickle.dumps(_Opens(tmp_path / "harm"))


def _strange_type(tmp_path: Path) -> bytes:
    return bytes(skops.io.dumps({"estimator": Pipeline([("run", FunctionTransformer(func=exec))])}))


def _strange_object(tmp_path: Path) -> bytes:
    return bytes(skops.io.dumps({"estimator": _Opens(tmp_path / "harm")}))


def _not_a_model(tmp_path: Path) -> bytes:
    return bytes(skops.io.dumps({"estimator": [1, 2], "calibrator": None}))


@pytest.mark.parametrize(
    "forge", [_pickle, _strange_type, _strange_object, _not_a_model, lambda _: b"", lambda _: b"PK"]
)
def test_a_strangers_file_is_refused_and_runs_nothing(forge: Callable[[Path], bytes], tmp_path: Path) -> None:
    """Even with a card that was made for it."""
    data = forge(tmp_path)
    card = make_card(_content(data, ("a",)))
    (tmp_path / "model.skops").write_bytes(data)
    (tmp_path / "card.json").write_bytes(card.data)
    with pytest.raises(InvalidInput):
        load(tmp_path)
    assert not (tmp_path / "harm").exists()


@pytest.mark.parametrize(
    ("member", "value"),
    [
        ("limits", None),
        ("beside", [{"kind": "svm"}]),
        ("metrics", [1]),
        ("importance", [{"feature": "heat"}]),
        ("error_rates", None),
        ("classes", ["good"]),
        ("threshold", True),
        ("features", [1]),
        ("levels", {"grade": 5}),
        ("split", {}),
        ("data", {"sha256": "0" * 64}),
        ("model", {"kind": "k", "sha256": "0" * 63}),
        ("name", "x" * 2000),
        ("task", "wishing"),
    ],
)
def test_a_strangers_card_is_refused_before_anything_reads_it(trained: Trained, member: str, value: object) -> None:
    content = {**trained.kept.card.content, member: value}
    with pytest.raises(InvalidInput, match=f"its member {member}.* is missing or wrong"):
        read_card(rfc8785.dumps(content))
    del content[member]
    with pytest.raises(InvalidInput, match=f"its member {member} is missing or wrong"):
        read_card(rfc8785.dumps(content))


def test_a_model_that_cannot_predict_its_own_rows_is_refused(table: FeatureTable, trained: Trained) -> None:
    columns = trained.kept.predictor.columns
    narrow = fit(replace(table, X=table.X[["heat"]]), make_model("logistic", "classification"), folds=3).predictor
    data = pack(replace(narrow, columns=columns), trained.kept.background)
    with pytest.raises(InvalidInput, match="no model file"):
        unpack(data, make_card(_content(data, columns)))


def test_what_is_known_counts_inputs_not_columns(trained: Trained) -> None:
    asked = pd.DataFrame({"heat": [1.0], "wear": [0.5], "noise": [0.0], "grade": [None]})
    assert predict(trained.kept, asked)["known"].tolist() == [0.75]


def test_what_would_be_refused_is_not_written(table: FeatureTable, trained: Trained, tmp_path: Path) -> None:
    strange = replace(trained.kept.predictor, estimator=Pipeline([("run", FunctionTransformer(func=print))]))
    with pytest.raises(InvalidInput, match="the model file contains"):
        pack(strange, table.X.iloc[:2])
    with pytest.raises(InvalidInput, match="the model file has SHA-256"):
        save(tmp_path / "other", trained.kept.card, b"another")
    assert not (tmp_path / "other").exists()


def test_a_bomb_is_refused(monkeypatch: pytest.MonkeyPatch, trained: Trained) -> None:
    monkeypatch.setattr(safekeeping, "_MOST_BYTES", 1000)
    with pytest.raises(InvalidInput, match="unpacks to"):
        unpack(trained.file, trained.kept.card)


def test_allowed_types_only_hold_numbers() -> None:
    """Nothing that calls, imports, opens or evaluates belongs there."""
    assert all(name.split(".")[0] in ("numpy", "sklearn") for name in ALLOWED)


@pytest.mark.parametrize("data", [b"", b"[]", b"{}", b'{"form":"lotmark:model-card:v1"}', b"\xff", b'{"a":1,"a":1}'])
def test_what_is_no_card_is_refused(data: bytes) -> None:
    with pytest.raises(InvalidInput, match="no model card"):
        read_card(data)


def test_a_folder_without_a_model_is_told(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="cannot be read") as refused:
        load(tmp_path)
    assert "card.json" in refused.value.problem.where


cells = (
    st.none() | st.booleans() | st.integers(-5, 5) | st.floats(-3, 3).map(lambda x: round(x, 1)) | st.text(max_size=2)
)


@settings(deadline=None, max_examples=80)
@given(st.lists(st.tuples(cells, cells), min_size=1, max_size=8), st.randoms(use_true_random=False))
def test_a_tables_digest_is_that_of_its_content(rows: list[tuple[object, object]], random: object) -> None:
    frame = pd.DataFrame(rows, columns=["a", "b"], dtype=object)
    digest = table_digest(frame)
    assert table_digest(frame.iloc[::-1, ::-1]) == digest
    assert table_digest(pd.concat([frame, frame.iloc[:1]])) != digest
    assert table_digest(frame.rename(columns={"a": "c"})) != digest
    other = frame.copy()
    other.iloc[0, 0] = "another value"
    assert table_digest(other) != digest


def test_digests_byte_for_byte() -> None:
    """Recomputed here from the words of the description."""
    frame = pd.DataFrame({"b": ["x", None], "a": [1, 2.5]})
    rows = sorted([sha256(b'[1,"x"]').digest(), sha256(b"[2.5,null]").digest()])
    assert table_digest(frame) == sha256(b"lotmark:table:v1" + b'["a","b"]' + b"".join(rows)).hexdigest()
    assert table_digest(frame.astype({"a": object})) == table_digest(frame)
    assert input_digest({"b": float("nan"), "a": 1.0}) == sha256(b'{"a":1,"b":null}').hexdigest()


def test_the_name_of_rfc_6920() -> None:
    """Its section 8.1: the SHA-256 of "Hello World!"."""
    digest = sha256(b"Hello World!").hexdigest()
    assert ni_uri(digest) == "ni:///sha-256;f4OxZX_x_FO5LcGBSKHWXfwtSx-j1ncoSt3SABJtkGk"
