"""When did the mean change: the one split that explains a series best, or several by penalised search.

Least squares over every split, exactly, for one change (Hinkley 1970, Biometrika 57); PELT of `ruptures` for several
(Killick, Fearnhead and Eckley 2012). A split is always found; whether there is a change at all says the p-value, from
random orders of the same values, which supposes that they are independent: in a series that drifts or remembers, it is
too small. Drift of one sensor against another is the business of cleaning.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ledger.errors import InvalidInput

Floats = npt.NDArray[np.float64]

_ORDERS = 999
#: values of random orders held at a time
_AT_ONCE = 2_000_000


@dataclass(frozen=True, slots=True)
class MeanChange:
    """The best single split: `first_after` is the index of the first value of the second part."""

    first_after: int
    before: float
    after: float
    #: share of the sum of squares that the split explains
    explained: float
    #: how often a random order of the values shows a split as good, at least 1 in 1000
    p: float


def mean_change(values: npt.ArrayLike, *, seed: int = 0) -> MeanChange:
    """Of at least 3 finite values in order of time. Raises InvalidInput."""
    series = _series(values, 3)
    gains = _gains(series[None, :])[0]
    at = int(gains.argmax())
    total = float(np.square(series - series.mean()).sum())
    random, at_once = np.random.default_rng(seed), max(1, _AT_ONCE // len(series))
    as_good, drawn = 0, 0
    while drawn < _ORDERS:
        rows = min(at_once, _ORDERS - drawn)
        best = _gains(random.permuted(np.tile(series, (rows, 1)), axis=1)).max(axis=1)
        # rounding must not make an order of equal values worse than the series itself
        as_good, drawn = as_good + int((best >= gains[at] * (1 - 1e-12)).sum()), drawn + rows
    return MeanChange(
        at + 1,
        float(series[: at + 1].mean()),
        float(series[at + 1 :].mean()),
        min(1.0, float(gains[at]) / total) if gains[at] > 0 else 0.0,
        (as_good + 1) / (_ORDERS + 1),
    )


def mean_changes(values: npt.ArrayLike, *, penalty: float | None = None, shortest: int = 2) -> list[int]:
    """The index of the first value of each part but the first; empty if the mean stays.

    A change must explain more than `penalty` times the noise's variance, by default 3·log(n); the noise is estimated
    from successive differences. No part is shorter than `shortest`. Raises InvalidInput.
    """
    # half a second to import, which nothing else here needs
    import ruptures

    series = _series(values, 2 * shortest)
    noise = float(np.median(np.abs(np.diff(series)))) / (0.6745 * math.sqrt(2))
    if noise <= 0:
        noise = float(np.sqrt(np.square(np.diff(series)).mean() / 2))
    if noise <= 0:
        return []
    search = ruptures.Pelt(model="l2", jump=1, min_size=shortest).fit(series / noise)
    ends = search.predict(pen=3 * math.log(len(series)) if penalty is None else penalty)
    return [int(end) for end in ends[:-1]]


def _gains(series: Floats) -> Floats:
    """By how much each split, after value 1, 2 … n-1, lowers the sum of squares; one row per series."""
    n = series.shape[1]
    before = np.arange(1, n)
    # from the first value on, so that equal values differ by nothing at all
    apart = series - series[:, :1]
    sums = np.cumsum(apart - apart.mean(axis=1, keepdims=True), axis=1)[:, :-1]
    return np.asarray(sums**2 * n / (before * (n - before)))


def _series(values: npt.ArrayLike, least: int) -> Floats:
    series = np.asarray(values, dtype=float)
    if series.ndim != 1 or len(series) < least or not np.isfinite(series).all():
        raise InvalidInput(
            "no change can be looked for here",
            expected=f"{least} finite values or more in order of time",
            advice="Leave missing values out first.",
        )
    return series
