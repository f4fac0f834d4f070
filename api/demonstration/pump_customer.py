"""The pumps at the customer: crated, shipped, installed in six stations; one with bad bearings is taken out again."""

from __future__ import annotations

from api.demonstration import catalogue as c
from api.demonstration.chronicle import Chronicle, Clock, handover, here, papers
from api.demonstration.gs1_keys import logistic_unit, transaction
from api.demonstration.pump_assembly import Pump
from api.demonstration.pump_parts import BAD_LOT, CET

PER_CRATE = 3
INSTALLED_DAY, REMOVED_DAY = 10, 15


def crates(made: list[Pump]) -> list[tuple[str, list[Pump]]]:
    """The pumps that passed, three to a crate, each crate for one station."""
    good = [pump for pump in made if pump.passes]
    return [
        (logistic_unit("9521008", 7001 + number), good[number * PER_CRATE : (number + 1) * PER_CRATE])
        for number in range(len(good) // PER_CRATE)
    ]


def returned(made: list[Pump]) -> Pump:
    """The installed pump with bad bearings whose vibration rises."""
    return next(pump for pump in made if pump.passes and pump.bearings is BAD_LOT)


def tell_customer(story: Chronicle, clock: Clock, made: list[Pump]) -> None:
    packed = crates(made)
    for turn, (crate, inside) in enumerate(packed):
        story.tell(
            (c.HALDEN, "dispatch"), "Aggregation", clock.at(8, f"08:{10 + turn * 6}", CET), parentID=crate,
            childEPCs=[pump.uri for pump in inside], action="ADD", bizStep="packing", disposition="container_closed",
            **here(c.HALDEN_DISPATCH, c.HALDEN_DISPATCH),
        )  # fmt: skip
    _ship(story, clock, [crate for crate, _ in packed])
    for turn, (crate, inside) in enumerate(packed):
        _install(story, clock, turn, crate, [pump.uri for pump in inside])
    _take_out(story, clock, made, packed)


def _ship(story: Chronicle, clock: Clock, units: list[str]) -> None:
    trade = papers(
        po=transaction("9521009", "PO-2026-31"),
        desadv=transaction("9521008", "LS-4471"),
        inv=transaction("9521008", "RE-9912"),
    )
    story.tell(
        (c.HALDEN, "dispatch"), "Transaction", clock.at(8, "10:05", CET), bizTransactionList=trade, epcList=units,
        action="ADD", bizStep="staging_outbound", disposition="in_progress",
        **here(c.HALDEN_DISPATCH, c.HALDEN_DISPATCH),
    )  # fmt: skip
    both = {
        "bizTransactionList": trade,
        **handover(c.HALDEN.uri, c.HALDEN_DISPATCH, c.BRIGHTWATER.uri, c.BRIGHTWATER_DEPOT),
    }
    story.tell(
        (c.HALDEN, "dispatch"), "Object", clock.at(8, "11:00", CET), epcList=units, action="OBSERVE",
        bizStep="shipping", disposition="in_transit", **here(c.HALDEN_DISPATCH), **both,
    )  # fmt: skip
    story.tell(
        (c.BRIGHTWATER, "goods-in"), "Object", clock.at(9, "08:30", CET), epcList=units, action="OBSERVE",
        bizStep="receiving", disposition="in_progress", **here(c.BRIGHTWATER_DEPOT, c.BRIGHTWATER_DEPOT), **both,
        persistentDisposition={"set": ["completeness_verified"]},
    )  # fmt: skip


def _install(story: Chronicle, clock: Clock, turn: int, crate: str, inside: list[str]) -> None:
    station, hall = c.STATIONS[turn], c.STATION_PLACES[turn]
    hour = f"{7 + turn:02d}"
    story.tell(
        (c.BRIGHTWATER, "installation"), "Aggregation", clock.at(INSTALLED_DAY, f"{hour}:10", CET), parentID=crate,
        action="DELETE", bizStep="unpacking", disposition="in_progress", **here(hall, hall),
    )  # fmt: skip
    story.tell(
        (c.BRIGHTWATER, "installation"), "Association", clock.at(INSTALLED_DAY, f"{hour}:50", CET), parentID=station,
        childEPCs=inside, action="ADD", bizStep="installing", disposition="active", **here(hall, hall),
    )  # fmt: skip


def _take_out(story: Chronicle, clock: Clock, made: list[Pump], packed: list[tuple[str, list[Pump]]]) -> None:
    pump = returned(made)
    turn = next(number for number, (_, inside) in enumerate(packed) if pump in inside)
    hall = c.STATION_PLACES[turn]
    story.tell(
        (c.BRIGHTWATER, "maintenance"), "Association", clock.at(REMOVED_DAY, "09:10", CET), parentID=c.STATIONS[turn],
        childEPCs=[pump.uri], action="DELETE", bizStep="removing", disposition="inactive", **here(hall, hall),
    )  # fmt: skip
    depot = here(c.BRIGHTWATER_DEPOT, c.BRIGHTWATER_DEPOT)
    story.tell(
        (c.BRIGHTWATER, "maintenance"), "Object", clock.at(REMOVED_DAY, "13:40", CET), epcList=[pump.uri],
        action="OBSERVE", bizStep="inspecting", disposition="needs_replacement", **depot,
    )  # fmt: skip
