"""The salad at the packer: receiving, washing (initial packing), mixing into clamshells, cases, pallets and trailers.

What goes in equals what comes out plus the declared loss, in every transformation. One mixing is first recorded with a
slipped decimal point, declared wrong the same evening, and recorded again.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from api.demonstration import catalogue as c
from api.demonstration.chronicle import Chronicle, Clock, here, papers, quantity
from api.demonstration.gs1_keys import logistic_unit, lot, serial, transaction
from api.demonstration.salad_fields import HARVESTS, PACIFIC, Harvest, load_papers

PREFIX = c.COASTAL.company_prefixes[0]
CLAMSHELL_KG = 0.5
CASES, PER_CASE = 6, 8

_WASHED = {
    c.ROMAINE: c.WASHED_ROMAINE,
    c.RED_LEAF: c.WASHED_RED_LEAF,
    c.SPINACH: c.WASHED_SPINACH,
    c.ARUGULA: c.WASHED_ARUGULA,
}


@dataclass(frozen=True, slots=True)
class Mix:
    """One run of the mixing line: kilograms of each harvest's washed leaves, and the trailer that takes it."""

    number: str
    recipe: dict[str, float]
    begun: str
    done: str
    loss: float
    trailer: str
    pallet: int

    @property
    def clamshells(self) -> list[list[str]]:
        """The clamshells of each case."""
        return [
            [serial(c.CLAMSHELL, f"{self.number[-1]}{case}{unit:02d}", self.number) for unit in range(1, PER_CASE + 1)]
            for case in range(1, CASES + 1)
        ]

    @property
    def cases(self) -> list[str]:
        return [serial(c.CASE, f"{self.number[-1]}{case:02d}", self.number) for case in range(1, CASES + 1)]

    @property
    def half_pallets(self) -> tuple[str, str]:
        return logistic_unit(PREFIX, self.pallet + 1), logistic_unit(PREFIX, self.pallet + 2)

    @property
    def master_pallet(self) -> str:
        return logistic_unit(PREFIX, self.pallet)


WARM = Mix(
    "CL-0505-1",
    {"VV-0504-A7": 9.0, "GR-0504-11": 8.0, "VV-0504-C1": 5.0, "GR-0504-12": 2.8},
    "12:00", "12:30", 0.8, c.TRAILER_21, 5010,
)  # fmt: skip
HELD = Mix(
    "CL-0505-2", {"VV-0504-B2": 12.0, "GR-0504-11": 9.0, "GR-0504-12": 3.6}, "12:45", "13:15", 0.6, c.TRAILER_21, 5020
)
FINE = Mix(
    "CL-0505-3", {"VV-0504-B2": 13.0, "GR-0505-11": 8.5, "VV-0504-C1": 3.0}, "13:30", "14:00", 0.5, c.TRAILER_22, 5030
)
MIXES = (WARM, HELD, FINE)


def washed(number: str) -> str:
    """The washed lot of harvest `number`."""
    harvest = next(h for h in HARVESTS if h.number == number)
    return lot(_WASHED[harvest.product], f"W-{number}")


def tell_packing(story: Chronicle, clock: Clock) -> None:
    for load, (grower, day, hour) in enumerate(((c.VERDE, 0, 15), (c.GABILAN, 0, 16), (c.GABILAN, 1, 10)), start=1):
        arrived = [h for h in HARVESTS if h.grower is grower and h.day == day]
        _receive(story, clock.at(day, f"{hour:02d}:05", PACIFIC), arrived, load)
        for turn, harvest in enumerate(arrived):
            _take_in(story, clock, harvest, hour, turn)
    for turn, harvest in enumerate(HARVESTS):
        _wash(story, clock.at(1, f"{5 + turn:02d}:30" if turn < 5 else "11:15", PACIFIC), harvest)
    _mix_at_once(story, clock, WARM)
    _mix_in_two_events(story, clock, HELD)
    _mix_and_correct(story, clock, FINE)
    for turn, mix in enumerate(MIXES):
        _case_up(story, clock, mix, turn)
        _palletise(story, clock, mix, turn)


def _receive(story: Chronicle, when: datetime, harvests: list[Harvest], load: int) -> None:
    story.tell(
        (c.COASTAL, "receiving"),
        "Object",
        when,
        epcList=[unit for harvest in harvests for unit in harvest.bins],
        action="OBSERVE",
        bizStep="receiving",
        disposition="in_progress",
        **here(c.COASTAL_DOCK, c.COASTAL_STORE),
        bizTransactionList=load_papers(harvests[0].grower, load),
        sourceList=[{"type": "possessing_party", "source": harvests[0].grower.uri}],
        destinationList=[{"type": "possessing_party", "destination": c.COASTAL.uri}],
        **{"demo:criticalTrackingEvent": "receiving"},
    )


def _take_in(story: Chronicle, clock: Clock, h: Harvest, hour: int, turn: int) -> None:
    """Inspect a lot, then empty its bins."""
    where = here(c.COASTAL_STORE, c.COASTAL_STORE)
    story.tell(
        (c.COASTAL, "receiving"),
        "Object",
        clock.at(h.day, f"{hour:02d}:{20 + turn * 5}", PACIFIC),
        quantityList=[quantity(h.lot, h.kilograms, "KGM")],
        action="OBSERVE",
        bizStep="inspecting",
        disposition="conformant",
        **where,
    )
    for number, unit in enumerate(h.bins):
        story.tell(
            (c.COASTAL, "receiving"),
            "Aggregation",
            clock.at(h.day, f"{hour:02d}:{40 + turn * 5 + number}", PACIFIC),
            parentID=unit,
            action="DELETE",
            bizStep="unpacking",
            disposition="in_progress",
            **where,
        )


def _wash(story: Chronicle, when: datetime, h: Harvest) -> None:
    loss = round(h.kilograms * 0.08, 1)
    story.tell(
        (c.COASTAL, "washing"),
        "Transformation",
        when,
        inputQuantityList=[quantity(h.lot, h.kilograms, "KGM")],
        outputQuantityList=[quantity(washed(h.number), h.kilograms - loss, "KGM")],
        bizStep="packing",
        disposition="in_progress",
        **here(c.COASTAL_WASH, c.COASTAL_STORE),
        ilmd={"cbvmda:lotNumber": f"W-{h.number}", "cbvmda:countryOfOrigin": "US"},
        **{"demo:declaredLoss": _loss(loss, "trim and spin-off"), "demo:criticalTrackingEvent": "initial packing"},
    )


def _loss(kilograms: float, reason: str) -> dict[str, Any]:
    return {"demo:quantity": kilograms, "demo:uom": "KGM", "demo:reason": reason}


def _mixing(mix: Mix) -> dict[str, Any]:
    """What every mixing event says."""
    return {
        "bizStep": "packing",
        "disposition": "in_progress",
        **here(c.COASTAL_MIX, c.COASTAL_STORE),
        "bizTransactionList": papers(prodorder=transaction(PREFIX, f"RUN-{mix.number}")),
        "demo:criticalTrackingEvent": "transformation",
    }


def _inputs(mix: Mix) -> dict[str, Any]:
    return {"inputQuantityList": [quantity(washed(number), kg, "KGM") for number, kg in mix.recipe.items()]}


def _outputs(mix: Mix) -> dict[str, Any]:
    return {
        "outputEPCList": [clamshell for case in mix.clamshells for clamshell in case],
        "ilmd": {"cbvmda:lotNumber": mix.number, "cbvmda:bestBeforeDate": "2026-05-19"},
        "demo:netWeight": {"demo:quantity": CLAMSHELL_KG, "demo:uom": "KGM"},
        "demo:declaredLoss": _loss(mix.loss, "line residue"),
    }


def _mix_at_once(story: Chronicle, clock: Clock, mix: Mix) -> None:
    when = clock.at(1, mix.done, PACIFIC)
    story.tell((c.COASTAL, "mixing"), "Transformation", when, **_inputs(mix), **_outputs(mix), **_mixing(mix))


def _mix_in_two_events(story: Chronicle, clock: Clock, mix: Mix) -> None:
    """Inputs when they go in, outputs when they come out, under one transformationID."""
    run = {"transformationID": transaction(PREFIX, f"RUN-{mix.number}")}
    begun, done = clock.at(1, mix.begun, PACIFIC), clock.at(1, mix.done, PACIFIC)
    story.tell((c.COASTAL, "mixing"), "Transformation", begun, **run, **_inputs(mix), **_mixing(mix))
    story.tell((c.COASTAL, "mixing"), "Transformation", done, **run, **_outputs(mix), **_mixing(mix))


def _mix_and_correct(story: Chronicle, clock: Clock, mix: Mix) -> None:
    right = _inputs(mix)["inputQuantityList"]
    slipped = [{**right[0], "quantity": right[0]["quantity"] * 10}, *right[1:]]
    when, noticed = clock.at(1, mix.done, PACIFIC), clock.at(1, "19:40", PACIFIC)
    said = {"inputQuantityList": slipped, **_outputs(mix), **_mixing(mix)}
    wrong = story.tell((c.COASTAL, "mixing"), "Transformation", when, **said)
    story.correct((c.COASTAL, "correction"), wrong, noticed, inputQuantityList=right)


def _case_up(story: Chronicle, clock: Clock, mix: Mix, turn: int) -> None:
    where = here(c.COASTAL_MIX, c.COASTAL_STORE)
    story.tell(
        (c.COASTAL, "casing"),
        "Object",
        clock.at(1, f"14:{10 + turn * 15}", PACIFIC),
        epcList=mix.cases,
        action="ADD",
        bizStep="commissioning",
        disposition="active",
        **where,
        ilmd={"cbvmda:lotNumber": mix.number},
    )
    for number, (case, clamshells) in enumerate(zip(mix.cases, mix.clamshells, strict=True), start=1):
        story.tell(
            (c.COASTAL, "casing"),
            "Aggregation",
            clock.at(1, f"14:{10 + turn * 15 + number}", PACIFIC),
            parentID=case,
            childEPCs=clamshells,
            action="ADD",
            bizStep="packing",
            disposition="in_progress",
            **where,
        )


def _palletise(story: Chronicle, clock: Clock, mix: Mix, turn: int) -> None:
    """Three cases on each half pallet, two half pallets on a master pallet."""
    first, second = mix.half_pallets
    loads = ((first, mix.cases[:3]), (second, mix.cases[3:]), (mix.master_pallet, [first, second]))
    for number, (unit, children) in enumerate(loads):
        story.tell(
            (c.COASTAL, "palletising"),
            "Aggregation",
            clock.at(1, f"15:{10 + turn * 15 + number * 4}", PACIFIC),
            parentID=unit,
            childEPCs=children,
            action="ADD",
            bizStep="packing",
            disposition="container_closed",
            **here(c.COASTAL_STORE, c.COASTAL_STORE),
        )
