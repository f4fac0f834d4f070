"""Whether the server does its work, and how far it has come."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from api.models.common import Address, Hash, Model, example
from api.problem import ProblemPlace


class ChainHealth(Model):
    url: str = Field(description="without credentials, path or query")
    chain_id: int
    ledger: Address = Field(description="the contract that records batches")
    registry: Address = Field(description="the contract that knows organisations and their keys")
    code_hash: Hash = Field(description="keccak-256 of the ledger's code, for verifiers")
    genesis_hash: Hash
    block: int | None = Field(description="the last block that was followed")
    final: int | None = Field(description="the last block known to be final")


class EventCounts(Model):
    captured: int = Field(ge=0)
    sent: int = Field(ge=0)
    recorded: int = Field(ge=0)
    final: int = Field(ge=0)


class JobCounts(Model):
    unfinished: int = Field(ge=0)


class MqttHealth(Model):
    """Counts since the start."""

    connected: bool
    received: int = Field(ge=0, description="messages")
    refused: int = Field(ge=0, description="messages that could not be read; GET /quality/dead-letters has them")
    stored: int = Field(ge=0, description="readings that were new")
    known: int = Field(ge=0, description="readings that were there already")
    conflicting: int = Field(ge=0, description="readings at odds with one that is there; the first stands")


class LiveHealth(Model):
    rules: int = Field(ge=0)
    evaluated: int = Field(ge=0, description="readings since the start")
    late: int = Field(ge=0, description="of those, how many were not newer than the newest of their series")
    incidents: int = Field(ge=0, description="that are active")
    mqtt: MqttHealth | None = Field(description="null: no broker is configured")


class Health(Model):
    """`degraded` if something keeps events from being captured or recorded; `problems` says what."""

    model_config = example(
        {
            "status": "ok",
            "version": "0.1.0",
            "chain": {
                "url": "embedded",
                "chain_id": 1280267341,
                "ledger": "0x5fbdb2315678afecb367f032d93f642f64180aa3",
                "registry": "0xe7f1725e7734ce288f8367e1bb143e90bb3f0512",
                "code_hash": "0x9b1c5f8de1f3a2b4c5d6e7f8091a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c",
                "genesis_hash": "0x1b2c3d4e5f60718293a4b5c6d7e8f9010203040506070809101112131415161b",
                "block": 12,
                "final": 12,
            },
            "events": {"captured": 0, "sent": 0, "recorded": 0, "final": 431},
            "jobs": {"unfinished": 0},
            "live": {"rules": 3, "evaluated": 86400, "late": 2, "incidents": 1, "mqtt": None},
            "problems": [],
        }
    )

    status: Literal["ok", "degraded"]
    version: str
    chain: ChainHealth
    events: EventCounts = Field(description="how many events are in each state")
    jobs: JobCounts
    live: LiveHealth
    problems: list[ProblemPlace]
