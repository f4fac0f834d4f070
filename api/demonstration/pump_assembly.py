"""The pumps at Halden: castings machined into housings, housings and bearings assembled, every pump tested."""

from __future__ import annotations

import random
from dataclasses import dataclass

from api.demonstration import catalogue as c
from api.demonstration.chronicle import Chronicle, Clock, here, papers, quantity, report, sensed
from api.demonstration.gs1_keys import asset, serial, transaction
from api.demonstration.pump_parts import BEARINGS, CASTINGS, CET, PartLot

PER_BATCH = 6
VIBRATION_LIMIT = 2.8  # mm/s RMS, the boundary of zone B for small machines
#: by bearing lot, mm/s RMS on the bench: of the bad lot five of eight are beyond the limit
_VIBRATION = {
    "A": (1.4, 1.6, 1.5, 1.9, 1.3, 1.7, 1.6, 1.5),
    "B": (3.4, 2.6, 3.9, 3.1, 2.5, 4.2, 3.3, 2.7),
    "C": (1.5, 1.4, 1.8, 1.6, 1.7, 1.3, 1.6, 1.9),
}
_LEAKS = 4  # the pump whose seal leaks, for reasons of its own


@dataclass(frozen=True, slots=True)
class Pump:
    """One pump: its housing, the lot of its two bearings, and what the bench says."""

    number: int
    bearings: PartLot
    vibration: float
    temperature: float

    @property
    def uri(self) -> str:
        return serial(c.PUMP, f"HP40-{self.number:04d}")

    @property
    def batch(self) -> int:
        return (self.number - 1) // PER_BATCH + 1

    @property
    def housing(self) -> str:
        return serial(c.HOUSING, f"{self.number:04d}", f"MB-{self.batch}")

    @property
    def leaks(self) -> bool:
        return self.number == _LEAKS

    @property
    def passes(self) -> bool:
        return self.vibration <= VIBRATION_LIMIT and not self.leaks


def pumps(rng: random.Random) -> list[Pump]:
    """Pumps 1 to 24, eight of each lot of bearings."""
    made: list[Pump] = []
    for bearings in BEARINGS:
        for vibration in _VIBRATION[bearings.number[-1]]:
            measured = round(vibration + rng.uniform(-0.04, 0.04), 2)
            made.append(Pump(len(made) + 1, bearings, measured, round(41 + 3 * measured + rng.uniform(-1, 1), 1)))
    return made


def tell_assembly(story: Chronicle, clock: Clock, made: list[Pump]) -> None:
    for batch in range(1, len(made) // PER_BATCH + 1):
        _machine(story, clock, batch, [pump for pump in made if pump.batch == batch])
    for pump in made:
        _assemble(story, clock, pump)
        _test(story, clock, pump)
    rejected = [pump.uri for pump in made if not pump.passes]
    story.tell(
        (c.HALDEN, "testing"),
        "Object",
        clock.at(7, "15:30", CET),
        epcList=rejected,
        action="OBSERVE",
        bizStep="holding",
        disposition="needs_replacement",
        **here(c.HALDEN_HOLD, c.HALDEN_HOLD),
    )


def _machine(story: Chronicle, clock: Clock, batch: int, made: list[Pump]) -> None:
    housings = [pump.housing for pump in made]
    begun, done = clock.at(3 + batch // 3, f"{9 + batch}:00", CET), clock.at(3 + batch // 3, f"{9 + batch}:50", CET)
    spindle = sensed(
        [report("Speed", "C16", minValue=0.6, maxValue=1.9, meanValue=1.1)],
        startTime=begun,
        endTime=done,
        deviceID=asset("9521008", "SPINDLE2"),
    )
    story.tell(
        (c.HALDEN, "machining"),
        "Transformation",
        done,
        inputQuantityList=[quantity(CASTINGS[(batch - 1) // 2].lot, len(housings))],
        outputEPCList=housings,
        bizStep="commissioning",
        disposition="in_progress",
        **here(c.HALDEN_MACHINING, c.HALDEN_MACHINING),
        bizTransactionList=papers(prodorder=transaction("9521008", f"WO-MB-{batch}")),
        sensorElementList=[spindle],
        ilmd={"cbvmda:lotNumber": f"MB-{batch}"},
    )
    story.tell(
        (c.HALDEN, "machining"),
        "Object",
        clock.at(3 + batch // 3, f"{10 + batch}:20", CET),
        epcList=housings,
        action="OBSERVE",
        bizStep="inspecting",
        disposition="conformant",
        **here(c.HALDEN_MACHINING, c.HALDEN_MACHINING),
    )


def _assemble(story: Chronicle, clock: Clock, pump: Pump) -> None:
    day, turn = divmod(pump.number - 1, 12)
    story.tell(
        (c.HALDEN, "assembly"),
        "Transformation",
        clock.at(5 + day, f"{7 + turn // 2:02d}:{10 + turn % 2 * 30}", CET),
        inputEPCList=[pump.housing],
        inputQuantityList=[quantity(pump.bearings.lot, 2)],
        outputEPCList=[pump.uri],
        bizStep="assembling",
        disposition="in_progress",
        **here(c.HALDEN_ASSEMBLY, c.HALDEN_ASSEMBLY),
    )


def _test(story: Chronicle, clock: Clock, pump: Pump) -> None:
    when = clock.at(*bench_slot(pump), CET)
    bench = sensed(
        [report("Speed", "C16", value=pump.vibration), report("Temperature", "CEL", value=pump.temperature)],
        time=when,
        deviceID=asset("9521008", "BENCH1"),
    )
    story.tell(
        (c.HALDEN, "testing"),
        "Object",
        when,
        epcList=[pump.uri],
        action="OBSERVE",
        bizStep="inspecting",
        disposition="conformant" if pump.passes else "non_conformant",
        **here(c.HALDEN_TEST, c.HALDEN_TEST),
        bizTransactionList=papers(testres=transaction("9521008", f"TR-{pump.number:04d}")),
        sensorElementList=[bench],
    )


def bench_slot(pump: Pump) -> tuple[int, str]:
    """Day and time of the pump's test."""
    return 7, f"{7 + (pump.number - 1) // 4:02d}:{5 + (pump.number - 1) % 4 * 12:02d}"
