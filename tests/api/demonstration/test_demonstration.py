"""The demonstration is valid EPCIS, the same every time, marked as invented, and adds up as real goods do."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema_rs
import pandas as pd
import pytest

from api.demonstration import Demonstration, demonstration
from api.demonstration.demonstration import COLUMNS
from api.quality import (
    containment,
    quality_by_step,
    read_limits,
    read_readings,
    sensor_readings,
    steps,
)
from api.quality.intake.files import read
from ledger.events import facts, parse_json, read_document
from ledger.identifiers import parse_item

LISTS = {
    "epcList": "epc", "quantityList": "epc", "parentID": "parent", "childEPCs": "child", "childQuantityList": "child",
    "inputEPCList": "input", "inputQuantityList": "input", "outputEPCList": "output", "outputQuantityList": "output",
}  # fmt: skip


@pytest.fixture(scope="module", params=[1, 2026])
def shown(request: pytest.FixtureRequest) -> Demonstration:
    return demonstration(request.param)


def named(event: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """(identifier, role) of everything that an event names."""
    for field, role in LISTS.items():
        value = event.get(field, [])
        for entry in [value] if isinstance(value, str) else value:
            yield (entry if isinstance(entry, str) else entry["epcClass"]), role


def valid(shown: Demonstration) -> list[dict[str, Any]]:
    """The events without those declared wrong and the declarations."""
    wrong = {event["eventID"] for event in shown.events if "errorDeclaration" in event}
    return [event for event in shown.events if event["eventID"] not in wrong]


def frames(shown: Demonstration) -> tuple[pd.DataFrame, pd.DataFrame, dict[str, str | None]]:
    """What the store will give the join: events, mentions, and the lots of serial items."""
    told = sorted(valid(shown), key=lambda event: pd.Timestamp(event["eventTime"]))
    events = pd.DataFrame(
        [(e["eventID"], e["eventTime"], e["type"], e.get("action"), e.get("bizLocation", {}).get("id")) for e in told],
        columns=["event", "time", "type", "action", "biz_location"],
    )
    events["time"] = pd.to_datetime(events["time"], format="ISO8601", utc=True)
    items = [(event["eventID"], parse_item(text), role) for event in told for text, role in named(event)]
    mentions = pd.DataFrame([(e, item.uri, role) for e, item, role in items], columns=["event", "item", "role"])
    return events, mentions, {item.uri: item.lot for _, item, _ in items if item.lot}


def quality(shown: Demonstration, item: str) -> pd.DataFrame:
    events, mentions, lots = frames(shown)
    inside = containment(events, mentions)
    return quality_by_step(
        steps(events, mentions, inside, [parse_item(item).uri]),
        read_readings(shown.tables["readings"]),
        inside=inside,
        sensor_readings=sensor_readings((event["eventID"], event) for event in valid(shown)),
        limits=read_limits(shown.tables["limits"]),
        lots=lots,
    )


def test_every_document_is_valid_under_the_ratified_schema(shown: Demonstration, shared: Path) -> None:
    schema = json.loads((shared / "epcis" / "schema" / "epcis-json-schema-2.0.1.json").read_text())
    validator = jsonschema_rs.validator_for(schema, validate_formats=True)
    for document in shown.documents:
        assert [str(error) for error in validator.iter_errors(document.document)] == [], document.name


def test_the_ledger_reads_every_document_and_sees_what_it_names(shown: Demonstration) -> None:
    for document in shown.documents:
        told = document.document["epcisBody"]["eventList"]
        read = read_document(parse_json(json.dumps(document.document)), source=document.name)
        assert len(read) == len(told)
        for event, body in zip(read, told, strict=True):
            found = [(mention.item.uri, str(mention.role)) for mention in facts(event.body).mentions]
            assert sorted(found) == sorted((parse_item(text).uri, role) for text, role in named(body))


def test_it_is_the_same_for_the_same_seed_only(shown: Demonstration) -> None:
    assert (demonstration() == shown) is (demonstration().tables["readings"] == shown.tables["readings"])
    assert demonstration() == demonstration(1) != demonstration(2)


def test_everything_is_marked_as_invented(shown: Demonstration) -> None:
    assert all(event["demo:synthetic"] is True for event in shown.events)
    assert all(name.endswith("(synthetic)") for name in shown.names.values())
    for organisation in shown.organisations:
        assert organisation.name.endswith("(synthetic)")
        assert all(prefix.startswith("952") for prefix in organisation.company_prefixes)


def test_it_has_the_size_and_the_variety_that_it_promises(shown: Demonstration) -> None:
    assert 150 <= len(shown.events) <= 300
    assert len(shown.organisations) >= 5
    assert {organisation.policy for organisation in shown.organisations} == {"open", "sealed"}
    assert {document.organisation_uri for document in shown.documents} == {o.uri for o in shown.organisations}
    kinds = {"ObjectEvent", "AggregationEvent", "TransactionEvent", "TransformationEvent", "AssociationEvent"}
    assert {event["type"] for event in shown.events} == kinds


def test_every_identifier_is_canonical_and_of_an_organisation_here(shown: Demonstration) -> None:
    prefixes = tuple(prefix for o in shown.organisations for prefix in o.company_prefixes)
    for event in shown.events:
        for text, _ in named(event):
            item = parse_item(text)
            assert item.uri == text or (item.lot is not None and text.startswith(f"{item.lot}/21/"))
            assert item.prefix_digits is not None
            assert item.prefix_digits.startswith(prefixes), text
        for field in ("readPoint", "bizLocation"):
            if field in event:
                assert event[field]["id"] in shown.names


def test_only_a_correction_shares_an_event_id(shown: Demonstration) -> None:
    ids = Counter(event["eventID"] for event in shown.events)
    declarations = [event for event in shown.events if "errorDeclaration" in event]
    assert [name for name, times in ids.items() if times > 1] == [event["eventID"] for event in declarations]
    for declaration in declarations:
        wrong = next(e for e in shown.events if e["eventID"] == declaration["eventID"] and e is not declaration)
        assert {k: v for k, v in declaration.items() if k != "errorDeclaration"} == wrong
        assert all(ids[corrective] == 1 for corrective in declaration["errorDeclaration"]["correctiveEventIDs"])
    assert len(declarations) == 1


def test_what_goes_in_comes_out_or_is_declared_lost(shown: Demonstration) -> None:
    runs: dict[str, list[dict[str, Any]]] = {}
    for event in valid(shown):
        if event["type"] == "TransformationEvent":
            runs.setdefault(event.get("transformationID", event["eventID"]), []).append(event)
    weighed = [run for run in runs.values() if any("demo:declaredLoss" in event for event in run)]
    assert len(weighed) == 9
    for run in weighed:
        weight = next((e["demo:netWeight"]["demo:quantity"] for e in run if "demo:netWeight" in e), 0)
        went_in = sum(q["quantity"] for e in run for q in e.get("inputQuantityList", ()))
        came_out = sum(q["quantity"] for e in run for q in e.get("outputQuantityList", ()))
        came_out += weight * sum(len(e.get("outputEPCList", ())) for e in run)
        lost = sum(e["demo:declaredLoss"]["demo:quantity"] for e in run if "demo:declaredLoss" in e)
        assert went_in == pytest.approx(came_out + lost, abs=0.05)


def test_nothing_is_used_before_it_was_made_nor_more_than_there_was(shown: Demonstration) -> None:
    told = sorted(valid(shown), key=lambda event: pd.Timestamp(event["eventTime"]))
    stock: Counter[str] = Counter()
    for event in told:
        made = {"quantityList"} if event["type"] == "ObjectEvent" and event["action"] == "ADD" else set()
        for entry in [q for field in {"outputQuantityList"} | made for q in event.get(field, ())]:
            stock[entry["epcClass"]] += entry["quantity"]
        for entry in event.get("inputQuantityList", ()):
            stock[entry["epcClass"]] -= entry["quantity"]
            assert stock[entry["epcClass"]] > -1e-6, (event["eventTime"], entry)
    events, mentions, _ = frames(shown)
    making = mentions.merge(events, on="event")
    serials = making[making["item"].str.contains("/21/")]
    first = serials.groupby("item", sort=False).first()
    begins = (first["role"] == "output") | ((first["role"] == "epc") & (first["action"] == "ADD"))
    assert begins.all(), first[~begins]
    last = serials[(serials["type"] == "ObjectEvent") & (serials["action"] == "DELETE")].set_index("item")["time"]
    assert last.index.is_unique
    assert (serials.groupby("item")["time"].max().loc[last.index] == last).all()


def test_whatever_is_taken_out_was_inside(shown: Demonstration) -> None:
    events, mentions, _ = frames(shown)
    inside = containment(events, mentions)
    removals = events[events["type"].isin(["AggregationEvent", "AssociationEvent"]) & (events["action"] == "DELETE")]
    parents = mentions[mentions["role"] == "parent"].merge(removals, on="event")
    ended = set(zip(inside["container"], inside["end"], strict=True))
    assert all(pair in ended for pair in zip(parents["item"], parents["time"], strict=True))


def test_the_warm_salad_was_outside_for_about_three_hours(shown: Demonstration) -> None:
    found = quality(shown, shown.showcase[0].item)
    warm = found[(found["quantity_kind"] == "Temperature") & (found["verdict"] == "outside")]
    assert warm["sources"].explode().unique().tolist() == [next(u for u in shown.names if u.endswith("TR21"))]
    assert 2.5 * 3600 <= warm["seconds_above"].sum() <= 3.5 * 3600
    assert warm["maximum"].max() > 8


def test_the_other_salad_is_unknown_for_five_hours_and_never_outside(shown: Demonstration) -> None:
    found = quality(shown, shown.showcase[1].item)
    cold = found[found["quantity_kind"] == "Temperature"]
    assert "outside" not in set(cold["verdict"])
    road = cold[cold["sources"].map(lambda sources: any(source.endswith("TR22") for source in sources))]
    assert road["verdict"].tolist().count("unknown") == 1
    assert 5 * 3600 <= road["seconds_unknown"].sum() <= 6 * 3600


def test_the_bad_bearings_show_on_the_bench_and_in_the_station(shown: Demonstration) -> None:
    back, lot, sound = (shown.showcase[number].item for number in (4, 5, 6))
    found = quality(shown, back)
    assert "outside" in set(found[found["quantity_kind"] == "Speed"]["verdict"])
    assert "outside" not in set(quality(shown, sound)["verdict"])
    built = [e for e in valid(shown) if e.get("bizStep") == "assembling"]
    of_bad = {e["outputEPCList"][0] for e in built if e["inputQuantityList"][0]["epcClass"] == lot}
    rejected = [e for e in valid(shown) if e.get("bizStep") == "inspecting" and e["disposition"] == "non_conformant"]
    failed = {e["epcList"][0] for e in rejected if "HP40" in e["epcList"][0]}
    assert len(of_bad) == 8
    assert len(of_bad & failed) == 5
    assert len(failed - of_bad) == 1


@pytest.mark.parametrize("kind", sorted(COLUMNS))
def test_the_quality_files_are_read_whole(shown: Demonstration, kind: str) -> None:
    text = shown.tables[kind]
    assert len(read(kind, text.encode(), format="csv")) == text.count("\n") - 1 > 0


def test_what_was_inspected_is_in_the_trace(shown: Demonstration) -> None:
    _, mentions, lots = frames(shown)
    named = {*mentions["item"], *lots.values()}
    for kind in ("inspections", "results"):
        assert set(read(kind, shown.tables[kind].encode(), format="csv")["item"]) <= named


def test_it_can_be_written_to_a_folder(shown: Demonstration, tmp_path: Path) -> None:
    index = json.loads(shown.write(tmp_path / "demo").read_text())
    assert len(index["documents"]) == len(shown.documents)
    for listed, document in zip(index["documents"], shown.documents, strict=True):
        assert json.loads((tmp_path / "demo" / listed["path"]).read_text()) == document.document
    assert (tmp_path / "demo" / index["tables"]["readings"]).read_text() == shown.tables["readings"]
