"""One item, many written forms: each row lists forms that must find the same canonical URI and kind."""

from __future__ import annotations

import doctest

import pytest

import ledger.identifiers
from ledger.errors import InvalidInput
from ledger.identifiers import Item, Kind, item_key, may_be_open, parse_item, under_company_prefix

SAME = [
    (
        Kind.SERIAL,
        "https://id.gs1.org/01/09506000134352/21/12345",
        "urn:epc:id:sgtin:9506000.013435.12345",
        "URN:EPC:id:sgtin:9506000.013435.12345",
        "(01)09506000134352(21)12345",
        "(21)12345(01)9506000134352",
        "(01)09506000134352(17)271231(10)L7(21)12345",
        "http://shop.example/some/path/01/9506000134352/21/12345?17=271231&lang=de",
        "https://user@ID.GS1.ORG:443/gtin/09506000134352/ser/12345#top",
        "https://id.gs1.org/01/09506000134352/22/2A/10/L7/21/%31234%35",
        "https://id.gs1.org/01/09506000134352/21/12345/22/2A",
    ),
    (
        Kind.LOT,
        "https://id.gs1.org/01/09506000134352/10/L%2F7",
        "urn:epc:class:lgtin:9506000.013435.L%2F7",
        "(01)09506000134352(10)L/7(3103)000750",
        "https://farm.example/01/09506000134352/10/L%2f7",
    ),
    (
        Kind.CLASS,
        "https://id.gs1.org/01/09506000134352",
        "urn:epc:idpat:sgtin:9506000.013435.*",
        "urn:epc:idpat:upui:9506000.013435.*",
        "(01)09506000134352(15)271231",
        "https://id.gs1.org/01/9506000134352/22/2A",
    ),
    (Kind.CLASS, "https://id.gs1.org/01/00000095060002", "https://brand.example/01/95060002", "(01)95060002"),
    (
        Kind.SERIAL,
        "https://id.gs1.org/01/09506000134352/235/51q%3C",
        "urn:epc:id:upui:9506000.013435.51q%3C",
        "(01)09506000134352(235)51q<",
    ),
    (
        Kind.LOGISTIC_UNIT,
        "https://id.gs1.org/00/195060001234567890",
        "urn:epc:id:sscc:9506000.1123456789",
        "(00)195060001234567890",
        "(00)195060001234567890(02)09506000134352(37)24(10)L7",
        "https://carrier.example/sscc/195060001234567890",
    ),
    (
        Kind.PLACE,
        "https://id.gs1.org/414/9506000134376",
        "urn:epc:id:sgln:9506000.13437.0",
        "(414)9506000134376",
        "(414)9506000134376(254)0",
    ),
    (
        Kind.PLACE,
        "https://id.gs1.org/414/9506000134376/254/dock%2A3",
        "urn:epc:id:sgln:9506000.13437.dock*3",
        "(414)9506000134376(254)dock*3",
        "https://place.example/gln/9506000134376/glnx/dock*3",
    ),
    (Kind.PARTY, "https://id.gs1.org/417/9506000134376", "urn:epc:id:pgln:9506000.13437", "(417)9506000134376"),
    (
        Kind.PERSON,
        "https://id.gs1.org/8018/950600000000000019",
        "urn:epc:id:gsrn:9506000.0000000001",
        "(8018)950600000000000019",
    ),
    (
        Kind.PERSON,
        "https://id.gs1.org/8017/950600000000000019/8019/7",
        "(8017)950600000000000019(8019)7",
    ),
    (
        Kind.ASSET,
        "https://id.gs1.org/8003/0950600013437612.3",
        "urn:epc:id:grai:9506000.13437.12.3",
        "(8003)0950600013437612.3",
    ),
    (Kind.CLASS, "https://id.gs1.org/8003/09506000134376", "urn:epc:idpat:grai:9506000.13437.*"),
    (
        Kind.ASSET,
        "https://id.gs1.org/8004/9506000truck.7",
        "urn:epc:id:giai:9506000.truck.7",
        "https://fleet.example/8004/9506000truck.7",
        "(8004)9506000truck.7",
    ),
    (
        Kind.DOCUMENT,
        "https://id.gs1.org/253/9506000134376PO-1",
        "urn:epc:id:gdti:9506000.13437.PO-1",
        "(253)9506000134376PO-1",
    ),
    (Kind.CLASS, "https://id.gs1.org/253/9506000134376", "urn:epc:idpat:gdti:9506000.13437.*"),
    (
        Kind.DOCUMENT,
        "https://id.gs1.org/255/950600013437600042",
        "urn:epc:id:sgcn:9506000.13437.00042",
        "(255)950600013437600042",
    ),
    (Kind.LOGISTIC_UNIT, "https://id.gs1.org/402/95060001234567893", "urn:epc:id:gsin:9506000.123456789"),
    (Kind.LOGISTIC_UNIT, "https://id.gs1.org/401/9506000C1", "urn:epc:id:ginc:9506000.C1", "(401)9506000C1"),
    (
        Kind.SERIAL,
        "https://id.gs1.org/8010/9506000A%23%2F1/8011/42",
        "urn:epc:id:cpi:9506000.A%23%2F1.42",
        "(8010)9506000A#/1(8011)42",
    ),
    (Kind.CLASS, "https://id.gs1.org/8010/9506000A-1", "urn:epc:idpat:cpi:9506000.A-1.*", "(8010)9506000A-1"),
    (
        Kind.SERIAL,
        "https://id.gs1.org/8006/095060001343520102/21/7",
        "urn:epc:id:itip:9506000.013435.01.02.7",
        "(8006)095060001343520102(21)7",
    ),
    (Kind.CLASS, "https://id.gs1.org/8006/095060001343520102", "urn:epc:idpat:itip:9506000.013435.01.02.*"),
    (Kind.SERIAL, "urn:epc:id:gid:95100000.12345.400", "URN:epc:id:gid:95100000.12345.400"),
    (Kind.ASSET, "urn:epc:id:bic:CSQU3054383"),
]


@pytest.mark.parametrize(("kind", "uri", "form"), [(row[0], row[1], form) for row in SAME for form in row[1:]])
def test_all_forms_find_the_same_item(kind: Kind, uri: str, form: str) -> None:
    item = parse_item(form)
    assert (item.uri, item.kind) == (uri, kind)
    assert parse_item(item.uri).uri == uri
    assert parse_item(item.element_string).uri == uri


PRIVATE = [
    "urn:uuid:b8a1d2c4-0c9e-4f6e-9d32-8f6b6d7d0a55",
    "urn:example:crate:7",
    "urn:epcglobal:cbv:bt:0614141073467:1152",
    "geo:51.5,-0.1",
    "https://farm.example/crates/7?side=left#lid",
    "HTTPS://Farm.Example/Crates/7",
    # a Digital Link it is not, on a host that is not GS1's
    "https://shop.example/01/09506000134353/21/12345",
    "https://shop.example/01/97803",
    "https://shop.example/01/09506000134352/99/x",
    "https://shop.example/01/09506000134352/21/1/21/2",
    "https://shop.example/01/09506000134352/21/white%20space",
    "https://id.gs1.org.shop.example/01/1",
    # no check digit vouches that these are more than a shop's own paths
    "https://shop.example/po/401/20240001",
    "https://shop.example/device/8004/20240001",
    "https://shop.example/8004/tractor7",
    "https://shop.example/8010/9506000A#-1",
]


@pytest.mark.parametrize("text", PRIVATE)
def test_any_other_uri_is_a_private_name_and_stays_verbatim(text: str) -> None:
    assert parse_item(text) == Item(text, Kind.OTHER)
    assert parse_item(text).element_string == text
    assert parse_item(text).prefix_digits is None


REFUSED = [
    # (text, what the message must say)
    ("(01)09506000134353(21)12345", "check digit of GTIN 09506000134353 is 3; expected 2"),
    ("https://id.gs1.org/01/09506000134353", "expected 2"),
    ("HTTP://id.gs1.org:80/01/09506000134353", "expected 2"),
    ("(00)195060001234567891", "expected 0"),
    ("https://id.gs1.org/8006/095060001343590102/21/7", "expected 2"),
    ("https://id.gs1.org/", "no path of a GS1 Digital Link"),
    ("https://id.gs1.org", "no path of a GS1 Digital Link"),
    ("https://id.gs1.org/01/09506000134352/", "no path of a GS1 Digital Link"),
    ("https://id.gs1.org/01/09506000134352/21/", "no serial number"),
    ("https://id.gs1.org/01/09506000134352/21/123456789012345678901", "1 to 20 characters"),
    ("https://id.gs1.org/01/09506000134352/21/a%20b", "character set 82"),
    ("https://id.gs1.org/01/09506000134352/21/%D9%A1", "character set 82"),
    ("https://id.gs1.org/01/09506000134352/21/a%0Ab", "character set 82"),
    ("https://id.gs1.org/01/09506000134352/21/a%zz", "expected %25"),
    ("https://id.gs1.org/01/09506000134352/21/1/235/2", "GTIN is not qualified by (235) and (21)"),
    ("https://id.gs1.org/00/195060001234567890/21/1", "SSCC is not qualified by (21)"),
    ("https://id.gs1.org/8010/9506000A#-1", "%23"),
    ("https://id.gs1.org/8010/9506000a", "capitals"),
    ("(00)195060001234567890(21)1", "SSCC is not qualified by (21)"),
    ("(01)09506000134352(414)9506000134376", "names 2 items"),
    ("(21)12345", "names 0 items"),
    ("(01)09506000134352(01)09506000134352", "occurs twice"),
    ("(01)09506000134352(21)", "has no value"),
    ("(01)0950600013435\u0662", "is no GTIN"),
    ("(01)09506000134352\n", "is no GTIN"),
    ("()", "names 0 items"),
    ("urn:epc:id:sgtin:9506000.0134350.12345", "6 digits, 13 together"),
    ("urn:epc:id:sgtin:9506000.01343A.12345", "does not fit"),
    ("urn:epc:id:sgtin:95060.00013435.12345", "is no GS1 company prefix"),
    ("urn:epc:id:sgtin:9506000.013435", "has 2 fields"),
    ("urn:epc:id:sgtin:9506000.013435.a/b", "expected %2F"),
    ("urn:epc:id:sgtin:9506000.013435.", "no serial number"),
    ("urn:epc:id:grai:9506000.13437.", "the serial is empty"),
    ("urn:epc:id:giai:9506000.", "nothing stands behind"),
    ("urn:epc:id:gid:1.2", "EPC scheme gid"),
    ("urn:epc:idpat:sgtin:9506000.*.*", "does not fit"),
    ("urn:epc:idpat:sgtin:9506000.013435.1", "the pattern ends in"),
    ("urn:epc:id:milk:9506000.013435.1", "no EPC URN of an item"),
    ("urn:epc:tag:sgtin-96:3.9506000.013435.1", "pure identity"),
    ("09506000134352", "(01)09506000134352"),
    ("9506000134352", "(01)09506000134352"),
    ("195060001234567890", "(00)195060001234567890"),
    ("12345", "Put a scheme"),
    ("milk", "Put a scheme"),
    ("", "is no identifier"),
    (" urn:example:1", "Remove the space"),
    ("urn:example:1 ", "expected %20"),
    ("urn:example:ä", "expected %C3%A4"),
    ("urn:", "is no identifier"),
    ("https://", "has no host"),
    ("https:no/host", "has no host"),
    ("urn:example:" + "x" * 3000, "at most 2048"),
]


@pytest.mark.parametrize(("text", "message"), REFUSED)
def test_a_refusal_says_what_was_expected(text: str, message: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        parse_item(text)
    assert message in str(refused.value)
    assert refused.value.problem.expected


def test_a_serial_item_knows_the_lot_named_beside_it() -> None:
    lot = parse_item("(01)09506000134352(10)L7").uri
    assert parse_item("(01)09506000134352(10)L7(21)1").lot == lot
    assert parse_item("https://a.example/01/09506000134352/10/L7/21/1").lot == lot
    assert parse_item("(8006)095060001343520102(10)L7(21)1").lot == "https://id.gs1.org/8006/095060001343520102/10/L7"
    assert parse_item("(01)09506000134352(21)1").lot is None
    assert parse_item(lot).lot is None


@pytest.mark.parametrize(
    ("text", "prefix", "under"),
    [
        ("urn:epc:id:sgtin:9506000.113435.1", "9506000", True),
        ("urn:epc:id:sgtin:9506000.113435.1", "950600", True),
        ("urn:epc:id:sgtin:9506000.113435.1", "1950600", False),
        ("urn:epc:id:sscc:9506000.1123456789", "9506000", True),
        ("urn:epc:id:grai:9506000.13437.1", "9506000", True),
        ("urn:epc:id:sgln:9506000.13437.1", "9506000", True),
        ("urn:epc:id:giai:9506000.truck", "9506000", True),
        ("urn:epc:id:giai:9506000.truck", "95060009", False),
        ("https://id.gs1.org/01/95060002", "0000", False),
        ("urn:example:9506000", "9506000", False),
    ],
)
def test_under_company_prefix(text: str, prefix: str, under: bool) -> None:
    assert under_company_prefix(parse_item(text), prefix) is under


@pytest.mark.parametrize("prefix", ["", "123", "1234567890123", "95060x", "٩٥٠٦٠٠٠"])
def test_a_company_prefix_is_digits(prefix: str) -> None:
    with pytest.raises(InvalidInput):
        under_company_prefix(parse_item("(414)9506000134376"), prefix)


def test_persons_and_parties_stay_sealed() -> None:
    closed = {kind for kind, uri, *_ in SAME if not may_be_open(parse_item(uri))}
    assert closed == {Kind.PERSON, Kind.PARTY}


def test_the_item_key_is_the_one_of_the_specification() -> None:
    uri = parse_item("(01)09506000134352(21)12345").uri
    assert item_key(uri).hex() == "42e3d2c140eff5ee13f17419d04a5eebff529ce2861e62d10f869a7f6b95a660"


def test_the_example_in_the_package_is_true() -> None:
    assert doctest.testmod(ledger.identifiers).failed == 0
