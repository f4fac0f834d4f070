"""API keys: `lm_<id>.<secret>`, 256 random bits, shown once; the store keeps the secret's SHA-256 only.

A plain hash suffices because the secret is random, not chosen by a person.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass

from sqlalchemy import Connection, Row, select, update

from ledger.errors import InvalidInput, NotFound
from ledger.store.clock import now
from ledger.store.tables import api_key

SCOPES = ("read", "write")
_NO_DIGEST = bytes(32)


@dataclass(frozen=True, slots=True)
class ApiKey:
    """What is known of a key; never the key itself."""

    id: str
    #: the only organisation whose events it may write; None: any
    organisation_id: bytes | None
    #: 'read', or 'write', which includes read
    scope: str
    note: str
    created_at: int
    revoked_at: int | None

    @classmethod
    def from_row(cls, row: Row[tuple[object, ...]]) -> ApiKey:
        return cls(**{name: value for name, value in row._asdict().items() if name != "digest"})


def create(connection: Connection, scope: str, *, organisation_id: bytes | None = None, note: str = "") -> str:
    """A new key; the only time that it can be seen."""
    if scope not in SCOPES:
        raise InvalidInput(f"unknown scope {scope!r}", expected="read or write")
    id_, secret = secrets.token_hex(6), secrets.token_urlsafe(32)
    connection.execute(
        api_key.insert().values(
            id=id_,
            digest=_digest(secret),
            organisation_id=organisation_id,
            scope=scope,
            note=note,
            created_at=now(),
        )
    )
    return f"lm_{id_}.{secret}"


def authenticate(connection: Connection, key: str) -> ApiKey | None:
    """The key's row if it is one of ours and not revoked. Takes the same time whatever is wrong with the secret."""
    id_, _, secret = key.removeprefix("lm_").partition(".")
    row = connection.execute(select(api_key).where(api_key.c.id == id_, api_key.c.revoked_at.is_(None))).one_or_none()
    matches = hmac.compare_digest(row.digest if row else _NO_DIGEST, _digest(secret))
    return ApiKey.from_row(row) if row and matches and key.startswith("lm_") else None


def is_live(connection: Connection, id_: str) -> bool:
    """Whether this key, once authenticated, was not revoked since."""
    wanted = select(api_key.c.id).where(api_key.c.id == id_, api_key.c.revoked_at.is_(None))
    return connection.scalar(wanted) is not None


def revoke(connection: Connection, id_: str) -> None:
    statement = update(api_key).where(api_key.c.id == id_, api_key.c.revoked_at.is_(None)).values(revoked_at=now())
    if connection.execute(statement).rowcount == 0:
        raise NotFound(f"no API key {id_} that is not revoked already")


def list_all(connection: Connection) -> list[ApiKey]:
    return [ApiKey.from_row(row) for row in connection.execute(select(api_key).order_by(api_key.c.created_at))]


def _digest(secret: str) -> bytes:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).digest()
