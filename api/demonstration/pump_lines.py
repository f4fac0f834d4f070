"""The pump maker's machines and what they ran, and within what bores, clearances and vibration must be."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from api.demonstration import catalogue as c
from api.demonstration.chronicle import Clock
from api.demonstration.gs1_keys import transaction
from api.demonstration.pump_assembly import PER_BATCH, VIBRATION_LIMIT, Pump
from api.demonstration.pump_parts import CET
from api.demonstration.salad_lines import Row


def pump_equipment(clock: Clock) -> Iterator[Row]:
    for machine, kind, place, rate in (
        (c.SPINDLE, "machining cell", c.HALDEN_MACHINING, "0.15"),
        (c.BENCH, "test bench", c.HALDEN_TEST, "0.09"),
    ):
        yield {
            "equipment": machine,
            "kind": kind,
            "name": c.NAMES[machine],
            "place": place,
            "ideal_rate": rate,
            "calibrated": clock.at(-90, "08:00", CET).isoformat(),
            "calibration_due": clock.at(275, "08:00", CET).isoformat(),
        }


def pump_runs(clock: Clock, made: list[Pump]) -> Iterator[Row]:
    for batch in range(1, len(made) // PER_BATCH + 1):
        begun = clock.at(3 + batch // 3, f"{9 + batch}:00", CET)
        yield {
            "run": transaction("9521008", f"WO-MB-{batch}"),
            "equipment": c.SPINDLE,
            "item": f"{c.HOUSING}/10/MB-{batch}",
            "start": begun.isoformat(),
            "end": (begun + timedelta(minutes=50)).isoformat(),
            "planned": "3000",
            "downtime": f"{120 * batch}",
            "total": f"{PER_BATCH}",
            "good": f"{PER_BATCH}",
            "operator": ("Mira", "Jonas")[batch % 2],
            "shift": "early" if batch < 3 else "late",
        }
    tested = clock.at(7, "07:00", CET)
    yield {
        "run": transaction("9521008", "TR-ALL"),
        "equipment": c.BENCH,
        "item": c.PUMP,
        "start": tested.isoformat(),
        "end": (tested + timedelta(hours=6)).isoformat(),
        "planned": "21600",
        "downtime": "900",
        "total": str(len(made)),
        "good": str(sum(pump.passes for pump in made)),
        "operator": "Jonas",
        "shift": "early",
    }


def pump_specifications() -> Iterator[Row]:
    for item, characteristic, low, target, high, unit in (
        (c.HOUSING, "bore_diameter_front", "62.000", "62.015", "62.030", "MMT"),
        (c.HOUSING, "bore_diameter_rear", "62.000", "62.015", "62.030", "MMT"),
        (c.BEARING, "radial_clearance", "5", "", "20", "4H"),
        (c.PUMP, "vibration_velocity", "", "", f"{VIBRATION_LIMIT:g}", "C16"),
    ):
        yield {
            "item": item,
            "characteristic": characteristic,
            "low": low,
            "target": target,
            "high": high,
            "unit": unit,
            "source": "Halden drawing HP-40 (synthetic)",
        }
