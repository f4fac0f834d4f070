"""Remaining shelf life from a temperature history, as an interval wherever the history is not known.

    used = ∫ rate(T(t)) dt / shelf life at the model's reference temperature

The models are those of `ageing`. Time that no sensor speaks for is integrated twice, at the lowest and at the highest
temperature that the caller holds plausible; without such bounds nothing is known of it. Where several sensors speak,
the coolest gives the best case and the warmest the worst. Published kinetics: Labuza 1982; FAO for chilled fish.
This is the ageing that the model describes, not safety: an excursion beyond a limit stands on its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from api.quality.cold_chain.ageing import AgeingModel
from api.quality.cold_chain.holds import bounds
from api.quality.frames import microseconds
from ledger.errors import InvalidInput

Floats = npt.NDArray[np.float64]

#: the last day that RFC 3339 can write
_LAST = pd.Timestamp("9999-12-31T00:00Z").as_unit("us")


@dataclass(frozen=True, slots=True)
class ShelfLife:
    """`used` is a share of the shelf life (above 1: past it), `remaining` seconds at the reference temperature.

    Least and most are the best and the worst case; infinite (None as JSON) where unknown time has no plausible bounds.
    `verdict` is 'left' or 'used_up' only where both cases agree.
    """

    since: pd.Timestamp
    until: pd.Timestamp
    used_least: float
    used_most: float
    remaining_least: float
    remaining_most: float
    known: float
    unknown: float
    plausible: tuple[float, float] | None
    verdict: Literal["left", "used_up", "unknown"]

    @property
    def certain(self) -> bool:
        """Whether best and worst case are the same."""
        return self.used_least == self.used_most


def remaining_shelf_life(
    known: pd.DataFrame,
    *,
    model: AgeingModel,
    shelf_life: pd.Timedelta,
    since: pd.Timestamp,
    until: pd.Timestamp,
    plausible: tuple[float, float] | None = None,
) -> ShelfLife:
    """What is left at `until` of a shelf life that began to run at `since`.

    `known` is a frame `holds.HOLD` in °C; `shelf_life` is that at the model's reference temperature; `plausible` the
    least and greatest temperature in °C that unknown time may have had.
    """
    if not shelf_life > pd.Timedelta(0):
        raise InvalidInput("the shelf life is not positive", expected="a duration above 0")
    if plausible is not None and not plausible[0] <= plausible[1]:
        raise InvalidInput("the plausible temperatures are reversed", expected="the lower one first")
    stretches = bounds(known, since, until)
    seconds = (microseconds(stretches["end"], 0) - microseconds(stretches["start"], 0)) / 1e6
    spoken = stretches["coolest"].notna().to_numpy()
    silent = float(seconds[~spoken].sum())
    best, worst = (
        float((model.rate(stretches[name].to_numpy(dtype=np.float64)[spoken]) * seconds[spoken]).sum())
        for name in ("coolest", "warmest")
    )
    if silent:
        best += silent * float(model.rate(plausible[0])) if plausible else 0.0
        worst += silent * float(model.rate(plausible[1])) if plausible else np.inf
    whole = shelf_life.total_seconds()
    return ShelfLife(
        since=since,
        until=until,
        used_least=best / whole,
        used_most=worst / whole,
        remaining_least=max(0.0, whole - worst) if np.isfinite(worst) else 0.0,
        remaining_most=max(0.0, whole - best),
        known=float(seconds[spoken].sum()),
        unknown=silent,
        plausible=plausible,
        verdict="used_up" if best >= whole else "left" if worst < whole else "unknown",
    )


def lasts_until(life: ShelfLife, model: AgeingModel, celsius: float) -> tuple[pd.Timestamp | None, pd.Timestamp | None]:
    """From when to when the shelf life ends if the goods stay at `celsius` from now on; None: not before year 10000."""
    rate = float(model.rate(celsius))
    first, last = (_after(life.until, each, rate) for each in (life.remaining_least, life.remaining_most))
    return first, last


def _after(now: pd.Timestamp, left: float, rate: float) -> pd.Timestamp | None:
    if left > rate * (_LAST - now).total_seconds():
        return None
    return now + pd.Timedelta(seconds=left / rate if left else 0.0)
