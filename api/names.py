"""How identifiers read to people: as GS1 element strings, and under the name of the item or of its product."""

from __future__ import annotations

from collections.abc import Mapping

from ledger.errors import InvalidInput
from ledger.identifiers import parse_item


def short(uri: str) -> str:
    """A GS1 identifier as its element string, any other as it is."""
    if not uri:
        return ""
    try:
        return parse_item(uri).element_string
    except InvalidInput:
        return uri


def called(uri: str, names: Mapping[str, str]) -> str:
    """The name of the item, or of the product that it is one of; empty if neither has one."""
    if uri in names:
        return names[uri]
    try:
        elements = parse_item(uri).elements
    except InvalidInput:
        return ""
    return names.get("https://id.gs1.org/" + "/".join(elements[0]), "") if elements else ""
