"""What one leaf says when it is shown: its salt, its RFC 6901 pointer and its value, as RFC 8785 bytes of a list of
the three.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Literal

from ledger.commitment.canonical import Scalar, parse_canonical, scalar_text, string_text
from ledger.errors import InvalidInput

SALT_SIZE = 16

_POINTER = re.compile(r"(?:/(?:[^~/]++|~[01])*+)*+", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Structure:
    """The value of an object's or list's leaf; only the event's own says whether it declares an error."""

    kind: Literal["object", "list"]
    size: int
    declares_error: bool | None = None

    def as_json(self) -> dict[str, Any]:
        own = {} if self.declares_error is None else {"errorDeclaration": self.declares_error}
        return {**own, self.kind: self.size}


Value = Scalar | Structure


@dataclass(frozen=True, slots=True)
class Disclosure:
    """A shown leaf."""

    salt: bytes
    pointer: str
    value: Value

    @classmethod
    def parse(cls, data: bytes) -> Disclosure:
        """The disclosure of which `data` are the bytes; InvalidInput for any other bytes."""
        return cls.from_json(parse_canonical(data))

    @classmethod
    def from_json(cls, triple: Any) -> Disclosure:
        if type(triple) is not list or len(triple) != 3:
            raise InvalidInput("not a disclosure", expected="a list of salt, pointer and value")
        salt, pointer, value = triple
        return cls(_parse_salt(salt), parse_pointer(pointer), _parse_value(pointer, value))

    def as_json(self) -> list[Any]:
        value = self.value.as_json() if isinstance(self.value, Structure) else self.value
        return [self.salt.hex(), self.pointer, value]

    def encode(self) -> bytes:
        return f'["{self.salt.hex()}",{string_text(self.pointer)},{self._value_text()}]'.encode()

    def _value_text(self) -> str:
        if not isinstance(self.value, Structure):
            return scalar_text(self.value)
        members = (f'"{name}":{scalar_text(value)}' for name, value in self.value.as_json().items())
        return "{" + ",".join(members) + "}"

    @property
    def hash(self) -> bytes:
        return sha256(b"\x00" + self.encode()).digest()


def _parse_salt(salt: Any) -> bytes:
    try:
        data = bytes.fromhex(salt)
    except (TypeError, ValueError):
        data = b""
    if len(data) != SALT_SIZE or data.hex() != salt:
        raise InvalidInput(f"{salt!r} is not a salt", expected=f"{SALT_SIZE * 2} lower-case hexadecimal digits")
    return data


def parse_pointer(pointer: Any) -> str:
    """The RFC 6901 pointer itself; InvalidInput for anything else."""
    if type(pointer) is not str or not _POINTER.fullmatch(pointer):
        raise InvalidInput(
            f"{pointer!r:.100} is not a pointer", expected="an RFC 6901 JSON pointer, with ~ only as ~0 or ~1"
        )
    return pointer


def _parse_value(pointer: str, value: Any) -> Value:
    if type(value) is not dict:
        if type(value) is list:
            raise InvalidInput("a list as the value of a leaf", where=pointer, expected="a scalar or a structure")
        return value  # type: ignore[no-any-return]
    kinds = {"errorDeclaration", "object"} if pointer == "" else set(value)
    if set(value) != kinds or (pointer and kinds not in ({"object"}, {"list"})):
        raise InvalidInput("not a structure", where=pointer, expected='{"object": n} or {"list": n}')
    kind: Literal["object", "list"] = "object" if "object" in value else "list"
    declares_error = value.get("errorDeclaration")
    if type(value[kind]) is not int or value[kind] < 0 or type(declares_error) is not (type(None) if pointer else bool):
        raise InvalidInput("not a structure", where=pointer, expected="a number of members, and no other kind of value")
    return Structure(kind, value[kind], declares_error)
