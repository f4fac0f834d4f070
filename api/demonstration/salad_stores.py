"""The salad at the retailer: one warm lot is cross-docked before the logger is read, the other is held."""

from __future__ import annotations

from datetime import datetime

from api.demonstration import catalogue as c
from api.demonstration.chronicle import Chronicle, Clock, Event, here, papers, report, sensed
from api.demonstration.gs1_keys import asset, transaction
from api.demonstration.salad_packing import FINE, HELD, WARM, Mix
from api.demonstration.salad_road import CENTRAL

_LOGGER = asset(c.LONGHAUL.company_prefixes[0], "LOG21")
#: (store, its number)
STORES = ((c.PLANO, "114"), (c.WACO, "131"))
SOLD_WARM = WARM.clamshells[0][0]
SOLD_FINE = FINE.clamshells[0][0]


def tell_stores(story: Chronicle, clock: Clock) -> None:
    _break_down(story, clock, WARM, "06:05")
    _distribute(story, clock, WARM, leaves="06:40", arrives="08:20")
    _break_down(story, clock, FINE, "07:10")
    _read_logger(story, clock)
    _inspect_fine(story, clock)
    _distribute(story, clock, FINE, leaves="10:30", arrives="12:05")
    for mix, times in ((WARM, ("11:50", "13:35")), (FINE, ("15:10", "18:25"))):
        for half, (store, _) in enumerate(STORES):
            for turn, time in enumerate(times):
                first = mix.clamshells[3 * half]
                _sell(story, clock.at(3, time, CENTRAL), store, first[2 * turn : 2 * turn + 2])
    _withdraw(story, clock)


def _tell(
    story: Chronicle,
    chapter: str,
    when: datetime,
    step: str,
    disposition: str,
    epcs: list[str],
    at: str,
    **more: object,
) -> Event:
    """An observation by the retailer of goods that stay where they are."""
    action = str(more.pop("action", "OBSERVE"))
    return story.tell(
        (c.PRAIRIE, chapter), "Object", when, epcList=epcs, action=action, bizStep=step, disposition=disposition,
        **here(at, at), **more,
    )  # fmt: skip


def _unpack(story: Chronicle, chapter: str, when: datetime, parent: str, at: str) -> None:
    story.tell(
        (c.PRAIRIE, chapter), "Aggregation", when, parentID=parent, action="DELETE", bizStep="unpacking",
        disposition="in_progress", **here(at, at),
    )  # fmt: skip


def _break_down(story: Chronicle, clock: Clock, mix: Mix, time: str) -> None:
    _unpack(story, "crossdock", clock.at(3, time, CENTRAL), mix.master_pallet, c.PRAIRIE_DC)


def _distribute(story: Chronicle, clock: Clock, mix: Mix, *, leaves: str, arrives: str) -> None:
    """A half pallet to each store; the shop van has no logger."""
    for turn, ((store, number), pallet) in enumerate(zip(STORES, mix.half_pallets, strict=True)):
        van = papers(desadv=transaction(c.PRAIRIE.company_prefixes[0], f"VAN-{number}-{mix.number}"))
        route = {
            "bizTransactionList": van,
            "sourceList": [{"type": "location", "source": c.PRAIRIE_DC}],
            "destinationList": [{"type": "location", "destination": store}],
        }
        story.tell(
            (c.PRAIRIE, "crossdock"), "Object", clock.at(3, f"{leaves[:3]}{int(leaves[3:]) + turn * 5:02d}", CENTRAL),
            epcList=[pallet], action="OBSERVE", bizStep="shipping", disposition="in_transit", **here(c.PRAIRIE_DC),
            **route,
        )  # fmt: skip
        hour = int(arrives[:2])
        chapter = f"store-{number}"
        arrived = clock.at(3, f"{hour:02d}:{int(arrives[3:]) + turn * 20:02d}", CENTRAL)
        _tell(story, chapter, arrived, "receiving", "in_progress", [pallet], store, **route)
        _stock(story, clock, chapter, mix, turn, store, hour + 1)


def _stock(story: Chronicle, clock: Clock, chapter: str, mix: Mix, half: int, store: str, hour: int) -> None:
    _unpack(story, chapter, clock.at(3, f"{hour:02d}:02", CENTRAL), mix.half_pallets[half], store)
    for turn in range(3):
        case = 3 * half + turn
        _unpack(story, chapter, clock.at(3, f"{hour:02d}:{10 + turn * 4}", CENTRAL), mix.cases[case], store)
    shelf = [clamshell for case in mix.clamshells[3 * half : 3 * half + 3] for clamshell in case]
    _tell(story, chapter, clock.at(3, f"{hour:02d}:25", CENTRAL), "stocking", "sellable_accessible", shelf, store)


def _read_logger(story: Chronicle, clock: Clock) -> None:
    """The trailer's logger shows the excursion, after one of the two lots has left for the stores."""
    summary = sensed(
        [report("Temperature", "CEL", minValue=2.1, maxValue=9.4, meanValue=3.3, exception="ALARM_CONDITION")],
        startTime=clock.at(1, "19:05", CENTRAL),
        endTime=clock.at(3, "05:00", CENTRAL),
        deviceID=_LOGGER,
    )
    when = clock.at(3, "09:05", CENTRAL)
    _tell(
        story, "quality", when, "inspecting", "non_conformant", [HELD.master_pallet], c.PRAIRIE_HOLD,
        sensorElementList=[summary],
    )  # fmt: skip
    held = [HELD.master_pallet]
    _tell(story, "quality", clock.at(3, "09:20", CENTRAL), "holding", "non_sellable_other", held, c.PRAIRIE_HOLD)
    _unpack(story, "quality", clock.at(4, "07:30", CENTRAL), HELD.master_pallet, c.PRAIRIE_HOLD)
    for half in HELD.half_pallets:
        _unpack(story, "quality", clock.at(4, "07:45", CENTRAL), half, c.PRAIRIE_HOLD)
    _destroy(story, clock.at(4, "08:15", CENTRAL), HELD.cases, c.PRAIRIE_HOLD)


def _inspect_fine(story: Chronicle, clock: Clock) -> None:
    pallets = list(FINE.half_pallets)
    _tell(story, "quality", clock.at(3, "09:40", CENTRAL), "inspecting", "conformant", pallets, c.PRAIRIE_DC)


def _sell(story: Chronicle, when: datetime, store: str, clamshells: list[str]) -> None:
    number = dict(STORES)[store]
    story.tell(
        (c.PRAIRIE, f"store-{number}"), "Object", when, epcList=clamshells, action="DELETE", bizStep="retail_selling",
        disposition="retail_sold", **here(store),
    )  # fmt: skip


def _withdraw(story: Chronicle, clock: Clock) -> None:
    """What the stores still have of the warm lot is recalled and destroyed; the four sold from each are gone."""
    for half, (store, number) in enumerate(STORES):
        left = [clamshell for case in WARM.clamshells[3 * half : 3 * half + 3] for clamshell in case][4:]
        when = clock.at(3, f"14:{10 + half * 10}", CENTRAL)
        _tell(story, f"store-{number}", when, "holding", "recalled", left, store)
        _destroy(story, clock.at(4, "09:00", CENTRAL), left, store)


def _destroy(story: Chronicle, when: datetime, epcs: list[str], at: str) -> None:
    story.tell(
        (c.PRAIRIE, "quality"), "Object", when, epcList=epcs, action="DELETE", bizStep="destroying",
        disposition="destroyed", **here(at),
    )  # fmt: skip
