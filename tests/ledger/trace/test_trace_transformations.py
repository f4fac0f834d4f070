"""Made of and went into: transformations, their times, quantities and cycles."""

from __future__ import annotations

from typing import Any

import pytest

A, B, C, D, E = (f"urn:item:{letter}" for letter in "abcde")


def test_backward_is_what_it_was_made_of_and_forward_what_it_went_into(world: Any) -> None:
    world.transform([A, B], [C], 10)
    world.transform([C], [D, E], 20)
    assert world.reached(C, "backward") == {A, B}
    assert world.reached(C, "forward") == {D, E}
    assert world.reached(C, "both") == {A, B, D, E}
    assert world.reached(A, "both") == {C, D, E}, "b went the same way, but nothing of it is in a"


def test_roles_and_levels(world: Any) -> None:
    world.transform([A], [B], 10)
    world.transform([B], [C], 20)
    items = {each.uri: (each.role, each.level) for each in world.trace(B).items}
    assert items == {B: ("origin", 0), A: ("ancestor", 1), C: ("descendant", 1)}


def test_an_edge_has_the_quantity_that_went_in(world: Any) -> None:
    world.transform([(A, 500.0, "KGM"), (B, 20.0, "KGM")], [(C, 510.0, "KGM")], 10)
    edges = world.trace(C).edges
    assert [(each.source, each.target, each.quantity, each.uom) for each in edges] == [
        (A, C, 500.0, "KGM"),
        (B, C, 20.0, "KGM"),
    ]


def test_quantities_in_two_units_are_not_added(world: Any) -> None:
    world.transform([(A, 1.0, "KGM"), (A, 500.0, "GRM")], [C], 10)
    (edge,) = world.trace(C).edges
    assert (edge.quantity, edge.uom) == (None, None)


def test_events_of_one_transformation_id_are_one_transformation(world: Any) -> None:
    world.transform([(A, 2.0, "KGM")], [], 10, transformation_id="urn:run:1", name="in")
    world.transform([(A, 3.0, "KGM"), B], [], 11, transformation_id="urn:run:1", name="in again")
    world.transform([], [C], 20, transformation_id="urn:run:1", name="out")
    found = world.trace(C, direction="backward")
    assert {each.uri for each in found.items} == {A, B, C}
    edge = next(each for each in found.edges if each.source == A)
    assert (edge.quantity, len(edge.events)) == (5.0, 3)
    assert world.shown(C) == {"in", "in again", "out"}


def test_the_same_transformation_id_of_another_organisation_is_another_transformation(world: Any) -> None:
    world.transform([A], [], 10, transformation_id="urn:run:1", by="A")
    world.transform([B], [], 10, transformation_id="urn:run:1", by="B")
    world.transform([], [C], 20, transformation_id="urn:run:1", by="A")
    assert world.reached(C, "backward") == {A}


def test_an_output_before_an_input_of_the_same_transformation_is_only_possible(world: Any) -> None:
    world.transform([A], [], 10, transformation_id="urn:run:1")
    world.transform([], [C], 20, transformation_id="urn:run:1")
    world.transform([B], [], 30, transformation_id="urn:run:1")
    certainty = {each.source: each.certainty for each in world.trace(C, direction="backward").edges}
    assert certainty == {A: "certain", B: "possible"}


def test_backward_stops_at_the_time_of_use(world: Any) -> None:
    """What was poured into the tank after the sale is not in the bottle."""
    world.transform([A], [B], 10)
    world.transform([B], [C], 20)
    world.transform([D], [B], 30, name="later")
    assert world.reached(C, "backward") == {A, B}
    assert "later" not in world.shown(C, "backward")


def test_forward_starts_at_the_time_of_arrival(world: Any) -> None:
    """What left the tank before the delivery has nothing of it."""
    world.transform([B], [C], 10, name="earlier")
    world.transform([A], [B], 20)
    world.transform([B], [D], 30)
    assert world.reached(A, "forward") == {B, D}
    assert "earlier" not in world.shown(A, "forward")


def test_events_at_the_same_moment_count(world: Any) -> None:
    world.transform([A], [B], 10)
    world.transform([B], [C], 10)
    assert world.reached(A, "forward") == {B, C}
    assert world.reached(C, "backward") == {A, B}


def test_cycles_end(world: Any) -> None:
    """Rework: a becomes b becomes a again."""
    world.transform([A], [B], 10)
    world.transform([B], [A], 20)
    world.transform([A], [B], 30)
    assert world.reached(A, "both") == {B}
    assert {(each.source, each.target) for each in world.trace(A).edges} == {(A, B), (B, A)}


def test_rework_of_a_lot_under_its_own_name_ends(world: Any) -> None:
    world.transform([A, B], [A], 10)
    assert world.reached(A, "backward") == {B}


def test_a_gtin_alone_is_shown_but_makes_no_edge(world: Any, names: Any) -> None:
    gtin = "(01)09506000134352"
    world.transform([gtin, A], [B], 10, name="mixing")
    world.transform([A], [(gtin, 5.0, None)], 20)
    assert world.reached(B, "backward") == {A}
    assert world.reached(A, "forward") == {B}
    assert world.reached(gtin, "both") == set()
    assert "mixing" in world.shown(gtin)
    mixing = world.trace(B).events[0]
    assert [each.item for each in mixing.mentions] == [names.uri(gtin), A, B]


def test_a_transaction_links_documents_not_items(world: Any) -> None:
    world.event("TransactionEvent", "ADD", 10, [("parent", A), ("epc", B), ("epc", C)], name="order")
    assert world.reached(B, "both") == set()
    assert world.shown(B) == {"order"}


def test_object_events_are_the_items_own_history(world: Any) -> None:
    world.about(A, 5, "ADD", name="commissioned")
    world.transform([A], [B], 10, name="made")
    world.about(A, 15, name="seen after")
    world.about(B, 20, name="sold")
    assert world.shown(B) == {"commissioned", "made", "sold"}
    assert world.shown(A) == {"commissioned", "made", "seen after", "sold"}


@pytest.mark.parametrize("way", ["both", "backward", "forward"])
def test_the_answer_does_not_depend_on_the_order_of_capture(new_world: Any, way: str) -> None:
    steps = [
        lambda w: w.transform([A], [B], 10),
        lambda w: w.pack(D, [B], 20),
        lambda w: w.unpack(D, [B], 20),
        lambda w: w.transform([B], [C], 30),
    ]
    one, other = new_world(), new_world()
    for step in steps:
        step(one)
    for step in reversed(steps):
        step(other)
    assert one.trace(B, direction=way).items == other.trace(B, direction=way).items
