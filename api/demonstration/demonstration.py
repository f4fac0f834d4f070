"""The whole demonstration, the same for the same seed and start."""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Iterable, Iterator
from datetime import date

from api.demonstration import catalogue as c
from api.demonstration.chronicle import Chronicle, Clock
from api.demonstration.laboratory import BEYOND, laboratories, laboratory_specifications, results
from api.demonstration.model import DemoHold, Demonstration, Showcase
from api.demonstration.pump_assembly import Pump, pumps, tell_assembly
from api.demonstration.pump_customer import returned, tell_customer
from api.demonstration.pump_lines import pump_equipment, pump_runs, pump_specifications
from api.demonstration.pump_parts import BAD_LOT, tell_parts
from api.demonstration.pump_quality import pump_inspections, pump_limits, pump_readings
from api.demonstration.salad_fields import HARVESTS, Harvest, tell_fields
from api.demonstration.salad_lines import (
    Row,
    factors,
    fill_weights,
    salad_activities,
    salad_equipment,
    salad_runs,
    salad_specifications,
    wash_water,
)
from api.demonstration.salad_packing import HELD, tell_packing
from api.demonstration.salad_quality import salad_inspections, salad_limits, salad_readings
from api.demonstration.salad_road import tell_road
from api.demonstration.salad_stores import SOLD_FINE, SOLD_WARM, tell_stores
from api.quality.columns import (
    ACTIVITY,
    EQUIPMENT,
    FACTOR,
    INSPECTION,
    LIMIT,
    READING,
    RESULT,
    RUN,
    SPECIFICATION,
)

START = date(2026, 5, 4)
#: the columns of each kind of table
COLUMNS = {
    "equipment": EQUIPMENT,
    "runs": RUN,
    "readings": READING,
    "inspections": INSPECTION,
    "results": RESULT,
    "limits": LIMIT,
    "specifications": SPECIFICATION,
    "factors": FACTOR,
    "activities": ACTIVITY,
}


def demonstration(seed: int = 1, *, start: date = START) -> Demonstration:
    """Both supply chains, from `start` (a Monday) on; lot numbers and best-before dates keep the default start's."""
    rng = random.Random(seed)  # noqa: S311 - invented data, no secret
    story, clock = Chronicle(rng), Clock(start)
    for tell in (tell_fields, tell_packing, tell_road, tell_stores, tell_parts):
        tell(story, clock)
    made = pumps(rng)
    tell_assembly(story, clock, made)
    tell_customer(story, clock, made)
    return Demonstration(
        organisations=c.ORGANISATIONS,
        documents=tuple(story.documents(c.NAMES)),
        tables={kind: _csv(COLUMNS[kind], rows) for kind, rows in _tables(clock, rng, made, seed)},
        holds=(DemoHold(_beyond().lot, "imidacloprid beyond its limit (synthetic)", "Coastal QA"),),
        showcase=_showcase(made),
        names=c.NAMES,
    )


def _beyond() -> Harvest:
    """The harvest with too much of one residue."""
    return next(harvest for harvest in HARVESTS if harvest.number == BEYOND)


def _tables(clock: Clock, rng: random.Random, made: list[Pump], seed: int) -> Iterator[tuple[str, Iterable[Row]]]:
    """Kind → rows. What the lines and laboratories say has a chance of its own."""
    more = random.Random(f"{seed} lines")  # noqa: S311 - invented data, no secret
    reading, inspection = COLUMNS["readings"], COLUMNS["inspections"]
    yield "equipment", [*salad_equipment(clock), *pump_equipment(clock), *laboratories(clock)]
    yield "runs", [*salad_runs(clock), *pump_runs(clock, made)]
    measured = [*salad_readings(clock, rng), *pump_readings(clock, rng, made), *wash_water(clock, more)]
    yield "readings", [dict(zip(reading, row, strict=True)) for row in measured]
    checked = [*salad_inspections(clock, rng), *pump_inspections(clock, rng, made)]
    yield "inspections", [*(dict(zip(inspection, row, strict=False)) for row in checked), *fill_weights(clock, more)]
    yield "results", results(clock, more)
    yield "limits", [dict(zip(COLUMNS["limits"], row, strict=True)) for row in (*salad_limits(), *pump_limits())]
    yield "specifications", [*salad_specifications(), *pump_specifications(), *laboratory_specifications()]
    yield "factors", factors()
    yield "activities", salad_activities(clock)


def _csv(columns: tuple[str, ...], rows: Iterable[Row]) -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def _showcase(made: list[Pump]) -> tuple[Showcase, ...]:
    back = returned(made)
    return (
        Showcase(
            SOLD_WARM,
            "Salad from the warm reefer (synthetic)",
            "Sold in Plano. On its way from Salinas the reefer stood above 5 °C for three hours.",
        ),
        Showcase(
            SOLD_FINE,
            "Salad with a gap in its cold chain (synthetic)",
            "Sold in Plano. Its logger was silent for five hours: nobody knows, so it is not shown as in range.",
        ),
        Showcase(
            HARVESTS[0].lot,
            "Romaine from block A7 (synthetic)",
            "Forward: one harvest, through washing and mixing, to every clamshell and both stores.",
        ),
        Showcase(
            HELD.master_pallet,
            "The pallet that was held (synthetic)",
            "Same reefer, other lot: stopped in Dallas by the logger's alarm, and destroyed.",
        ),
        Showcase(
            back.uri,
            f"Pump {back.number} with bearings of the bad lot (synthetic)",
            "It passed the bench just below the limit; installed, its vibration rose until it was taken out.",
        ),
        Showcase(
            BAD_LOT.lot,
            "Bearing lot NK-2609-B (synthetic)",
            "Forward: eight pumps, five rejected on the bench, three installed, one of them taken out again.",
        ),
        Showcase(made[0].uri, "A sound pump (synthetic)", "From two suppliers to its station, with every test passed."),
    )
