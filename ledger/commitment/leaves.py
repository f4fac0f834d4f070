"""A standalone event split into leaves: (RFC 6901 pointer, RFC 8785 text of the leaf's value), sorted.

Every scalar is a leaf. So is every object and every list, with its kind and number of members as value; the event
itself, the leaf of the empty pointer, also says whether it declares an error. Scalars and structures cannot be
confused: a structure's value is an object, a scalar's never is. `recordTime`, which a repository sets, is no part of
what is committed.
"""

from __future__ import annotations

from typing import Any

from ledger.commitment.canonical import scalar_text
from ledger.errors import InvalidInput

#: set by the repository that receives the event, so not committed
UNCOMMITTED = "recordTime"

Leaf = tuple[str, str]


def split(body: dict[str, Any]) -> list[Leaf]:
    """The leaves of `body`, sorted by the UTF-8 bytes of their pointers (for str, the same as by code point)."""
    size = len(body) - (UNCOMMITTED in body)
    declares_error = "true" if "errorDeclaration" in body else "false"
    leaves: list[Leaf] = [("", f'{{"errorDeclaration":{declares_error},"object":{size}}}')]
    for name, value in body.items():
        if name != UNCOMMITTED:
            _walk("/" + escape(name), value, leaves)
    leaves.sort()
    return leaves


def _walk(pointer: str, value: Any, leaves: list[Leaf]) -> None:
    kind = type(value)
    if kind is dict:
        leaves.append((pointer, f'{{"object":{len(value)}}}'))
        for name, member in value.items():
            _walk(f"{pointer}/{escape(name)}", member, leaves)
    elif kind is list:
        leaves.append((pointer, f'{{"list":{len(value)}}}'))
        for index, member in enumerate(value):
            _walk(f"{pointer}/{index}", member, leaves)
    else:
        leaves.append((pointer, scalar_text(value)))


def escape(name: str) -> str:
    """A member's name as an RFC 6901 reference token."""
    if type(name) is not str:
        raise InvalidInput(f"{name!r} names a member", expected="a string as the name of a JSON member")
    if "~" in name or "/" in name:
        return name.replace("~", "~0").replace("/", "~1")
    return name


def unescape(token: str) -> str:
    """The name behind an RFC 6901 reference token."""
    return token.replace("~1", "/").replace("~0", "~")


def parent(pointer: str) -> str:
    """The pointer of what directly encloses `pointer`; the empty pointer encloses all and has no parent."""
    return pointer.rpartition("/")[0]
