"""PCA monitoring: many correlated variables watched by two figures, T² inside the model and SPE outside it.

Sources: Jackson & Mudholkar 1979 (SPE, also Q; its limit), MacGregor & Kourti 1995; NIST/SEMATECH e-Handbook 6.5.5.
Variables are standardised, so that the components are those of the correlation matrix. With dropped eigenvalues λⱼ:

    θᵢ = Σλⱼⁱ,  h = 1 − 2θ₁θ₃/(3θ₂²),  limit = θ₁·(c_α√(2θ₂h²)/θ₁ + 1 + θ₂h(h−1)/θ₁²)^(1/h)

T² sees a move within the usual correlations, SPE a break of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.stats import beta, f, norm

from api.quality.spc.hotelling import variable_names
from ledger.errors import InvalidInput

Floats = npt.NDArray[np.float64]

#: in standard deviations of a variable
_ROUNDING = 1e-9


@dataclass(frozen=True, slots=True)
class PcaModel:
    """From m points: `eigenvalues` all, in falling order; `loadings` variables × kept components."""

    variables: tuple[str, ...]
    mean: Floats
    sd: Floats
    eigenvalues: Floats
    loadings: Floats
    m: int
    alpha: float
    phase_1_t2_limit: float
    phase_2_t2_limit: float
    spe_limit: float


@dataclass(frozen=True, slots=True)
class Monitored:
    """Per point T² and SPE (NaN where a value is missing), and per variable what it adds to each (they sum up)."""

    variables: tuple[str, ...]
    phase: str
    t2: Floats
    t2_limit: float
    t2_contributions: Floats
    spe: Floats
    spe_limit: float
    spe_contributions: Floats
    signal: npt.NDArray[np.bool_]


def pca_model(
    values: npt.ArrayLike,
    *,
    variables: Sequence[str] = (),
    components: int | None = None,
    variance: float = 0.9,
    alpha: float = 0.0027,
) -> PcaModel:
    """From points × variables, finite; as many components as explain `variance`, unless told. Raises InvalidInput."""
    x = np.asarray(values, dtype=np.float64)
    if x.ndim != 2 or x.shape[1] < 2 or not np.isfinite(x).all() or not (np.ptp(x, axis=0) > 0).all():
        raise InvalidInput("not a table to find components in", expected="points × variables, none of them constant")
    m, p = x.shape
    mean, sd = x.mean(axis=0), x.std(axis=0, ddof=1)
    eigenvalues, vectors = np.linalg.eigh(np.corrcoef(x, rowvar=False))
    eigenvalues, vectors = np.maximum(eigenvalues[::-1], 0), vectors[:, ::-1]
    enough = int(np.searchsorted(np.cumsum(eigenvalues) / p, variance - 1e-12)) + 1
    kept = min(enough, p) if components is None else components
    if not 1 <= kept <= p or m < kept + 2:
        raise InvalidInput(f"{kept} components of {p} variables from {m} points", expected="more points")
    return PcaModel(
        variables=variable_names(variables, p),
        mean=mean,
        sd=sd,
        eigenvalues=eigenvalues,
        loadings=vectors[:, :kept],
        m=m,
        alpha=alpha,
        phase_1_t2_limit=(m - 1) ** 2 / m * float(beta.ppf(1 - alpha, kept / 2, (m - kept - 1) / 2)),
        phase_2_t2_limit=kept * (m + 1) * (m - 1) / (m * (m - kept)) * float(f.ppf(1 - alpha, kept, m - kept)),
        spe_limit=spe_limit(eigenvalues[kept:], alpha),
    )


def monitor(model: PcaModel, values: npt.ArrayLike, *, phase: str = "II") -> Monitored:
    """Points against the model; `phase` I for those that it was made from."""
    x = (np.asarray(values, dtype=np.float64) - model.mean) / model.sd
    scores = x @ model.loadings
    weighted = scores / model.eigenvalues[: scores.shape[1]]
    residual = x - scores @ model.loadings.T
    if model.spe_limit == 0:  # no component was dropped, or none that varies: what is left is rounding
        residual = np.where(np.abs(residual) < _ROUNDING, 0.0, residual)
    limit = model.phase_1_t2_limit if phase == "I" else model.phase_2_t2_limit
    t2, spe = (weighted * scores).sum(axis=1), (residual**2).sum(axis=1)
    return Monitored(
        variables=model.variables,
        phase=phase,
        t2=t2,
        t2_limit=limit,
        t2_contributions=x * (weighted @ model.loadings.T),
        spe=spe,
        spe_limit=model.spe_limit,
        spe_contributions=residual**2,
        signal=(t2 > limit) | (spe > model.spe_limit),
    )


def spe_limit(dropped: Floats, alpha: float) -> float:
    """The limit of SPE from the eigenvalues of the dropped components; 0 where nothing was dropped."""
    first, second, third = (float((dropped**power).sum()) for power in (1, 2, 3))
    if second <= 1e-24:
        return 0.0
    h = 1 - 2 * first * third / (3 * second**2)
    root = float(norm.ppf(1 - alpha)) * np.sqrt(2 * second * h**2) / first + 1 + second * h * (h - 1) / first**2
    return float(first * root ** (1 / h))
