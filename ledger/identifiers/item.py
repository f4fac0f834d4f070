"""What an event is about, under its one canonical name.

The name is a canonical GS1 Digital Link URI (GS1 Digital Link §4.12: host id.gs1.org, numeric AIs, reserved characters
percent-encoded) at the finest level that the identifier gives; what is not a GS1 key keeps its own URI, verbatim.
Nothing here resolves a link or knows whether a company prefix was ever issued.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote

from ledger.errors import InvalidInput
from ledger.identifiers.keys import KEYS, KIND_OF_QUALIFIER, QUALIFIERS, Key, Kind

Elements = tuple[tuple[str, str], ...]

_KEY_DOMAIN = b"lotmark:item:v1"
_COMPANY_PREFIX = re.compile(r"[0-9]{4,12}")
_UNRESERVED = re.compile(r"[A-Za-z0-9\-._~]*")
_LEADING_DIGITS = re.compile(r"[0-9]*")


@dataclass(frozen=True, slots=True)
class Item:
    """One item: two identifiers name the same one exactly when their `uri` is equal."""

    uri: str
    kind: Kind
    #: the lot's URI, where an identifier of a serial item names its lot beside it
    lot: str | None = None
    #: AIs and values of `uri`; empty for what is not a GS1 key
    elements: Elements = ()

    @property
    def element_string(self) -> str:
        """As people read it on a label, `(01)09506000134352(21)12345`; a '(' inside a value is written `\\(`."""
        return "".join(f"({ai}){value.replace('(', chr(92) + '(')}" for ai, value in self.elements) or self.uri

    @property
    def prefix_digits(self) -> str | None:
        """Digits that begin with the GS1 company prefix of whoever issued this key; a GTIN-8 contains none."""
        if not self.elements:
            return None
        ai, value = self.elements[0]
        if ai in ("01", "8006") and value.startswith("000000"):
            return None
        digits = _LEADING_DIGITS.match(value, KEYS[ai].prefix_at)
        return digits.group() if digits else None


def gs1_item(ai: str, value: str, qualifiers: Mapping[str, str]) -> Item:
    """The item under primary key `ai`, at its finest level; InvalidInput where value or qualifiers are not allowed."""
    key = KEYS[ai]
    primary = (ai, key.value(value))
    levels = _levels(key, qualifiers) if qualifiers else ()
    if not levels:
        kind = Kind.CLASS if len(primary[1]) == key.class_length else key.kind
        return Item(_uri((primary,)), kind, elements=(primary,))
    finest = levels[-1]
    elements = (primary, finest)
    lot = _uri((primary, levels[0])) if levels[0][0] == "10" and finest[0] == "21" else None
    return Item(_uri(elements), KIND_OF_QUALIFIER.get(finest[0], key.kind), lot, elements)


def _levels(key: Key, qualifiers: Mapping[str, str]) -> Elements:
    """The qualifiers that identify, coarse to fine: a product variant (22) and the GLN extension 0 do not."""
    allowed = next((each for each in key.qualifiers if qualifiers.keys() <= set(each)), None)
    if allowed is None:
        given = " and ".join(f"({ai})" for ai in qualifiers)
        expected = " or ".join(", ".join(f"({ai})" for ai in each) for each in key.qualifiers) or "no qualifier"
        raise InvalidInput(f"{key.syntax.title} is not qualified by {given}", expected=expected)
    for ai, value in qualifiers.items():
        QUALIFIERS[ai].check(value)
    levels = ((ai, qualifiers[ai]) for ai in allowed if ai in qualifiers)
    return tuple(level for level in levels if level[0] != "22" and level != ("254", "0"))


def _uri(elements: Elements) -> str:
    return "https://id.gs1.org" + "".join([f"/{ai}/{_escaped(value)}" for ai, value in elements])


def _escaped(value: str) -> str:
    """Percent-encoded (RFC 3986 §2); most values are unreserved characters alone, for which `quote` is slow."""
    return value if _UNRESERVED.fullmatch(value) else quote(value, safe="")


def item_key(uri: str) -> bytes:
    """The 32 bytes under which an open event's item is logged on chain; `uri` is a canonical one."""
    return hashlib.sha256(_KEY_DOMAIN + uri.encode()).digest()


def may_be_open(item: Item) -> bool:
    """Whether the item's key may stand in the chain's logs for ever: not a person's and not a party's."""
    return item.kind not in (Kind.PERSON, Kind.PARTY)


def under_company_prefix(item: Item, prefix: str) -> bool:
    """Whether the key was issued under this GS1 company prefix; never for private URIs."""
    if not _COMPANY_PREFIX.fullmatch(prefix):
        raise InvalidInput(f"{prefix[:100]!a} is no GS1 company prefix", expected="4 to 12 digits")
    digits = item.prefix_digits
    return digits is not None and digits.startswith(prefix)
