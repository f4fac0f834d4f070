"""EPCIS 2.0 events: strict JSON, our own model of the standard's documents and events, and the facts of an event.

    >>> document = parse_json(b'''{"@context": "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld",
    ...     "type": "ObjectEvent", "eventTime": "2026-03-01T08:15:00+01:00", "eventTimeZoneOffset": "+01:00",
    ...     "action": "OBSERVE", "epcList": ["urn:epc:id:sgtin:9506000.013435.12345"], "bizStep": "shipping"}''')
    >>> [event] = read_document(document)
    >>> facts(event.body).mentions[0].item.uri
    'https://id.gs1.org/01/09506000134352/21/12345'

Pure: no I/O; contexts are never fetched.
"""

from __future__ import annotations

from ledger.events.csv_events import read_csv
from ledger.events.document import StandaloneEvent, check_event, read_document, read_events_each
from ledger.events.facts import Facts, Mention, Role, facts
from ledger.events.moment import format_time, parse_offset, parse_time
from ledger.events.strict_json import Json, parse_json

__all__ = [
    "Facts",
    "Json",
    "Mention",
    "Role",
    "StandaloneEvent",
    "check_event",
    "facts",
    "format_time",
    "parse_json",
    "parse_offset",
    "parse_time",
    "read_csv",
    "read_document",
    "read_events_each",
]
