"""Whether a model errs more for some: error rates and calibration by supplier, site and shift, with intervals.

Equalised odds (Hardt, Price & Srebro 2016) compares false alarms and misses between groups; calibration within groups
is another demand, and both cannot hold at once where base rates differ (Chouldechova 2017), so all are shown. A flag
says that a group's interval lies off the overall rate; rates of few rows have wide intervals and are flagged late.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd
from statsmodels.stats.proportion import proportion_confint

from api.quality.prediction.metrics import Asked

#: `rate`: false_alarms (of the good), misses (of the bad), or calibration (observed minus predicted share)
COLUMNS = ("by", "value", "rate", "count", "estimate", "low", "high", "overall", "flag")


def error_rates(asked: Sequence[Asked], audit: pd.DataFrame, *, confidence: float = 0.95) -> pd.DataFrame:
    """A frame with `COLUMNS`: one row per column of `audit`, value there, and rate.

    `asked` are answers to the same rows in several repeats, whose counts are averaged; Wilson intervals at
    `confidence`, divided by the number of values compared (Bonferroni). `flag` is None where no row bears on the rate;
    a missing supplier, site or shift is the group `None`.
    """
    y = asked[0].y
    alarm = np.mean([one.alarm for one in asked], axis=0)
    predicted = np.mean([one.predicted for one in asked], axis=0)
    rows = []
    for by in audit.columns:
        values = audit[by].astype(object).where(audit[by].notna(), None)
        names = sorted(set(values), key=lambda value: (value is None, str(value)))
        alpha = (1 - confidence) / max(len(names), 1)
        for value in names:
            here = np.asarray(values.isna() if value is None else values == value, dtype=bool)
            rows += [
                {"by": str(by), "value": None if value is None else str(value)} | rate
                for rate in _rates(y, alarm, predicted, here, alpha)
            ]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _rates(
    y: npt.NDArray[np.float64],
    alarm: npt.NDArray[np.float64],
    predicted: npt.NDArray[np.float64],
    here: npt.NDArray[np.bool_],
    alpha: float,
) -> list[dict[str, object]]:
    good, bad = y == 0, y == 1
    false_alarms = _rate("false_alarms", alarm[good & here], float(alarm[good].mean()) if good.any() else np.nan, alpha)
    misses = _rate("misses", 1 - alarm[bad & here], float(1 - alarm[bad].mean()) if bad.any() else np.nan, alpha)
    observed = _rate("calibration", y[here], float(predicted[here].mean()), alpha)
    shift = float(predicted[here].mean())
    centred = {name: float(observed[name]) - shift for name in ("estimate", "low", "high")}  # type: ignore[arg-type]
    return [false_alarms, misses, observed | centred | {"overall": 0.0}]


def _rate(name: str, hits: npt.NDArray[np.float64], overall: float, alpha: float) -> dict[str, object]:
    count = len(hits)
    if not count:
        nothing = dict.fromkeys(("estimate", "low", "high"), np.nan)
        return {"rate": name, "count": 0, **nothing, "overall": overall, "flag": None}
    low, high = proportion_confint(float(hits.sum()), count, alpha=alpha, method="wilson")
    flag = bool(overall < low or overall > high)
    return {
        "rate": name,
        "count": count,
        "estimate": float(hits.mean()),
        "low": float(low),
        "high": float(high),
        "overall": overall,
        "flag": flag,
    }
