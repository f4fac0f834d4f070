"""The GS1 keys that name items, as data: GS1 General Specifications §3 (syntax), GS1 Digital Link §4 (qualifiers).

Only application identifiers (AIs) that say *which* item are here. Attributes, such as an expiry date or a weight, say
something about an item and are no part of its name.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from ledger.errors import InvalidInput
from ledger.identifiers.check_digit import check_digit

#: GS1 AI encodable character set 82, General Specifications figure 7.11-1
_CHARACTER = r"""[!"%&'()*+,\-./0-9:;<=>?A-Z_a-z]"""


class Kind(StrEnum):
    SERIAL = "serial"
    LOT = "lot"
    CLASS = "class"
    LOGISTIC_UNIT = "logistic_unit"
    ASSET = "asset"
    PLACE = "place"
    PARTY = "party"
    PERSON = "person"
    DOCUMENT = "document"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Syntax:
    """What may stand behind one AI."""

    ai: str
    title: str
    pattern: re.Pattern[str]
    expected: str

    def check(self, value: str) -> None:
        if not self.pattern.fullmatch(value):
            raise InvalidInput(f"({self.ai}) {value[:100]!a} is no {self.title}", expected=self.expected)


@dataclass(frozen=True, slots=True)
class Key:
    """A primary key: what it names, and how."""

    syntax: Syntax
    kind: Kind
    #: so many leading characters are digits whose last is their check digit; 0 for keys without one
    protected: int = 0
    #: where the GS1 company prefix begins: behind an indicator or extension digit, or a filling zero
    prefix_at: int = 0
    #: a value of exactly this length names a class (a type of asset or document), not one of its members
    class_length: int = 0
    #: qualifiers that may follow, in canonical order; one alternative at a time
    qualifiers: tuple[tuple[str, ...], ...] = ()

    def value(self, text: str) -> str:
        """The canonical value, or InvalidInput."""
        text = self._padded(text)
        self.syntax.check(text)
        if self.protected:
            self._check_digit(text[: self.protected])
        return text

    def _padded(self, text: str) -> str:
        """GTIN-8, GTIN-12 and GTIN-13 are GTIN-14 with zeros in front."""
        return text.zfill(14) if self.syntax.ai == "01" and len(text) in (8, 12, 13) else text

    def _check_digit(self, digits: str) -> None:
        right = check_digit(digits[:-1])
        if digits[-1] != right:
            raise InvalidInput(
                f"the check digit of {self.syntax.title} {digits} is {digits[-1]}",
                expected=right,
                advice="Compare the number with its source: a digit is wrong, or two are swapped",
            )


def _syntax(ai: str, title: str, pattern: str, expected: str) -> Syntax:
    return Syntax(ai, title, re.compile(pattern), expected)


def _text(ai: str, title: str, longest: int) -> Syntax:
    characters = f"1 to {longest} characters of GS1 character set 82 (ASCII letters, digits and punctuation, no space)"
    return _syntax(ai, title, rf"{_CHARACTER}{{1,{longest}}}", characters)


def _number(ai: str, title: str, length: int) -> Syntax:
    return _syntax(ai, title, rf"[0-9]{{{length}}}", f"{length} digits")


def _number_and_text(ai: str, title: str, length: int, longest: int) -> Syntax:
    pattern = rf"[0-9]{{{length}}}{_CHARACTER}{{0,{longest}}}"
    return _syntax(ai, title, pattern, f"{length} digits, then up to {longest} characters of GS1 character set 82")


def _prefix_and_text(ai: str, title: str, longest: int) -> Syntax:
    pattern = rf"(?=[0-9]{{4}}){_CHARACTER}{{5,{longest}}}"
    return _syntax(ai, title, pattern, f"a GS1 company prefix and a reference, together 5 to {longest} characters")


_OF_GTIN = ("22", "10", "21")

_KEYS = (
    Key(_number("00", "SSCC", 18), Kind.LOGISTIC_UNIT, protected=18, prefix_at=1),
    Key(
        _syntax("01", "GTIN", r"[0-9]{14}", "8, 12, 13 or 14 digits"),
        Kind.CLASS,
        protected=14,
        prefix_at=1,
        qualifiers=(_OF_GTIN, ("235",)),
    ),
    Key(_number_and_text("253", "GDTI", 13, 17), Kind.DOCUMENT, protected=13, class_length=13),
    Key(
        _syntax("255", "GCN", r"[0-9]{13,25}", "13 digits, then up to 12 digits"),
        Kind.DOCUMENT,
        protected=13,
        class_length=13,
    ),
    Key(_prefix_and_text("401", "GINC", 30), Kind.LOGISTIC_UNIT),
    Key(_number("402", "GSIN", 17), Kind.LOGISTIC_UNIT, protected=17),
    Key(_number("414", "GLN", 13), Kind.PLACE, protected=13, qualifiers=(("254",), ("7040",))),
    Key(_number("417", "party GLN", 13), Kind.PARTY, protected=13, qualifiers=(("7040",),)),
    Key(
        _syntax(
            "8003",
            "GRAI",
            rf"0[0-9]{{13}}{_CHARACTER}{{0,16}}",
            "a zero and 13 digits, then up to 16 characters of GS1 character set 82",
        ),
        Kind.ASSET,
        protected=14,
        prefix_at=1,
        class_length=14,
    ),
    Key(_prefix_and_text("8004", "GIAI", 30), Kind.ASSET),
    Key(
        _syntax("8006", "ITIP", r"[0-9]{18}", "18 digits: GTIN-14, piece, total"),
        Kind.CLASS,
        protected=14,
        prefix_at=1,
        qualifiers=(_OF_GTIN,),
    ),
    Key(
        _syntax(
            "8010",
            "CPID",
            r"(?=[0-9]{4})[#\-/0-9A-Z]{5,30}",
            "a GS1 company prefix and a part reference of digits, capitals, '#', '-', '/', together 5 to 30 characters",
        ),
        Kind.CLASS,
        qualifiers=(("8011",),),
    ),
    Key(_number("8017", "GSRN of a provider", 18), Kind.PERSON, protected=18, qualifiers=(("8019",),)),
    Key(_number("8018", "GSRN of a recipient", 18), Kind.PERSON, protected=18, qualifiers=(("8019",),)),
)

_QUALIFIERS = (
    _text("10", "lot", 20),
    _text("21", "serial number", 20),
    _text("22", "product variant", 20),
    _text("235", "third-party serial number", 28),
    _text("254", "GLN extension", 20),
    _syntax("7040", "unique identification code", rf"[0-9]{_CHARACTER}{{3}}", "a digit and 3 characters"),
    _syntax("8011", "part serial number", r"[0-9]{1,12}", "1 to 12 digits"),
    _syntax("8019", "service relation instance", r"[0-9]{1,10}", "1 to 10 digits"),
)

KEYS = {key.syntax.ai: key for key in _KEYS}
QUALIFIERS = {syntax.ai: syntax for syntax in _QUALIFIERS}

#: the kind of an item whose finest level is this qualifier; other qualifiers leave the key's kind
KIND_OF_QUALIFIER = {"10": Kind.LOT, "21": Kind.SERIAL, "235": Kind.SERIAL, "8011": Kind.SERIAL}
