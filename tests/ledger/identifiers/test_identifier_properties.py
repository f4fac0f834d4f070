"""What must hold for every identifier: its forms are inverses, canonical names are fixed points, nothing crashes."""

from __future__ import annotations

import string
from urllib.parse import quote

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ledger.errors import InvalidInput
from ledger.identifiers import Item, check_digit, item_key, parse_item, with_check_digit

CHARACTERS = "!\"%&'()*+,-./:;<=>?_" + string.ascii_letters + string.digits
MUST_BE_ESCAPED = set('"%&/<>?#')

few_hundred = settings(max_examples=400, deadline=None)


def digits(length: int) -> st.SearchStrategy[str]:
    return st.text(string.digits, min_size=length, max_size=length)


def text82(longest: int, shortest: int = 1) -> st.SearchStrategy[str]:
    return st.text(CHARACTERS, min_size=shortest, max_size=longest)


def escaped(value: str) -> str:
    return "".join(f"%{ord(c):02X}" if c in MUST_BE_ESCAPED else c for c in value)


def textbook_check_digit(payload: str) -> str:
    """As the General Specifications' table computes it, position by position."""
    weights = [3 if position % 2 == 0 else 1 for position in range(len(payload))]
    return str(-sum(int(digit) * weight for digit, weight in zip(reversed(payload), weights, strict=True)) % 10)


@st.composite
def urns(draw: st.DrawFn) -> tuple[str, str]:
    """A valid EPC URN, and the element string that the tag data standard gives it, composed here by hand."""
    prefix = draw(digits(draw(st.integers(6, 12))))
    scheme = draw(st.sampled_from(sorted(_COMPOSED)))
    return _COMPOSED[scheme](draw, prefix)


def _gtin(draw: st.DrawFn, prefix: str) -> tuple[str, str]:
    reference = draw(digits(13 - len(prefix)))
    payload = reference[0] + prefix + reference[1:]
    return f"{prefix}.{reference}", payload + textbook_check_digit(payload)


def _of_gtin(kind: str, ai: str, longest: int) -> object:
    def compose(draw: st.DrawFn, prefix: str) -> tuple[str, str]:
        urn, gtin = _gtin(draw, prefix)
        value = draw(text82(longest))
        return f"urn:epc:{kind}:{urn}.{escaped(value)}", f"(01){gtin}({ai}){bracketed(value)}"

    return compose


def _itip(draw: st.DrawFn, prefix: str) -> tuple[str, str]:
    urn, gtin = _gtin(draw, prefix)
    piece, total, serial = draw(digits(2)), draw(digits(2)), draw(text82(20))
    return (
        f"urn:epc:id:itip:{urn}.{piece}.{total}.{escaped(serial)}",
        f"(8006){gtin}{piece}{total}(21){bracketed(serial)}",
    )


def _sscc(draw: st.DrawFn, prefix: str) -> tuple[str, str]:
    reference = draw(digits(17 - len(prefix)))
    payload = reference[0] + prefix + reference[1:]
    return f"urn:epc:id:sscc:{prefix}.{reference}", f"(00){payload}{textbook_check_digit(payload)}"


def _sgln(draw: st.DrawFn, prefix: str) -> tuple[str, str]:
    reference, extension = draw(digits(12 - len(prefix))), draw(text82(20))
    gln = prefix + reference + textbook_check_digit(prefix + reference)
    element = "" if extension == "0" else f"(254){bracketed(extension)}"
    return f"urn:epc:id:sgln:{prefix}.{reference}.{escaped(extension)}", f"(414){gln}{element}"


def _numeric(scheme: str, ai: str, length: int) -> object:
    def compose(draw: st.DrawFn, prefix: str) -> tuple[str, str]:
        reference = draw(digits(length - len(prefix)))
        payload = prefix + reference
        return f"urn:epc:id:{scheme}:{prefix}.{reference}", f"({ai}){payload}{textbook_check_digit(payload)}"

    return compose


def _typed(scheme: str, ai: str, filling: str, serials: st.SearchStrategy[str]) -> object:
    def compose(draw: st.DrawFn, prefix: str) -> tuple[str, str]:
        reference, serial = draw(digits(12 - len(prefix))), draw(serials)
        payload = prefix + reference
        return (
            f"urn:epc:id:{scheme}:{prefix}.{reference}.{escaped(serial)}",
            f"({ai}){filling}{payload}{textbook_check_digit(payload)}{bracketed(serial)}",
        )

    return compose


def _textual(scheme: str, ai: str) -> object:
    def compose(draw: st.DrawFn, prefix: str) -> tuple[str, str]:
        reference = draw(text82(30 - len(prefix)))
        return f"urn:epc:id:{scheme}:{prefix}.{escaped(reference)}", f"({ai}){prefix}{bracketed(reference)}"

    return compose


def _cpi(draw: st.DrawFn, prefix: str) -> tuple[str, str]:
    part = draw(st.text("#-/" + string.digits + string.ascii_uppercase, min_size=1, max_size=30 - len(prefix)))
    serial = draw(st.text(string.digits, min_size=1, max_size=12))
    return f"urn:epc:id:cpi:{prefix}.{escaped(part)}.{serial}", f"(8010){prefix}{part}(8011){serial}"


def bracketed(value: str) -> str:
    return value.replace("(", "\\(")


_COMPOSED = {
    "sgtin": _of_gtin("id:sgtin", "21", 20),
    "upui": _of_gtin("id:upui", "235", 28),
    "lgtin": _of_gtin("class:lgtin", "10", 20),
    "itip": _itip,
    "sscc": _sscc,
    "sgln": _sgln,
    "pgln": _numeric("pgln", "417", 12),
    "gsin": _numeric("gsin", "402", 16),
    "gsrn": _numeric("gsrn", "8018", 17),
    "gsrnp": _numeric("gsrnp", "8017", 17),
    "grai": _typed("grai", "8003", "0", text82(16)),
    "gdti": _typed("gdti", "253", "", text82(17)),
    "sgcn": _typed("sgcn", "255", "", st.text(string.digits, min_size=1, max_size=12)),
    "giai": _textual("giai", "8004"),
    "ginc": _textual("ginc", "401"),
    "cpi": _cpi,
}

hosts = st.from_regex(r"[a-z]{1,10}\.(example|test)(:[0-9]{1,4})?", fullmatch=True)


@few_hundred
@given(urns())
def test_urn_and_element_string_are_one_item(forms: tuple[str, str]) -> None:
    urn, element_string = forms
    item = parse_item(urn)
    assert item.element_string == element_string
    assert parse_item(element_string) == item
    assert parse_item(item.uri) == item
    assert item.prefix_digits is None or item.prefix_digits.startswith(urn.split(":")[4].split(".")[0])


@few_hundred
@given(urns(), hosts, st.sampled_from(["http", "https", "HTTPS"]))
def test_a_digital_link_on_any_host_is_the_same_item(forms: tuple[str, str], host: str, scheme: str) -> None:
    item = parse_item(forms[0])
    path = "".join(f"/{ai}/{''.join(f'%{ord(c):02x}' for c in value)}" for ai, value in item.elements)
    assert parse_item(f"{scheme}://{host}{path}?linkType=all") == item


@few_hundred
@given(urns(), st.data())
def test_one_wrong_digit_is_refused_wherever_a_check_digit_binds(forms: tuple[str, str], data: st.DataObject) -> None:
    elements = parse_item(forms[0]).elements
    ai, value = elements[0]
    protected = {"00": 18, "402": 17, "8017": 18, "8018": 18}.get(ai, 14 if ai in ("01", "8003", "8006") else 13)
    if ai in ("401", "8004", "8010"):
        return
    at = data.draw(st.integers(1 if ai == "8003" else 0, protected - 1))
    other = data.draw(st.sampled_from([d for d in string.digits if d != value[at]]))
    wrong = value[:at] + other + value[at + 1 :]
    rest = "".join(f"/{ai}/{quote(value, safe='')}" for ai, value in elements[1:])
    path = f"/{ai}/{quote(wrong, safe='')}{rest}"
    with pytest.raises(InvalidInput, match="check digit"):
        parse_item(f"https://id.gs1.org{path}")
    with pytest.raises(InvalidInput, match="check digit"):
        parse_item(f"({ai}){bracketed(wrong)}")
    assert parse_item(f"https://shop.example{path}").uri == f"https://shop.example{path}"


almost = st.one_of(
    st.text(max_size=60),
    st.text(st.characters(categories=["Cs", "Nd", "Cc", "P"]), max_size=30),
    st.builds(str.__add__, st.sampled_from(["urn:epc:id:", "urn:epc:idpat:", "https://id.gs1.org/", "("]), st.text()),
    st.from_regex(r"urn:epc:(id|idpat|class):[a-z]{3,5}:[0-9]{5,12}(\.[0-9*A-Z%]{0,9}){0,4}", fullmatch=True),
    st.from_regex(r"https?://[a-z0-9.]*(/(01|00|414|10|21|8003|8010|gtin|x)/[0-9A-Za-z%]{0,18}){0,3}", fullmatch=True),
    st.from_regex(r"(\((01|00|414|10|21|8003|8010|02)\)[0-9A-Za-z%(\\]{0,18}){0,3}", fullmatch=True),
    st.builds(lambda forms, cut: forms[0][:cut] + forms[1][cut:], urns(), st.integers(0, 60)),
)


def parsed(text: str) -> Item | InvalidInput:
    try:
        return parse_item(text)
    except InvalidInput as refused:
        return refused


@settings(max_examples=1500, deadline=None)
@given(almost)
@example("\ud800")
@example("(01)\ud800")
@example("urn:\x00")
@example("x:" * 500_000)
@example("(" * 2048)
@example("(01)" * 512)
@example("https://id.gs1.org" + "/01/" * 500)
def test_any_text_is_an_item_or_invalid_input(text: str) -> None:
    item = parsed(text)
    if isinstance(item, InvalidInput):
        assert item.problem.expected
        assert str(item).encode()
    else:
        assert item.uri.isascii()
        assert parse_item(item.uri).uri == item.uri
        assert parse_item(item.element_string).uri == item.uri


@few_hundred
@given(urns(), urns())
def test_item_keys_are_equal_exactly_when_the_names_are(one: tuple[str, str], other: tuple[str, str]) -> None:
    first, second = parse_item(one[0]).uri, parse_item(other[0]).uri
    assert (item_key(first) == item_key(second)) == (first == second)
    assert len(item_key(first)) == 32


@few_hundred
@given(st.text(string.digits, min_size=1, max_size=30))
def test_the_check_digit_is_the_textbook_one(payload: str) -> None:
    assert check_digit(payload) == textbook_check_digit(payload)
    assert with_check_digit(payload) == payload + textbook_check_digit(payload)


@pytest.mark.parametrize(("payload", "digit"), [("1061414107346", "4"), ("061414107346", "7")])
def test_published_check_digits(payload: str, digit: str) -> None:
    assert check_digit(payload) == digit
