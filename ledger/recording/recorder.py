"""The recorder: rounds of following, signing, sending and following again, until every captured event is final.

A round is idempotent: whatever a kill left, the next one goes on from what the store and the chain say.
"""

from __future__ import annotations

import logging
import random
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from ledger.batch import Domain
from ledger.chain import Chain
from ledger.chain.contracts import RECORD_ROLE, Deployment, key_range, roles_of
from ledger.errors import ChainUnavailable, NotFound, Problem
from ledger.keys import CARRIER
from ledger.recording.batching import Limits, sign_next
from ledger.recording.following import follow
from ledger.recording.sending import Sender
from ledger.store import Store, batches, events

_log = logging.getLogger(__name__)

_LONGEST_PAUSE = 60.0
#: between rounds, and before the first repetition while the chain is away, however small a pause is asked for
_SHORTEST_PAUSE = 0.01
_FIRST_REPETITION = 0.1


class Keys(Protocol):
    """Unlocked keys: `ledger.keys.KeyStore`."""

    def addresses(self, organisation: bytes) -> list[bytes]: ...

    def unlocked(self, address: bytes) -> bytes | None: ...


@dataclass(frozen=True, slots=True)
class Progress:
    """What a round did and what is left."""

    head: int
    final: int
    signed: int
    sent: int
    #: batches that are not final yet
    open_batches: int
    #: events wait for a batch, and nothing keeps them from getting one
    more_to_sign: bool
    #: what keeps some batch or event from going on; other organisations' go on regardless
    problems: tuple[Problem, ...]

    @property
    def is_settled(self) -> bool:
        """Nothing is under way: every event is final, or waits for what `problems` says."""
        return self.open_batches == 0 and not self.more_to_sign


@dataclass(slots=True)
class Recorder:
    store: Store
    chain: Chain
    deployment: Deployment
    keys: Keys
    limits: Limits = field(default_factory=Limits)
    _sender: Sender | None = None

    def step(self) -> Progress:
        """One round. Raises ChainUnavailable (try again), or ChainRewritten (a person must look)."""
        position = follow(self.store, self.chain, self.deployment)
        signed, without_key = self._sign(position.head)
        sent, refused = self._carrier().step()
        if sent:
            position = follow(self.store, self.chain, self.deployment)
        with self.store.read() as connection:
            left = batches.count_unfinal(connection)
            waiting = set(events.organisations_without_batch(connection))
        return Progress(
            head=position.head,
            final=position.final,
            signed=signed,
            sent=sent,
            open_batches=left,
            more_to_sign=not waiting <= without_key.keys(),
            problems=(*without_key.values(), *refused),
        )

    def run(
        self, stop: threading.Event, *, pause: float = 0.5, report: Callable[[Sequence[Problem]], None] | None = None
    ) -> None:
        """Rounds until `stop` is set; `pause` seconds after one that signed nothing, longer while the chain is away.

        `report` is told after each round what keeps something from going on, if anything does.
        """
        report = report or _log_all
        failures = 0
        while not stop.is_set():
            try:
                progress = self.step()
            except ChainUnavailable as error:
                failures += 1
                report(error.problems)
                longest = max(pause, _FIRST_REPETITION) * 2 ** min(failures, 10)
                wait = min(_LONGEST_PAUSE, longest) * random.uniform(0.5, 1.0)  # noqa: S311  # no secret
            else:
                failures = 0
                wait = 0.0 if progress.signed else max(pause, _SHORTEST_PAUSE)
                report(progress.problems)
            stop.wait(wait)

    def _sign(self, head: int) -> tuple[int, dict[bytes, Problem]]:
        """Sign one batch of each organisation that has events waiting and no batch under way.

        How many, and which organisations have no key for it.
        """
        with self.store.read() as connection:
            busy = {batch.organisation_id for batch in batches.in_flight(connection)}
            waiting = [each for each in events.organisations_without_batch(connection) if each not in busy]
        signed, without_key = 0, {}
        for organisation_id in waiting:
            key = self._signing_key(organisation_id, head)
            if key is None:
                without_key[organisation_id] = _no_key(organisation_id)
            elif sign_next(self.store, organisation_id, key, self._domain, self.limits):
                signed += 1
        return signed, without_key

    @property
    def _domain(self) -> Domain:
        return Domain(self.chain.chain_id, self.deployment.ledger)

    def _signing_key(self, organisation_id: bytes, head: int) -> bytes | None:
        """An unlocked key of the organisation that counts in the next block."""
        registry = self.deployment.registry
        if not roles_of(self.chain, registry, organisation_id) & RECORD_ROLE:
            return None
        for address in self.keys.addresses(organisation_id):
            key = self.keys.unlocked(address)
            if key and key_range(self.chain, registry, organisation_id, address).valid_at(head + 1):
                return key
        return None

    def _carrier(self) -> Sender:
        if self._sender is None:
            keys = map(self.keys.unlocked, self.keys.addresses(CARRIER))
            key = next(filter(None, keys), None)
            if key is None:
                raise NotFound("no unlocked key of the account that carries transactions", advice="Unlock it first")
            self._sender = Sender(self.store, self.chain, self.deployment, key)
        return self._sender


def _log_all(problems: Sequence[Problem]) -> None:
    for problem in problems:
        _log.warning("%s", problem)


def _no_key(organisation_id: bytes) -> Problem:
    return Problem(
        "its events wait: none of its keys is both unlocked here and accepted by the registry",
        f"organisation 0x{organisation_id.hex()}",
        advice="Unlock a key of it, or add one to the registry",
    )
