"""UN/ECE Recommendation 20 codes as people write them, where the two differ."""

from __future__ import annotations

SIGNS = {
    "CEL": "°C", "FAH": "°F", "KEL": "K", "P1": "%", "KGM": "kg", "GRM": "g", "MGM": "mg", "TNE": "t", "LTR": "l",
    "MLT": "ml", "MTQ": "m³", "MTR": "m", "CMT": "cm", "MMT": "mm", "4H": "µm", "MTS": "m/s", "C16": "mm/s",
    "RPM": "rpm", "NA": "mg/kg", "59": "ppm", "GP": "mg/m³", "A93": "g/m³", "M1": "mg/l", "MPA": "MPa", "KPA": "kPa",
    "BAR": "bar", "PAL": "Pa", "NU": "N·m", "KWH": "kWh", "HUR": "h", "MIN": "min", "SEC": "s", "DAY": "d",
    "LUX": "lx", "HTZ": "Hz", "VLT": "V", "AMP": "A", "WTT": "W", "EA": "pieces", "H87": "pieces",
}  # fmt: skip


def sign(code: str | None) -> str:
    """The sign of a unit; a code without one stands for itself."""
    return SIGNS.get(code or "", code or "")
