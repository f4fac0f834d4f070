"""The pumps' components: three lots of bearings and two heats of castings, from two suppliers to Halden's goods-in.

Lot NK-2609-B left the grinder with a damaged wheel: its clearance is at the edge, and nobody notices yet.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from api.demonstration import catalogue as c
from api.demonstration.chronicle import Chronicle, Clock, handover, here, papers, quantity, report, sensed
from api.demonstration.gs1_keys import asset, logistic_unit, lot, transaction
from api.demonstration.model import DemoOrganisation

CET = 2  # central European summer time


@dataclass(frozen=True, slots=True)
class PartLot:
    """A lot of one component; `made` is (day, time); `sensed` sums up its process."""

    supplier: DemoOrganisation
    product: str
    number: str
    count: int
    works: str
    made: tuple[int, str]
    reports: tuple[dict[str, Any], ...]
    device: str

    @property
    def lot(self) -> str:
        return lot(self.product, self.number)

    @property
    def carton(self) -> str:
        return logistic_unit(self.supplier.company_prefixes[0], 900 + ord(self.number[-1]))


def _bearings(letter: str, day: int, roughness: float) -> PartLot:
    reports = (
        report("Length", "4H", minValue=roughness - 0.04, maxValue=roughness + 0.06, meanValue=roughness),
        report("AngularVelocity", "RPM", value=2850),
    )
    grinder = asset("9521006", "GRIND3")
    return PartLot(c.NORDKUGEL, c.BEARING, f"NK-2609-{letter}", 16, c.NORDKUGEL_WORKS, (day, "10:40"), reports, grinder)


def _castings(number: str, time: str, poured: float) -> PartLot:
    reports = (report("Temperature", "CEL", value=poured),)
    return PartLot(c.ISAR, c.CASTING, number, 12, c.ISAR_FOUNDRY, (0, time), reports, asset("9521007", "PYRO1"))


BEARINGS = (_bearings("A", 0, 0.21), _bearings("B", 0, 0.37), _bearings("C", 1, 0.22))
CASTINGS = (_castings("HEAT-771", "07:15", 1394.0), _castings("HEAT-772", "11:30", 1402.0))
BAD_LOT = BEARINGS[1]

_CERTIFICATES = {
    c.NORDKUGEL: "https://lotmark.example/demo/certificate/nordkugel-iso-9001",
    c.ISAR: "https://lotmark.example/demo/certificate/isar-iso-9001",
}


def tell_parts(story: Chronicle, clock: Clock) -> None:
    for parts in (BEARINGS, CASTINGS):
        for part in parts:
            _make(story, clock, part)
            _pack(story, clock, part)
        _deliver(story, clock, parts)


def _make(story: Chronicle, clock: Clock, part: PartLot) -> None:
    day, time = part.made
    when = clock.at(day, time, CET)
    pieces = [quantity(part.lot, part.count)]
    where = here(part.works, part.works)
    story.tell(
        (part.supplier, "production"),
        "Object",
        when,
        certificationInfo=_CERTIFICATES[part.supplier],
        quantityList=pieces,
        action="ADD",
        bizStep="creating_class_instance",
        disposition="active",
        **where,
        bizTransactionList=papers(prodorder=transaction(part.supplier.company_prefixes[0], f"WO-{part.number}")),
        sensorElementList=[sensed(part.reports, time=when, deviceID=part.device)],
        ilmd={"cbvmda:lotNumber": part.number},
    )
    story.tell(
        (part.supplier, "production"),
        "Object",
        clock.at(day, f"{int(time[:2]) + 2:02d}:00", CET),
        quantityList=pieces,
        action="OBSERVE",
        bizStep="inspecting",
        disposition="conformant",
        **where,
    )


def _pack(story: Chronicle, clock: Clock, part: PartLot) -> None:
    story.tell(
        (part.supplier, "dispatch"),
        "Aggregation",
        clock.at(part.made[0], f"{int(part.made[1][:2]) + 3:02d}:20", CET),
        parentID=part.carton,
        childQuantityList=[quantity(part.lot, part.count)],
        action="ADD",
        bizStep="packing",
        disposition="in_progress",
        **here(part.works, part.works),
    )


def _deliver(story: Chronicle, clock: Clock, parts: tuple[PartLot, ...]) -> None:
    """Ship, receive, open and inspect all cartons of one supplier."""
    supplier, works = parts[0].supplier, parts[0].works
    cartons = [part.carton for part in parts]
    trade = papers(
        po=transaction("9521008", f"PO-{supplier.company_prefixes[0][-1]}12"),
        desadv=transaction(supplier.company_prefixes[0], "LS-0505"),
    )
    both = {"bizTransactionList": trade, **handover(supplier.uri, works, c.HALDEN.uri, c.HALDEN_GOODS_IN)}
    story.tell(
        (supplier, "dispatch"), "Object", clock.at(1, "16:30", CET), epcList=cartons, action="OBSERVE",
        bizStep="shipping", disposition="in_transit", **here(works), **both,
    )  # fmt: skip
    there = here(c.HALDEN_GOODS_IN, c.HALDEN_GOODS_IN)
    story.tell(
        (c.HALDEN, "goods-in"), "Object", clock.at(3, "07:40", CET), epcList=cartons, action="OBSERVE",
        bizStep="receiving", disposition="in_progress", **there, **both,
    )  # fmt: skip
    for turn, part in enumerate(parts):
        story.tell(
            (c.HALDEN, "goods-in"), "Aggregation", clock.at(3, f"08:{10 + turn * 5}", CET), parentID=part.carton,
            childQuantityList=[quantity(part.lot, part.count)], action="DELETE", bizStep="unpacking",
            disposition="in_progress", **there,
        )  # fmt: skip
        story.tell(
            (c.HALDEN, "goods-in"), "Object", clock.at(3, f"08:{30 + turn * 5}", CET),
            quantityList=[quantity(part.lot, part.count)], action="OBSERVE", bizStep="inspecting",
            disposition="conformant", **there,
        )  # fmt: skip
