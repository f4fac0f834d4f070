"""What would make a chart mislead, in words: too few points, autocorrelation, overdispersion.

Sources: NIST/SEMATECH e-Handbook 6.3; Laney 2002. Autocorrelation, usual with sensors, makes moving ranges small, so
that limits are too narrow: at a correlation of 0.25 there are about three times the false alarms. Overdispersion is
judged by the chi-square of the counts around their mean.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.stats import chi2

from api.quality.spc.lines import lines
from api.quality.spc.parameters import Parameters, autocorrelation

Floats = npt.NDArray[np.float64]

#: fewer points than this give limits that are themselves uncertain by a tenth and more
FEW = 20
#: correlation of neighbours below which limits are off by less than a twentieth
_WEAK = 0.1
_CERTAIN = 0.999


def warnings_of(used: Parameters, series: pd.DataFrame, *, own: bool = True) -> tuple[str, ...]:
    """What the reader of a chart of `series` with these parameters must know; `own`: they come from these points."""
    found = [few_points(_known(series)) if own else "", _correlated(used, series), _overdispersed(used, series)]
    return tuple(warning for warning in found if warning)


def is_autocorrelated(values: npt.ArrayLike) -> bool:
    """Whether neighbours correlate, beyond chance (|r| > 2/√n) and enough to matter (|r| > 0.1)."""
    known = int((~np.isnan(np.asarray(values, dtype=np.float64))).sum())
    return bool(known and abs(autocorrelation(values)) > max(_WEAK, 2 / np.sqrt(known)))


def few_points(points: int) -> str:
    """What is to be said of limits from so many points; '' where they are enough."""
    said = "1 point" if points == 1 else f"{points} points"
    return f"only {said}: limits from fewer than {FEW} are provisional" if points < FEW else ""


def _known(series: pd.DataFrame) -> int:
    return int(series["count" if "count" in series else "mean"].notna().sum())


def _correlated(used: Parameters, series: pd.DataFrame) -> str:
    if used.kind not in ("i", "mr") or not is_autocorrelated(series["mean"]):
        return ""
    r = autocorrelation(series["mean"])
    return (
        f"neighbouring values correlate ({r:.2f}), so that the limits do not hold: "
        "chart residuals (kind residual) or hourly means instead"
    )


def _overdispersed(used: Parameters, series: pd.DataFrame) -> str:
    if used.kind not in ("p", "np", "c", "u"):
        return ""
    points = lines(used, series)
    z = points.z[np.isfinite(points.z)]
    if z.size < 2 or (z**2).sum() <= chi2.ppf(_CERTAIN, z.size - 1):
        return ""
    remedy = "laney_p" if used.kind in ("p", "np") else "laney_u"
    return f"counts scatter more than chance alone explains: if that is usual here, chart kind {remedy}"
