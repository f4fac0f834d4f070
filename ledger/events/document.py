"""From a parsed document to events that stand alone: EPCISDocument, EPCISQueryDocument, or one bare event.

Everything is checked; what is wrong is gathered, up to 100 problems, each at its own place. People count events from 1
("event 3 /eventTime"), JSON pointers from 0. A standalone event has the document's `@context`, then its own, verbatim:
that value where there is one, the concatenation of both where there are two. Nothing else is added, dropped or changed,
`recordTime` included, and the document itself is left as it was.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from ledger.errors import InvalidDocument, Problem
from ledger.events import envelope, event_types
from ledger.events.beyond_schema import beyond_schema
from ledger.events.facts import Facts, facts
from ledger.events.formats import is_uri
from ledger.events.shapes import MOST_PROBLEMS, Shape, did_you_mean, found, kind_of, missing
from ledger.events.strict_json import Json
from ledger.events.vocabulary import EVENT_TYPES

_DOCUMENTS: dict[str, tuple[Shape, tuple[str, ...]]] = {
    "EPCISDocument": (envelope.capture_document, ("epcisBody", "eventList")),
    "EPCISQueryDocument": (envelope.query_document, ("epcisBody", "queryResults", "resultsBody", "eventList")),
}
_EXPECTED = "an EPCIS 2.0 document, or an event with its own @context"


@dataclass(frozen=True, slots=True)
class StandaloneEvent:
    """One event with its context: `index` counts from 0 in its document, `pointer` is where it stands there."""

    index: int
    pointer: str
    body: dict[str, Json]
    #: what it says, if that was read already, while its identifiers were at hand
    _facts: Facts | None = field(default=None, repr=False, compare=False)

    @property
    def facts(self) -> Facts:
        return self._facts or facts(self.body)


def read_document(document: Json, *, source: str = "") -> list[StandaloneEvent]:
    """All events of the document; `InvalidDocument` if anything of it is wrong."""
    problems: list[Problem] = []
    events: list[StandaloneEvent] = []
    for each in _events(document, source):
        if isinstance(each, StandaloneEvent):
            events.append(each)
        else:
            problems += each
            if len(problems) >= MOST_PROBLEMS:
                break
    if problems:
        raise InvalidDocument(problems[:MOST_PROBLEMS])
    return events


def read_events_each(document: Json, *, source: str = "") -> list[StandaloneEvent | list[Problem]]:
    """Each event, or what is wrong with it; `InvalidDocument` only if what is around the events is wrong."""
    return list(_events(document, source))


def check_event(event: Json) -> Sequence[Problem]:
    """What is wrong with an event, standing in a document or alone."""
    return event_types.event(event) or beyond_schema(event)


def _events(document: Json, source: str) -> Iterator[StandaloneEvent | list[Problem]]:
    if not isinstance(document, dict):
        advice = "Put the events into the eventList of a document." if isinstance(document, list) else ""
        problem = Problem(f"the document is {kind_of(document)}", "", _EXPECTED, advice)
        raise InvalidDocument([problem.within(source)])
    kind = document.get("type")
    if not isinstance(kind, str) or kind not in _DOCUMENTS:
        yield _bare_event(document, source)
        return
    shape, path = _DOCUMENTS[kind]
    if problems := shape(document):
        raise InvalidDocument([problem.within(source) for problem in problems[:MOST_PROBLEMS]])
    events = document
    for step in path:
        events = events[step]
    for index, event in enumerate(events):
        if problems := check_event(event):
            place = f"{source} event {index + 1}".strip()
            yield [problem.within(place) for problem in problems]
        else:
            body = _standing_alone(event, document["@context"])
            yield StandaloneEvent(index, f"/{'/'.join(path)}/{index}", body, facts(body))


def _bare_event(event: dict[str, Json], source: str) -> StandaloneEvent | list[Problem]:
    problems = _type_problems(event)
    if not problems:
        problems = list(check_event(event))
        if "@context" not in event:
            problems.append(missing("@context"))
    if problems:
        return [problem.within(source) for problem in problems]
    return StandaloneEvent(0, "", dict(event))


def _type_problems(document: dict[str, Json]) -> list[Problem]:
    """A document of no known type may be meant as any of them."""
    if "type" not in document:
        return [Problem("the required field type is missing", "", _EXPECTED)]
    kind = document["type"]
    if isinstance(kind, str) and (kind in event_types.SHAPES or is_uri(kind)):
        return []
    words = (*_DOCUMENTS, *EVENT_TYPES)
    expected = " or ".join(words) + ", or the absolute URI of a custom event type"
    return [Problem(f"{found(kind)} is not a type of document or event", "/type", expected, did_you_mean(kind, words))]


def _standing_alone(event: dict[str, Json], context: Json) -> dict[str, Json]:
    if "@context" in event:
        context = _as_list(context) + _as_list(event["@context"])
    return {**event, "@context": context}


def _as_list(context: Json) -> list[Json]:
    return context if isinstance(context, list) else [context]
