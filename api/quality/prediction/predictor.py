"""One fitted model with the calibration that makes its scores probabilities, and the way from rows to predictions.

A classifier's score is its log-odds (or an SVM's distance); a logistic curve, fitted on scores of rows that the model
had not seen, maps it to a probability (Platt 1999, without his smoothing of the targets). Fitting on the scores of its
own training rows would make it overconfident.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from sklearn.base import clone
from sklearn.isotonic import IsotonicRegression
from sklearn.linear_model import LogisticRegression

from api.quality.prediction.folds import grouped_folds
from api.quality.prediction.tabular import FeatureTable, Task
from ledger.errors import InvalidInput

Floats = npt.NDArray[np.float64]

_LEAST_PROBABILITY = 1e-6


@dataclass(frozen=True, slots=True)
class Predictor:
    """A fitted model. `calibrator` is None for a regression, and for a classifier whose scores are log-odds already."""

    estimator: Any
    calibrator: Any
    task: Task
    columns: tuple[str, ...]

    def score(self, X: pd.DataFrame) -> Floats:
        """The log-odds (or distance) of each row, or the predicted value; calibrated by a straight line where one is.

        Monotone in `predict`, and what explanations add up to.
        """
        raw = raw_score(self.estimator, self._checked(X))
        if isinstance(self.calibrator, LogisticRegression):
            return np.asarray(raw * self.calibrator.coef_[0, 0] + self.calibrator.intercept_[0], dtype=float)
        return raw

    def predict(self, X: pd.DataFrame) -> Floats:
        """The probability of the target, or the predicted value, of each row."""
        if self.task == "regression":
            return raw_score(self.estimator, self._checked(X))
        if isinstance(self.calibrator, IsotonicRegression):
            return np.asarray(self.calibrator.predict(raw_score(self.estimator, self._checked(X))), dtype=float)
        return logistic(self.score(X))

    def _checked(self, X: pd.DataFrame) -> pd.DataFrame:
        if tuple(X.columns) != self.columns:
            raise InvalidInput(
                "the columns are not those that the model learned from", expected=", ".join(self.columns)
            )
        return X


@dataclass(frozen=True, slots=True)
class Fitted:
    """A predictor and what its own training says of it, each row asked of a model that had not seen its group."""

    predictor: Predictor
    out_of_fold: Floats


def fit(table: FeatureTable, model: Any, *, calibration: str = "sigmoid", folds: int = 5, seed: int = 0) -> Fitted:
    """Fit `model` (unfitted, it is cloned) on the whole table; calibrate on grouped out-of-fold scores of it.

    `calibration` is sigmoid, isotonic (from about a thousand rows of the rarer class on) or none; `out_of_fold` holds
    the calibrated probabilities (or values) of every row. Raises InvalidInput where there are too few groups.
    """
    if calibration not in ("sigmoid", "isotonic", "none"):
        raise InvalidInput(f"there is no calibration {calibration!r}", expected="sigmoid, isotonic or none")
    scores = np.empty(len(table.y))
    is_classes = table.task == "classification"
    for train, test in grouped_folds(table.y, table.groups, folds=folds, seed=seed, stratified=is_classes):
        inner = clone(model).fit(table.X.iloc[train], table.y[train])
        scores[test] = raw_score(inner, table.X.iloc[test])
    calibrator = _calibrator(calibration, scores, table.y) if is_classes else None
    fitted = Predictor(clone(model).fit(table.X, table.y), calibrator, table.task, tuple(table.X.columns))
    return Fitted(fitted, _calibrated(fitted, scores))


def raw_score(estimator: Any, X: pd.DataFrame) -> Floats:
    """Log-odds where the model has probabilities, an SVM's distance, or a regression's value."""
    if hasattr(estimator, "decision_function"):
        return np.asarray(estimator.decision_function(X), dtype=float)
    if hasattr(estimator, "predict_proba"):
        return log_odds(estimator.predict_proba(X)[:, 1])
    return np.asarray(estimator.predict(X), dtype=float)


def log_odds(probability: npt.ArrayLike) -> Floats:
    """ln(p / (1 - p)), with p held off 0 and 1 by 1e-6."""
    p = np.clip(np.asarray(probability, dtype=float), _LEAST_PROBABILITY, 1 - _LEAST_PROBABILITY)
    return np.asarray(np.log(p / (1 - p)), dtype=float)


def logistic(score: npt.ArrayLike) -> Floats:
    """1 / (1 + exp(-score)), without overflow."""
    s = np.asarray(score, dtype=float)
    return np.asarray(0.5 * (1 + np.tanh(s / 2)), dtype=float)


def _calibrator(kind: str, scores: Floats, y: Floats) -> Any:
    if kind == "none":
        return None
    if kind == "isotonic":
        return IsotonicRegression(y_min=0.0, y_max=1.0, out_of_bounds="clip").fit(scores, y)
    return LogisticRegression(C=np.inf, max_iter=1000).fit(scores[:, None], y)


def _calibrated(predictor: Predictor, scores: Floats) -> Floats:
    if predictor.task == "regression":
        return scores
    calibrator = predictor.calibrator
    if calibrator is None:
        return logistic(scores)
    if isinstance(calibrator, IsotonicRegression):
        return np.asarray(calibrator.predict(scores), dtype=float)
    return np.asarray(calibrator.predict_proba(scores[:, None])[:, 1], dtype=float)
