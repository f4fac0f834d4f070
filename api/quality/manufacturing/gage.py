"""Gage R&R: how much of the variation that is seen comes from measuring, and not from the parts.

A crossed study (every operator measures every part equally often), by analysis of variance as in AIAG, Measurement
Systems Analysis, 4th edition. The interaction is tested against repeatability and pooled with it where it is not
significant. Intervals of the variance components are those of Burdick, Borror and Montgomery, Journal of Quality
Technology 35(4), 2003: chi-squared for repeatability, modified large sample for the others. Nested and unbalanced
studies are refused; what is judged by eye is in `agreement`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import stats

from api.quality.manufacturing.variance_intervals import MeanSquare, difference_interval, sum_interval
from ledger.errors import InvalidInput

#: columns of the data: who measured which part, and the value
MEASUREMENT = ("part", "operator", "value")
#: columns of `GageStudy.anova` and `GageStudy.components`
ANOVA = ("source", "df", "ss", "ms", "f", "p")
COMPONENT = ("component", "variance", "low", "high", "contribution", "deviation", "study", "tolerance")

_NDC = 1.41
_STUDY_DEVIATIONS = 6


@dataclass(frozen=True, slots=True)
class GageStudy:
    """A measurement system's analysis of variance.

    `anova` has the columns `ANOVA`; `components` has `COMPONENT`, with contribution in percent of the total variance,
    study in percent of the total deviation, tolerance in percent (six deviations; NaN without both limits).
    """

    parts: int
    operators: int
    trials: int
    anova: pd.DataFrame
    components: pd.DataFrame
    #: of the interaction, tested against repeatability
    p_interaction: float
    alpha: float
    interaction_pooled: bool
    #: number of distinct categories, at least 1; None where the gauge shows no variation at all
    ndc: int | None
    confidence: float

    def component(self, name: str) -> dict[str, Any]:
        """One row of `components`: repeatability, operator, interaction, reproducibility, grr, part or total."""
        return dict(self.components.set_index("component").loc[name])


def gage_study(
    measurements: pd.DataFrame,
    *,
    low: float | None = None,
    high: float | None = None,
    alpha: float = 0.05,
    confidence: float = 0.95,
) -> GageStudy:
    """Analyse a frame with the columns `MEASUREMENT`; `low` and `high` are the tolerance of the characteristic.

    Raises InvalidInput for a study that is not crossed and balanced with at least 2 parts, 2 operators and 2 trials,
    for values that are missing, and for a tolerance or a level that is none.
    """
    _check_levels(low, high, alpha, confidence)
    values = _cube(measurements)
    parts, operators, trials = values.shape
    ss, df = _sums_of_squares(values)
    ms = {name: ss[name] / df[name] for name in df}
    p = float(stats.f.sf(_ratio(ms["interaction"], ms["repeatability"]), df["interaction"], df["repeatability"]))
    pooled = not p <= alpha
    error, error_df = ms["interaction"], df["interaction"]
    if pooled:
        error_df = df["interaction"] + df["repeatability"]
        error = (ss["interaction"] + ss["repeatability"]) / error_df
    squares = _Squares(
        MeanSquare(ms["part"], df["part"]),
        MeanSquare(ms["operator"], df["operator"]),
        MeanSquare(error, error_df),
        None if pooled else MeanSquare(ms["repeatability"], df["repeatability"]),
        values.shape,
    )
    components = _components(squares, confidence, None if low is None or high is None else high - low)
    return GageStudy(
        parts, operators, trials, _anova(ss, df, error, error_df), components, p, alpha, pooled,
        _distinct_categories(components), confidence,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Squares:
    """The mean squares of the model; `error` tests part and operator, `repeatability` None where it is pooled in."""

    part: MeanSquare
    operator: MeanSquare
    error: MeanSquare
    repeatability: MeanSquare | None
    shape: tuple[int, int, int]


def _check_levels(low: float | None, high: float | None, alpha: float, confidence: float) -> None:
    if low is not None and high is not None and not low < high:
        raise InvalidInput(f"the tolerance from {low:g} to {high:g} is empty", expected="a lower limit below the upper")
    if not (0 < alpha < 1 and 0 < confidence < 1):
        raise InvalidInput(f"alpha {alpha:g}, confidence {confidence:g}", expected="fractions between 0 and 1")


def _cube(measurements: pd.DataFrame) -> npt.NDArray[np.float64]:
    """The values as parts × operators × trials."""
    missing = [name for name in MEASUREMENT if name not in measurements]
    if missing:
        raise InvalidInput(f"the study has no column {', '.join(missing)}", expected=", ".join(MEASUREMENT))
    unknown = int(measurements[list(MEASUREMENT)].isna().any(axis=1).sum())
    if unknown:
        raise InvalidInput(
            f"{unknown} measurements are incomplete",
            expected="a part, an operator and a value each",
            advice="Measure again; a balanced study cannot leave measurements out.",
        )
    data = measurements.assign(value=measurements["value"].astype(float))
    counts = data.groupby(["part", "operator"], sort=True)["value"].size().unstack(fill_value=0)
    parts, operators = counts.shape
    trials = int(counts.to_numpy().max(initial=0))
    uneven = [f"part {part}, operator {who}: {n}" for (part, who), n in _cells(counts) if n != trials]
    if uneven:
        more = f" and {len(uneven) - 5} more" if len(uneven) > 5 else ""
        raise InvalidInput(
            f"the study is not balanced: {'; '.join(uneven[:5])}{more}, elsewhere {trials}",
            expected="every operator measuring every part equally often",
            advice="Measure what is missing, or leave the part or the operator out.",
        )
    if min(parts, operators, trials) < 2:
        raise InvalidInput(
            f"{parts} parts, {operators} operators, {trials} trials are too few",
            expected="at least 2 of each; AIAG recommends 10 parts, 3 operators, 3 trials",
        )
    return data.sort_values(["part", "operator"], kind="stable")["value"].to_numpy().reshape(parts, operators, trials)


def _cells(counts: pd.DataFrame) -> list[tuple[tuple[object, object], int]]:
    return [((part, who), int(n)) for part, row in counts.iterrows() for who, n in row.items()]


def _sums_of_squares(values: npt.NDArray[np.float64]) -> tuple[dict[str, float], dict[str, int]]:
    parts, operators, trials = values.shape
    centred = values - values.mean()
    cells, by_part, by_operator = centred.mean(axis=2), centred.mean(axis=(1, 2)), centred.mean(axis=(0, 2))
    ss = {
        "part": operators * trials * float(np.square(by_part).sum()),
        "operator": parts * trials * float(np.square(by_operator).sum()),
        "interaction": trials * float(np.square(cells - by_part[:, None] - by_operator).sum()),
        "repeatability": float(np.square(centred - cells[:, :, None]).sum()),
    }
    df = {
        "part": parts - 1,
        "operator": operators - 1,
        "interaction": (parts - 1) * (operators - 1),
        "repeatability": parts * operators * (trials - 1),
    }
    return ss, df


def _anova(ss: dict[str, float], df: dict[str, int], error: float, error_df: int) -> pd.DataFrame:
    rows = []
    for name in ss:
        ms, f, p = ss[name] / df[name], math.nan, math.nan
        if name in ("part", "operator"):
            f = _ratio(ms, error)
            p = float(stats.f.sf(f, df[name], error_df))
        if name == "interaction":
            f = _ratio(ms, ss["repeatability"] / df["repeatability"])
            p = float(stats.f.sf(f, df[name], df["repeatability"]))
        rows.append((name, df[name], ss[name], ms, f, p))
    rows.append(("total", sum(df.values()), sum(ss.values()), math.nan, math.nan, math.nan))
    return pd.DataFrame(rows, columns=list(ANOVA))


def _ratio(numerator: float, denominator: float) -> float:
    if denominator > 0:
        return numerator / denominator
    return math.inf if numerator > 0 else math.nan


def _components(squares: _Squares, confidence: float, width: float | None) -> pd.DataFrame:
    parts, operators, trials = squares.shape
    part, operator, error, pure = squares.part, squares.operator, squares.error, squares.repeatability or squares.error
    interaction = 0.0 if squares.repeatability is None else max(0.0, (error.value - pure.value) / trials)
    of_operator = max(0.0, (operator.value - error.value) / (parts * trials))
    of_part = max(0.0, (part.value - error.value) / (operators * trials))
    variance = {
        "repeatability": pure.value,
        "operator": of_operator,
        "interaction": interaction,
        "reproducibility": of_operator + interaction,
        "grr": pure.value + of_operator + interaction,
        "part": of_part,
        "total": pure.value + of_operator + interaction + of_part,
    }
    intervals = _intervals(squares, confidence)
    total = variance["total"]
    rows = []
    for name, value in variance.items():
        low, high = intervals.get(name, (math.nan, math.nan))
        share = value / total if total else math.nan
        tolerance = math.nan if width is None else 100 * _STUDY_DEVIATIONS * math.sqrt(value) / width
        rows.append((name, value, low, high, 100 * share, math.sqrt(value), 100 * math.sqrt(share), tolerance))
    return pd.DataFrame(rows, columns=list(COMPONENT))


def _intervals(squares: _Squares, confidence: float) -> dict[str, tuple[float, float]]:
    """Of the variances; the components as linear combinations of the mean squares, before they are cut at zero."""
    parts, operators, trials = squares.shape
    per_part, per_operator = 1 / (operators * trials), 1 / (parts * trials)
    part, operator, error = squares.part, squares.operator, squares.error
    pure = squares.repeatability
    if pure is None:
        gauge = [(per_operator, operator), (1 - per_operator, error)]
        total = [(per_part, part), (per_operator, operator), (1 - per_part - per_operator, error)]
    else:
        gauge = [(per_operator, operator), (1 / trials - per_operator, error), (1 - 1 / trials, pure)]
        total = [(per_part, part), (per_operator, operator), (1 / trials - per_part - per_operator, error)]
        total.append((1 - 1 / trials, pure))
    found = {
        "repeatability": sum_interval([(1.0, pure or error)], confidence),
        "operator": difference_interval(per_operator, operator, error, confidence),
        "grr": sum_interval(gauge, confidence),
        "part": difference_interval(per_part, part, error, confidence),
        "total": sum_interval(total, confidence),
    }
    if pure is not None:
        found["interaction"] = difference_interval(1 / trials, error, pure, confidence)
    return found


def _distinct_categories(components: pd.DataFrame) -> int | None:
    deviation = components.set_index("component")["deviation"]
    part, gauge = float(deviation["part"]), float(deviation["grr"])
    return max(1, math.floor(_NDC * part / gauge)) if gauge > 0 else None
