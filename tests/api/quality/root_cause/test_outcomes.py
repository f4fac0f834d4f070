"""Which inspected items are bad."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd
import pytest

from api.quality.columns import INSPECTION, SPECIFICATION, empty
from api.quality.root_cause.named_items import read_named_items
from api.quality.root_cause.outcomes import outcomes
from ledger.errors import InvalidDocument, InvalidInput

GTIN = "https://id.gs1.org/01/09521000010017"
LOT = f"{GTIN}/10/A"
JUNE, JULY = pd.Timestamp("2026-06-01T00:00Z"), pd.Timestamp("2026-07-01T00:00Z")


def inspections(*rows: dict[str, Any]) -> pd.DataFrame:
    basis = {"time": JUNE, "item": LOT, "characteristic": "weight", "unit": None, "passed": None}
    return pd.DataFrame([basis | row for row in rows]).reindex(columns=list(INSPECTION))


def specification(**fields: Any) -> dict[str, Any]:
    basis = {"item": GTIN, "characteristic": "weight", "market": "", "low": 4.0, "high": 6.0, "unit": "KGM"}
    return basis | {"valid_from": pd.NaT, "valid_to": pd.NaT} | fields


def specifications(*rows: dict[str, Any]) -> pd.DataFrame:
    return pd.concat([empty(SPECIFICATION), pd.DataFrame(list(rows))]) if rows else empty(SPECIFICATION)


@pytest.mark.parametrize(
    ("checks", "expected"),
    [
        ([{"passed": True}], 0),
        ([{"passed": False}], 1),
        ([{"passed": True}, {"passed": False}], 1),
        ([{}], math.nan),
        ([{}, {"passed": True}], 0),
        ([{"size": 50, "nonconforming": 0}], 0),
        ([{"size": 50, "nonconforming": 2}], 1),
        ([{"size": 50, "defects": 1}], 1),
        ([{"value": 4.0, "unit": "KGM"}], 0),
        ([{"value": 3_999.0, "unit": "GRM"}], 1),
        ([{"value": 6_001.0, "unit": "GRM"}], 1),
        ([{"value": 5.0, "unit": "LTR"}], math.nan),
        ([{"value": 5.0, "unit": "KGM", "characteristic": "other"}], math.nan),
    ],
)
def test_an_item_is_bad_good_or_unknown(checks: list[dict[str, Any]], expected: float) -> None:
    found = outcomes(inspections(*checks), specifications(specification()))
    assert found.to_dict() == pytest.approx({LOT: expected}, nan_ok=True)


def test_the_most_specific_specification_of_the_time_binds() -> None:
    allowed = specifications(
        specification(low=0.0),
        specification(item="", low=100.0, high=None),
        specification(item=LOT, low=4.5, valid_from=JUNE, valid_to=JULY),
        specification(item=LOT, low=100.0, market="EU"),
        specification(item="urn:serial:lot", low=9.0, high=None),
    )
    checks = [{"value": 4.2, "unit": "KGM", "time": JUNE}, {"value": 4.2, "unit": "KGM", "time": JULY}]
    assert outcomes(inspections(checks[0]), allowed)[LOT] == 1
    assert outcomes(inspections(checks[1]), allowed)[LOT] == 0
    serial = inspections(checks[0] | {"item": "urn:serial:1"})
    assert outcomes(serial, allowed, lots={"urn:serial:1": "urn:serial:lot"})["urn:serial:1"] == 1


def test_without_specifications_a_value_says_nothing() -> None:
    assert math.isnan(outcomes(inspections({"value": 4.0, "unit": "KGM"}), specifications())[LOT])


def test_named_items_are_canonical_and_bad_once_is_bad() -> None:
    found = read_named_items(
        "item,bad\n(01)09521000010017(10)A,no\nurn:x:2,yes\n(01)09521000010017(10)A,yes\nurn:x:3,no\n"
    )
    assert (found.bad, found.good) == (("urn:x:2", LOT), ("urn:x:3",))
    assert read_named_items("item\nurn:x:1\n").bad == ("urn:x:1",)


@pytest.mark.parametrize("text", ["item,bad\nurn:x:1,no\n", "item\n"])
def test_nothing_bad_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput, match="no item is named as bad"):
        read_named_items(text)


def test_a_broken_item_is_refused_by_line() -> None:
    with pytest.raises(InvalidDocument, match=r"named\.csv line 3 column item"):
        read_named_items("item\nurn:x:1\nx y\n", source="named.csv")
