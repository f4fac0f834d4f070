"""The pumps' quality data: clearances, bores, bench results, and hourly vibration of six installed pumps."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import timedelta

from api.demonstration import catalogue as c
from api.demonstration.chronicle import Clock
from api.demonstration.gs1_keys import asset
from api.demonstration.pump_assembly import VIBRATION_LIMIT, Pump, bench_slot
from api.demonstration.pump_customer import INSTALLED_DAY, REMOVED_DAY, crates, returned
from api.demonstration.pump_parts import BAD_LOT, BEARINGS, CET


def pump_readings(clock: Clock, rng: random.Random, made: list[Pump]) -> Iterator[tuple[str, ...]]:
    """Rows as in `salad_readings`: the first pump of each station, and the one that will be taken out."""
    failing = returned(made)
    watched = {inside[0].number: inside[0] for _, inside in crates(made)} | {failing.number: failing}
    begun = clock.at(INSTALLED_DAY, "14:00", CET)
    hours = (REMOVED_DAY - INSTALLED_DAY) * 24 - 6
    for pump in watched.values():
        for hour in range(hours):
            wear = 2.6 * (hour / hours) ** 2 if pump is failing else 0.0
            value = pump.vibration + wear + rng.gauss(0, 0.06)
            when = (begun + timedelta(hours=hour)).isoformat()
            sensor = asset("9521009", f"VIB{pump.number:02d}")
            yield when, sensor, pump.uri, "", "Speed", f"{value:.2f}", "C16"


def pump_inspections(clock: Clock, rng: random.Random, made: list[Pump]) -> Iterator[tuple[str, ...]]:
    """Rows as in `salad_inspections`."""
    for lot in BEARINGS:
        for sample in range(5):
            when = clock.at(3, f"08:{30 + sample}", CET).isoformat()
            clearance = rng.gauss(18.5 if lot is BAD_LOT else 11.0, 0.8)
            yield when, lot.lot, "radial_clearance", f"{clearance:.1f}", "4H", "", "Halden goods-in"
    for pump in made:
        when = clock.at(3 + pump.batch // 3, f"{10 + pump.batch}:20", CET).isoformat()
        for end in ("front", "rear"):
            bore = 62.012 + rng.gauss(0, 0.004)
            yield when, pump.housing, f"bore_diameter_{end}", f"{bore:.3f}", "MMT", "", "CMM 1"
        tested = clock.at(*bench_slot(pump), CET).isoformat()
        passed = "yes" if pump.vibration <= VIBRATION_LIMIT else "no"
        yield tested, pump.uri, "vibration_velocity", f"{pump.vibration:.2f}", "C16", passed, "Bench 1"
        yield tested, pump.uri, "bearing_temperature", f"{pump.temperature:.1f}", "CEL", "", "Bench 1"
        yield tested, pump.uri, "leak_test", "", "", "no" if pump.leaks else "yes", "Bench 1"


def pump_limits() -> Iterator[tuple[str, ...]]:
    """Rows as in `salad_limits`."""
    yield c.PUMP, "Speed", "", f"{VIBRATION_LIMIT:g}", "C16"
