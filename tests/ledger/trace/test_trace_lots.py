"""Lots: parts of one key, serial items of a lot, and what is only possible for that reason."""

from __future__ import annotations

from typing import Any

A, B, C = (f"urn:item:{letter}" for letter in "abc")
PALLET, OTHER_PALLET = "urn:box:pallet", "urn:box:other"


def certainty(found: Any) -> dict[tuple[str, str], str]:
    return {(each.source, each.target): each.certainty for each in found.edges}


def test_a_lot_in_one_place_is_certain(world: Any, names: Any) -> None:
    lot = names.lot("L")
    world.transform([A], [(lot, 10.0, "KGM")], 10)
    world.pack(PALLET, [(lot, 10.0, "KGM")], 20)
    world.unpack(PALLET, [(lot, 10.0, "KGM")], 30)
    world.transform([(lot, 10.0, "KGM")], [B], 30)
    assert set(certainty(world.trace(lot)).values()) == {"certain"}
    assert all(each.certain for each in world.trace(lot).items)


def test_a_lot_used_in_two_transformations_is_possible_in_each(world: Any, names: Any) -> None:
    lot, uri = names.lot("L"), names.uri(names.lot("L"))
    world.transform([A], [lot], 10)
    world.transform([(lot, 4.0, "KGM")], [B], 20)
    world.transform([(lot, 6.0, "KGM")], [C], 20)
    assert certainty(world.trace(A)) == {(A, uri): "certain", (uri, B): "possible", (uri, C): "possible"}
    assert {each.uri: each.certain for each in world.trace(A).items} == {A: True, uri: True, B: False, C: False}


def test_a_lot_on_two_pallets_at_once_is_possible_on_each(world: Any, names: Any) -> None:
    lot = names.lot("L")
    world.pack(PALLET, [(lot, 4.0, "KGM")], 10)
    world.pack(OTHER_PALLET, [(lot, 6.0, "KGM")], 20)
    assert set(certainty(world.trace(lot)).values()) == {"possible"}


def test_a_lot_made_twice_may_come_from_either(world: Any, names: Any) -> None:
    lot, uri = names.lot("L"), names.uri(names.lot("L"))
    world.transform([A], [lot], 10)
    world.transform([B], [lot], 20)
    assert certainty(world.trace(lot)) == {(A, uri): "possible", (B, uri): "possible"}


def test_a_lot_that_is_partly_used_and_partly_packed_is_possible(world: Any, names: Any) -> None:
    lot = names.lot("L")
    world.transform([lot], [A], 10)
    world.pack(PALLET, [lot], 20)
    assert set(certainty(world.trace(lot)).values()) == {"possible"}


def test_serial_items_stay_certain_where_lots_do_not(world: Any, names: Any) -> None:
    item = names.serial(1)
    world.transform([item], [A], 10)
    world.transform([item], [B], 20)
    assert set(certainty(world.trace(item)).values()) == {"certain"}


def test_a_private_name_with_a_quantity_is_treated_as_a_lot(world: Any) -> None:
    world.transform([(A, 1.0, "KGM")], [B], 10)
    world.transform([(A, 2.0, "KGM")], [C], 20)
    assert set(certainty(world.trace(A)).values()) == {"possible"}


def test_a_part_that_is_taken_out_leaves_the_rest_inside(world: Any, names: Any) -> None:
    lot = names.lot("L")
    world.pack(PALLET, [(lot, 10.0, "KGM")], 10)
    world.unpack(PALLET, [(lot, 4.0, "KGM")], 20)
    world.about(PALLET, 25, name="shipped with the rest")
    world.unpack(PALLET, [(lot, 6.0, "KGM")], 30)
    world.about(PALLET, 35, name="shipped empty")
    assert "shipped with the rest" in world.shown(lot)
    assert "shipped empty" not in world.shown(lot)
    (edge,) = world.trace(lot).edges
    assert (edge.quantity, edge.uom) == (10.0, "KGM")


def test_a_part_of_an_unknown_quantity_leaves_the_rest_inside(world: Any, names: Any) -> None:
    lot = names.lot("L")
    world.pack(PALLET, [(lot, None, None)], 10)
    world.unpack(PALLET, [(lot, 4.0, "KGM")], 20)
    world.about(PALLET, 25, name="shipped")
    assert "shipped" in world.shown(lot)


def test_a_lot_taken_out_without_a_quantity_is_out(world: Any, names: Any) -> None:
    lot = names.lot("L")
    world.pack(PALLET, [(lot, 10.0, "KGM")], 10)
    world.unpack(PALLET, [(lot, None, None)], 20)
    world.about(PALLET, 25, name="shipped")
    assert "shipped" not in world.shown(lot)


def test_a_serial_item_has_the_history_of_its_lot(world: Any, names: Any) -> None:
    lot, item = names.lot("L"), names.serial(1, lot="L")
    world.transform([A], [lot], 10, name="made")
    world.about(lot, 20, name="shipped")
    world.about(item, 30, name="sold")
    assert world.shown(item) == {"made", "shipped", "sold"}
    found = {each.element_string: (each.role, each.level, each.certain) for each in world.trace(item).items}
    assert found == {
        names.serial(1): ("origin", 0, True),
        lot: ("lot", 1, True),
        A: ("ancestor", 2, True),
    }
    assert certainty(world.trace(item))[names.uri(lot), names.uri(item)] == "certain"


def test_what_the_lot_went_into_is_possible_for_its_serial_items(world: Any, names: Any) -> None:
    lot, item = names.lot("L"), names.serial(1, lot="L")
    world.about(item, 5)
    world.transform([lot], [B], 10)
    found = {each.uri: each.certain for each in world.trace(item, direction="forward").items}
    assert found == {names.uri(item): True, names.uri(lot): False, B: False}


def test_a_lot_goes_into_its_serial_items_and_on(world: Any, names: Any) -> None:
    world.transform([A], [names.lot("L")], 5)
    world.about(names.serial(1, lot="L"), 10)
    world.about(names.serial(2, lot="L"), 10)
    world.transform([names.serial(1)], [B], 20)
    assert world.reached(A, "forward") == {names.lot("L"), names.serial(1), names.serial(2), B}
    assert world.reached(B, "backward") == {names.lot("L"), names.serial(1), A}
    roles = {each.element_string: each.role for each in world.trace(names.lot("L")).items}
    assert roles[names.serial(1)] == "serial"


def test_other_serial_items_of_the_lot_are_not_part_of_the_trace(world: Any, names: Any) -> None:
    world.about(names.serial(1, lot="L"), 10, name="mine")
    world.about(names.serial(2, lot="L"), 10, name="another's")
    world.about(names.lot("L"), 5, name="the lot's")
    assert world.shown(names.serial(1)) == {"mine", "the lot's"}
    assert world.reached(names.serial(1), "both") == {names.lot("L")}


def test_a_lot_that_only_its_serial_items_name_is_known(world: Any, names: Any) -> None:
    world.about(names.serial(1, lot="L"), 10)
    assert world.reached(names.lot("L"), "forward") == {names.serial(1)}
    assert world.reached(names.lot("L"), "backward") == set()


def test_two_lots_of_one_serial_item_are_both_possible(world: Any, names: Any) -> None:
    world.about(names.serial(1, lot="L"), 10)
    world.about(names.serial(1, lot="M"), 20, by="B")
    assert set(certainty(world.trace(names.serial(1))).values()) == {"possible"}


def test_a_serial_item_named_without_its_lot_elsewhere_is_the_same_item(world: Any, names: Any) -> None:
    world.transform([names.lot("X")], [names.serial(1)], 10)
    world.about(names.serial(1, lot="L"), 20)
    assert world.reached(names.serial(1), "backward") == {names.lot("X"), names.lot("L")}
