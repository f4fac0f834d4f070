"""What the running application holds: the open ledger, its settings, the operator's token, the worker."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, cast

from fastapi import Depends, Request

from api.worker import Worker
from ledger.home import Settings
from ledger.ledger import Ledger


@dataclass(frozen=True, slots=True)
class State:
    ledger: Ledger
    settings: Settings
    worker: Worker
    token: str

    def __repr__(self) -> str:
        return f"State(home={self.ledger.home.path})"


def state_of(request: Request) -> State:
    """The state of the application that answers `request`."""
    return cast(State, request.app.state.lotmark)


StateDependency = Annotated[State, Depends(state_of)]
