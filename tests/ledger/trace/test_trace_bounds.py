"""Depth, limit, bad input, and the form for programs."""

from __future__ import annotations

import json
from contextlib import contextmanager
from itertools import pairwise
from typing import Any

import pytest

from ledger.errors import InvalidInput, NotFound
from ledger.trace import trace

CHAIN = [f"urn:item:{number}" for number in range(6)]
HUB = "urn:item:hub"


@pytest.fixture
def chain(world: Any) -> Any:
    for number, (source, target) in enumerate(pairwise(CHAIN)):
        world.transform([source], [target], 10 * number)
    return world


def test_depth_is_a_number_of_edges_and_the_trace_says_where_it_was_cut(chain: Any) -> None:
    found = chain.trace(CHAIN[2], depth=1)
    assert {each.uri for each in found.items} == {CHAIN[1], CHAIN[2], CHAIN[3]}
    assert [(each.item, each.reason, each.where) for each in found.cuts] == [
        (CHAIN[1], "depth", "backward of level 1"),
        (CHAIN[3], "depth", "forward of level 1"),
    ]


def test_depth_0_is_the_item_alone(chain: Any) -> None:
    found = chain.trace(CHAIN[2], depth=0)
    assert ([each.uri for each in found.items], len(found.events), found.edges) == ([CHAIN[2]], 2, ())
    assert {each.item for each in found.cuts} == {CHAIN[2]}


def test_a_depth_that_suffices_cuts_nothing(chain: Any) -> None:
    assert chain.trace(CHAIN[0], depth=5).cuts == ()
    assert chain.trace(CHAIN[0]).cuts == ()
    assert len(chain.trace(CHAIN[0], depth=5).items) == 6


@pytest.mark.parametrize("limit", [1, 2, 5, 19, 20, 21])
def test_limit_bounds_items_and_events_and_says_so(world: Any, limit: int) -> None:
    for number in range(20):
        world.transform([HUB], [f"urn:item:{number}"], number)
    found = world.trace(HUB, limit=limit)
    assert len(found.events) == min(limit, 20)
    assert len(found.items) <= limit
    assert ("limit" in {each.reason for each in found.cuts}) == (limit < 21)
    shown = {each.commitment for each in found.events}
    assert all(set(edge.events) <= shown for edge in found.edges)
    items = {each.uri for each in found.items}
    assert all({edge.source, edge.target} <= items for edge in found.edges)


def test_a_hub_with_a_longer_history_than_may_be_read_is_cut(world: Any) -> None:
    for number in range(50):
        world.about(HUB, number)
    found = world.trace(HUB, limit=3)
    assert len(found.events) == 3
    assert (HUB, "limit", "its history") in {(each.item, each.reason, each.where) for each in found.cuts}


def test_an_unknown_item_is_not_found(world: Any) -> None:
    with pytest.raises(NotFound, match=r"no event names https://id\.gs1\.org/01/09506000134352/21/7"):
        world.trace("(01)09506000134352(21)7")


@pytest.mark.parametrize("options", [{"direction": "sideways"}, {"depth": -1}, {"limit": 0}])
def test_options_out_of_range_are_refused(chain: Any, options: dict[str, Any]) -> None:
    with pytest.raises(InvalidInput):
        chain.trace(CHAIN[0], **options)


def test_a_bad_check_digit_is_refused(world: Any) -> None:
    with pytest.raises(InvalidInput):
        world.trace("(01)09506000134353(21)7")


def test_every_form_of_an_identifier_finds_the_same_trace(world: Any) -> None:
    world.about("urn:epc:id:sgtin:9506000.013435.12345", 10)
    traces = [
        world.trace("(01)09506000134352(21)12345"),
        world.trace("https://shop.example/01/9506000134352/21/12345"),
        world.trace("urn:epc:id:sgtin:9506000.013435.12345"),
    ]
    assert traces[0] == traces[1] == traces[2]


def test_a_store_is_read_through_its_own_connection(chain: Any) -> None:
    class Readable:
        @contextmanager
        def read(self) -> Any:
            yield chain.connection

    assert trace(Readable(), CHAIN[0]) == chain.trace(CHAIN[0])


def test_as_dict_is_json(world: Any, names: Any) -> None:
    world.pack(names.pallet(1), [(names.lot("L"), 2.0, "KGM")], 1_700_000_000_000_000)
    world.about(names.lot("L"), 1_700_000_000_123_456)
    found = json.loads(json.dumps(world.trace(names.lot("L"), depth=3).as_dict()))
    assert (found["item"], found["direction"], found["depth"]) == (names.uri(names.lot("L")), "both", 3)
    assert found["items"][1]["windows"] == [{"from": "2023-11-14T22:13:20.000Z", "until": None}]
    assert found["events"][0]["event_time"] == "2023-11-14T22:13:20.000Z"
    assert found["events"][1]["event_time"] == "2023-11-14T22:13:20.123456Z"
    assert found["events"][0]["body"]["type"] == "AggregationEvent"
    edge = found["edges"][0]
    assert edge["claimant"]["name"] == "A"
    assert edge["events"] == [found["events"][0]["commitment"]]
    assert edge["events"][0].startswith("0x")
