"""Values that cannot be: below absolute zero, a humidity of 130 %, a sensor's error code.

Only the impossible: what a product must not suffer is a limit's business.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from api.quality.cleaning.ordered import Flags
from api.quality.frames import rows_by
from api.quality.units import UNITS, compatible, convert

VERSION = 1
#: `ranges`: quantity kind → [low, high, unit], None for an open end; what lies outside is impossible
PARAMETERS: dict[str, Any] = {
    "ranges": {
        "AbsoluteHumidity": [0.0, None, "A93"],
        "Illuminance": [0.0, None, "LUX"],
        "Mass": [0.0, None, "KGM"],
        "RelativeHumidity": [0.0, 105.0, "P1"],
        "Temperature": [-273.15, None, "CEL"],
    }
}


def impossible(readings: pd.DataFrame, parameters: Mapping[str, Any]) -> Flags:
    """True for each row beyond its kind's range, whatever its unit; kinds without a range pass."""
    ranges: Mapping[str, Any] = parameters["ranges"]
    found = np.zeros(len(readings), dtype=bool)
    values = np.asarray(readings["value"], dtype=np.float64)
    for (kind, unit), rows in rows_by(readings, "quantity_kind", "unit").items():
        low, high, code = ranges.get(kind, (None, None, unit))
        if unit not in UNITS or code not in UNITS or not compatible(unit, code):
            continue
        bounds = np.array([-np.inf if low is None else low, np.inf if high is None else high], dtype=np.float64)
        least, most = _tolerant(convert(bounds, code, unit))
        found[rows] = (values[rows] < least) | (values[rows] > most)
    return found


def _tolerant(bounds: np.ndarray[Any, np.dtype[np.float64]]) -> tuple[float, float]:
    """Bounds that rounding in a conversion does not cross."""
    low, high = (float(bound) for bound in bounds)
    return low - 1e-9 * abs(low) if np.isfinite(low) else low, high + 1e-9 * abs(high) if np.isfinite(high) else high
