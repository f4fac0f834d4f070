"""Any identifier of an item, in any of its forms, to the one `Item`: the only door from text to items.

A GS1 key is read from an EPC URN, a Digital Link or an element string; any other URI (RFC 3986) is a private name and
stays as it is.
"""

from __future__ import annotations

import re
from functools import lru_cache

from ledger.errors import InvalidInput
from ledger.identifiers.digital_link import CANONICAL_HOST, parse_digital_link
from ledger.identifiers.element_string import parse_element_string
from ledger.identifiers.epc_urn import parse_epc_urn
from ledger.identifiers.item import Item
from ledger.identifiers.keys import Kind

LONGEST = 2048

_URI = re.compile(r"(?P<scheme>[A-Za-z][A-Za-z0-9+.\-]*):(?:[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=]++|%[0-9A-Fa-f]{2})++")
_WEB = re.compile(r"https?://(?P<authority>[^/?#]+)(?P<path>[^?#]*)(?:\?[^#]*)?(?P<fragment>.*)", re.IGNORECASE)
_FORMS = "a URI (EPC URN, GS1 Digital Link or your own) or an element string such as (01)09506000134352(21)12345"


def parse_item(text: str) -> Item:
    """The item that `text` names; InvalidInput says what is wrong with it."""
    if len(text) > LONGEST:
        raise InvalidInput(f"an identifier of {len(text)} characters", expected=f"at most {LONGEST}")
    return _parse(text)


@lru_cache(maxsize=2**15)
def _parse(text: str) -> Item:
    if text.startswith("("):
        return parse_element_string(text)
    uri = _URI.fullmatch(text)
    if uri is None:
        raise _no_uri(text)
    scheme = uri["scheme"].lower()
    if scheme == "urn":
        return _parse_urn(text)
    if scheme in ("http", "https"):
        return _parse_web(text)
    return Item(text, Kind.OTHER)


def _parse_urn(text: str) -> Item:
    if text[:8].lower() == "urn:epc:":
        return parse_epc_urn("urn:epc:" + text[8:])
    return Item(text, Kind.OTHER)


def _parse_web(text: str) -> Item:
    web = _WEB.match(text)
    if web is None:
        raise InvalidInput(f"{text[:100]!a} has no host", expected="http(s)://host/path")
    host = web["authority"].rpartition("@")[2].partition(":")[0].lower()
    try:
        return parse_digital_link(host, web["path"], web["fragment"])
    except InvalidInput:
        if host == CANONICAL_HOST:
            raise
        return Item(text, Kind.OTHER)


def _no_uri(text: str) -> InvalidInput:
    begun = _URI.match(text)
    if begun is None:
        return InvalidInput(f"{text[:100]!a} is no identifier of an item", expected=_FORMS, advice=_advice(text))
    wrong = text[begun.end()]
    escapes = "".join(f"%{byte:02X}" for byte in wrong.encode(errors="replace"))
    return InvalidInput(f"{wrong!a} stands bare in the URI {text[:100]!a}", expected=escapes)


def _advice(text: str) -> str:
    """What somebody most likely meant who typed no URI."""
    if text.isascii() and text.isdigit() and len(text) in (8, 12, 13, 14, 18):
        ai, value = ("00", text) if len(text) == 18 else ("01", text.zfill(14))
        return f"Say which kind of number it is, as in ({ai}){value}"
    if text != text.strip():
        return "Remove the space around it"
    return "Put a scheme before a name of your own, as in urn:example:item:12345"
