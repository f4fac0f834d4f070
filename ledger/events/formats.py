"""Text formats of JSON Schema draft-07 that EPCIS documents use, as strict as their RFCs.

`uri`: an absolute URI of RFC 3986 §3 (so `prefix:name`, a compact name, counts); no spaces, no characters beyond ASCII,
percent signs only in escapes. What a URI identifies is not looked at.
"""

from __future__ import annotations

import re
from ipaddress import AddressValueError, IPv6Address

_PLAIN = r"A-Za-z0-9\-._~!$&'()*+,;="


def _run(characters: str) -> str:
    """Any number of the characters and of percent escapes."""
    return rf"[{characters}]*+(?:%[0-9A-Fa-f]{{2}}[{characters}]*+)*+"


_URI = re.compile(
    r"[A-Za-z][A-Za-z0-9+.\-]*+:"
    r"(?:"
    rf"//(?:{_run(_PLAIN + ':')}@)?"
    rf"(?:\[(?:[vV][0-9A-Fa-f]+\.[{_PLAIN}:]+|(?P<ipv6>[0-9A-Fa-f:.]+))\]|{_run(_PLAIN)})"
    rf"(?::[0-9]*)?(?:/{_run(_PLAIN + ':@/')})?"
    rf"|(?!//){_run(_PLAIN + ':@/')}"
    r")"
    rf"(?:\?{_run(_PLAIN + ':@/?')})?(?:\#{_run(_PLAIN + ':@/?')})?"
)


def is_uri(text: str) -> bool:
    match = _URI.fullmatch(text)
    return match is not None and (match["ipv6"] is None or _is_ipv6(match["ipv6"]))


def _is_ipv6(text: str) -> bool:
    try:
        IPv6Address(text)
    except AddressValueError:
        return False
    return True
