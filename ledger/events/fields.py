"""The fields of EPCIS 2.0 events (§7.3), each with its shape, as the ratified JSON Schema 2.0.1 draws them.

Which event type has which fields is in `event_types`.
"""

from __future__ import annotations

from ledger.events import vocabulary
from ledger.events.moment import EXPECTED_OFFSET
from ledger.events.shapes import (
    Others,
    Shape,
    anything,
    boolean,
    both,
    either,
    list_of,
    matching,
    number,
    record,
    rule,
    text,
    time,
    uri,
    word,
    word_or_uri,
)

_CBV = vocabulary.CBV_URI_PREFIXES
_VOC = vocabulary.GS1_WEB_VOCABULARY_PREFIXES

disposition = word_or_uri(vocabulary.DISPOSITIONS, "disposition", _CBV)
place = record({"id": uri}, required=["id"], others=Others.ANY)
context = either(
    {str: uri, dict: anything, list: list_of(either({str: uri, dict: anything}, "a URI or an object"), unique=True)},
    "the URI of a JSON-LD context, an object of prefixes, or a list of these",
)

quantity_element = record(
    {
        "epcClass": uri,
        "quantity": number,
        "uom": matching("[A-Z0-9]{2,3}", "a unit code of UN/ECE Recommendation 20, such as KGM"),
    },
    required=["epcClass"],
)

biz_transaction = record(
    {
        "type": word_or_uri(vocabulary.BUSINESS_TRANSACTION_TYPES, "type of business transaction", _CBV),
        "bizTransaction": uri,
    },
    required=["bizTransaction"],
)


def _end(name: str) -> Shape:
    kind = word_or_uri(vocabulary.SOURCE_DESTINATION_TYPES, f"type of {name}", _CBV)
    return record({"type": kind, name: uri}, required=["type", name])


persistent_disposition = both(
    record({name: list_of(disposition, at_least=1, unique=True) for name in ("set", "unset")}),
    rule(lambda value: "set" in value or "unset" in value, "neither set nor unset is given", "set, unset or both"),
)

error_declaration = record(
    {
        "declarationTime": time,
        "reason": word_or_uri(vocabulary.ERROR_REASONS, "reason of an error", _CBV),
        "correctiveEventIDs": list_of(uri),
    },
    required=["declarationTime"],
    others=Others.EXTENSIONS,
)

_device = {name: uri for name in ("deviceID", "deviceMetadata", "rawData", "dataProcessingMethod", "bizRules")}
_decimals = ("value", "minValue", "maxValue", "meanValue", "sDev", "percRank", "percValue")

sensor_metadata = record(
    _device | {"time": time, "startTime": time, "endTime": time},
    others=Others.EXTENSIONS,
)

sensor_report = record(
    _device
    | {name: uri for name in ("microorganism", "chemicalSubstance", "coordinateReferenceSystem", "uriValue")}
    | {name: number for name in _decimals}
    | {
        "type": word_or_uri(vocabulary.MEASUREMENT_TYPES, "measurement type", _VOC),
        "exception": word_or_uri(vocabulary.SENSOR_ALERTS, "sensor alert", _VOC),
        "component": word_or_uri(vocabulary.COMPONENTS, "component", _CBV),
        "time": time,
        "stringValue": text,
        "booleanValue": boolean,
        "hexBinaryValue": matching("[A-Fa-f0-9]+", "hexadecimal digits"),
        "uom": text,
    },
    required=["type"],
    others=Others.EXTENSIONS,
)

sensor_element = record(
    {"sensorMetadata": sensor_metadata, "sensorReport": list_of(sensor_report, at_least=1)},
    required=["sensorReport"],
    others=Others.EXTENSIONS,
)

OF_EVERY_EVENT: dict[str, Shape] = {
    "@context": context,
    "eventTime": time,
    "recordTime": time,
    "eventTimeZoneOffset": matching("[+-](?:(?:0[0-9]|1[0-3]):[0-5][0-9]|14:00)", EXPECTED_OFFSET),
    "eventID": uri,
    "certificationInfo": either({str: uri, list: list_of(uri)}, "a URI or a list of URIs"),
    "errorDeclaration": error_declaration,
}

OF_STANDARD_EVENTS: dict[str, Shape] = {
    "bizStep": word_or_uri(vocabulary.BUSINESS_STEPS, "business step", _CBV),
    "disposition": disposition,
    "persistentDisposition": persistent_disposition,
    "readPoint": place,
    "bizLocation": place,
    "bizTransactionList": list_of(biz_transaction),
    "sourceList": list_of(_end("source")),
    "destinationList": list_of(_end("destination")),
    "sensorElementList": list_of(sensor_element),
}

action = word(vocabulary.ACTIONS)
ilmd = record({}, others=Others.EXTENSIONS)
epcs = list_of(uri)
unique_epcs = list_of(uri, unique=True)
quantities = list_of(quantity_element)
