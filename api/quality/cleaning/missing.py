"""Readings without a value: NaN or infinite. The sensor spoke, and said nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from api.quality.cleaning.ordered import Flags

VERSION = 1
PARAMETERS: dict[str, Any] = {}


def missing(readings: pd.DataFrame, parameters: Mapping[str, Any]) -> Flags:
    """True for each row of `readings` (READING) without a finite value; no parameters."""
    return ~np.isfinite(np.asarray(readings["value"], dtype=np.float64))
