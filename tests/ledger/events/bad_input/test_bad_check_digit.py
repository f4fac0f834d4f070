"""A GS1 key with a wrong digit, wherever an event names an item or a place."""

from __future__ import annotations

import pytest

from ledger.errors import InvalidDocument
from ledger.events import read_document

EVENT = {
    "@context": "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld",
    "type": "ObjectEvent",
    "eventTime": "2026-03-01T08:15:00+01:00",
    "eventTimeZoneOffset": "+01:00",
    "action": "OBSERVE",
    "epcList": ["urn:epc:id:sgtin:9506000.013435.12345"],
}

WRONG = "https://id.gs1.org/01/09506000134353"


@pytest.mark.parametrize(
    ("field", "value", "where"),
    [
        ("epcList", ["urn:x:fine", f"{WRONG}/21/1"], "/epcList/1"),
        ("quantityList", [{"epcClass": f"{WRONG}/10/A"}], "/quantityList/0/epcClass"),
        ("readPoint", {"id": "https://id.gs1.org/414/9506000134353"}, "/readPoint/id"),
        ("bizLocation", {"id": "https://id.gs1.org/414/9506000134353"}, "/bizLocation/id"),
    ],
)
def test_is_named_with_its_place(field: str, value: object, where: str) -> None:
    with pytest.raises(InvalidDocument, match="check digit") as caught:
        read_document({**EVENT, field: value})
    assert [problem.where for problem in caught.value.problems] == [where]


def test_in_parents_children_inputs_and_outputs() -> None:
    common = {name: value for name, value in EVENT.items() if name not in ("epcList", "action")}
    aggregation = {**common, "type": "AggregationEvent", "action": "ADD", "parentID": WRONG, "childEPCs": [WRONG]}
    lists = {"inputEPCList": [WRONG], "outputEPCList": [WRONG], "outputQuantityList": [{"epcClass": WRONG}]}
    transformation = {**common, "type": "TransformationEvent", **lists}
    for event, places in (
        (aggregation, ["/childEPCs/0", "/parentID"]),
        (transformation, ["/inputEPCList/0", "/outputEPCList/0", "/outputQuantityList/0/epcClass"]),
    ):
        with pytest.raises(InvalidDocument) as caught:
            read_document(event)
        assert sorted(problem.where for problem in caught.value.problems) == places


def test_on_another_host_it_is_that_hosts_own_uri() -> None:
    assert read_document({**EVENT, "epcList": ["https://shop.example/01/09506000134353/21/1"]})
