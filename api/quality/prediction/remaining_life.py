"""Remaining useful life: how many cycles a unit has left, from its sensors so far.

The piecewise target (Heimes 2008): life left is capped, for nothing wears visibly before. The score is that of the PHM
2008 challenge (Saxena et al. 2008), which punishes a late warning more than an early one. Intervals are conformal over
whole units (Dunn, Wasserman & Ramdas 2022, one row per unit): they hold for a new unit of the same kind and use only.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from api.quality.prediction.process_features import rolling_features, since_start
from ledger.errors import InvalidInput

Floats = npt.NDArray[np.float64]

#: cycles left beyond which wear cannot be seen, as used for C-MAPSS
CAP = 125.0


def remaining_life(frame: pd.DataFrame, *, unit: str, cycle: str, cap: float | None = CAP) -> Floats:
    """Cycles left in each row of units that ran to failure: the unit's last cycle minus this one, capped."""
    left = (frame.groupby(unit)[cycle].transform("max") - frame[cycle]).to_numpy(dtype=float)
    return left if cap is None else np.minimum(left, cap)


def wear_features(frame: pd.DataFrame, sensors: Sequence[str], *, unit: str, cycle: str) -> pd.DataFrame:
    """Features of wear: cycle, sensors, their means over 10 and 30 cycles and deviation over 30, and how far they moved
    from the unit's own first 20 cycles. Rows look back only. Sensors that never change should be left out.
    """
    windowed = [
        rolling_features(frame, sensors, unit=unit, order=cycle, windows=(10, 30), statistics=("mean",)),
        rolling_features(frame, sensors, unit=unit, order=cycle, windows=(30,), statistics=("sd",)),
        since_start(frame, sensors, unit=unit, order=cycle),
    ]
    return pd.concat([frame[[cycle, *sensors]].astype(float), *windowed], axis=1)


def changing(frame: pd.DataFrame, columns: Sequence[str], *, least: float = 1e-6) -> list[str]:
    """The columns whose standard deviation is more than `least`."""
    return [name for name in columns if frame[name].std() > least]


def phm_score(true: npt.ArrayLike, predicted: npt.ArrayLike) -> float:
    """Σ exp(-d/13) - 1 for d < 0 and exp(d/10) - 1 for d ≥ 0, where d = predicted - true, in cycles; 0 is best."""
    d = np.asarray(predicted, dtype=float) - np.asarray(true, dtype=float)
    return float(np.expm1(np.where(d < 0, -d / 13, d / 10)).sum())


def rmse(true: npt.ArrayLike, predicted: npt.ArrayLike) -> float:
    """Root mean square error, in cycles."""
    return float(np.sqrt(np.mean((np.asarray(predicted, dtype=float) - np.asarray(true, dtype=float)) ** 2)))


@dataclass(frozen=True, slots=True)
class LifeInterval:
    """Half-width around a prediction within which the life left lies with probability `coverage`, for a new unit."""

    half_width: float
    coverage: float
    units: int

    def around(self, predicted: npt.ArrayLike) -> tuple[Floats, Floats]:
        """Lowest and highest life left; never below 0."""
        p = np.asarray(predicted, dtype=float)
        return np.maximum(p - self.half_width, 0.0), p + self.half_width


def life_interval(
    true: npt.ArrayLike, out_of_fold: npt.ArrayLike, units: npt.ArrayLike, *, coverage: float = 0.9, seed: int = 0
) -> LifeInterval:
    """The interval from predictions of units that were not in training, one row drawn per unit.

    Rows of one unit are not independent, units are: the rank ⌈(units + 1)·coverage⌉ of their errors covers a new unit
    with at least that probability. InvalidInput where there are too few units for it.
    """
    names = np.asarray(units)
    error = np.abs(np.asarray(out_of_fold, dtype=float) - np.asarray(true, dtype=float))
    shuffled = np.random.default_rng(seed).permutation(len(names))
    _, first = np.unique(names[shuffled], return_index=True)
    drawn = np.sort(error[shuffled][first])
    rank = int(np.ceil((len(drawn) + 1) * coverage))
    if rank > len(drawn):
        raise InvalidInput(f"{len(drawn)} units", expected=f"more, for a coverage of {coverage:g}")
    return LifeInterval(float(drawn[rank - 1]), coverage, len(drawn))
