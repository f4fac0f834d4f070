"""What a card is bound to, as 32 bytes: a table, a row of inputs, a file.

A table's digest does not depend on the order of rows or columns, nor on whether a whole number was read as 1 or 1.0; it
does on every value, every name and every repetition. `ni` URIs are those of RFC 6920; JSON texts those of RFC 8785.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

import numpy as np
import pandas as pd
import rfc8785

from api.quality.plain import plain
from ledger.commitment.canonical import scalar_text

_DOMAIN = b"lotmark:table:v1"


def table_digest(frame: pd.DataFrame) -> str:
    """SHA-256 in hexadecimal of: the domain, the RFC 8785 text of the sorted column names, and the sorted hashes of all
    rows, each the SHA-256 of the RFC 8785 list of its values in the order of the names; what is missing is null.
    """
    names = sorted(map(str, frame.columns))
    if len(set(names)) != len(names):
        raise ValueError("two columns have one name")
    texts = [_texts(frame[name]) for name in names]
    rows = sorted(sha256(f"[{','.join(row)}]".encode()).digest() for row in zip(*texts, strict=True))
    return sha256(_DOMAIN + rfc8785.dumps(names) + b"".join(rows)).hexdigest()


def input_digest(row: Mapping[str, Any]) -> str:
    """SHA-256 in hexadecimal of the RFC 8785 object of a model's inputs for one prediction; what is missing is null."""
    return sha256(rfc8785.dumps({str(name): plain(value) for name, value in row.items()})).hexdigest()


def ni_uri(digest_hex: str) -> str:
    """The RFC 6920 name of content with this SHA-256, such as ni:///sha-256;UyaQV-Ev4rdLoHyJJWCi11OHfrYv9E1aGQAlMO2X_-Q."""
    return "ni:///sha-256;" + base64.urlsafe_b64encode(bytes.fromhex(digest_hex)).decode().rstrip("=")


def _texts(column: pd.Series[Any]) -> list[str]:
    """The RFC 8785 text of each value; of one type, each distinct value is written once (of several, 1 equals True)."""
    if column.dtype == object:
        return [scalar_text(plain(value)) for value in column]
    codes, distinct = pd.factorize(column)
    texts = np.array([*(scalar_text(plain(value)) for value in distinct), "null"], dtype=object)
    return list(texts[codes])
