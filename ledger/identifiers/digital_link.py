"""GS1 Digital Link URIs, uncompressed: GS1 Digital Link §4, on any host and behind any path.

Query and fragment carry attributes and are dropped. The retired short names (`gtin`, `lot`, `ser` …) are still read.
Compressed links are not.
"""

from __future__ import annotations

from urllib.parse import unquote

from ledger.errors import InvalidInput
from ledger.identifiers.item import Item, gs1_item
from ledger.identifiers.keys import KEYS, QUALIFIERS

#: on this host every path is GS1's; on others a path that is not a Digital Link is nobody's business but its owner's
CANONICAL_HOST = "id.gs1.org"

_SHORT_NAMES = {
    "sscc": "00",
    "gtin": "01",
    "gdti": "253",
    "gcn": "255",
    "ginc": "401",
    "gsin": "402",
    "gln": "414",
    "party": "417",
    "grai": "8003",
    "giai": "8004",
    "itip": "8006",
    "cpid": "8010",
    "gsrnp": "8017",
    "gsrn": "8018",
    "lot": "10",
    "ser": "21",
    "cpv": "22",
    "glnx": "254",
    "cpsn": "8011",
    "srin": "8019",
}


def parse_digital_link(host: str, path: str, fragment: str = "") -> Item:
    """The item that the path of an http(s) URI names; InvalidInput if it is not a Digital Link."""
    segments = path.split("/")
    qualifiers: dict[str, str] = {}
    for index in range(len(segments) - 2, 0, -2):
        ai = _SHORT_NAMES.get(segments[index], segments[index])
        value = unquote(segments[index + 1], encoding="latin-1")
        if ai in KEYS:
            _refuse_lookalike(ai, host, index, fragment)
            return gs1_item(ai, value, qualifiers)
        if ai not in QUALIFIERS or ai in qualifiers:
            break
        qualifiers[ai] = value
    raise InvalidInput(
        f"{path[:100]!a} is no path of a GS1 Digital Link",
        expected="/AI/value, then the key's qualifiers, as in /01/09506000134352/21/12345",
    )


def _refuse_lookalike(ai: str, host: str, index: int, fragment: str) -> None:
    """Where no check digit vouches for a key, `/orders/401/20240001` is a shop's own path and no consignment.

    The reference of a part may contain '#': cut off as a fragment, another part would remain.
    """
    if ai == "8010" and fragment:
        raise InvalidInput(f"{fragment[:100]!a} is cut off from the part reference", expected="%23 for '#'")
    if not KEYS[ai].protected and index > 1 and host != CANONICAL_HOST:
        raise InvalidInput(f"({ai}) has no check digit and is not the first of its path", expected=f"/{ai}/value")
