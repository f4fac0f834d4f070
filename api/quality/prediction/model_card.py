"""What stands on a model's card: where it came from, how it was judged, what it is meant for, the hashes that bind it.

After Mitchell et al. 2019, *Model cards for model reporting*. The card is a JSON object in its one RFC 8785 form, so
its bytes have one SHA-256; that hash, recorded on a chain, fixes the card, and through the card the model file and the
training data. A card says what was measured; it cannot make the measurement true.
"""

from __future__ import annotations

import platform
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from importlib.metadata import version
from typing import Any

import rfc8785

from api.quality.plain import plain
from api.quality.prediction.card_shape import FORM, misshapen
from api.quality.prediction.digests import ni_uri
from ledger.commitment.canonical import parse_canonical
from ledger.errors import InvalidInput

LIBRARIES = ("numpy", "pandas", "scipy", "scikit-learn", "skops")


@dataclass(frozen=True, slots=True)
class ModelCard:
    """A card as its bytes; everything else is read from them."""

    data: bytes
    content: Mapping[str, Any]

    @property
    def sha256(self) -> str:
        """Of the card's bytes, in hexadecimal."""
        return sha256(self.data).hexdigest()

    @property
    def uri(self) -> str:
        """The card's RFC 6920 name, under which it is an item of events."""
        return ni_uri(self.sha256)

    @property
    def model_sha256(self) -> str:
        return str(self.content["model"]["sha256"])

    @property
    def data_sha256(self) -> str:
        return str(self.content["data"]["sha256"])

    @property
    def title(self) -> str:
        """Name and version."""
        return f"{self.content['name']} {self.content['version']}"


def make_card(content: Mapping[str, Any]) -> ModelCard:
    """The card of this content; numbers of numpy, frames and times become JSON, what is not a number null."""
    whole = plain({"form": FORM, "libraries": libraries(), **content})
    return read_card(rfc8785.dumps(whole))


def read_card(data: bytes, *, source: str = "") -> ModelCard:
    """The card in `data`. InvalidInput unless it is the canonical JSON of a card of this form."""
    try:
        content = parse_canonical(data)
    except InvalidInput as error:
        problem = error.problem
        raise InvalidInput(
            f"this is no model card: {problem.message}", where=source, expected="card.json as it was written"
        ) from None
    wrong = misshapen(content)
    if wrong:
        raise InvalidInput(
            f"this is no model card: its member {wrong} is missing or wrong",
            where=source,
            expected=f"a card of form {FORM}",
        )
    return ModelCard(data, content)


def libraries() -> dict[str, str]:
    """The versions of Python and of what a prediction depends on."""
    return {"python": platform.python_version(), **{name: version(name) for name in LIBRARIES}}
