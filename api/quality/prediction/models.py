"""Models to compare, the plainest first: logistic regression, boosting, a support vector machine, a small neural net.

scikit-learn does the fitting. Whatever is learned from data before the model itself (medians for missing values,
scales) is part of its pipeline, so that it is learned inside a fold. Every parameter is given by name, for positions
changed between versions. No model here asks libsvm for probabilities; those come from `calibration`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from sklearn.ensemble import (
    GradientBoostingClassifier,
    GradientBoostingRegressor,
    HistGradientBoostingClassifier,
    HistGradientBoostingRegressor,
    RandomForestClassifier,
    RandomForestRegressor,
)
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.neural_network import MLPClassifier, MLPRegressor
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC, SVR

from ledger.errors import InvalidInput

Make = Callable[[int, dict[str, Any]], Any]


def make_model(kind: str, task: str, *, seed: int = 0, **parameters: Any) -> Any:
    """An unfitted scikit-learn model, one of `MODELS[task]`; `parameters` replace those of its last step.

    InvalidInput for an unknown kind, or a parameter that the model does not have.
    """
    known = MODELS[task]
    if kind not in known:
        raise InvalidInput(f"there is no model {kind!r} for a {task}", expected=f"one of {', '.join(known)}")
    try:
        return known[kind](seed, parameters)
    except TypeError as error:
        raise InvalidInput(f"model {kind}: {error}", expected="parameters of scikit-learn's model") from None


def _scaled(model: Any) -> Pipeline:
    """For models that see distances: what is missing becomes the median with a column that says so, then unit scale."""
    return Pipeline(
        steps=[
            ("missing", SimpleImputer(strategy="median", add_indicator=True)),
            ("scale", StandardScaler()),
            ("model", model),
        ]
    )


def _filled(model: Any) -> Pipeline:
    """For trees that cannot take what is missing."""
    return Pipeline(steps=[("missing", SimpleImputer(strategy="median", add_indicator=True)), ("model", model)])


def _bare(model: Any) -> Pipeline:
    """For trees that learn where missing values go."""
    return Pipeline(steps=[("model", model)])


_NET = {"hidden_layer_sizes": (32, 16), "alpha": 1e-3, "max_iter": 400, "early_stopping": True, "n_iter_no_change": 20}

_CLASSIFICATION: dict[str, Make] = {
    "logistic": lambda seed, more: _scaled(LogisticRegression(**{"max_iter": 2000, "random_state": seed} | more)),
    "boosting": lambda seed, more: _bare(HistGradientBoostingClassifier(**{"random_state": seed} | more)),
    "gradient_boosting": lambda seed, more: _filled(GradientBoostingClassifier(**{"random_state": seed} | more)),
    "svm": lambda seed, more: _scaled(SVC(**{"C": 3.0, "random_state": seed} | more)),
    "neural_net": lambda seed, more: _scaled(MLPClassifier(**_NET | {"random_state": seed} | more)),
    "random_forest": lambda seed, more: _filled(
        RandomForestClassifier(**{"n_estimators": 300, "n_jobs": 1, "random_state": seed} | more)
    ),
}

_REGRESSION: dict[str, Make] = {
    "linear": lambda seed, more: _scaled(Ridge(**{"alpha": 1.0, "random_state": seed} | more)),
    "boosting": lambda seed, more: _bare(HistGradientBoostingRegressor(**{"random_state": seed} | more)),
    "gradient_boosting": lambda seed, more: _filled(GradientBoostingRegressor(**{"random_state": seed} | more)),
    "svm": lambda seed, more: _scaled(SVR(**{"C": 3.0, "epsilon": 0.1} | more)),
    "neural_net": lambda seed, more: _scaled(MLPRegressor(**_NET | {"random_state": seed} | more)),
    "random_forest": lambda seed, more: _filled(
        RandomForestRegressor(**{"n_estimators": 300, "n_jobs": 1, "random_state": seed} | more)
    ),
}

#: task → kind → how it is made, the plainest first
MODELS: Mapping[str, Mapping[str, Make]] = MappingProxyType(
    {"classification": MappingProxyType(_CLASSIFICATION), "regression": MappingProxyType(_REGRESSION)}
)
