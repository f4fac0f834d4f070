"""What an event is about: what moved, and into or from what; nobody may take another item for the traced one."""

from __future__ import annotations

import pytest

from api.cli.about import about

PUMP, OTHER, THIRD, STATION, BEARING = (f"urn:x:{name}" for name in ("pump", "other", "third", "station", "bearing"))
OF_TRACE = {PUMP, STATION, BEARING}


@pytest.mark.parametrize(
    ("type_", "action", "mentions", "words"),
    [
        ("AssociationEvent", "DELETE", [("parent", STATION), ("child", PUMP)], f"{PUMP} from {STATION}"),
        (
            "AssociationEvent",
            "DELETE",
            [("parent", STATION), ("child", OTHER)],
            f"(another item: {OTHER}) from {STATION}",
        ),
        (
            "AggregationEvent",
            "ADD",
            [("parent", STATION), ("child", OTHER), ("child", THIRD)],
            f"(other items: {OTHER} +1) into {STATION}",
        ),
        (
            "AggregationEvent",
            "ADD",
            [("parent", STATION), ("child", OTHER), ("child", BEARING), ("child", PUMP)],
            f"{PUMP}, {BEARING} +1 other into {STATION}",
        ),
        ("AggregationEvent", "OBSERVE", [("parent", STATION), ("child", PUMP)], f"{PUMP} in {STATION}"),
        ("AggregationEvent", "OBSERVE", [("child", PUMP)], PUMP),
        ("AggregationEvent", "OBSERVE", [("parent", STATION)], STATION),
        ("AggregationEvent", "DELETE", [("parent", STATION)], f"everything from {STATION}"),
        ("TransformationEvent", None, [("input", BEARING), ("output", PUMP)], f"{BEARING} into {PUMP}"),
        (
            "TransformationEvent",
            None,
            [("input", BEARING), ("output", OTHER)],
            f"{BEARING} into (another item: {OTHER})",
        ),
        ("TransformationEvent", None, [("input", BEARING)], f"{BEARING} goes in"),
        ("TransformationEvent", None, [("output", PUMP)], f"{PUMP} comes out"),
        ("TransformationEvent", None, [], ""),
        ("ObjectEvent", "OBSERVE", [("epc", OTHER), ("epc", PUMP), ("epc", PUMP)], f"{PUMP} +1 other"),
        ("TransactionEvent", "ADD", [("parent", STATION), ("epc", PUMP)], f"{PUMP}, {STATION}"),
        ("ObjectEvent", "ADD", [], ""),
    ],
)
def test_what_moved_and_from_or_into_what(
    type_: str, action: str | None, mentions: list[tuple[str, str]], words: str
) -> None:
    named = [{"role": role, "item": item} for role, item in mentions]
    assert about({"type": type_, "action": action, "mentions": named}, PUMP, OF_TRACE).plain == words


def test_no_item_of_the_trace_is_folded_away() -> None:
    items = [f"urn:x:{number}" for number in range(30)]
    mentions = [{"role": "epc", "item": item} for item in items]
    shown = about({"type": "ObjectEvent", "action": "OBSERVE", "mentions": mentions}, items[7], set(items)).plain
    assert shown.startswith(items[7])
    assert set(shown.split(", ")) == set(items)
