"""What happens to a container happens to its contents, nested, while they are inside; and to nothing else."""

from __future__ import annotations

from typing import Any

A, B, C, D = (f"urn:item:{letter}" for letter in "abcd")
CASE, PALLET, TRUCK = "urn:box:case", "urn:box:pallet", "urn:box:truck"


def test_what_happens_to_the_container_while_inside(world: Any) -> None:
    world.about(PALLET, 5, name="before")
    world.pack(PALLET, [A], 10, name="packed")
    world.about(PALLET, 15, name="shipped")
    world.unpack(PALLET, [A], 20, name="unpacked")
    world.about(PALLET, 25, name="after")
    assert world.shown(A) == {"packed", "shipped", "unpacked"}
    (container,) = world.trace(A).items[1:]
    assert (container.uri, container.role, container.windows) == (PALLET, "container", ((10, 20),))


def test_containers_are_nested_and_their_times_overlap(world: Any) -> None:
    world.pack(CASE, [A], 10)
    world.pack(PALLET, [CASE], 20)
    world.pack(TRUCK, [PALLET], 30)
    world.about(TRUCK, 35, name="drives with it")
    world.unpack(CASE, [A], 40)
    world.about(TRUCK, 45, name="drives without it")
    assert world.reached(A, "forward") == {CASE, PALLET, TRUCK}
    assert "drives with it" in world.shown(A)
    assert "drives without it" not in world.shown(A)


def test_no_edge_to_what_else_was_inside(world: Any) -> None:
    world.transform([D], [B], 1, name="making of the neighbour")
    world.pack(PALLET, [A, B], 10, name="packed together")
    world.about(B, 15, name="seen the neighbour")
    world.unpack(PALLET, [A, B], 20)
    world.transform([B], [C], 30, name="use of the neighbour")
    found = world.trace(A)
    assert {each.uri for each in found.items} == {A, PALLET}
    assert {(each.source, each.target) for each in found.edges} == {(A, PALLET)}
    assert world.shown(A) == {"packed together", "event 4"}


def test_no_edge_to_neighbours_through_nested_containers_and_what_was_made_of_them(world: Any) -> None:
    world.pack(CASE, [A, B], 10)
    world.pack(PALLET, [CASE, C], 20)
    world.transform([B], [D], 30)
    assert world.reached(A, "both") == {CASE, PALLET}


def test_an_opened_origin_shows_its_contents_both_ways(world: Any) -> None:
    world.transform([B], [A], 5)
    world.pack(PALLET, [A], 10)
    world.unpack(PALLET, [A], 20)
    world.transform([A], [C], 30)
    assert world.reached(PALLET, "backward") == {A, B}
    assert world.reached(PALLET, "forward") == {A, C}
    roles = {each.uri: each.role for each in world.trace(PALLET).items}
    assert roles == {PALLET: "origin", A: "content", B: "ancestor", C: "descendant"}


def test_contents_of_contents_only_while_both_hold(world: Any) -> None:
    world.pack(CASE, [A], 1)
    world.pack(PALLET, [CASE], 10)
    world.unpack(PALLET, [CASE], 20)
    world.pack(CASE, [B], 30)
    assert world.reached(PALLET, "both") == {CASE, A}


def test_a_delete_without_children_empties_it(world: Any) -> None:
    world.pack(PALLET, [A, B], 10)
    world.unpack(PALLET, [], 20)
    world.about(PALLET, 30, name="empty")
    assert "empty" not in world.shown(A)
    assert world.trace(A).items[1].windows == ((10, 20),)


def test_emptying_leaves_associations_alone(world: Any) -> None:
    world.hold("ADD", PALLET, [A], 10, type_="AssociationEvent")
    world.unpack(PALLET, [], 20)
    world.about(PALLET, 30, name="still attached")
    assert "still attached" in world.shown(A)
    assert {each.relation for each in world.trace(A).edges} == {"associated"}


def test_observe_confirms_and_tells_of_an_unknown_beginning(world: Any) -> None:
    world.about(PALLET, 5, name="maybe inside already")
    world.hold("OBSERVE", PALLET, [A], 10)
    world.unpack(PALLET, [A], 20)
    assert "maybe inside already" in world.shown(A)
    assert {each.certainty for each in world.trace(A).edges} == {"possible"}


def test_a_delete_without_an_add_means_it_was_inside_before(world: Any) -> None:
    world.unpack(PALLET, [], 3)
    world.about(PALLET, 5, name="shipped")
    world.unpack(PALLET, [A], 20)
    found = world.trace(A)
    assert found.items[1].windows == ((3, 20),)
    assert "shipped" in world.shown(A)
    assert [each.certainty for each in found.edges] == ["possible"]


def test_observe_of_a_known_stay_changes_nothing(world: Any) -> None:
    world.pack(PALLET, [A], 10)
    world.hold("OBSERVE", PALLET, [A], 15)
    world.unpack(PALLET, [A], 20)
    (edge,) = world.trace(A).edges
    assert (edge.certainty, len(edge.events)) == ("certain", 3)
    assert world.trace(A).items[1].windows == ((10, 20),)


def test_packed_again_at_the_moment_of_unpacking(world: Any) -> None:
    world.pack(PALLET, [A], 10)
    world.pack(PALLET, [A], 20)
    world.unpack(PALLET, [A], 20)
    world.about(PALLET, 30, name="shipped")
    assert "shipped" in world.shown(A)


def test_packed_and_unpacked_in_one_moment(world: Any) -> None:
    """Events with a date and no time of day."""
    world.unpack(PALLET, [A], 10)
    world.pack(PALLET, [A], 10)
    assert world.trace(A).items[1].windows == ((10, 10),)


def test_packed_elsewhere_without_unpacking_is_possible_in_both(world: Any) -> None:
    world.pack(CASE, [A], 10)
    world.pack(PALLET, [A], 20)
    assert world.reached(A, "forward") == {CASE, PALLET}
    assert {each.certainty for each in world.trace(A).edges} == {"possible"}


def test_repacked_after_unpacking_is_certain(world: Any) -> None:
    world.pack(CASE, [A], 10)
    world.unpack(CASE, [A], 20)
    world.pack(PALLET, [A], 20)
    assert {each.certainty for each in world.trace(A).edges} == {"certain"}


def test_a_consumed_container_passes_its_contents_on(world: Any) -> None:
    world.pack(PALLET, [A, B], 10)
    world.unpack(PALLET, [B], 15)
    world.transform([PALLET], [C], 20)
    assert world.reached(A, "forward") == {PALLET, C}
    assert world.reached(B, "forward") == {PALLET}
    assert world.reached(C, "backward") == {PALLET, A}


def test_a_container_that_comes_out_of_a_transformation_brings_its_contents(world: Any) -> None:
    world.pack(PALLET, [B], 10)
    world.transform([A], [PALLET], 20)
    world.pack(PALLET, [C], 30)
    assert world.reached(A, "forward") == {PALLET, B}
    assert world.reached(B, "backward") == {PALLET, A}
    assert world.reached(C, "backward") == {PALLET}


def test_ingredients_bring_the_history_of_their_containers(world: Any) -> None:
    world.pack(PALLET, [A], 10)
    world.about(PALLET, 15, name="cold chain broken")
    world.unpack(PALLET, [A], 20)
    world.transform([A], [B], 30)
    assert "cold chain broken" in world.shown(B, "backward")
    assert world.reached(PALLET, "forward") == {A, B}


def test_an_aggregation_without_a_parent_links_nothing(world: Any) -> None:
    world.hold("OBSERVE", None, [A, B], 10, name="seen together")
    assert world.reached(A, "both") == set()
    assert world.shown(A) == {"seen together"}


def test_an_association_makes_the_components_history_part_of_the_asset(world: Any) -> None:
    world.about(A, 5, name="calibrated")
    world.hold("ADD", TRUCK, [A], 10, type_="AssociationEvent")
    assert "calibrated" in world.shown(TRUCK, "backward")
    assert [each.relation for each in world.trace(TRUCK).edges] == ["associated"]
