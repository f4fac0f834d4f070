"""Who is calling, and what they may do.

Three kinds of caller: the *operator* (who can read the home directory, and so the token of the running server), the
holder of an API key of scope `read` or `write` (a key may belong to one organisation, for which alone it captures), and
everybody else. The organisation comes from the key, never from the body (OWASP API1). With the setting
`access = "open"` everybody may read and write.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Literal

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from starlette.exceptions import HTTPException

from api.state import State, state_of
from ledger.store import api_keys

Scope = Literal["none", "read", "write", "operator"]
_RANK: dict[Scope, int] = {"none": 0, "read": 1, "write": 2, "operator": 3}
_bearer = HTTPBearer(auto_error=False, description="an API key, made with `lotmark key add`")


@dataclass(frozen=True, slots=True)
class Caller:
    """What a request may do; `organisation_id` binds it to one organisation, None to all of this home.

    `name` is kept with what the caller brings: the operator, or the API key's id.
    """

    scope: Scope
    organisation_id: bytes | None = None
    has_key: bool = True
    name: str = ""

    @property
    def author(self) -> str:
        """Under what its decisions are kept."""
        return self.name or "anyone"

    def may(self, scope: Scope) -> bool:
        return _RANK[self.scope] >= _RANK[scope]

    def require(self, scope: Scope) -> None:
        """Raises 401 for a caller without a key, 403 for a key that does not reach."""
        if self.may(scope):
            return
        if not self.has_key:
            raise HTTPException(401, "an API key is needed here", headers={"WWW-Authenticate": "Bearer"})
        raise HTTPException(403, f"this API key has scope {self.scope!r}; {scope!r} is needed")


def caller(request: Request, credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]) -> Caller:
    """The caller of `request`; an unknown or revoked key is refused, never treated as no key."""
    state = state_of(request)
    if credentials is not None:
        return _holder(state, credentials.credentials)
    return Caller("write" if state.settings.access == "open" else "none", has_key=False)


def _holder(state: State, token: str) -> Caller:
    if hmac.compare_digest(token.encode("utf-8", "replace"), state.token.encode()):
        return Caller("operator", name="operator")
    with state.ledger.store.read() as connection:
        key = api_keys.authenticate(connection, token)
    if key is None:
        raise HTTPException(401, "this API key is unknown or revoked", headers={"WWW-Authenticate": "Bearer"})
    return Caller("write" if key.scope == "write" else "read", key.organisation_id, name=key.id)


def _needs(scope: Scope) -> Callable[[Caller], Caller]:
    def check(caller: Annotated[Caller, Depends(caller)]) -> Caller:
        caller.require(scope)
        return caller

    return check


#: a route's parameter, before that of its body: nothing is read from callers who may not send it
Anyone = Annotated[Caller, Depends(caller)]
Reader = Annotated[Caller, Depends(_needs("read"))]
Writer = Annotated[Caller, Depends(_needs("write"))]
Operator = Annotated[Caller, Depends(_needs("operator"))]
