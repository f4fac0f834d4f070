"""The points of a chart and their lines, from a series and the parameters: one formula per kind, all points at once.

Sources: Montgomery, Introduction to Statistical Quality Control; NIST/SEMATECH e-Handbook 6.3. With nᵢ values each,

    xbar  center ± 3σ/√nᵢ                    p, np  p̄ ± 3√(p̄(1−p̄)/nᵢ), times nᵢ for np
    r     d2(nᵢ)σ ± 3·d3(nᵢ)σ                c      c̄ ± 3√c̄
    s     c4(nᵢ)σ ± 3σ√(1−c4(nᵢ)²)           u      ū ± 3√(ū/nᵢ)
    i     center ± 3σ;  mr as r with n = 2   p′, u′ as p and u, times Laney's sigma of z

Limits are per point, as sample sizes vary. Those of r, s, mr, p, np, c, u stop at 0, those of p at 1, where no value
can lie beyond. Residual: what an AR(1) process did not foresee, around 0.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from api.quality.spc.constants import constants, per_point
from api.quality.spc.cusum import cusum
from api.quality.spc.ewma import ewma
from api.quality.spc.parameters import Kind, Parameters, require_kind, residuals

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Lines:
    """Per point: its value, its centre, a third of the distance from there to its limits, and the limits.

    `other`: of CUSUM the lower sum, drawn below zero; of the other kinds None.
    """

    value: Floats
    center: Floats
    sd: Floats
    lower: Floats
    upper: Floats
    other: Floats | None = None

    @property
    def z(self) -> Floats:
        """The points in units of sigma from their own centre, for run rules; of CUSUM, the sum that is further out."""
        value = self.value
        if self.other is not None:
            value = np.where(-self.other > value, self.other, value)
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.where(value == self.center, 0.0, (value - self.center) / self.sd)


def lines(parameters: Parameters, series: pd.DataFrame) -> Lines:
    """The points of `series` with the lines of `parameters`. Raises InvalidInput where the two do not fit."""
    require_kind(parameters.kind, series)
    return _LINES[parameters.kind](parameters, series)


def _around(value: Floats, center: npt.ArrayLike, sd: npt.ArrayLike, low: float, high: float = np.inf) -> Lines:
    centers, sds = (np.array(np.broadcast_to(each, value.shape), dtype=np.float64) for each in (center, sd))
    return Lines(value, centers, sds, np.maximum(centers - 3 * sds, low), np.minimum(centers + 3 * sds, high))


def _column(series: pd.DataFrame, name: str) -> Floats:
    return series[name].to_numpy(np.float64)


def _sd_of_means(of: Parameters, series: pd.DataFrame) -> Floats:
    n = _column(series, "n")
    return of.sigma / np.sqrt(np.where(n > 0, n, np.nan))


def _xbar(of: Parameters, series: pd.DataFrame) -> Lines:
    return _around(_column(series, "mean"), of.center, _sd_of_means(of, series), -np.inf)


def _i(of: Parameters, series: pd.DataFrame) -> Lines:
    return _around(_column(series, "mean"), of.center, of.sigma, -np.inf)


def _mr(of: Parameters, series: pd.DataFrame) -> Lines:
    pair = constants(2)
    value = np.abs(np.diff(_column(series, "mean"), prepend=np.nan))
    return _around(value, pair.d2 * of.sigma, pair.d3 * of.sigma, 0)


def _r(of: Parameters, series: pd.DataFrame) -> Lines:
    d2, d3 = per_point("d2", series["n"]), per_point("d3", series["n"])
    return _around(_column(series, "range"), d2 * of.sigma, d3 * of.sigma, 0)


def _s(of: Parameters, series: pd.DataFrame) -> Lines:
    c4 = per_point("c4", series["n"])
    return _around(_column(series, "sd"), c4 * of.sigma, np.sqrt(1 - c4**2) * of.sigma, 0)


def _residual(of: Parameters, series: pd.DataFrame) -> Lines:
    value = residuals(_column(series, "mean"), of.center, of.options["autocorrelation"])
    return _around(value, 0.0, of.sigma, -np.inf)


def _ewma(of: Parameters, series: pd.DataFrame) -> Lines:
    found = ewma(
        _column(series, "mean"),
        target=of.center,
        sigma=_sd_of_means(of, series),
        weight=of.options["weight"],
        width=of.options["width"],
    )
    return _around(found.value, of.center, found.half_width / 3, -np.inf)


def _cusum(of: Parameters, series: pd.DataFrame) -> Lines:
    z = (_column(series, "mean") - of.center) / _sd_of_means(of, series)
    h = of.options["h"]
    found = cusum(z, target=0, k=of.options["k"], h=h, head_start=of.options["head_start"])
    around = _around(found.above, 0.0, h / 3, -np.inf)
    return Lines(around.value, around.center, around.sd, around.lower, around.upper, -found.below)


def _p(of: Parameters, series: pd.DataFrame) -> Lines:
    n = _column(series, "n")
    sd = of.sigma * np.sqrt(of.center * (1 - of.center) / n)
    return _around(_column(series, "count") / n, of.center, sd, 0, 1)


def _np(of: Parameters, series: pd.DataFrame) -> Lines:
    n, share = _column(series, "n"), _p(of, series)
    return Lines(_column(series, "count"), share.center * n, share.sd * n, share.lower * n, share.upper * n)


def _c(of: Parameters, series: pd.DataFrame) -> Lines:
    return _around(_column(series, "count"), of.center, np.sqrt(of.center), 0)


def _u(of: Parameters, series: pd.DataFrame) -> Lines:
    n = _column(series, "n")
    return _around(_column(series, "count") / n, of.center, of.sigma * np.sqrt(of.center / n), 0)


_LINES: Mapping[Kind, Callable[[Parameters, pd.DataFrame], Lines]] = {
    "xbar": _xbar,
    "r": _r,
    "s": _s,
    "i": _i,
    "mr": _mr,
    "residual": _residual,
    "ewma": _ewma,
    "cusum": _cusum,
    "p": _p,
    "np": _np,
    "c": _c,
    "u": _u,
    "laney_p": _p,
    "laney_u": _u,
}
