"""Mean kinetic temperature (USP <1079.2>, ICH Q1A(R2), Haynes 1971): the one temperature that ages goods alike.

    T = (ΔH/R) / −ln(Σ wᵢ·exp(−ΔH/(R·Tᵢ)) / Σ wᵢ)      with ΔH = 83.14472 kJ/mol, so ΔH/R = 10 000 K, and w = hold time

Never below the arithmetic mean. It sums up a history; it does not excuse an excursion beyond the item's limit.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ledger.errors import InvalidInput

Floats = npt.NDArray[np.float64]

#: ΔH/R in kelvin
ACTIVATION = 10_000.0
ZERO_CELSIUS = 273.15


def mean_kinetic_temperature(celsius: npt.ArrayLike, weights: npt.ArrayLike | None = None) -> float:
    """The mean kinetic temperature of a series in °C, in °C; equal weights unless given."""
    values = np.asarray(celsius, dtype=np.float64)
    if values.size == 0:
        raise InvalidInput("no temperatures", expected="at least one")
    held = np.ones_like(values) if weights is None else np.asarray(weights, dtype=np.float64)
    if held.shape != values.shape or not (held >= 0).all() or not held.sum() > 0:
        raise InvalidInput("the weights do not fit", expected="one weight per value, none negative, not all zero")
    return float(grouped_mean_kinetic(values, held, np.zeros(values.size, dtype=np.intp), 1)[0])


def grouped_mean_kinetic(celsius: Floats, weights: Floats, group: npt.NDArray[np.intp], groups: int) -> Floats:
    """The mean kinetic temperature of each of `groups` groups, in °C; NaN for a group without weight."""
    if (celsius <= -ZERO_CELSIUS).any():
        raise InvalidInput("a temperature at or below absolute zero", expected="above −273.15 °C")
    exponent = -ACTIVATION / (celsius + ZERO_CELSIUS)
    top = np.full(groups, -np.inf)
    np.maximum.at(top, group, np.where(weights > 0, exponent, -np.inf))
    scaled = np.zeros_like(exponent)
    np.exp(exponent - top[group], out=scaled, where=weights > 0)
    total = np.bincount(group, weights, groups)
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = np.bincount(group, weights * scaled, groups) / total
        return np.where(total > 0, ACTIVATION / -(top + np.log(mean)) - ZERO_CELSIUS, np.nan)
