"""What the events in which lots begin say of them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from api.quality import sensor_readings
from api.quality.columns import ATTRIBUTE, SENSOR_READING
from api.quality.intake.ilmd import lot_attributes

LOT = "https://id.gs1.org/01/09521000010017/10/H26-114"


def begun(ilmd: Any, **more: Any) -> dict[str, Any]:
    return {
        "type": "ObjectEvent",
        "eventTime": "2026-05-04T06:00:00Z",
        "eventTimeZoneOffset": "-07:00",
        "action": "ADD",
        "quantityList": [{"epcClass": LOT, "quantity": 5, "uom": "KGM"}],
        "ilmd": ilmd,
    } | more


def test_dates_measurements_numbers_and_words() -> None:
    frame = lot_attributes(
        [
            (
                "e1",
                begun(
                    {
                        "cbvmda:harvestDate": "2026-05-04",
                        "cbvmda:itemExpirationDate": "2026-05-19T10:00:00+02:00",
                        "cbvmda:netWeight": {"cbvmda:measurementValue": "812.5", "measurementUnitCode": "KGM"},
                        "gs1:grossWeight": {"value": 850, "unitCode": "KGM"},
                        "example:brix": 12.4,
                        "example:organic": True,
                        "example:nothing": None,
                        "example:masterData": {"example:sizeCode": "B-2", "example:rows": [3, "4"]},
                    }
                ),
            )
        ]
    )
    assert tuple(frame.columns) == ATTRIBUTE
    assert set(frame["item"]) == {LOT}
    found = frame.drop_duplicates("attribute").set_index("attribute")
    assert found["time"]["harvestDate"] == pd.Timestamp("2026-05-04T07:00Z"), "the day begins at the event's offset"
    assert found["time"]["itemExpirationDate"] == pd.Timestamp("2026-05-19T08:00Z")
    assert (found["value"]["netWeight"], found["unit"]["netWeight"], found["text"]["netWeight"]) == (
        812.5,
        "KGM",
        "812.5 KGM",
    )
    assert (found["value"]["grossWeight"], found["value"]["example:brix"]) == (850.0, 12.4)
    assert (found["text"]["example:organic"], np.isnan(found["value"]["example:organic"])) == ("true", True)
    assert found["text"]["example:masterData.example:sizeCode"] == "B-2"
    assert frame[frame["attribute"] == "example:masterData.example:rows"]["value"].tolist() == [3.0, 4.0]
    assert "example:nothing" not in found.index


def test_a_transformation_says_it_of_its_outputs() -> None:
    event = begun(
        {"cbvmda:lotNumber": "77"},
        type="TransformationEvent",
        inputQuantityList=[{"epcClass": f"{LOT}9"}],
        outputEPCList=["urn:epc:id:sgtin:9521000.001001.1"],
        outputQuantityList=[{"epcClass": LOT}, {"epcClass": LOT}],
    )
    frame = lot_attributes([("e", event)])
    assert frame["item"].tolist() == ["https://id.gs1.org/01/09521000010017/21/1", LOT]
    assert frame[["value", "text"]].values.tolist() == [[77.0, "77"]] * 2


def test_no_ilmd_no_rows() -> None:
    frame = lot_attributes([("e", begun({})), ("f", {"type": "AggregationEvent"})])
    assert (len(frame), tuple(frame.columns)) == (0, ATTRIBUTE)


def test_the_standards_own_examples(shared: Path) -> None:
    attributes, readings = 0, 0
    for path in sorted((shared / "epcis" / "examples").glob("*.jsonld")):
        body = json.loads(path.read_text(encoding="utf-8")).get("epcisBody", {})
        events = body.get("eventList") or body.get("queryResults", {}).get("resultsBody", {}).get("eventList", [])
        named = [(f"{path.name} {at}", event) for at, event in enumerate(events)]
        found, measured = lot_attributes(named), sensor_readings(named)
        assert tuple(found.columns) == ATTRIBUTE
        assert tuple(measured.columns) == SENSOR_READING
        assert found["text"].str.len().gt(0).all()
        attributes, readings = attributes + len(found), readings + len(measured)
    assert attributes > 20
    assert readings > 40


fields = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(min_size=1, max_size=8), inner, max_size=3),
    max_leaves=12,
)


@given(st.dictionaries(st.sampled_from(["a:b", "cbvmda:netWeight", "value", "uom"]), fields, max_size=4))
@settings(deadline=None, max_examples=300)
def test_whatever_is_said_is_kept_as_text(ilmd: dict[str, Any]) -> None:
    frame = lot_attributes([("e", begun(ilmd))])
    assert frame["value"].dtype == "float64"
    assert not np.isinf(frame["value"]).any()
    assert all(isinstance(text, str) for text in frame["text"])
