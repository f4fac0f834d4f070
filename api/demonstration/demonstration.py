"""The whole demonstration, the same for the same seed and start."""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Iterable
from datetime import date

from api.demonstration import catalogue as c
from api.demonstration.chronicle import Chronicle, Clock
from api.demonstration.model import Demonstration, Showcase
from api.demonstration.pump_assembly import Pump, pumps, tell_assembly
from api.demonstration.pump_customer import returned, tell_customer
from api.demonstration.pump_parts import BAD_LOT, tell_parts
from api.demonstration.pump_quality import pump_inspections, pump_limits, pump_readings
from api.demonstration.salad_fields import HARVESTS, tell_fields
from api.demonstration.salad_packing import HELD, tell_packing
from api.demonstration.salad_quality import salad_inspections, salad_limits, salad_readings
from api.demonstration.salad_road import tell_road
from api.demonstration.salad_stores import SOLD_FINE, SOLD_WARM, tell_stores

START = date(2026, 5, 4)


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
        readings_csv=_csv(
            ("time", "sensor", "item", "place", "quantity_kind", "value", "unit"),
            [*salad_readings(clock, rng), *pump_readings(clock, rng, made)],
        ),
        inspections_csv=_csv(
            ("time", "item", "characteristic", "value", "unit", "passed", "inspector"),
            [*salad_inspections(clock, rng), *pump_inspections(clock, rng, made)],
        ),
        limits_csv=_csv(("item", "quantity_kind", "low", "high", "unit"), [*salad_limits(), *pump_limits()]),
        showcase=_showcase(made),
        names=c.NAMES,
    )


def _csv(header: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([header, *rows])
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
