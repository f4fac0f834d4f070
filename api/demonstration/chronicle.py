"""A chronicle: the events of a supply chain as they are told, then gathered into one EPCIS document per chapter.

It knows the shape of EPCIS 2.0 JSON and nothing of any trade. Every event carries `demo:synthetic`.
"""

from __future__ import annotations

import random
import uuid
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta, timezone
from typing import Any

from api.demonstration.model import DemoDocument, DemoOrganisation

Event = dict[str, Any]
Chapter = tuple[DemoOrganisation, str]

CONTEXT: list[str | dict[str, str]] = [
    "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld",
    {"demo": "https://lotmark.example/demo/", "cbvmda": "urn:epcglobal:cbv:mda:"},
]


class Clock:
    """Local times of the demonstration: day 0 is its start."""

    def __init__(self, start: date) -> None:
        self._start = datetime(start.year, start.month, start.day)

    def at(self, day: int, time: str, zone: int) -> datetime:
        """`time` (HH:MM) of day number `day`, `zone` hours from UTC."""
        hours, minutes = map(int, time.split(":"))
        local = self._start + timedelta(days=day, hours=hours, minutes=minutes)
        return local.replace(tzinfo=timezone(timedelta(hours=zone)))


class Chronicle:
    """Events in the order told, each in a chapter: (organisation, name of the document)."""

    def __init__(self, rng: random.Random) -> None:
        self._rng = rng
        self._chapters: dict[Chapter, list[Event]] = {}

    def tell(self, chapter: Chapter, kind: str, when: datetime, **fields: Any) -> Event:
        """Add an event of type `kind`Event; a field that is None is left out. Returns the event."""
        event: Event = {
            "type": f"{kind}Event",
            "eventID": self._event_id(),
            "eventTime": _iso(when),
            "eventTimeZoneOffset": when.isoformat()[-6:],
            **{name: value for name, value in fields.items() if value is not None},
            "demo:synthetic": True,
        }
        self._chapters.setdefault(chapter, []).append(event)
        return event

    def correct(self, chapter: Chapter, wrong: Event, declared: datetime, **right: Any) -> Event:
        """Declare `wrong` incorrect, and tell the event that replaces it, with the fields `right`."""
        corrected = {**wrong, **right, "eventID": self._event_id()}
        declaration = {
            "declarationTime": _iso(declared),
            "reason": "incorrect_data",
            "correctiveEventIDs": [corrected["eventID"]],
        }
        self._chapters.setdefault(chapter, []).extend([{**wrong, "errorDeclaration": declaration}, corrected])
        return corrected

    def documents(self, names: Mapping[str, str]) -> list[DemoDocument]:
        """One document per chapter, in the order in which they were finished."""
        documents = [
            DemoDocument(organisation.uri, name, _document(events, names))
            for (organisation, name), events in self._chapters.items()
        ]
        return sorted(documents, key=lambda told: datetime.fromisoformat(told.document["creationDate"]))

    def _event_id(self) -> str:
        return f"urn:uuid:{uuid.UUID(bytes=self._rng.randbytes(16), version=4)}"


def _iso(when: datetime) -> str:
    return when.isoformat(timespec="milliseconds")


def _finished(event: Event) -> datetime:
    declared = event.get("errorDeclaration", {}).get("declarationTime")
    return datetime.fromisoformat(declared or event["eventTime"])


def quantity(of: str, amount: float, uom: str | None = None) -> dict[str, Any]:
    element: dict[str, Any] = {"epcClass": of, "quantity": round(amount, 1)}
    return element if uom is None else {**element, "uom": uom}


def here(read_point: str, location: str | None = None) -> dict[str, Any]:
    """Where it was seen and, if given, where it stays until further notice."""
    where: dict[str, Any] = {"readPoint": {"id": read_point}}
    return where if location is None else {**where, "bizLocation": {"id": location}}


def papers(**documents: str) -> list[dict[str, str]]:
    """Business transactions by CBV type: po=…, desadv=…"""
    return [{"type": kind, "bizTransaction": number} for kind, number in documents.items()]


def handover(giver: str, from_place: str, taker: str, to_place: str) -> dict[str, Any]:
    """Who gives and who takes, as owner and possessor, from where to where."""
    return {
        "sourceList": _ends("source", giver, from_place),
        "destinationList": _ends("destination", taker, to_place),
    }


def report(kind: str, uom: str, **values: Any) -> dict[str, Any]:
    """One sensor report: value=…, or minValue, maxValue and meanValue."""
    return {"type": kind, **values, "uom": uom}


def sensed(reports: Sequence[dict[str, Any]], **metadata: str | datetime) -> dict[str, Any]:
    """A sensor element."""
    words = {name: value if isinstance(value, str) else _iso(value) for name, value in metadata.items()}
    return {"sensorMetadata": words, "sensorReport": list(reports)}


def _ends(word: str, who: str, where: str) -> list[dict[str, str]]:
    return [
        {"type": "owning_party", word: who},
        {"type": "possessing_party", word: who},
        {"type": "location", word: where},
    ]


def _document(events: list[Event], names: Mapping[str, str]) -> dict[str, Any]:
    return {
        "@context": CONTEXT,
        "type": "EPCISDocument",
        "schemaVersion": "2.0",
        "creationDate": _iso(max(map(_finished, events))),
        "epcisHeader": {"epcisMasterData": {"vocabularyList": _vocabularies(events, names)}},
        "epcisBody": {"eventList": events},
    }


def _vocabularies(events: list[Event], names: Mapping[str, str]) -> list[dict[str, Any]]:
    """The names of the places and parties that the events mention."""
    places = {event[field]["id"] for event in events for field in ("readPoint", "bizLocation") if field in event}
    parties = {
        end[word]
        for event in events
        for word in ("source", "destination")
        for end in event.get(f"{word}List", ())
        if end["type"] != "location"
    }
    named = (("BusinessLocation", places), ("SourceDest", parties))
    return [
        {"type": f"urn:epcglobal:epcis:vtype:{kind}", "vocabularyElementList": _elements(uris, names)}
        for kind, uris in named
        if uris & names.keys()
    ]


def _elements(uris: Iterable[str], names: Mapping[str, str]) -> list[dict[str, Any]]:
    return [
        {"id": uri, "attributes": [{"id": "urn:epcglobal:cbv:mda#name", "attribute": names[uri]}]}
        for uri in sorted(uris)
        if uri in names
    ]
