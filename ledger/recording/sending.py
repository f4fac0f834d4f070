"""Sending: stored, signed batches are carried to the chain, and no crash or lost answer records one twice or never.

The durable order: the header is signed and stored (`batching`); the transaction that carries it is signed and stored
with its nonce; only then a node sees it; only then it is noted as sent. A kill in between leaves bytes that the next
round sends again as they are. Recording twice is impossible whatever happens here, for the contract takes each sequence
number once; so another attempt is always safe, and is made as soon as no earlier one can be mined as it stands.

An attempt is live while its nonce is not used up and no lower nonce is missing. A live attempt that is not in the
node's pool (it was never sent, it was dropped, or a reorganisation took it away) is sent again. Nonces are the lowest
free ones, so a gap that a reorganisation left is filled by the next attempt.

What this does not do yet: raise the fees of an attempt that stays too cheap.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, field

from ledger.batch import signer_address
from ledger.chain import Chain, Receipt
from ledger.chain.contracts import Deployment, key_range
from ledger.chain.records import encode_record
from ledger.chain.refusals import Reason, TransactionRefused
from ledger.chain.transactions import prepare
from ledger.errors import ContractRefused, Problem, TooLarge
from ledger.recording.batching import header_of
from ledger.store import Store, batches, blocks
from ledger.store.batches import Batch, Transaction
from ledger.store.states import BatchState, move

_log = logging.getLogger(__name__)

#: refusals that only mean that another batch of the organisation comes first, or that this one is recorded already
_NOT_ITS_TURN = "ProvenanceLedger_WrongSequence"
_MAY_NOT_RECORD = "ProvenanceLedger_MayNotRecord"


@dataclass(frozen=True, slots=True)
class Sender:
    """Carries batches with one account. It remembers nothing itself: what was tried is in the store."""

    store: Store
    chain: Chain
    deployment: Deployment
    carrier_key: bytes = field(repr=False)

    def step(self) -> tuple[int, list[Problem]]:
        """Make attempts for batches without a live one, and send what is due: how many, and what is in the way."""
        address = signer_address(self.carrier_key)
        used = self.chain.nonce(address)
        with self.store.read() as connection:
            live = {one.nonce: one for one in batches.transactions_from(connection, address, used)}
            waiting = batches.in_flight(connection)
        problems = []
        for batch in waiting:
            try:
                self._ensure_attempt(batch, live, used)
            except (ContractRefused, TooLarge) as refusal:
                problems += self._why_refused(batch, refusal)
        sent, refused = self._send(live, used)
        return sent, problems + refused

    def _ensure_attempt(self, batch: Batch, live: dict[int, Transaction], used: int) -> None:
        free = used
        while free in live:
            if live[free].batch_id == batch.id:
                return
            free += 1
        if self._is_mined(batch):
            return
        data = encode_record(header_of(batch), batch.signature, batch.open_items)
        signed = prepare(self.chain, self.carrier_key, self.deployment.ledger, data, nonce=free)
        attempt = Transaction(signed.hash, batch.id, signed.sender, signed.nonce, signed.raw)
        with self.store.begin() as connection:
            batches.add_transaction(connection, attempt)
        live[free] = attempt

    def _is_mined(self, batch: Batch) -> bool:
        """One of all its attempts is in a block and succeeded: the follower will see it."""
        with self.store.read() as connection:
            attempts = batches.transactions_of(connection, batch.id)
        receipts = (self._receipt(attempt.hash) for attempt in attempts)
        return any(receipt is not None and receipt.succeeded for receipt in receipts)

    def _receipt(self, hash_: bytes) -> Receipt | None:
        """The receipt, if its block is canonical; some nodes keep those of blocks that a reorganisation took away."""
        receipt = self.chain.receipt(hash_)
        block = None if receipt is None else self.chain.block(receipt.block_number)
        return receipt if receipt and block and block.hash == receipt.block_hash else None

    def _is_in_pool(self, attempt: Transaction) -> bool:
        return self.chain.knows(attempt.hash) and self.chain.receipt(attempt.hash) is None

    def _send(self, live: dict[int, Transaction], used: int) -> tuple[int, list[Problem]]:
        sent, nonce = 0, used
        while nonce in live:
            attempt = live[nonce]
            nonce += 1
            if not self._is_in_pool(attempt):
                try:
                    self.chain.send_raw(attempt.raw)
                except TransactionRefused as refusal:
                    if refusal.reason is Reason.NONCE_TOO_LOW:
                        continue  # used up meanwhile: the next round looks at the receipts
                    return sent, [refusal.problem]  # later nonces would wait for this one
                sent += 1
            self._note_sent(attempt)
        return sent, []

    def _note_sent(self, attempt: Transaction) -> None:
        """A node has it. Most often that is known already, which takes no write."""
        with self.store.read() as connection:
            if attempt.sent_at is not None and batches.get(connection, attempt.batch_id).state is not BatchState.SIGNED:
                return
        with self.store.begin() as connection:
            batches.mark_accepted(connection, attempt.hash)
            if batches.get(connection, attempt.batch_id).state is BatchState.SIGNED:
                move(connection, attempt.batch_id, BatchState.SENT)

    def _why_refused(self, batch: Batch, refusal: ContractRefused | TooLarge) -> list[Problem]:
        if isinstance(refusal, ContractRefused) and refusal.name == _NOT_ITS_TURN:
            return []
        if isinstance(refusal, ContractRefused) and refusal.name == _MAY_NOT_RECORD and self._give_up(batch):
            return []
        return [refusal.problem.within(f"batch {batch.sequence} of 0x{batch.organisation_id.hex()}")]

    def _give_up(self, batch: Batch) -> bool:
        """Void the batch if its key's revocation is final: from there on no attempt, old or new, can record it.

        The store has followed the chain to that block and beyond, so a record of it would be known.
        """
        with self.store.read() as connection:
            final = blocks.final_number(connection)
        if final is None or final < self.deployment.block:
            return False
        revoked = key_range(
            self.chain, self.deployment.registry, batch.organisation_id, batch.signer, block=final
        ).revoked
        if not revoked:
            return False
        with self.store.begin() as connection:
            move(connection, batch.id, BatchState.VOID)
        _log.warning("batch %d is void: its key was revoked first; its events will be signed again", batch.id)
        return True
