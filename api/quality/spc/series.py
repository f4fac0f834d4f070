"""What is charted: rational subgroups, single values, or counts, as one frame with one row per point in order of time.

A subgroup is rational where only common causes act within it, so that its spread is the yardstick for changes between
subgroups. A point whose value is missing stays in the frame as NaN: it is unknown, and breaks runs.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from api.quality.columns import TIME_DTYPE
from ledger.errors import InvalidInput

Floats = npt.NDArray[np.float64]

_LARGEST = 1e150

#: n values of a subgroup with their mean, range and standard deviation (ddof 1); range and sd are NaN where n < 2
VARIABLES = ("label", "time", "n", "mean", "range", "sd")
#: what was found in n inspected units: nonconforming units, or defects
ATTRIBUTES = ("label", "time", "n", "count")


def subgroups(values: npt.ArrayLike | Sequence[Sequence[float]]) -> pd.DataFrame:
    """Subgroups given as rows, of one size or of several; NaN where a value is missing."""
    rows = [np.asarray(row, dtype=np.float64) for row in values]  # type: ignore[union-attr]
    if not rows:
        raise InvalidInput("no subgroups", expected="at least one")
    keys = np.repeat(np.arange(len(rows)), [row.size for row in rows])
    return grouped(np.concatenate(rows), keys, labels=[str(number) for number in range(1, len(rows) + 1)])


def grouped(
    values: npt.ArrayLike,
    key: npt.ArrayLike,
    *,
    labels: Sequence[str],
    times: pd.Series[pd.Timestamp] | pd.DatetimeIndex | None = None,
) -> pd.DataFrame:
    """VARIABLES of values in any order; `key`: which point (0 …, in order of time) each value belongs to."""
    value, point = np.asarray(values, dtype=np.float64), np.asarray(key, dtype=np.intp)
    require_sensible(value)
    known = ~np.isnan(value)
    value, point, count = value[known], point[known], len(labels)
    n = np.bincount(point, minlength=count).astype(np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = np.bincount(point, value, count) / n
        deviation = value - mean[point]
        # the mean of a sum of large values errs in its last digits: what is left of it is taken out again
        mean = mean + np.bincount(point, deviation, count) / n
        sd = np.sqrt(np.bincount(point, (value - mean[point]) ** 2, count) / (n - 1))
    least, most = np.full(count, np.inf), np.full(count, -np.inf)
    np.minimum.at(least, point, value)
    np.maximum.at(most, point, value)
    several = n >= 2
    return _frame(
        labels,
        times,
        n=n,
        mean=mean,
        range=np.subtract(most, least, out=np.full(count, np.nan), where=several),
        sd=np.where(several, sd, np.nan),
    )


def individuals(
    values: npt.ArrayLike,
    *,
    labels: Sequence[str] | None = None,
    times: pd.Series[pd.Timestamp] | pd.DatetimeIndex | None = None,
) -> pd.DataFrame:
    """Single values as subgroups of one."""
    value = np.asarray(values, dtype=np.float64)
    require_sensible(value)
    nothing = np.full(value.size, np.nan)
    return _frame(labels, times, n=(~np.isnan(value)).astype(np.float64), mean=value, range=nothing, sd=nothing)


def counts(
    count: npt.ArrayLike,
    size: npt.ArrayLike,
    *,
    labels: Sequence[str] | None = None,
    times: pd.Series[pd.Timestamp] | pd.DatetimeIndex | None = None,
) -> pd.DataFrame:
    """What was found (NaN: unknown) in each sample, and how many units it had."""
    found = np.asarray(count, dtype=np.float64)
    require_sensible(found)
    sizes = np.broadcast_to(np.asarray(size, dtype=np.float64), found.shape)
    if (found < 0).any() or (sizes <= 0).any():
        raise InvalidInput("a negative count, or a sample without size", expected="counts from 0, sizes above 0")
    return _frame(labels, times, n=sizes, count=found)


def require_sensible(values: npt.ArrayLike) -> None:
    """Raises InvalidInput for a value whose square is no number."""
    if (np.abs(np.asarray(values, dtype=np.float64)) > _LARGEST).any():
        raise InvalidInput("a value too large to compute with", expected=f"values up to {_LARGEST:g}")


def _frame(
    labels: Sequence[str] | None,
    times: pd.Series[pd.Timestamp] | pd.DatetimeIndex | None,
    **columns: Floats,
) -> pd.DataFrame:
    length = len(columns["n"])
    names = pd.Series(np.arange(1, length + 1)) if labels is None else pd.Series(labels, dtype="str")
    when = pd.array([pd.NaT] * length, dtype=TIME_DTYPE) if times is None else pd.DatetimeIndex(times)
    return pd.DataFrame({"label": names.astype("str"), "time": when, **columns})
