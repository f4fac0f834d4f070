"""The packer's two lines: what they are, what they ran, what every pack weighed, and what they used up.

The third mixing run starts with a worn nozzle: from its ninth sample on it fills about four grams too much.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import datetime, timedelta

from api.demonstration import catalogue as c
from api.demonstration.chronicle import Clock
from api.demonstration.gs1_keys import asset, lot, transaction
from api.demonstration.salad_fields import HARVESTS, PACIFIC
from api.demonstration.salad_packing import FINE, MIXES, PREFIX, Mix, washed

Row = dict[str, str]

FILL_GRAMS, FILL_LOW, FILL_HIGH = 506.0, 500.0, 515.0
_SAMPLE_EVERY, _PACKS = timedelta(seconds=90), 5
_WORN_FROM, _WORN_GRAMS = 8, 4.0


def salad_equipment(clock: Clock) -> Iterator[Row]:
    for line, kind, place, rate in (
        (c.WASH_LINE, "wash line", c.COASTAL_WASH, "4"),  # kilograms per minute
        (c.MIXING_LINE, "mixing line", c.COASTAL_MIX, "2"),  # clamshells per minute
    ):
        yield {"equipment": line, "kind": kind, "name": c.NAMES[line], "place": place, "ideal_rate": rate}
    for logger, due in (("LOG21", 200), ("LOG22", -12)):
        yield {
            "equipment": asset("9521004", logger),
            "kind": "temperature logger",
            "name": f"Reefer logger {logger[-2:]} (synthetic)",
            "calibrated": clock.at(due - 365, "08:00", PACIFIC).isoformat(),
            "calibration_due": clock.at(due, "08:00", PACIFIC).isoformat(),
        }


def salad_runs(clock: Clock) -> Iterator[Row]:
    for turn, harvest in enumerate(HARVESTS):
        done = clock.at(1, f"{5 + turn:02d}:30" if turn < 5 else "11:15", PACIFIC)
        total = int(harvest.kilograms)
        seconds = total / 4 * 60 * 1.25
        yield _run(
            c.WASH_LINE, f"W-{harvest.number}", washed(harvest.number), done, seconds, 120 + 60 * turn, total
        ) | {
            "good": str(int(harvest.kilograms * 0.92)),
            "supplier": harvest.grower.uri,
        }
    for turn, mix in enumerate(MIXES):
        done = clock.at(1, mix.done, PACIFIC)
        made = sum(map(len, mix.clamshells))
        yield _run(c.MIXING_LINE, mix.number, lot(c.CLAMSHELL, mix.number), done, 1800, 90 + 150 * turn, made + 2) | {
            "good": str(made),
            "rework": "1",
        }


def _run(line: str, number: str, item: str, done: datetime, planned: float, downtime: float, total: int) -> Row:
    return {
        "run": transaction(PREFIX, f"RUN-{number}"),
        "equipment": line,
        "item": item,
        "start": (done - timedelta(seconds=planned)).isoformat(),
        "end": done.isoformat(),
        "planned": f"{planned:g}",
        "downtime": f"{downtime:g}",
        "total": str(total),
        "operator": "crew 1",
        "shift": "day",
    }


def fill_weights(clock: Clock, rng: random.Random) -> Iterator[Row]:
    """Five packs every ninety seconds, and eight seals looked at every five minutes."""
    for mix in MIXES:
        begun, done = (clock.at(1, time, PACIFIC) for time in (mix.begun, mix.done))
        for number in range((done - begun) // _SAMPLE_EVERY):
            when = begun + number * _SAMPLE_EVERY
            worn = _WORN_GRAMS if mix is FINE and number >= _WORN_FROM else 0.0
            for pack in range(1, _PACKS + 1):
                grams = rng.gauss(FILL_GRAMS + worn, 2.2)
                yield _inspection(mix, when, "fill_weight", pack) | {"value": f"{grams:.1f}", "unit": "GRM"}
        for number in range(6):
            seals = _inspection(mix, begun + timedelta(minutes=5 * number), "seal_defects", 1)
            yield seals | {"size": "8", "nonconforming": str(int(rng.random() < 0.15))}


def _inspection(mix: Mix, when: datetime, characteristic: str, sample: int) -> Row:
    return {
        "time": when.isoformat(),
        "item": lot(c.CLAMSHELL, mix.number),
        "characteristic": characteristic,
        "inspector": "Coastal checkweigher" if characteristic == "fill_weight" else "Coastal QA",
        "sample": str(sample),
        "run": transaction(PREFIX, f"RUN-{mix.number}"),
    }


def wash_water(clock: Clock, rng: random.Random) -> Iterator[tuple[str, ...]]:
    """Rows of time, sensor, item, place, quantity kind, value, unit: free chlorine in the wash water."""
    when, last = clock.at(1, "05:00", PACIFIC), clock.at(1, "12:00", PACIFIC)
    while when < last:
        value = f"{rng.gauss(8.0, 0.35):.2f}"
        yield when.isoformat(), asset("9521003", "CL1"), "", c.COASTAL_WASH, "MassConcentration", value, "GP"
        when += timedelta(minutes=10)


def salad_specifications() -> Iterator[Row]:
    for characteristic, low, target, high, unit in (
        ("fill_weight", f"{FILL_LOW:g}", f"{FILL_GRAMS:g}", f"{FILL_HIGH:g}", "GRM"),
        ("shelf_life", "", "", "14", "DAY"),
    ):
        yield {
            "item": c.CLAMSHELL,
            "characteristic": characteristic,
            "low": low,
            "target": target,
            "high": high,
            "unit": unit,
            "source": "Coastal Leaf packing specification (synthetic)",
        }


def salad_activities(clock: Clock) -> Iterator[Row]:
    """Irrigation of each block, power, water and trimmings of each wash, diesel of each trailer."""
    for harvest in HARVESTS:
        grown = (clock.at(-40, "06:00", PACIFIC), clock.at(harvest.day, harvest.cut, PACIFIC))
        yield _activity(harvest.lot, *grown, "irrigation", harvest.kilograms * 0.09, "MTQ")
    for run in salad_runs(clock):
        span = (datetime.fromisoformat(run["start"]), datetime.fromisoformat(run["end"]))
        if run["equipment"] == c.WASH_LINE:
            yield _activity(run["run"], *span, "tap_water", int(run["total"]) * 0.004, "MTQ")
            yield _activity(run["item"], *span, "loss", int(run["total"]) * 0.08, "KGM")
        yield _activity(run["run"], *span, "electricity", int(run["total"]) * 0.05, "KWH")
    for trailer, litres in ((c.TRAILER_21, 640.0), (c.TRAILER_22, 615.0)):
        yield _activity(trailer, clock.at(1, "19:00", -5), clock.at(3, "07:00", -5), "diesel", litres, "LTR")


def _activity(subject: str, start: datetime, end: datetime, activity: str, amount: float, unit: str) -> Row:
    return {
        "start": start.isoformat(),
        "end": end.isoformat(),
        "subject": subject,
        "activity": activity,
        "amount": f"{amount:.4g}",
        "unit": unit,
    }


def factors() -> Iterator[Row]:
    """What a unit of an activity stands for; a user would take these from a table that their auditor accepts."""
    for activity, unit, indicator, factor, per in (
        ("electricity", "KWH", "energy", 1.0, "kWh"),
        ("electricity", "KWH", "carbon", 0.35, "kgCO2e"),
        ("diesel", "LTR", "energy", 9.9, "kWh"),
        ("diesel", "LTR", "carbon", 2.7, "kgCO2e"),
        ("irrigation", "MTQ", "water", 1.0, "m3"),
        ("tap_water", "MTQ", "water", 1.0, "m3"),
    ):
        yield {
            "activity": activity,
            "indicator": indicator,
            "factor": f"{factor:g}",
            "unit": unit,
            "per": per,
            "source": "invented for this demonstration",
        }
