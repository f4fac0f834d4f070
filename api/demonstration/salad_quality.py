"""The salad's quality data: a reading every 15 minutes in six cold rooms and two reefers, and the inspections.

Reefer 21 warms up beyond 5 °C for some three hours on the way; the logger of reefer 22 is silent for five.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from api.demonstration import catalogue as c
from api.demonstration.chronicle import Clock
from api.demonstration.gs1_keys import asset
from api.demonstration.salad_fields import HARVESTS, PACIFIC
from api.demonstration.salad_packing import FINE, HELD, MIXES, WARM
from api.demonstration.salad_road import CENTRAL

EVERY = timedelta(minutes=15)
LIMIT_CEL = 5.0

#: place → (device, zone, mean °C, first day, last day, relative humidity or None)
_ROOMS = {
    c.VERDE_COOLER: (asset("9521001", "LOG1"), PACIFIC, 2.4, 0, 1, None),
    c.GABILAN_COOLER: (asset("9521002", "LOG1"), PACIFIC, 2.6, 0, 2, None),
    c.COASTAL_STORE: (asset("9521003", "LOG1"), PACIFIC, 2.2, 0, 2, 95.0),
    c.PRAIRIE_DC: (asset("9521005", "LOG1"), CENTRAL, 2.9, 3, 5, 92.0),
    c.PRAIRIE_HOLD: (asset("9521005", "LOG2"), CENTRAL, 3.1, 3, 5, None),
    c.PLANO: (asset("9521005", "LOG114"), CENTRAL, 3.5, 3, 6, None),
    c.WACO: (asset("9521005", "LOG131"), CENTRAL, 3.3, 3, 6, None),
}


def salad_readings(clock: Clock, rng: random.Random) -> Iterator[tuple[str, ...]]:
    """Rows of time, sensor, item, place, quantity kind, value, unit."""
    for place, (device, zone, mean, first, last, humidity) in _ROOMS.items():
        for when in _every(clock.at(first, "00:00", zone), clock.at(last, "00:00", zone)):
            value = min(mean + 0.5 * _wave(when, 6) + rng.gauss(0, 0.15), LIMIT_CEL - 0.3)
            yield _iso(when), device, "", place, "Temperature", f"{value:.1f}", "CEL"
            if humidity is not None:
                yield _iso(when), device, "", place, "RelativeHumidity", f"{humidity + rng.gauss(0, 0.8):.1f}", "P1"
    for trailer, extra in ((c.TRAILER_21, _warm_up(clock)), (c.TRAILER_22, _silence(clock))):
        device = asset("9521004", f"LOG{trailer[-2:]}")
        for when in _every(clock.at(1, "19:00", CENTRAL), clock.at(3, "07:00", CENTRAL)):
            more = extra(when)
            if more is not None:
                value = 2.7 + 0.3 * _wave(when, 3) + more + rng.gauss(0, 0.1)
                yield _iso(when), device, trailer, "", "Temperature", f"{value:.1f}", "CEL"


def salad_inspections(clock: Clock, rng: random.Random) -> Iterator[tuple[str, ...]]:
    """Rows of time, item, characteristic, value, unit, passed, inspector."""
    hours = {"VV": 15, "GR": 16}
    for turn, h in enumerate(HARVESTS):
        when = _iso(clock.at(h.day, f"{hours[h.number[:2]] if h.day == 0 else 10}:{20 + turn % 3 * 5}", PACIFIC))
        yield when, h.lot, "core_temperature", f"{3.2 + rng.gauss(0, 0.3):.1f}", "CEL", "", "Coastal QA"
        yield when, h.lot, "visual_defects", f"{abs(rng.gauss(1.2, 0.5)):.1f}", "P1", "", "Coastal QA"
        yield when, h.lot, "foreign_matter", "", "", "yes", "Coastal QA"
    for mix in MIXES:
        when = _iso(clock.at(1, mix.done, PACIFIC))
        for clamshell in (case[0] for case in mix.clamshells):
            net = 500 + abs(rng.gauss(6, 2.5))
            yield when, clamshell, "net_weight", f"{net:.1f}", "GRM", "", "Coastal checkweigher"
        yield when, mix.cases[0], "seal_integrity", "", "", "yes", "Coastal QA"
    for pallet, core, passed, time in (
        (HELD.master_pallet, 7.6, "no", "09:05"),
        (FINE.half_pallets[0], 3.4, "yes", "09:40"),
        (WARM.half_pallets[0], 6.9, "no", "14:10"),
    ):
        when = _iso(clock.at(3, time, CENTRAL))
        yield when, pallet, "core_temperature", f"{core:.1f}", "CEL", passed, "Prairie QA"


def salad_limits() -> Iterator[tuple[str, ...]]:
    """Rows of item, quantity kind, low, high, unit: washed leaves stay between 0 and 5 °C."""
    cold = (c.WASHED_ROMAINE, c.WASHED_RED_LEAF, c.WASHED_SPINACH, c.WASHED_ARUGULA, c.CLAMSHELL, c.CASE)
    for product in cold:
        yield product, "Temperature", "0", f"{LIMIT_CEL:g}", "CEL"


def _every(first: datetime, last: datetime) -> Iterator[datetime]:
    while first < last:
        yield first
        first += EVERY


def _wave(when: datetime, hours: float) -> float:
    """The rhythm of a compressor."""
    return math.sin(when.timestamp() / (hours * 3600) * 2 * math.pi)


def _warm_up(clock: Clock) -> Callable[[datetime], float | None]:
    begun, hours = clock.at(2, "13:30", CENTRAL), 4.0

    def extra(when: datetime) -> float:
        share = (when - begun).total_seconds() / 3600 / hours
        return 6.4 * math.sin(share * math.pi) if 0 < share < 1 else 0.0

    return extra


def _silence(clock: Clock) -> Callable[[datetime], float | None]:
    begun, ended = clock.at(2, "01:00", CENTRAL), clock.at(2, "06:00", CENTRAL)
    return lambda when: None if begun <= when < ended else 0.0


def _iso(when: datetime) -> str:
    return when.isoformat()
