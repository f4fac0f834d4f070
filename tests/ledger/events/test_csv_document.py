"""docs/csv.md holds a table that is read, and a quantity that was not set off is not taken for a lot's name."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from ledger.errors import InvalidDocument
from ledger.events import facts
from ledger.events.csv_events import read_csv

DOCUMENT = Path(__file__).parents[3] / "docs" / "csv.md"
HEAD = "type,eventTime,eventTimeZoneOffset,action,quantityList"
LOT = "https://id.gs1.org/01/09521000000018/10/C1"


def test_the_example_of_the_document_is_read() -> None:
    (example,) = re.findall(r"```csv\n(.*?)```", DOCUMENT.read_text(encoding="utf-8"), re.DOTALL)
    harvest, packing = read_csv(example)
    (lot,) = facts(harvest.body).mentions
    assert (lot.item.uri, lot.quantity, lot.uom) == ("https://id.gs1.org/01/09521000000018/10/A7", 210, "KGM")
    assert [mention.role for mention in facts(packing.body).mentions] == ["input", "output"]


@pytest.mark.parametrize("glued", [f"{LOT},100,KGM", f"{LOT}:100:KGM", f"{LOT} 100 KGM", f"{LOT},100", f"{LOT}, 100"])
def test_a_quantity_that_is_not_set_off_is_named(glued: str) -> None:
    with pytest.raises(
        InvalidDocument, match=r"line 2, column quantityList.*seems to hold a quantity.*class\|quantity"
    ):
        read_csv(f'{HEAD}\nObjectEvent,2026-05-04T06:10:00Z,+00:00,ADD,"{glued}"\n')


@pytest.mark.parametrize(
    "alone", [LOT, "urn:epc:class:lgtin:9521000.000001.4444", "urn:epc:idpat:sgtin:9521000.000001.*"]
)
def test_a_class_alone_is_taken(alone: str) -> None:
    (event,) = read_csv(f"{HEAD}\nObjectEvent,2026-05-04T06:10:00Z,+00:00,ADD,{alone}\n")
    assert len(facts(event.body).mentions) == 1
