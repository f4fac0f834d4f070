"""Steps 1 to 4 and 7 of the procedure: what the bundle and the verifier's trust decide between themselves, without a
chain.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from ledger.batch.header import organisation_id
from ledger.batch.signing import recover_signer
from ledger.commitment.merkle import leaf_hash, root_from_path
from ledger.commitment.shape import check_shape
from ledger.errors import InvalidInput, VerificationFailed
from ledger.identifiers import parse_item
from ledger.proof.bundle import Bundle, EventProof, Record
from ledger.verify.named_items import Relation, relations
from ledger.verify.trust import Trust

Signers = dict[Record, bytes]


@contextmanager
def _step(number: int, where: str = "") -> Iterator[None]:
    """What the pure parts refuse as invalid input fails the step."""
    try:
        yield
    except InvalidInput as error:
        problem = error.problem.within(where) if where else error.problem
        raise VerificationFailed(
            number, problem.message, where=problem.where, expected=problem.expected, advice=problem.advice
        ) from error


# (1): the bytes are a bundle in its only form


def parse(data: bytes) -> Bundle:
    with _step(1):
        return Bundle.decode(data)


# (2): what is shown of each event, with the hashes of the rest, is what the organisation committed to


def check_commitment(proof: EventProof) -> None:
    with _step(2, name(proof)):
        check_shape(proof.event)
    computed = proof.event.commitment(organisation_id(proof.record.organisation)).value
    if computed != proof.commitment:
        raise VerificationFailed(
            2,
            "the leaves are not those of the commitment",
            where=name(proof),
            expected=f"leaves of 0x{proof.commitment.hex()}, not of 0x{computed.hex()}",
        )


# (3): the commitment is at its index in the batch of that size


def check_inclusion(proof: EventProof) -> None:
    record = proof.record
    with _step(3, name(proof)):
        root = root_from_path(leaf_hash(proof.commitment), proof.index, record.size, proof.path)
    if root != record.root:
        raise VerificationFailed(3, "the path does not lead to the batch's root", where=name(proof))


# (4): each header is signed, for the ledger and the chain that the verifier trusts


def recover_signers(bundle: Bundle, trust: Trust) -> Signers:
    if bundle.domain != trust.domain:
        raise VerificationFailed(
            4,
            f"the bundle is of ledger 0x{bundle.domain.ledger.hex()} on chain {bundle.domain.chain_id}",
            expected=f"ledger 0x{trust.ledger.hex()} on chain {trust.chain_id}, which you trust",
        )
    signers = {}
    for record in bundle.records:
        with _step(4, name(record)):
            signers[record] = recover_signer(record.header, trust.domain, record.signature)
    return signers


# (7): the events name the item in question, or hang together with one that does


def relate(bundle: Bundle, item: str | None) -> tuple[str | None, list[Relation | None]]:
    if item is None:
        return None, [None] * len(bundle.proofs)
    with _step(7, "item"):
        about = parse_item(item).uri
    related = relations(about, [(proof.record.organisation, proof.event.values()) for proof in bundle.proofs])
    if Relation.NAMES not in related:
        raise VerificationFailed(7, f"no event shows that it names {about}", advice="Ask for a bundle of this item")
    return about, [*related]


def name(part: EventProof | Record) -> str:
    if isinstance(part, EventProof):
        return f"event {part.index} of {name(part.record)}"
    return f"record {part.sequence} of {part.organisation}"
