"""Whether values look normal, and what to judge them by where they do not.

Sources: Anderson & Darling 1954 with D'Agostino & Stephens' p-values for estimated mean and sigma (statsmodels);
Box & Cox 1964, λ by maximum likelihood (scipy; NIST/SEMATECH e-Handbook 6.5.2); ISO 22514-2, general geometric method:
the 0.135 %, 50 % and 99.865 % points take the place of mean ± 3σ. Those points are the sample's own, which in fewer
than 741 values lie beyond what was seen; no distribution is guessed to fill that in.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.stats import boxcox_normmax
from scipy.stats import norm as normal

from ledger.errors import InvalidInput

Floats = npt.NDArray[np.float64]

#: a distribution is taken as normal unless the test is as sure as this
ALPHA = 0.05
#: 1/0.00135: with fewer values, the extreme points of the geometric method are guesses
ENOUGH_FOR_PERCENTILES = 741
_EXTREME = float(normal.cdf(-3))


@dataclass(frozen=True, slots=True)
class Normality:
    """The Anderson-Darling statistic with its p-value; `looks_normal` at the 5 % level."""

    statistic: float
    p_value: float

    @property
    def looks_normal(self) -> bool:
        return self.p_value >= ALPHA


def anderson_darling(values: npt.ArrayLike) -> Normality:
    """Of at least eight values that are not all the same. Raises InvalidInput."""
    x = np.asarray(values, dtype=np.float64)
    if x.size < 8 or np.ptp(x) == 0:
        raise InvalidInput("too little to test for normality", expected="eight values or more, not all the same")
    from statsmodels.stats.diagnostic import normal_ad  # a second to import

    statistic, p_value = normal_ad(x)
    return Normality(float(statistic), float(p_value))


def box_cox_lambda(values: npt.ArrayLike) -> float:
    """The exponent that makes positive values most nearly normal, by maximum likelihood. Raises InvalidInput."""
    x = np.asarray(values, dtype=np.float64)
    if x.size < 2 or (x <= 0).any() or np.ptp(x) == 0:
        raise InvalidInput("no Box-Cox transformation", expected="positive values that are not all the same")
    return float(boxcox_normmax(x, method="mle"))


def geometric_points(values: npt.ArrayLike, draws: int = 2000) -> tuple[Floats, Floats]:
    """The 0.135 %, 50 % and 99.865 % points of the values, and `draws` bootstrap draws of them (draws × 3).

    The order statistics of a resample follow a Dirichlet distribution, so that it takes no resampling.
    """
    x = np.sort(np.asarray(values, dtype=np.float64))
    shares = np.array([_EXTREME, 0.5, 1 - _EXTREME])
    spacings = (x.size + 1) * np.diff(shares, prepend=0, append=1)
    drawn = np.cumsum(np.random.default_rng(0).dirichlet(spacings, draws)[:, :3], axis=1)
    return np.quantile(x, shares), np.quantile(x, np.minimum(drawn, 1))
