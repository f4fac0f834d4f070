"""The drawing of a genealogy, without a server: columns, folding, cycles, marks."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser
PAGES = Path(__file__).resolve().parents[3] / "api" / "pages"
_DRAW = """async ({trace, unfolded, marked}) => {
    const { layers } = await import("/layers.js");
    const markOf = (uri) => (marked.includes(uri) ? "outside" : "");
    const productOf = (uri) => uri.split("/")[0];
    const { nodes, links } = layers(trace, { markOf, productOf, unfolded: new Set(unfolded) });
    return {
        nodes,
        links: links.map((l) => ({ ...l, source: l.source.id, target: l.target.id, verdicts: [...l.verdicts] })),
    };
}"""
_OUTSIDE = """async (step) => {
    const { outsideWords } = await import("/quality.js");
    return [outsideWords(step), outsideWords(step, true)];
}"""
_MARK = """async (trace) => {
    const { marksOf } = await import("/marks.js");
    const marks = marksOf(trace);
    return Object.fromEntries(trace.items.map(({ uri }) => [uri, marks.markOf(uri)]));
}"""


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="module")
def modules(chromium: Browser) -> Iterator[Page]:
    """A page from which the modules can be imported."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(PAGES))) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        context = chromium.new_context()
        page = context.new_page()
        page.goto(f"http://127.0.0.1:{server.server_address[1]}/icon.svg")
        yield page
        context.close()
        server.shutdown()


def trace_of(edges: list[tuple[str, str]], origin: str) -> dict[str, Any]:
    uris = sorted({origin, *(end for edge in edges for end in edge)})
    said = {"relation": "transformed", "certainty": "certain", "verdict": "own_prefix"}
    return {
        "item": {"uri": origin},
        "items": [{"uri": uri, "kind": "serial"} for uri in uris],
        "edges": [{"source": a, "target": b, "events": []} | said for a, b in edges],
        "events": [],
        "quality": [],
        "inspections": [],
    }


def draw(page: Page, trace: dict[str, Any], *, unfolded: tuple[str, ...] = (), marked: tuple[str, ...] = ()) -> Any:
    return page.evaluate(_DRAW, {"trace": trace, "unfolded": unfolded, "marked": marked})


def columns(drawn: Any) -> dict[str, int]:
    return {uri: node["column"] for node in drawn["nodes"] for uri in node["uris"]}


def test_what_it_is_made_of_is_left_and_what_it_went_into_right(modules: Page) -> None:
    drawn = draw(modules, trace_of([("a", "b"), ("b", "o"), ("a", "o"), ("o", "c"), ("c", "d"), ("o", "d")], "o"))
    assert columns(drawn) == {"a": -2, "b": -1, "o": 0, "c": 1, "d": 2}
    bent = {(link["source"], link["target"]): len(link["bends"]) for link in drawn["links"]}
    assert bent[("a", "o")] == bent[("o", "d")] == 1
    assert bent[("a", "b")] == 0


def test_what_is_neither_before_nor_after_stands_beside_its_neighbours(modules: Page) -> None:
    drawn = draw(
        modules, trace_of([("a", "o"), ("a", "crate"), ("crate", "truck"), ("o", "case"), ("lot", "case")], "o")
    )
    assert columns(drawn) == {"a": -1, "o": 0, "crate": 0, "truck": 1, "case": 1, "lot": 0}


def test_cycles_end(modules: Page) -> None:
    drawn = draw(modules, trace_of([("o", "a"), ("a", "b"), ("b", "o"), ("b", "b")], "o"))
    assert len(drawn["nodes"]) == 3
    assert {(link["source"], link["target"]) for link in drawn["links"]} == {("o", "a"), ("a", "b"), ("b", "o")}


def test_an_item_alone(modules: Page) -> None:
    drawn = draw(modules, trace_of([], "o"))
    assert [(node["id"], node["column"], node["row"]) for node in drawn["nodes"]] == [("o", 0, 0)]


def test_alike_items_in_a_crowded_column_fold_and_unfold(modules: Page) -> None:
    bags = [f"bag/{number}" for number in range(200)]
    trace = trace_of([("o", bag) for bag in bags], "o")
    folded = draw(modules, trace, marked=("bag/7",))
    groups = [node for node in folded["nodes"] if len(node["uris"]) > 1]
    assert [len(node["uris"]) for node in groups] == [199]
    assert "bag/7" in {node["id"] for node in folded["nodes"] if node["mark"] == "outside"}
    assert len(folded["links"]) == 2
    opened = draw(modules, trace, marked=("bag/7",), unfolded=(groups[0]["key"],))
    assert [len(node["uris"]) for node in opened["nodes"] if len(node["uris"]) > 1] == [159]
    assert sum(len(node["uris"]) for node in opened["nodes"]) == 201


def test_few_items_are_not_folded(modules: Page) -> None:
    drawn = draw(modules, trace_of([("o", f"bag/{number}") for number in range(9)], "o"))
    assert len(drawn["nodes"]) == 10


def test_no_two_boxes_overlap(modules: Page) -> None:
    edges = [(f"x{i % 5}/{i}", f"y{i % 7}/{i % 9}") for i in range(40)] + [(f"y{i % 7}/{i % 9}", "o") for i in range(9)]
    for column in set(columns(drawn := draw(modules, trace_of(edges, "o"))).values()):
        rows = sorted(node["row"] for node in drawn["nodes"] if node["column"] == column)
        assert all(below - above >= 0.999 for above, below in pairwise(rows))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(edges=st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), max_size=25))
def test_every_item_has_a_place_and_without_cycles_every_edge_points_right(
    modules: Page, edges: list[tuple[int, int]]
) -> None:
    pairs = [(f"{min(edge)}", f"{max(edge)}") for edge in edges if edge[0] != edge[1]]
    trace = trace_of(pairs, "4")
    drawn = draw(modules, trace)
    placed = columns(drawn)
    assert placed.keys() == {item["uri"] for item in trace["items"]}
    assert placed["4"] == 0
    assert all(placed[source] < placed[target] for source, target in pairs)
    looped = trace_of([(f"{a}", f"{b}") for a, b in edges], "4")
    assert columns(draw(modules, looped)).keys() == {item["uri"] for item in looped["items"]}


def test_a_mark_goes_on_to_what_was_made_after_it(modules: Page) -> None:
    trace = trace_of([("milk", "early"), ("milk", "late"), ("late", "cake"), ("milk", "crate")], "milk")
    times = {"early": "2026-06-01T00:00:00Z", "late": "2026-06-03T00:00:00Z", "cake": "2026-06-04T00:00:00Z"}
    times["stored"] = "2026-06-02T00:00:00Z"
    trace["events"] = [{"commitment": name, "event_time": time, "mentions": []} for name, time in times.items()]
    for edge in trace["edges"]:
        edge["events"] = [edge["target"]]
    trace["edges"][-1]["relation"] = "contained"
    step = {"item": "milk", "verdict": "outside", "commitment": "stored", "sources": ["room"]}
    trace["quality"] = [step]
    found = modules.evaluate(_MARK, trace)
    assert found == {"milk": "exposed", "early": "", "late": "inherited", "cake": "inherited", "crate": ""}
    trace["quality"] = [step | {"sources": ["milk"]}]
    assert modules.evaluate(_MARK, trace)["milk"] == "outside"
    trace["quality"] = [step | {"sources": ["stored"]}]
    assert modules.evaluate(_MARK, trace)["milk"] == "exposed"
    trace["events"][-1]["mentions"] = [{"item": "milk"}]
    assert modules.evaluate(_MARK, trace)["milk"] == "outside"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"high": 2.8, "maximum": 3.39, "minimum": 3.39}, ["above 2.8 mm/s: 3.39 mm/s"] * 2),
        ({"low": 2, "maximum": 1.5, "minimum": 1.5}, ["below 2 mm/s: 1.5 mm/s"] * 2),
        (
            {"high": 2.8, "maximum": 5, "minimum": 1, "seconds_above": 120},
            ["above 2.8 mm/s for 2 min", "above 2.8 mm/s for 2 min, up to 5 mm/s"],
        ),
        (
            {"low": 2, "maximum": 5, "minimum": 1, "seconds_below": 120},
            ["below 2 mm/s for 2 min", "below 2 mm/s for 2 min, down to 1 mm/s"],
        ),
    ],
)
def test_words_for_what_is_outside(modules: Page, changes: dict[str, Any], said: list[str]) -> None:
    step = {"low": None, "high": None, "unit": "C16", "count": 1, "seconds_above": 0, "seconds_below": 0}
    assert modules.evaluate(_OUTSIDE, step | changes) == said
