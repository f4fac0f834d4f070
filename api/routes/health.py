"""GET /health, from the store and the worker alone: it answers at once, whether or not the chain does."""

from __future__ import annotations

from dataclasses import asdict
from importlib.metadata import version

from fastapi import APIRouter

from api.models.health import ChainHealth, EventCounts, Health, JobCounts, LiveHealth, MqttHealth
from api.problem import problem_place
from api.state import State, StateDependency
from ledger.hexadecimal import hex_of
from ledger.store import blocks, events, incidents, jobs

router = APIRouter(tags=["server"])
VERSION = version("lotmark")


@router.get("/health", response_model=Health, summary="Whether the server does its work")
def get_health(state: StateDependency) -> Health:
    """Needs no key."""
    ledger, problems = state.ledger, state.worker.problems
    with ledger.store.read() as connection:
        head, final = blocks.head(connection), blocks.final_number(connection)
        counts = events.counts_by_state(connection)
        live = _live(state, incidents.count_live(connection))
        unfinished = jobs.count_unfinished(connection)
    identity = ledger.identity
    chain = ChainHealth(
        url=ledger.chain.url,
        chain_id=identity.chain_id,
        ledger=hex_of(identity.ledger),
        registry=hex_of(identity.registry),
        code_hash=hex_of(identity.code_hash),
        genesis_hash=hex_of(identity.genesis_hash),
        block=head.number if head else None,
        final=final,
    )
    return Health(
        status="degraded" if problems else "ok",
        version=VERSION,
        chain=chain,
        events=EventCounts(**{state.value: count for state, count in counts.items()}),
        jobs=JobCounts(unfinished=unfinished),
        live=live,
        problems=[problem_place(problem) for problem in problems],
    )


def _live(state: State, incidents: int) -> LiveHealth:
    live = state.worker.live
    mqtt = MqttHealth(**asdict(live.intake.counts)) if live.intake is not None else None
    return LiveHealth(**asdict(live.engine.progress), incidents=incidents, mqtt=mqtt)
