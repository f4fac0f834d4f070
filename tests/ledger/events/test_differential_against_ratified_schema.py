"""Our event model accepts exactly what the ratified JSON Schema 2.0.1 (formats asserted) and `beyond_schema` accept.

Real documents are damaged at random, one to three times each: fields deleted, replaced, added, moved, renamed, given
wrong types, words and formats. `LOTMARK_MUTATIONS=300000` makes a campaign of the same test.
"""

from __future__ import annotations

import copy
import json
import os
import random
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

from ledger.errors import InvalidDocument, InvalidInput
from ledger.events import envelope, fields, parse_json, read_document
from ledger.events.beyond_schema import beyond_schema
from ledger.events.event_types import SHAPES

MUTATIONS = int(os.environ.get("LOTMARK_MUTATIONS", "6000"))
PARTS = 4

NAMES = sorted(
    {
        *fields.OF_EVERY_EVENT,
        *fields.OF_STANDARD_EVENTS,
        *("type", "id", "action", "ilmd", "parentID", "transformationID", "epcList", "quantityList", "childEPCs"),
        *("childQuantityList", "inputEPCList", "inputQuantityList", "outputEPCList", "outputQuantityList"),
        *("epcClass", "quantity", "uom", "set", "unset", "source", "destination", "bizTransaction", "sensorReport"),
        *("sensorMetadata", "declarationTime", "reason", "correctiveEventIDs", "value", "sDev", "hexBinaryValue"),
        *("component", "exception", "stringValue", "booleanValue", "uriValue", "deviceID", "time", "microorganism"),
        *("schemaVersion", "creationDate", "epcisHeader", "epcisMasterData", "vocabularyList", "epcisBody", "sender"),
        *("vocabularyElementList", "attributes", "attribute", "children", "queryName", "subscriptionID", "eventList"),
        *(
            "",
            "foo",
            "example:foo",
            "Example:foo",
            "example: foo",
            "http://x",
            "eventtime",
            "EPCList",
            ":",
            "a:",
            "@id",
        ),
    }
)
VALUES: list[Any] = [
    *(None, True, False, 0, 1, -3, 2.5, 1e300, "", " ", [], {}, [[]], [{}], [""], ["a:b"], ["a:b", "a:b"], [1, 1]),
    *("a:b", "urn:x:y", "a b:c", "example:ü", "http://[::1]/x", "http://[::g]/", "http://h:8a", "a:%4", "a:%41", "a#b"),
    *("shipping", "Shipping", "in_transit", "po", "location", "ADD", "DELETE", "OBSERVE", "add", "x", "Temperature"),
    *("urn:epcglobal:cbv:bizstep:shipping", "https://ns.gs1.org/cbv/BizStep-x", "https://ref.gs1.org/cbv/BizStep-x"),
    *("http://gs1.org/voc/Temperature", "https://www.gs1.org/voc/x", "gs1:Temperature", "ALARM_CONDITION"),
    *("did_not_occur", "incorrect_data", "URN:EPCGLOBAL:CBV:x", "https://gs1.org/voc"),
    *("2020-02-29T00:00:00Z", "2021-02-29T00:00:00Z", "2020-01-01T00:00:00", "2020-01-01", "2020-01-01t00:00:00z"),
    *("2020-01-01T24:00:00Z", "2016-12-31T23:59:60Z", "2016-12-31T23:58:60Z", "2020-01-01T00:00:00.123456789+23:59"),
    *("+14:00", "+14:01", "-14:00", "+13:59", "+25:00", "02:00", "+2:00", "Z", "-00:00", "+00:60", "+02:00\n"),
    *("KGM", "kgm", "K", "KGMM", "X1", "A0\n", "0f", "0g", "2.0", "2.", "1.2.3", "2.0.", "٢"),
    *("ObjectEvent", "objectEvent", "EPCISDocument", "https://x/CustomEvent", "custom"),
    *({"id": "a:b"}, {"id": "a b"}, {"id": 1}, {"type": "po"}, {"set": ["active"]}, {"set": []}, {"unset": ["bad"]}),
    *({"epcClass": "a:b"}, {"epcClass": "a:b", "quantity": "1"}, {"example:x": 1}, {"a b": 1}, {"a": {"b": []}}),
    *([{"a": True}, {"a": 1}], [{"a": 1}, {"a": 1}], ["a:b", {}], ["a:b", 1], "a:\ud7ff"),
]
TYPES = [*SHAPES, "EPCISDocument", "EPCISQueryDocument", "https://example.com/CustomEvent", "example:Custom", "Custom"]
RFC_3339 = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?([Zz]|[+-][0-9]{2}:[0-9]{2})"
)
DATE_TIME = jsonschema_rs.validator_for({"format": "date-time"}, validate_formats=True)

Path_ = tuple[Any, ...]


@pytest.fixture(scope="module")
def schema(shared: Path) -> jsonschema_rs.Validator:
    text = (shared / "epcis/schema/epcis-json-schema-2.0.1.json").read_text()
    return jsonschema_rs.validator_for(json.loads(text), validate_formats=True)


@pytest.fixture(scope="module")
def documents(shared: Path) -> list[Any]:
    """All shared documents that are strict JSON, and each of their events alone."""
    paths = [p for name in ("examples", "invalid", "hash_vectors") for p in (shared / "epcis" / name).rglob("*.json*")]
    documents = []
    for path in sorted(paths):
        try:
            document = parse_json(path.read_bytes())
        except InvalidInput:
            assert path.name == "AssociationEvent__AssociationEvent-h.jsonld", "its eventID comes twice"
            continue
        if "type" in document:
            documents.append(document)
    alone = [{"@context": document.get("@context"), **event} for document in documents for event in events_of(document)]
    return [*documents, *alone]


def events_of(document: Any) -> list[Any]:
    if document["type"] == "EPCISDocument":
        return list(document["epcisBody"]["eventList"])
    if document["type"] == "EPCISQueryDocument":
        return list(document["epcisBody"]["queryResults"]["resultsBody"]["eventList"])
    return [document]


def expected(document: Any, schema: jsonschema_rs.Validator) -> bool:
    return schema.is_valid(document) and not any(beyond_schema(event) for event in events_of(document))


def accepted(document: Any) -> bool:
    try:
        read_document(document)
    except InvalidDocument as error:
        if not 1 <= len(error.problems) <= 100:
            pytest.fail(f"{len(error.problems)} problems")
        return False
    return True


def parts(value: Any, path: Path_ = ()) -> Iterator[tuple[Path_, Any]]:
    yield path, value
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, part in pairs:
        yield from parts(part, (*path, step))


class Mutator:
    def __init__(self, documents: list[Any], seed: int) -> None:
        self.random = random.Random(seed)
        self.documents = documents
        self.seen: dict[Any, list[Any]] = defaultdict(list)
        for document in documents:
            for path, value in parts(document):
                if path:
                    self.seen[path[-1] if isinstance(path[-1], str) else path[-2:-1]].append(value)
        self.names = [*NAMES, *(name for name in self.seen if isinstance(name, str))]

    def __call__(self) -> Any:
        document = copy.deepcopy(self.random.choice(self.documents))
        for _ in range(self.random.choice((1, 1, 1, 2, 3))):
            document = self.mutated(document)
        return document

    def mutated(self, document: Any) -> Any:
        choose = self.random.choice
        places = list(parts(document))
        path, value = choose(places[len(places) // 8 :])
        if not path:
            return choose(VALUES) if self.random.random() < 0.02 else document
        above = document
        for step in path[:-1]:
            above = above[step]
        choose((self.delete, self.replace, self.replace, self.insert, self.insert, self.rewrite, self.retype))(
            above, path[-1], value
        )
        return document

    def value_for(self, name: Any) -> Any:
        known = self.seen.get(name)
        if known and self.random.random() < 0.6:
            return copy.deepcopy(self.random.choice(known))
        return copy.deepcopy(self.random.choice(VALUES))

    def delete(self, above: Any, step: Any, value: Any) -> None:
        del above[step]

    def replace(self, above: Any, step: Any, value: Any) -> None:
        above[step] = self.value_for(step)

    def insert(self, above: Any, step: Any, value: Any) -> None:
        target = value if isinstance(value, dict | list) and self.random.random() < 0.5 else above
        if isinstance(target, dict):
            name = self.random.choice(self.names)
            target[name] = self.value_for(name)
        elif target and self.random.random() < 0.5:
            target.append(copy.deepcopy(self.random.choice(target)))
        else:
            target.append(self.value_for(step))

    def rewrite(self, above: Any, step: Any, value: Any) -> None:
        if isinstance(step, str) and self.random.random() < 0.3:
            above[self.random.choice((step.lower(), step.upper(), f"example:{step}", step[:-1], step + "s"))] = (
                above.pop(step)
            )
        elif isinstance(value, str):
            at = self.random.randrange(len(value) + 1)
            added = self.random.choice(("", " ", "%", "a", "0", ":", "/", "é", "[", "#", "\n", "9", "Z", "T"))
            above[step] = value[:at] + added + value[at + self.random.randrange(2) :]
        else:
            above[step] = [value] if self.random.random() < 0.5 else {"id": value}

    def retype(self, above: Any, step: Any, value: Any) -> None:
        target = value if isinstance(value, dict) and "type" in value else above
        if isinstance(target, dict):
            target["type"] = self.random.choice(TYPES)


def misread(document: Any) -> bool:
    """The reference validator takes '+', '-' and '.' for digits in this document (`beyond_schema`, 4)."""
    strings = (value for _, value in parts(document) if isinstance(value, str))
    return any(DATE_TIME.is_valid(text) and not RFC_3339.fullmatch(text) for text in strings)


def test_shared_documents_get_the_schemas_verdict(documents: list[Any], schema: jsonschema_rs.Validator) -> None:
    for document in documents:
        assert accepted(document) == schema.is_valid(document), json.dumps(document)[:2000]


@pytest.mark.parametrize("part", range(PARTS))
def test_damaged_documents_get_the_schemas_verdict(
    documents: list[Any], schema: jsonschema_rs.Validator, part: int
) -> None:
    mutate = Mutator(documents, seed=MUTATIONS + part)
    verdicts: Counter[bool] = Counter()
    for _ in range(MUTATIONS // PARTS):
        document = mutate()
        verdict = accepted(document)
        if verdict != expected(document, schema) and not misread(document):
            pytest.fail(f"ours: {verdict}, schema: {schema.is_valid(document)}\n{json.dumps(document)}")
        verdicts[verdict] += 1
    assert min(verdicts[True], verdicts[False]) > MUTATIONS / PARTS / 8, f"one-sided: {verdicts}"


def test_envelopes_of_both_kinds_are_in_the_comparison(documents: list[Any]) -> None:
    kinds = Counter(document.get("type") for document in documents)
    assert {"EPCISDocument", "EPCISQueryDocument", *SHAPES} <= set(kinds)
    assert envelope.query_document is not envelope.capture_document
