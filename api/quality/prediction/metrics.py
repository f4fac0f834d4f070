"""The figures by which models are compared, each with rows that may weigh more or less, as a bootstrap needs.

For rare failures accuracy says nothing (97 % with a recall of .18); PR-AUC, F1 at a threshold fixed beforehand and
recall within a budget of alarms do. scikit-learn computes areas; counts are counted here.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from sklearn.metrics import average_precision_score, roc_auc_score

Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Asked:
    """What a model said of rows that it had not seen: probabilities (or values) and the alarms of both thresholds."""

    y: Floats
    predicted: Floats
    #: at the threshold with the best F1 in training
    alarm: Mask
    #: at the threshold that keeps to the alarm budget in training
    budget_alarm: Mask


def classification_metrics(asked: Asked, weight: Floats) -> dict[str, float]:
    """PR-AUC (average precision), ROC-AUC, F1, precision, recall, recall at the budget, alarm rate there, Brier."""
    y, p = asked.y, asked.predicted
    positive = float(weight @ y)
    true = float(weight @ (y * asked.alarm))
    alarms = float(weight @ asked.alarm)
    has_both = 0 < positive < weight.sum()
    return {
        "pr_auc": float(average_precision_score(y, p, sample_weight=weight)) if positive else np.nan,
        "roc_auc": float(roc_auc_score(y, p, sample_weight=weight)) if has_both else np.nan,
        "f1": _ratio(2 * true, alarms + positive),
        "precision": _ratio(true, alarms),
        "recall": _ratio(true, positive),
        "recall_at_budget": _ratio(float(weight @ (y * asked.budget_alarm)), positive),
        "alarm_rate_at_budget": _ratio(float(weight @ asked.budget_alarm), float(weight.sum())),
        "brier": _ratio(float(weight @ (p - y) ** 2), float(weight.sum())),
    }


def regression_metrics(asked: Asked, weight: Floats) -> dict[str, float]:
    """Mean absolute deviation (mad), root mean square error, R² and the share of values within ±0.5."""
    error = asked.predicted - asked.y
    total = float(weight.sum())
    mean = float(weight @ asked.y) / total
    spread = float(weight @ (asked.y - mean) ** 2)
    return {
        "mad": float(weight @ np.abs(error)) / total,
        "rmse": float(np.sqrt(weight @ error**2 / total)),
        "r2": 1 - _ratio(float(weight @ error**2), spread),
        "within_half": float(weight @ (np.abs(error) <= 0.5)) / total,
    }


def _ratio(part: float, whole: float) -> float:
    return part / whole if whole else np.nan
