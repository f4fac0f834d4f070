"""The salad's first day: harvest, cooling and shipping by two growers (FSMA 204's harvesting, cooling and shipping)."""

from __future__ import annotations

from dataclasses import dataclass

from api.demonstration import catalogue as c
from api.demonstration.chronicle import Chronicle, Clock, handover, here, papers, quantity, report, sensed
from api.demonstration.gs1_keys import asset, logistic_unit, lot, transaction
from api.demonstration.model import DemoOrganisation

PACIFIC = -7
_BIN = 120.0  # kg that a harvest bin holds


@dataclass(frozen=True, slots=True)
class Harvest:
    """One lot from one block."""

    grower: DemoOrganisation
    crop: str
    product: str
    number: str
    block: str
    cooler: str
    day: int
    cut: str
    kilograms: float
    first_bin: int

    @property
    def prefix(self) -> str:
        return self.grower.company_prefixes[0]

    @property
    def lot(self) -> str:
        return lot(self.product, self.number)

    @property
    def bins(self) -> dict[str, float]:
        """The bins (SSCC) that the lot travels in, with the kilograms in each."""
        full, rest = divmod(self.kilograms, _BIN)
        loads = [_BIN] * int(full) + ([rest] if rest else [])
        return {logistic_unit(self.prefix, self.first_bin + n): load for n, load in enumerate(loads)}


HARVESTS = (
    Harvest(c.VERDE, "romaine", c.ROMAINE, "VV-0504-A7", c.VERDE_RANCH_A7, c.VERDE_COOLER, 0, "06:10", 210.0, 1),
    Harvest(c.VERDE, "romaine", c.ROMAINE, "VV-0504-B2", c.VERDE_RANCH_B2, c.VERDE_COOLER, 0, "07:25", 180.0, 101),
    Harvest(c.VERDE, "red leaf", c.RED_LEAF, "VV-0504-C1", c.VERDE_RANCH_C1, c.VERDE_COOLER, 0, "08:40", 110.0, 201),
    Harvest(
        c.GABILAN, "spinach", c.SPINACH, "GR-0504-11", c.GABILAN_BLOCK_11, c.GABILAN_COOLER, 0, "06:30", 160.0, 301
    ),
    Harvest(c.GABILAN, "arugula", c.ARUGULA, "GR-0504-12", c.GABILAN_BLOCK_12, c.GABILAN_COOLER, 0, "08:05", 70.0, 401),
    Harvest(
        c.GABILAN, "spinach", c.SPINACH, "GR-0505-11", c.GABILAN_BLOCK_11, c.GABILAN_COOLER, 1, "05:35", 140.0, 501
    ),
)


def tell_fields(story: Chronicle, clock: Clock) -> None:
    """Harvest, cool, pack into bins and ship every lot."""
    for number, harvest in enumerate(HARVESTS):
        _harvest(story, clock, harvest)
        _cool(story, clock, harvest, pulp=21.5 + number * 0.4)
        _fill_bins(story, clock, harvest)
    for load, (grower, day) in enumerate(((c.VERDE, 0), (c.GABILAN, 0), (c.GABILAN, 1)), start=1):
        _ship(story, clock, [h for h in HARVESTS if h.grower is grower and h.day == day], load)


def _harvest(story: Chronicle, clock: Clock, h: Harvest) -> None:
    when = clock.at(h.day, h.cut, PACIFIC)
    story.tell(
        (h.grower, "harvest"),
        "Object",
        when,
        quantityList=[quantity(h.lot, h.kilograms, "KGM")],
        action="ADD",
        bizStep="creating_class_instance",
        disposition="active",
        **here(h.block, h.block),
        ilmd={
            "cbvmda:lotNumber": h.number,
            "cbvmda:harvestStartDate": when.date().isoformat(),
            "cbvmda:harvestEndDate": when.date().isoformat(),
            "cbvmda:countryOfOrigin": "US",
            "demo:crop": h.crop,
        },
        **{"demo:criticalTrackingEvent": "harvesting"},
    )


def _cool(story: Chronicle, clock: Clock, h: Harvest, pulp: float) -> None:
    hour = int(h.cut[:2]) + 2
    begun, done = clock.at(h.day, f"{hour:02d}:05", PACIFIC), clock.at(h.day, f"{hour:02d}:40", PACIFIC)
    probe = asset(h.prefix, "PROBE1")
    story.tell(
        (h.grower, "cooling"),
        "Object",
        done,
        quantityList=[quantity(h.lot, h.kilograms, "KGM")],
        action="OBSERVE",
        bizStep="storing",
        disposition="in_progress",
        **here(h.cooler, h.cooler),
        sensorElementList=[
            sensed([report("Temperature", "CEL", value=round(pulp, 1))], time=begun, deviceID=probe),
            sensed([report("Temperature", "CEL", value=2.6)], time=done, deviceID=probe),
        ],
        **{"demo:criticalTrackingEvent": "cooling"},
    )


def _fill_bins(story: Chronicle, clock: Clock, h: Harvest) -> None:
    for number, (unit, kilograms) in enumerate(h.bins.items()):
        story.tell(
            (h.grower, "cooling"),
            "Aggregation",
            clock.at(h.day, f"{int(h.cut[:2]) + 3:02d}:{10 + number * 5}", PACIFIC),
            parentID=unit,
            childQuantityList=[quantity(h.lot, kilograms, "KGM")],
            action="ADD",
            bizStep="packing",
            disposition="in_progress",
            **here(h.cooler, h.cooler),
        )


def _ship(story: Chronicle, clock: Clock, harvests: list[Harvest], load: int) -> None:
    grower, day = harvests[0].grower, harvests[0].day
    story.tell(
        (grower, "shipping"),
        "Object",
        clock.at(day, "13:20" if day == 0 else "09:10", PACIFIC),
        epcList=[unit for h in harvests for unit in h.bins],
        action="OBSERVE",
        bizStep="shipping",
        disposition="in_transit",
        **here(harvests[0].cooler),
        bizTransactionList=load_papers(grower, load),
        **handover(grower.uri, harvests[0].cooler, c.COASTAL.uri, c.COASTAL_DOCK),
        **{"demo:criticalTrackingEvent": "shipping"},
    )


def load_papers(grower: DemoOrganisation, load: int) -> list[dict[str, str]]:
    """The purchase order and the despatch advice of a load to the packer."""
    return papers(
        po=transaction(c.COASTAL.company_prefixes[0], f"PO-77{load}"),
        desadv=transaction(grower.company_prefixes[0], f"ASN-26050{load}"),
    )
