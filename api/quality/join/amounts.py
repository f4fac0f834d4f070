"""Quantities of different units beside each other: which of the amounts that went into one mixture compare.

Masses compare after conversion, volumes too; pieces, areas and the like only with pieces of the same GTIN in the same
unit. What does not compare, or was not given, is unknown: no density or piece weight is invented.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

import numpy as np
import numpy.typing as npt
import pandas as pd

from api.quality.units import UNITS, compatible, convert

Floats = npt.NDArray[np.float64]

_CLASS = re.compile(r"https://id\.gs1\.org/01/\d{14}(?=/|$)")
_REFERENCES = {"mass": "KGM", "volume": "LTR"}


def comparable(items: pd.Series[str], quantity: pd.Series[float], uom: pd.Series[str]) -> tuple[Floats, list[str]]:
    """The amounts in the reference unit of their dimension (kg, litre, or as given; NaN: unknown), and the dimensions.

    Amounts compare exactly where their dimensions are equal.
    """
    amounts = np.array(quantity, dtype=np.float64)
    units = _codes(uom)
    dimensions = {code: dimension_of(code) for code in set(units)}
    named = pd.Series(units, dtype=object)
    for code, dimension in dimensions.items():
        if dimension in _REFERENCES:
            rows = np.flatnonzero(named == code)
            amounts[rows] = convert(amounts[rows], code, _REFERENCES[dimension])
    kinds = [
        dimensions[code] if dimensions[code] in _REFERENCES else f"{code} of {_class_of(item)}"
        for code, item in zip(units, items, strict=True)
    ]
    return amounts, kinds


def kilograms(quantity: pd.Series[float], uom: pd.Series[str]) -> Floats:
    """Quantities in kilograms; NaN for what is no mass or was not given."""
    amounts = np.array(quantity, dtype=np.float64)
    units = pd.Series(_codes(uom), dtype=object)
    for code in set(units):
        rows = np.flatnonzero(units == code)
        is_mass = dimension_of(code) == "mass"
        amounts[rows] = convert(amounts[rows], code, "KGM") if is_mass else np.nan
    return amounts


def dimension_of(code: str) -> str:
    """'mass', 'volume', or '' for any other unit, and for an unknown one."""
    if code not in UNITS:
        return ""
    return next((name for name, unit in _REFERENCES.items() if compatible(code, unit)), "")


def is_class(item: str) -> bool:
    """A GTIN alone, which names no lot and no serial item and so is never traced."""
    found = _CLASS.match(item)
    return found is not None and found.end() == len(item)


def _codes(uom: Iterable[object]) -> list[str]:
    return [code if isinstance(code, str) else "" for code in uom]


def _class_of(item: str) -> str:
    found = _CLASS.match(item)
    return found.group() if found else item
