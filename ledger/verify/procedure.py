"""The verification procedure: nine steps, in order, none of which believes the bundle where the verifier's own word is
asked.

`verify` returns what it checked and what is left to judge; it never answers yes or no. VerificationFailed names the
step.
"""

from __future__ import annotations

from ledger.proof.bundle import EventProof
from ledger.verify import chain_steps
from ledger.verify.bundle_steps import check_commitment, check_inclusion, parse, recover_signers, relate
from ledger.verify.chain_steps import (
    Corrections,
    check_chain,
    check_completeness,
    check_key,
    check_organisations,
    check_record,
    find_corrections,
)
from ledger.verify.judgement import checked, to_judge
from ledger.verify.named_items import Relation, named_items
from ledger.verify.trust import Trust
from ledger.verify.verified import Verified, VerifiedEvent
from ledger.verify.witness import ChainWitness


def verify(
    data: bytes, trust: Trust, chain: ChainWitness, item: str | None = None, *, require_complete: bool = False
) -> Verified:
    """What the bundle `data` proves to someone who brings `trust` and asks `chain`, about `item` if one is given.

    With `require_complete`, an open event of the item that the bundle leaves out is a failure, else it is reported.
    """
    bundle = parse(data)  # (1)
    for proof in bundle.proofs:
        check_commitment(proof)  # (2)
    for proof in bundle.proofs:
        check_inclusion(proof)  # (3)
    signers = recover_signers(bundle, trust)  # (4)
    check_organisations(bundle, trust)  # (5)
    check_chain(trust, chain)  # (5)
    for record, signer in signers.items():
        check_key(record, signer, chain)  # (5)
    placed = {record: check_record(record, signer, trust, chain) for record, signer in signers.items()}  # (6)
    about, related = relate(bundle, item)  # (7)
    corrections = find_corrections(bundle, chain)  # (8)
    completeness = check_completeness(bundle, trust, chain, about)  # (9)
    if require_complete:
        chain_steps.require_complete(completeness, about)  # (9)
    events = tuple(
        _verified_event(proof, signers[proof.record], placed[proof.record], relation, corrections)
        for proof, relation in zip(bundle.proofs, related, strict=True)
    )
    return Verified(
        trust,
        about,
        events,
        completeness,
        checked(trust, events, about, completeness),
        to_judge(trust, events, about, completeness),
    )


def _verified_event(
    proof: EventProof, signer: bytes, placed: bool, relation: Relation | None, corrections: Corrections
) -> VerifiedEvent:
    record, values = proof.record, proof.event.values()
    return VerifiedEvent(
        commitment=proof.commitment,
        organisation=record.organisation,
        signer=signer,
        sequence=record.sequence,
        index=proof.index,
        block_number=record.block_number,
        block_hash=record.block_hash,
        transaction_hash=record.transaction_hash,
        placed=placed,
        values=values,
        hidden_count=proof.event.hidden_count,
        items=named_items(values),
        relation=relation,
        corrected_by=corrections[proof.commitment],
    )
