"""The laboratories: residues on every harvest, the iron of every heat, and the limits that they are held against.

One harvest of spinach, GR-0505-11, is beyond the limit of one residue even after its uncertainty is taken off.
"""

from __future__ import annotations

import hashlib
import random
from collections.abc import Iterator

from api.demonstration import catalogue as c
from api.demonstration.chronicle import Clock
from api.demonstration.pump_parts import CASTINGS, CET
from api.demonstration.salad_fields import HARVESTS, PACIFIC
from api.demonstration.salad_lines import Row

BEYOND = "GR-0505-11"

#: substance → (limit in mg/kg, limit of quantification)
_RESIDUES = {"imidacloprid": (0.7, 0.01), "chlorpyrifos": (0.01, 0.005), "lambda_cyhalothrin": (0.5, 0.01)}
#: property → (low, usual, unit, expanded uncertainty)
_IRON = {"tensile_strength": (250.0, 268.0, "MPA", 6.0), "carbon": (3.2, 3.38, "P1", 0.04)}
_FOUND = {("VV-0504-A7", "imidacloprid"): 0.08, ("GR-0504-11", "imidacloprid"): 0.9, (BEYOND, "imidacloprid"): 1.9}


def laboratories(clock: Clock) -> Iterator[Row]:
    for laboratory, days in ((c.AGROLAB, 500), (c.METALAB, 300)):
        yield {
            "equipment": laboratory,
            "kind": "laboratory",
            "name": c.NAMES[laboratory],
            "laboratory_accredited_until": clock.at(days, "00:00", 0).isoformat(),
        }


def results(clock: Clock, rng: random.Random) -> Iterator[Row]:
    for harvest in HARVESTS:
        for substance, (_, loq) in _RESIDUES.items():
            found = _FOUND.get((harvest.number, substance))
            yield {
                "time": clock.at(harvest.day, harvest.cut, PACIFIC).isoformat(),
                "item": harvest.lot,
                "sample": f"S-{harvest.number}",
                "laboratory": c.AGROLAB,
                "analyte": substance,
                "value": "<LOQ" if found is None else f"{found:g}",
                "unit": "NA",
                "loq": f"{loq:g}",
                "uncertainty": "" if found is None else f"{found / 2:g}",  # 50 %, as SANTE/11312/2021 takes by default
                "method": "EN 15662",
                "certificate": _certificate(harvest.number),
            }
    for heat in CASTINGS:
        for name, (_, usual, unit, uncertainty) in _IRON.items():
            yield {
                "time": clock.at(0, "15:00", CET).isoformat(),
                "item": heat.lot,
                "sample": f"BAR-{heat.number}",
                "laboratory": c.METALAB,
                "analyte": name,
                "value": f"{usual + rng.gauss(0, uncertainty / 2):.4g}",
                "unit": unit,
                "uncertainty": f"{uncertainty:g}",
                "method": "EN 1561",
                "certificate": _certificate(heat.number),
            }


def laboratory_specifications() -> Iterator[Row]:
    for product in (c.ROMAINE, c.RED_LEAF, c.SPINACH, c.ARUGULA):
        for substance, (high, _) in _RESIDUES.items():
            yield _specification(product, substance, "", high, "NA", "invented maximum residue limit")
    for name, (low, _, unit, _) in _IRON.items():
        yield _specification(c.CASTING, name, low, "", unit, "EN 1561, as invented here")


def _specification(item: str, characteristic: str, low: float | str, high: float | str, unit: str, source: str) -> Row:
    return {
        "item": item,
        "characteristic": characteristic,
        "low": f"{low}",
        "high": f"{high}",
        "unit": unit,
        "source": source,
    }


def _certificate(number: str) -> str:
    """The SHA-256 of the signed certificate, of which the demonstration has no more than its name."""
    return hashlib.sha256(f"certificate of analysis {number} (synthetic)".encode()).hexdigest()
