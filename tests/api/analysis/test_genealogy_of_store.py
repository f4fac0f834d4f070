"""The genealogy out of a real store: of all transformations, and of one trace."""

from __future__ import annotations

from typing import Any

from api.analysis.genealogy import genealogy_of_store, genealogy_of_trace
from api.quality.columns import GENEALOGY
from ledger.store import Store
from ledger.trace import trace


def test_the_store_and_a_trace_tell_the_same_edges(store: Store, capturing: Any, make: Any) -> None:
    def lot(name: str) -> str:
        return f"{make.gtin}/10/{name}"

    wrong = make.mixing(["L9"], "L4") | {"eventID": "urn:uuid:6f6f6c6a-52e4-4d6c-9ef7-000000000001"}
    declared = wrong | {"errorDeclaration": {"declarationTime": "2026-06-03T05:12:00Z", "reason": "incorrect_data"}}
    capturing(make.mixing(["L1", "L2"], "L3"), make.mixing(["L3"], "L4"), wrong, declared)
    capturing(make.mixing(["L5"], "L1"), is_open=True)
    with store.read() as connection:
        whole = genealogy_of_store(connection)
        some = genealogy_of_trace(trace(connection, lot("L4"), direction="backward"))
        seen = genealogy_of_store(connection, only_open=True)
    assert tuple(whole.columns) == GENEALOGY
    expected = {(lot(one), lot(other)) for one, other in (("L1", "L3"), ("L2", "L3"), ("L3", "L4"), ("L5", "L1"))}
    for found in (whole, some):
        assert set(zip(found["parent"], found["child"], strict=True)) == expected
        assert found["quantity"].tolist() == [5.0] * 4
        assert set(found["uom"]) == {"KGM"}
    assert seen["parent"].tolist() == [lot("L5")]
    assert set(some.columns) == set(GENEALOGY)
