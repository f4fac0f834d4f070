"""Do the shown leaves form an event? What a verifier asks of a redacted event before it believes what it shows.

A maker can hash any list of leaves. This refuses what `split` never makes: leaves out of order or twice, members of
nothing, more members than their object or list has, and an event that hides what must not be hidden. What it cannot
see is in the hidden leaves.
"""

from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise

from ledger.commitment.disclosure import Disclosure, Structure, Value
from ledger.commitment.leaves import parent, unescape
from ledger.commitment.redaction import RedactedEvent
from ledger.errors import InvalidInput

#: of a list's member; bounded, for Python raises on numbers of thousands of digits
_INDEX = re.compile("0|[1-9][0-9]{0,17}")


def check_shape(event: RedactedEvent) -> None:
    """InvalidInput unless the shown leaves are some of the leaves of one JSON object, in their order."""
    shown = event.shown
    values = event.values()
    root = values.get("")
    if not isinstance(root, Structure) or root.declares_error is None or not isinstance(event.leaves[0], Disclosure):
        raise InvalidInput("the event's own leaf is not shown first", expected='the leaf of the pointer ""')
    for before, after in pairwise(shown):
        if before.pointer >= after.pointer:
            raise InvalidInput("leaves out of order", where=after.pointer, expected="pointers sorted, none twice")
    for leaf in shown[1:]:
        _check_member(leaf.pointer, values.get(parent(leaf.pointer)))
    _check_counts(event, values)
    _check_never_hidden(values, root)


def _check_member(pointer: str, enclosing: Value) -> None:
    if not isinstance(enclosing, Structure):
        raise InvalidInput("a leaf whose enclosing object or list is not shown", where=pointer)
    if enclosing.kind == "list":
        token = pointer.rpartition("/")[2]
        if not _INDEX.fullmatch(token) or int(token) >= enclosing.size:
            raise InvalidInput("no such member of its list", where=pointer, expected=f"an index below {enclosing.size}")


def _check_counts(event: RedactedEvent, values: dict[str, Value]) -> None:
    members = Counter(parent(pointer) for pointer in values if pointer)
    total = 1
    for pointer, value in values.items():
        if isinstance(value, Structure):
            total += value.size
            if members[pointer] > value.size:
                raise InvalidInput("more members than it has", where=pointer, expected=f"at most {value.size}")
    leaves_may_be_hidden = total > len(values)
    if total > len(event.leaves) or (not leaves_may_be_hidden and total != len(event.leaves)):
        raise InvalidInput(
            f"{len(event.leaves)} leaves, but its objects and lists have {total - 1} members", expected="one leaf each"
        )


def _check_never_hidden(values: dict[str, Value], root: Structure) -> None:
    if root.declares_error is not ("/errorDeclaration" in values):
        raise InvalidInput("it hides or invents an error declaration", where="/errorDeclaration")
    required = ["/eventTime", "/type"]
    if values.get("/type") != "TransformationEvent":  # the one type without an action
        required.append("/action")
    for pointer in required:
        if not isinstance(values.get(pointer), str):
            raise InvalidInput("it hides what must not be hidden", where=pointer, expected="the leaf shown, a text")


def rebuild(event: RedactedEvent) -> dict[str, object]:
    """The body of an event of which every leaf is shown, without its recordTime."""
    if event.hidden_count:
        raise InvalidInput(f"{event.hidden_count} leaves are hidden", expected="an event shown whole")
    check_shape(event)
    return _build("", event.values(), _children(event))  # type: ignore[return-value]


def _children(event: RedactedEvent) -> dict[str, list[str]]:
    children: dict[str, list[str]] = {}
    for leaf in event.shown[1:]:
        children.setdefault(parent(leaf.pointer), []).append(leaf.pointer)
    return children


def _build(pointer: str, values: dict[str, Value], children: dict[str, list[str]]) -> object:
    value = values[pointer]
    if not isinstance(value, Structure):
        return value
    members = {
        unescape(child.rpartition("/")[2]): _build(child, values, children) for child in children.get(pointer, [])
    }
    return members if value.kind == "object" else [members[str(index)] for index in range(value.size)]
