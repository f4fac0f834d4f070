"""Units by their UN/ECE Recommendation 20 codes, as GS1 uses them (`CEL`, `KGM`, `P1`), converted by pint.

The codes listed are those that goods' quality is measured in, not all of the Recommendation. A temperature is a point
on a scale here, never a difference. The registry loads on the first conversion.
"""

from __future__ import annotations

import difflib
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

from ledger.errors import InvalidInput

Floats = npt.NDArray[np.float64]

#: Recommendation 20 code → pint expression
UNITS: dict[str, str] = {
    # temperature
    "CEL": "degC", "FAH": "degF", "KEL": "kelvin", "A48": "degR",
    # mass
    "KGM": "kilogram", "GRM": "gram", "MGM": "milligram", "MC": "microgram", "TNE": "metric_ton", "LBR": "pound",
    "ONZ": "ounce", "STI": "stone",
    # length, area, volume
    "MTR": "meter", "DMT": "decimeter", "CMT": "centimeter", "MMT": "millimeter", "4H": "micrometer",
    "C45": "nanometer", "KMT": "kilometer", "INH": "inch", "FOT": "foot", "YRD": "yard", "SMI": "mile",
    "MTK": "meter**2", "CMK": "centimeter**2", "MMK": "millimeter**2", "HAR": "hectare", "ACR": "acre",
    "MTQ": "meter**3", "DMQ": "decimeter**3", "CMQ": "centimeter**3", "MMQ": "millimeter**3", "LTR": "liter",
    "DLT": "deciliter", "CLT": "centiliter", "MLT": "milliliter", "HLT": "hectoliter", "GLL": "gallon",
    "GLI": "imperial_gallon", "INQ": "inch**3", "FTQ": "foot**3",
    # time, frequency, rotation
    "SEC": "second", "MIN": "minute", "HUR": "hour", "DAY": "day", "WEE": "week", "C26": "millisecond",
    "B98": "microsecond", "HTZ": "hertz", "KHZ": "kilohertz", "MHZ": "megahertz", "RPM": "revolution/minute",
    # motion
    "MTS": "meter/second", "C16": "millimeter/second", "2M": "centimeter/second", "2X": "meter/minute",
    "KMH": "kilometer/hour", "HM": "mile/hour", "KNT": "knot", "MSK": "meter/second**2", "K40": "standard_gravity",
    # force, pressure, energy, power
    "NEW": "newton", "B47": "kilonewton", "NU": "newton*meter", "PAL": "pascal", "A97": "hectopascal",
    "KPA": "kilopascal", "MPA": "megapascal", "BAR": "bar", "MBR": "millibar", "PS": "psi", "ATM": "atmosphere",
    "JOU": "joule", "KJO": "kilojoule", "3B": "megajoule", "WHR": "watt*hour", "KWH": "kilowatt*hour",
    "WTT": "watt", "KWT": "kilowatt", "MAW": "megawatt",
    # electricity and light
    "VLT": "volt", "2Z": "millivolt", "KVT": "kilovolt", "AMP": "ampere", "4K": "milliampere", "OHM": "ohm",
    "SIE": "siemens", "C27": "millisiemens", "FAR": "farad", "4O": "microfarad", "COU": "coulomb", "LUX": "lux",
    "LUM": "lumen", "CDL": "candela", "D54": "watt/meter**2",
    # angle
    "C81": "radian", "DD": "degree", "D61": "arcminute", "D62": "arcsecond",
    # concentration, density, fraction, count
    "A93": "gram/meter**3", "GP": "milligram/meter**3", "GQ": "microgram/meter**3", "KMQ": "kilogram/meter**3",
    "23": "gram/centimeter**3", "GL": "gram/liter", "M1": "milligram/liter", "NA": "milligram/kilogram",
    "C34": "mole", "C35": "mole/decimeter**3", "C36": "mole/meter**3", "C38": "mole/liter",
    "P1": "percent", "59": "ppm", "C62": "dimensionless", "H87": "dimensionless", "EA": "dimensionless",
    # flow
    "MQH": "meter**3/hour", "L2": "liter/minute", "KGS": "kilogram/second", "E93": "kilogram/hour",
    # radiation
    "BQL": "becquerel", "A95": "gray", "D13": "sievert", "P70": "sievert/hour", "P71": "millisievert/hour",
    "P72": "microsievert/hour",
}  # fmt: skip

_WORDS = {
    "C": "CEL", "°C": "CEL", "DEGC": "CEL", "CELSIUS": "CEL", "F": "FAH", "°F": "FAH", "DEGF": "FAH",
    "FAHRENHEIT": "FAH", "K": "KEL", "KELVIN": "KEL", "KG": "KGM", "G": "GRM", "MG": "MGM", "T": "TNE", "LB": "LBR",
    "L": "LTR", "ML": "MLT", "M": "MTR", "CM": "CMT", "MM": "MMT", "µM": "4H", "%": "P1", "PERCENT": "P1",
    "PPM": "59", "MG/KG": "NA", "HPA": "A97", "PSI": "PS", "S": "SEC", "H": "HUR", "MM/S": "C16", "M/S": "MTS",
    "G/M3": "A93", "HZ": "HTZ", "V": "VLT", "A": "AMP", "W": "WTT", "N": "NEW", "NM": "NU", "LX": "LUX",
}  # fmt: skip


def require_unit(code: str, *, where: str = "") -> str:
    """`code` if it is known; otherwise InvalidInput that says which codes come close."""
    if code in UNITS:
        return code
    raise InvalidInput(
        f"unknown unit {code!r}", where=where, expected="a UN/ECE Recommendation 20 code", advice=unit_advice(code)
    )


def unit_advice(code: str) -> str:
    """What to write instead of an unknown unit."""
    upper = code.upper()
    if upper in UNITS:
        return f"Codes are upper case: write {upper}."
    if upper in _WORDS:
        return f"Write {_WORDS[upper]}."
    near = difflib.get_close_matches(upper, UNITS, n=3, cutoff=0.5)
    near += [_WORDS[word] for word in difflib.get_close_matches(upper, _WORDS, n=2, cutoff=0.75)]
    if near:
        return f"Did you mean {', '.join(dict.fromkeys(near))}?"
    return "Common ones: CEL, FAH, KGM, GRM, LTR, P1 (percent), A93 (g/m³), MMT, KPA."


def convert(values: Floats, source: str, target: str) -> Floats:
    """`values` in unit `source`, expressed in unit `target`; InvalidInput where the two measure different things."""
    if source == target:
        return values
    registry = _registry()
    quantity = registry.Quantity(values, _pint_unit(require_unit(source)))
    target_unit = _pint_unit(require_unit(target))
    if not quantity.is_compatible_with(target_unit):
        raise InvalidInput(
            f"unit {source} cannot be converted to {target}",
            expected=f"a unit of the same kind as {target}",
            advice="Check the unit, or the quantity kind that it is used for.",
        )
    return np.asarray(quantity.to(target_unit).magnitude, dtype=np.float64)


def compatible(one: str, other: str) -> bool:
    """Whether two known codes measure the same kind of thing."""
    return bool(_pint_unit(one).is_compatible_with(_pint_unit(other)))


@cache
def _pint_unit(code: str) -> Any:
    return _registry().parse_units(UNITS[code])


@cache
def _registry() -> Any:
    import pint

    return pint.UnitRegistry()
