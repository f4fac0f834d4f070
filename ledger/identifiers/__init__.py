"""Identifiers of items: GS1 Digital Link, EPC URN, GS1 element string or private URI, all forms finding the same item.

    >>> item = parse_item("urn:epc:id:sgtin:9506000.013435.12345")
    >>> item.uri
    'https://id.gs1.org/01/09506000134352/21/12345'
    >>> item == parse_item("https://shop.example/01/9506000134352/21/12345?17=271231")
    True
    >>> item == parse_item("(01)09506000134352(21)12345")
    True
    >>> item.kind, item.element_string, under_company_prefix(item, "9506000")
    (<Kind.SERIAL: 'serial'>, '(01)09506000134352(21)12345', True)
    >>> parse_item("urn:example:crate:7").uri
    'urn:example:crate:7'

Pure: no I/O, no table of company prefixes, no resolving.
`docs/identifiers.md` says what is canonical and what is opaque.
"""

from __future__ import annotations

from ledger.identifiers.check_digit import check_digit, with_check_digit
from ledger.identifiers.item import Item, item_key, may_be_open, under_company_prefix
from ledger.identifiers.keys import Kind
from ledger.identifiers.parse import parse_item

__all__ = [
    "Item",
    "Kind",
    "check_digit",
    "item_key",
    "may_be_open",
    "parse_item",
    "under_company_prefix",
    "with_check_digit",
]
