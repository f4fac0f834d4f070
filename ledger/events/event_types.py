"""The five event types of EPCIS 2.0 (§7.4) and custom ones: their fields, and what the fields must say together.

Exactly as strict as the ratified JSON Schema 2.0.1 with formats asserted; `beyond_schema` has what is asked beyond it.
Each condition of the schema that spans several fields is one `rule` here.
"""

from __future__ import annotations

from collections.abc import Sequence

from ledger.errors import Problem
from ledger.events import fields
from ledger.events.shapes import (
    Others,
    Shape,
    Test,
    anything,
    both,
    did_you_mean,
    found,
    kind_of,
    list_of,
    missing,
    record,
    rule,
    text,
    uri,
)
from ledger.events.strict_json import Json
from ledger.events.vocabulary import EVENT_TYPES


def _has(name: str) -> Test:
    return lambda event: name in event


def _lists(*names: str) -> Test:
    """At least one of these lists has something in it."""
    return lambda event: any(isinstance(event.get(name), list) and event[name] for name in names)


def _deletes(event: dict[str, Json]) -> bool:
    return event.get("action") == "DELETE"


def _any(*tests: Test) -> Test:
    return lambda event: any(test(event) for test in tests)


def _all(*tests: Test) -> Test:
    return lambda event: all(test(event) for test in tests)


def _event(own: dict[str, Shape], required: Sequence[str], *rules: Shape) -> Shape:
    table = fields.OF_EVERY_EVENT | fields.OF_STANDARD_EVENTS | {"type": text} | own
    names = ("type", "eventTime", "eventTimeZoneOffset", *required)
    return both(record(table, required=names, others=Others.EXTENSIONS), *rules)


#: in these types the schema names the field and leaves its content open; `beyond_schema` does not
_left_open: dict[str, Shape] = {"persistentDisposition": anything}

_children: dict[str, Shape] = _left_open | {
    "parentID": uri,
    "childEPCs": fields.epcs,
    "childQuantityList": fields.quantities,
    "action": fields.action,
}

_children_named = rule(
    _any(_lists("childEPCs", "childQuantityList"), _deletes),
    "the event names no children",
    "something in childEPCs or childQuantityList, unless the action is DELETE",
)

object_event = _event(
    {
        "epcList": fields.unique_epcs,
        "quantityList": fields.quantities,
        "action": fields.action,
        "ilmd": fields.ilmd,
    },
    ["action"],
    rule(
        _any(_has("epcList"), _lists("quantityList"), _all(_lists("sensorElementList"), _has("readPoint"))),
        "the event names no item",
        "an epcList, something in quantityList, or sensor elements with a readPoint",
    ),
    rule(
        lambda event: "ilmd" not in event or event.get("action") == "ADD",
        "ilmd is given, but the action is not ADD",
        "ilmd only where items begin, with action ADD",
        "Remove ilmd, or correct the action.",
    ),
)

aggregation_event = _event(_children, ["action"], _children_named)

association_event = _event(_children, ["action", "parentID"], _children_named)

transaction_event = _event(
    _left_open
    | {
        "bizTransactionList": list_of(fields.biz_transaction, at_least=1),
        "parentID": uri,
        "epcList": fields.epcs,
        "quantityList": fields.quantities,
        "action": fields.action,
    },
    ["bizTransactionList", "action"],
    rule(
        _any(_has("epcList"), _lists("quantityList"), _deletes),
        "the event names no item",
        "an epcList or something in quantityList, unless the action is DELETE",
    ),
)

_inputs = _lists("inputEPCList", "inputQuantityList")
_outputs = _lists("outputEPCList", "outputQuantityList")

transformation_event = _event(
    {
        "inputEPCList": fields.unique_epcs,
        "inputQuantityList": fields.quantities,
        "outputEPCList": fields.unique_epcs,
        "outputQuantityList": fields.quantities,
        "transformationID": uri,
        "ilmd": fields.ilmd,
    },
    [],
    rule(
        _any(_all(_inputs, _outputs), _all(_has("transformationID"), _any(_inputs, _outputs))),
        "the event does not say what became of what",
        "inputs and outputs, or one of them with a transformationID that joins it to other events",
    ),
)

custom_event = record(
    fields.OF_EVERY_EVENT | {"type": uri}, required=("type", "eventTime", "eventTimeZoneOffset"), others=Others.ANY
)

SHAPES: dict[str, Shape] = {
    "ObjectEvent": object_event,
    "AggregationEvent": aggregation_event,
    "TransactionEvent": transaction_event,
    "TransformationEvent": transformation_event,
    "AssociationEvent": association_event,
}


def event(value: Json) -> Sequence[Problem]:
    """The shape of any event."""
    if not isinstance(value, dict):
        return [Problem(f"{found(value)} is {kind_of(value)}", "", "an event, which is an object")]
    if "type" not in value:
        return [missing("type")]
    name = value["type"]
    if isinstance(name, str) and (shape := SHAPES.get(name)):
        return shape(value)
    if uri(name):
        expected = " or ".join(EVENT_TYPES) + ", or the absolute URI of a custom type"
        return [Problem(f"{found(name)} is not an event type", "/type", expected, did_you_mean(name, EVENT_TYPES))]
    return custom_event(value)
