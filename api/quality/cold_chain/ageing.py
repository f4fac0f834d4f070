"""How fast goods age at a temperature, relative to a reference temperature at which the rate is 1.

*Arrhenius*: exp(−(Ea/R)·(1/T − 1/T_ref)), kelvin. *Q10*: Q10^((T − T_ref)/10); with T_ref the ambient temperature it is
the accelerated ageing factor of ASTM F1980. *Square root*: ((T − T_min)/(T_ref − T_min))² above T_min, else 0
(Ratkowsky 1982); T_min = −10 and T_ref = 0 °C give Olley's relative rate of spoilage of chilled seafood, (1 + 0.1·T)².

A model holds for the temperatures that it was fitted to: none of them knows freezing, chilling injury or cooking.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from api.quality.cold_chain.temperature import ZERO_CELSIUS
from ledger.errors import InvalidInput

Floats = npt.NDArray[np.float64]

#: R, in kJ/(mol·K)
GAS_CONSTANT = 8.314462618e-3


class AgeingModel(Protocol):
    """A rate per temperature in °C that is never negative and never falls as the temperature rises."""

    def rate(self, celsius: npt.ArrayLike) -> Floats:
        """Dimensionless; 1 at the model's reference temperature."""
        ...


@dataclass(frozen=True, slots=True)
class Arrhenius:
    """`activation` is Ea/R (or Ea/k where Ea is in eV), in kelvin; `reference` in °C."""

    activation: float
    reference: float

    def __post_init__(self) -> None:
        _require(
            self.activation > 0 and self.reference > -ZERO_CELSIUS, "Ea/R above 0 and a reference above −273.15 °C"
        )

    @classmethod
    def of(cls, kilojoule_per_mole: float, reference: float) -> Arrhenius:
        """From an activation energy in kJ/mol."""
        return cls(kilojoule_per_mole / GAS_CONSTANT, reference)

    def rate(self, celsius: npt.ArrayLike) -> Floats:
        kelvin = np.asarray(celsius, dtype=np.float64) + ZERO_CELSIUS
        if (kelvin <= 0).any():
            raise InvalidInput("a temperature at or below absolute zero", expected="above −273.15 °C")
        return np.exp(-self.activation * (1 / kelvin - 1 / (self.reference + ZERO_CELSIUS)))


@dataclass(frozen=True, slots=True)
class Q10:
    """`q10` is by what factor ten degrees more speed ageing up; `reference` in °C."""

    q10: float
    reference: float

    def __post_init__(self) -> None:
        _require(self.q10 >= 1, "a Q10 of at least 1")

    def rate(self, celsius: npt.ArrayLike) -> Floats:
        return self.q10 ** ((np.asarray(celsius, dtype=np.float64) - self.reference) / 10)


@dataclass(frozen=True, slots=True)
class SquareRoot:
    """`minimum` is the notional temperature in °C at which spoilage stops; `reference` in °C."""

    minimum: float = -10.0
    reference: float = 0.0

    def __post_init__(self) -> None:
        _require(self.reference > self.minimum, "a reference temperature above the minimum")

    def rate(self, celsius: npt.ArrayLike) -> Floats:
        above = np.maximum(np.asarray(celsius, dtype=np.float64) - self.minimum, 0)
        return np.square(above / (self.reference - self.minimum))


def accelerated_ageing_factor(accelerated: float, ambient: float, q10: float = 2.0) -> float:
    """ASTM F1980: how many days on the shelf at `ambient` one day at `accelerated` stands for (°C)."""
    return float(Q10(q10, ambient).rate(accelerated))


def _require(holds: bool, expected: str) -> None:
    if not holds:
        raise InvalidInput("the ageing model makes no sense", expected=expected)
