"""EPC pure identity and class URNs: GS1 EPC Tag Data Standard §6 and §8, `urn:epc:id:`, `…:class:` and `…:idpat:`.

A URN gives company prefix and reference apart and leaves the check digit out, so it converts without a table of
prefixes. Of patterns, only those that stand for a class (`…:idpat:sgtin:0614141.107346.*`) name an item. Tag and
raw URIs do not.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import unquote

from ledger.errors import InvalidInput
from ledger.identifiers.check_digit import with_check_digit
from ledger.identifiers.item import Item, gs1_item
from ledger.identifiers.keys import Kind

_PREFIX = re.compile(r"[0-9]{6,12}")
_DIGITS = re.compile(r"[0-9]*")
_MUST_BE_ESCAPED = re.compile(r"[\"&/<>?#]")


def parse_epc_urn(text: str) -> Item:
    """The item of a URN that begins with `urn:epc:`."""
    kind, _, rest = text[len("urn:epc:") :].partition(":")
    scheme, _, body = rest.partition(":")
    if kind == "id" and scheme in _WITHOUT_GS1_KEY:
        return _without_gs1_key(text, scheme, body)
    convert = _SCHEMES.get((kind, scheme))
    if convert is None:
        raise InvalidInput(
            f"{text[:100]!a} is no EPC URN of an item",
            expected="urn:epc:id:, urn:epc:class:lgtin: or a class pattern urn:epc:idpat:, with a scheme such as sgtin",
            advice="Write tags as their pure identity, urn:epc:id:…" if kind in ("tag", "raw") else "",
        )
    return convert(body)


def _fields(body: str, form: str) -> list[str]:
    """The dot-separated fields of `body`; the last one may contain dots, and is unescaped."""
    count = form.count(".") + 1
    fields = body.split(".", count - 1)
    if len(fields) != count:
        raise InvalidInput(f"{body[:100]!a} has {len(fields)} fields", expected=form)
    if not _PREFIX.fullmatch(fields[0]):
        raise InvalidInput(f"{fields[0][:100]!a} is no GS1 company prefix", expected="6 to 12 digits")
    if raw := _MUST_BE_ESCAPED.search(body):
        raise InvalidInput(f"{raw.group()!a} stands bare in an EPC URN", expected=f"%{ord(raw.group()):02X}")
    return [unquote(field, encoding="latin-1") for field in fields] if "%" in body else fields


def _digits(prefix: str, reference: str, length: int) -> str:
    if len(prefix) + len(reference) != length or not _DIGITS.fullmatch(reference):
        raise InvalidInput(
            f"{reference[:100]!a} does not fit behind company prefix {prefix}",
            expected=f"{length - len(prefix)} digits, {length} together",
        )
    return prefix + reference


def _indicator_first(prefix: str, reference: str, length: int) -> str:
    """The indicator or extension digit, which a URN writes before the reference, moves to the front."""
    joined = _digits(prefix, reference, length)
    if not reference:
        raise InvalidInput(f"nothing stands behind company prefix {prefix}", expected="an indicator or extension digit")
    at = len(prefix)
    return with_check_digit(joined[at] + joined[:at] + joined[at + 1 :])


def _wildcard(field: str, form: str) -> None:
    if field != "*":
        raise InvalidInput(f"the pattern ends in {field[:100]!a}", expected=form)


def _trade_item(qualifier: str) -> Callable[[str], Item]:
    def convert(body: str) -> Item:
        prefix, reference, value = _fields(body, "prefix.indicator+item.value")
        return gs1_item("01", _indicator_first(prefix, reference, 13), {qualifier: value})

    return convert


def _trade_item_class(body: str) -> Item:
    form = "prefix.indicator+item.*"
    prefix, reference, wildcard = _fields(body, form)
    _wildcard(wildcard, form)
    return gs1_item("01", _indicator_first(prefix, reference, 13), {})


def _piece(body: str) -> Item:
    prefix, reference, piece, total, serial = _fields(body, "prefix.indicator+item.piece.total.serial")
    return gs1_item("8006", _itip(prefix, reference, piece, total), {"21": serial})


def _piece_class(body: str) -> Item:
    form = "prefix.indicator+item.piece.total.*"
    prefix, reference, piece, total, wildcard = _fields(body, form)
    _wildcard(wildcard, form)
    return gs1_item("8006", _itip(prefix, reference, piece, total), {})


def _itip(prefix: str, reference: str, piece: str, total: str) -> str:
    if len(piece) != 2 or len(total) != 2:
        raise InvalidInput(f"piece {piece[:100]!a} of {total[:100]!a}", expected="two digits each")
    return _indicator_first(prefix, reference, 13) + piece + total


def _logistic_unit(body: str) -> Item:
    prefix, reference = _fields(body, "prefix.extension+serial")
    return gs1_item("00", _indicator_first(prefix, reference, 17), {})


def _place(body: str) -> Item:
    prefix, reference, extension = _fields(body, "prefix.location.extension")
    return gs1_item("414", with_check_digit(_digits(prefix, reference, 12)), {"254": extension})


def _number(ai: str, length: int) -> Callable[[str], Item]:
    """Prefix and reference, digits only, and a check digit."""

    def convert(body: str) -> Item:
        prefix, reference = _fields(body, "prefix.reference")
        return gs1_item(ai, with_check_digit(_digits(prefix, reference, length)), {})

    return convert


def _text(ai: str) -> Callable[[str], Item]:
    """Prefix and a reference of any characters; no check digit."""

    def convert(body: str) -> Item:
        prefix, reference = _fields(body, "prefix.reference")
        if not reference:
            raise InvalidInput(f"nothing stands behind company prefix {prefix}", expected="prefix.reference")
        return gs1_item(ai, prefix + reference, {})

    return convert


def _type_and_serial(ai: str, filling: str = "") -> Callable[[str], Item]:
    """Thirteen digits of a type, then the serial within the same AI."""

    def convert(body: str) -> Item:
        prefix, reference, serial = _fields(body, "prefix.type.serial")
        if not serial:
            raise InvalidInput("the serial is empty", expected="prefix.type.serial")
        return gs1_item(ai, filling + with_check_digit(_digits(prefix, reference, 12)) + serial, {})

    return convert


def _type_class(ai: str, filling: str = "") -> Callable[[str], Item]:
    def convert(body: str) -> Item:
        form = "prefix.type.*"
        prefix, reference, wildcard = _fields(body, form)
        _wildcard(wildcard, form)
        return gs1_item(ai, filling + with_check_digit(_digits(prefix, reference, 12)), {})

    return convert


def _part(body: str) -> Item:
    prefix, reference, serial = _fields(body, "prefix.part.serial")
    return gs1_item("8010", _cpid(prefix, reference), {"8011": serial})


def _part_class(body: str) -> Item:
    form = "prefix.part.*"
    prefix, reference, wildcard = _fields(body, form)
    _wildcard(wildcard, form)
    return gs1_item("8010", _cpid(prefix, reference), {})


def _cpid(prefix: str, reference: str) -> str:
    if not reference:
        raise InvalidInput(f"nothing stands behind company prefix {prefix}", expected="a part reference")
    return prefix + reference


_SCHEMES: dict[tuple[str, str], Callable[[str], Item]] = {
    ("id", "sgtin"): _trade_item("21"),
    ("id", "upui"): _trade_item("235"),
    ("class", "lgtin"): _trade_item("10"),
    ("idpat", "sgtin"): _trade_item_class,
    ("idpat", "upui"): _trade_item_class,
    ("id", "itip"): _piece,
    ("idpat", "itip"): _piece_class,
    ("id", "sscc"): _logistic_unit,
    ("id", "sgln"): _place,
    ("id", "pgln"): _number("417", 12),
    ("id", "gsin"): _number("402", 16),
    ("id", "gsrn"): _number("8018", 17),
    ("id", "gsrnp"): _number("8017", 17),
    ("id", "ginc"): _text("401"),
    ("id", "giai"): _text("8004"),
    ("id", "grai"): _type_and_serial("8003", "0"),
    ("idpat", "grai"): _type_class("8003", "0"),
    ("id", "gdti"): _type_and_serial("253"),
    ("idpat", "gdti"): _type_class("253"),
    ("id", "sgcn"): _type_and_serial("255"),
    ("idpat", "sgcn"): _type_class("255"),
    ("id", "cpi"): _part,
    ("idpat", "cpi"): _part_class,
}

#: schemes of other issuers, which have no Digital Link: what they name, their syntax, and that in words
_WITHOUT_GS1_KEY: dict[str, tuple[Kind, re.Pattern[str], str]] = {
    "gid": (Kind.SERIAL, re.compile(r"(?:0|[1-9][0-9]*)(?:\.(?:0|[1-9][0-9]*)){2}"), "manager.class.serial"),
    "adi": (
        Kind.SERIAL,
        re.compile(r"[A-HJ-NP-Z0-9]{5,6}\.(?:[A-Z0-9-]|%2F){0,32}\.(?:%23)?(?:[A-Z0-9-]|%2F){1,30}"),
        "CAGE or DoDAAC.part number.serial",
    ),
    "usdod": (Kind.ASSET, re.compile(r"[A-HJ-NP-Z0-9]{5,6}\.(?:0|[1-9][0-9]*)"), "CAGE or DoDAAC.serial"),
    "bic": (Kind.ASSET, re.compile(r"[A-Z]{3}[JUZ][0-9]{7}"), "a container code such as CSQU3054383"),
    "imovn": (Kind.ASSET, re.compile(r"[0-9]{7}"), "7 digits"),
}


def _without_gs1_key(text: str, scheme: str, body: str) -> Item:
    kind, pattern, expected = _WITHOUT_GS1_KEY[scheme]
    if not pattern.fullmatch(body):
        raise InvalidInput(f"{body[:100]!a} does not follow the EPC scheme {scheme}", expected=expected)
    return Item(text, kind)
