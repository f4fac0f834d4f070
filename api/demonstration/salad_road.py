"""The salad on the road: two reefers from Salinas over Tucumcari to Dallas, in three time zones."""

from __future__ import annotations

from datetime import datetime

from api.demonstration import catalogue as c
from api.demonstration.chronicle import Chronicle, Clock, Event, handover, here, papers
from api.demonstration.gs1_keys import transaction
from api.demonstration.salad_fields import PACIFIC
from api.demonstration.salad_packing import MIXES, Mix

MOUNTAIN, CENTRAL = -6, -5
#: trailer → arrival in Dallas on day 3, minutes after 05:00
ARRIVAL = {c.TRAILER_21: 0, c.TRAILER_22: 55}


def trip_papers(trailer: str) -> list[dict[str, str]]:
    """Purchase order, despatch advice and bill of lading of a trailer's load."""
    name = trailer[-4:]
    return papers(
        po=transaction(c.PRAIRIE.company_prefixes[0], f"PO-4410-{name}"),
        desadv=transaction(c.COASTAL.company_prefixes[0], f"ASN-8801-{name}"),
        bol=transaction(c.LONGHAUL.company_prefixes[0], f"BOL-{name}-0505"),
    )


def tell_road(story: Chronicle, clock: Clock) -> None:
    for turn, (trailer, late) in enumerate(ARRIVAL.items()):
        mixes = [mix for mix in MIXES if mix.trailer == trailer]
        _leave(story, clock, trailer, mixes, turn)
        _relay(story, clock, trailer, mixes, late)
        _arrive(story, clock, trailer, mixes, late)


def _leave(story: Chronicle, clock: Clock, trailer: str, mixes: list[Mix], turn: int) -> None:
    pallets = [mix.master_pallet for mix in mixes]
    story.tell(
        (c.COASTAL, "dispatch"),
        "Transaction",
        clock.at(1, f"16:{20 + turn * 5}", PACIFIC),
        bizTransactionList=trip_papers(trailer),
        epcList=pallets,
        action="ADD",
        bizStep="staging_outbound",
        disposition="in_progress",
        **here(c.COASTAL_STORE, c.COASTAL_STORE),
    )
    _move(story, clock.at(1, f"17:{5 + turn * 10:02d}", PACIFIC), trailer, pallets, "loading", c.COASTAL_DOCK)
    story.tell(
        (c.COASTAL, "dispatch"),
        "Object",
        clock.at(1, f"17:{30 + turn * 10}", PACIFIC),
        epcList=pallets,
        action="OBSERVE",
        bizStep="shipping",
        disposition="in_transit",
        **here(c.COASTAL_DOCK),
        bizTransactionList=trip_papers(trailer),
        **handover(c.COASTAL.uri, c.COASTAL_DOCK, c.PRAIRIE.uri, c.PRAIRIE_DC),
        **{"demo:criticalTrackingEvent": "shipping"},
    )


def _relay(story: Chronicle, clock: Clock, trailer: str, mixes: list[Mix], late: int) -> None:
    story.tell(
        (c.LONGHAUL, "haulage"),
        "Object",
        clock.at(2, f"12:{late:02d}", MOUNTAIN),
        epcList=[trailer, *(mix.master_pallet for mix in mixes)],
        action="OBSERVE",
        bizStep="transporting",
        disposition="in_transit",
        **here(c.TUCUMCARI),
        bizTransactionList=trip_papers(trailer),
    )


def _arrive(story: Chronicle, clock: Clock, trailer: str, mixes: list[Mix], late: int) -> None:
    pallets = [mix.master_pallet for mix in mixes]
    story.tell(
        (c.LONGHAUL, "haulage"),
        "Object",
        clock.at(3, f"05:{late:02d}", CENTRAL),
        epcList=[trailer],
        action="OBSERVE",
        bizStep="arriving",
        disposition="in_transit",
        **here(c.PRAIRIE_DC),
    )
    hour = 5 + (late + 30) // 60
    unloaded, received = f"{hour:02d}:{(late + 30) % 60:02d}", f"{hour:02d}:{(late + 30) % 60 + 12:02d}"
    _move(story, clock.at(3, unloaded, CENTRAL), trailer, pallets, "unloading", c.PRAIRIE_DC)
    story.tell(
        (c.PRAIRIE, "receiving"),
        "Object",
        clock.at(3, received, CENTRAL),
        epcList=pallets,
        action="OBSERVE",
        bizStep="receiving",
        disposition="in_progress",
        **here(c.PRAIRIE_DC, c.PRAIRIE_DC),
        bizTransactionList=trip_papers(trailer),
        **handover(c.COASTAL.uri, c.COASTAL_DOCK, c.PRAIRIE.uri, c.PRAIRIE_DC),
        **{"demo:criticalTrackingEvent": "receiving"},
    )


def _move(story: Chronicle, when: datetime, trailer: str, pallets: list[str], step: str, at: str) -> Event:
    return story.tell(
        (c.LONGHAUL, "haulage"),
        "Aggregation",
        when,
        parentID=trailer,
        childEPCs=pallets,
        action="ADD" if step == "loading" else "DELETE",
        bizStep=step,
        disposition="in_transit",
        **here(at),
    )
