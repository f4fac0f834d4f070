"""Steps 5, 6, 8 and 9 of the procedure: what the verifier asks of the chain."""

from __future__ import annotations

from eth_hash.auto import keccak

from ledger.batch.header import Header, header_hash, organisation_id
from ledger.errors import VerificationFailed
from ledger.identifiers import item_key
from ledger.proof.bundle import Bundle, EventProof, Record
from ledger.verify.bundle_steps import name
from ledger.verify.trust import Trust
from ledger.verify.verified import Completeness
from ledger.verify.witness import ChainWitness, OpenItemLog, RecordLog

_NO_CODE = keccak(b"")

Corrections = dict[bytes, tuple[bytes, ...] | None]


# (5): the key that signed was one of that organisation's in the record's block, and the organisation is an expected one


def check_organisations(bundle: Bundle, trust: Trust) -> None:
    for record in bundle.records:
        if trust.organisations is not None and record.organisation not in trust.organisations:
            raise VerificationFailed(
                5,
                f"{record.organisation} is not expected",
                where=name(record),
                expected=", ".join(trust.organisations),
            )


def check_chain(trust: Trust, chain: ChainWitness) -> None:
    """The chain that answers is the one that is trusted; asked first, because all later answers rest on it."""
    if chain.chain_id() != trust.chain_id or chain.ledger() != trust.ledger:
        raise VerificationFailed(
            5,
            f"the chain asked is {chain.chain_id()}, its ledger 0x{chain.ledger().hex()}",
            expected=f"chain {trust.chain_id}, ledger 0x{trust.ledger.hex()}",
            advice="Ask a node of the trusted chain",
        )
    code_hash = chain.code_hash()
    if code_hash == _NO_CODE:
        raise VerificationFailed(5, f"there is no contract at 0x{trust.ledger.hex()}", expected="the ledger")
    if trust.code_hash is not None and code_hash != trust.code_hash:
        raise VerificationFailed(
            5, f"the ledger's code has hash 0x{code_hash.hex()}", expected=f"0x{trust.code_hash.hex()}"
        )
    point = trust.checkpoint
    if point is not None and chain.block_hash(point.number) != point.hash:
        raise VerificationFailed(
            5, f"the chain asked does not have your checkpoint, block {point.number}", expected=f"0x{point.hash.hex()}"
        )


def check_key(record: Record, signer: bytes, chain: ChainWitness) -> None:
    key_range = chain.key_range(organisation_id(record.organisation), signer)
    if not key_range.valid_at(record.block_number):
        raise VerificationFailed(
            5,
            f"0x{signer.hex()} was no key of {record.organisation} in block {record.block_number}",
            where=name(record),
            expected=f"a block from {key_range.added} before {key_range.revoked or 'any revocation'}"
            if key_range.added
            else "a key that the registry knows",
        )


# (6): the chain has the record: its header hash in the ledger's state, its log in the block that the bundle names


def check_record(record: Record, signer: bytes, trust: Trust, chain: ChainWitness) -> bool:
    """Whether a log shows block, transaction and signer too; a chain without logs shows the header alone."""
    organisation, header = organisation_id(record.organisation), record.header
    at_block = trust.checkpoint.number if trust.checkpoint else None
    if chain.header_hash(organisation, record.sequence, at_block) != header_hash(header):
        raise VerificationFailed(
            6, "the ledger does not have this header", where=name(record), expected=f"0x{header_hash(header).hex()}"
        )
    if at_block is not None and record.block_number > at_block:
        raise VerificationFailed(
            6,
            f"it names block {record.block_number}, after your checkpoint",
            where=name(record),
            expected=f"{at_block}",
        )
    if chain.block_hash(record.block_number) != record.block_hash:
        raise VerificationFailed(
            6,
            f"block {record.block_number} is another",
            where=name(record),
            expected=f"0x{record.block_hash.hex()}",
            advice="If the chain was reorganised since, ask for a fresh bundle",
        )
    logs = chain.record_logs(organisation, record.sequence, record.block_hash)
    if logs is not None and _expected_log(record, header, signer) not in logs:
        raise VerificationFailed(6, "the block has no such log of the record", where=name(record))
    return logs is not None


def _expected_log(record: Record, header: Header, signer: bytes) -> RecordLog:
    return RecordLog(header, signer, record.block_number, record.block_hash, record.transaction_hash)


# (8): events of the same organisation that declare one of these wrong; a stranger's entry counts for nothing


def find_corrections(bundle: Bundle, chain: ChainWitness) -> Corrections:
    proofs = {proof.commitment: proof for proof in bundle.proofs}
    logs = chain.open_item_logs(list(proofs))
    if logs is None:
        return dict.fromkeys(proofs)
    found: dict[bytes, list[bytes]] = {commitment: [] for commitment in proofs}
    for log in logs:
        corrected = proofs.get(log.item_key)
        if corrected is not None and _is_correction(log, corrected, proofs.get(log.commitment)):
            found[log.item_key].append(log.commitment)
    return {commitment: tuple(correcting) for commitment, correcting in found.items()}


def _is_correction(log: OpenItemLog, corrected: EventProof, correcting: EventProof | None) -> bool:
    """Whether the entry, and the event that it names if that is in the bundle too, are of the event's organisation."""
    organisation = corrected.record.organisation
    if log.organisation != organisation_id(organisation):
        return False
    if correcting is None:
        return True
    if correcting.record.organisation != organisation:
        return False
    if "/errorDeclaration" not in correcting.event.values():
        raise VerificationFailed(
            8,
            f"on chain it corrects 0x{log.item_key.hex()}, but it declares no error",
            where=name(correcting),
        )
    return True


# (9): no record of these organisations is left out of the logs, and no open event of the item is left out of the bundle


def check_completeness(bundle: Bundle, trust: Trust, chain: ChainWitness, about: str | None) -> Completeness:
    uris = dict.fromkeys(record.organisation for record in bundle.records)
    sequences = {uri: _check_sequences(uri, chain) for uri in uris}
    logs = chain.open_item_logs([item_key(about)]) if about is not None else None
    if logs is None:
        return Completeness(sequences)
    known = {organisation_id(uri) for uri in uris.keys() | (trust.organisations or set())}
    present = {(organisation_id(proof.record.organisation), proof.commitment) for proof in bundle.proofs}
    absent: list[OpenItemLog] = [log for log in logs if (log.organisation, log.commitment) not in present]
    return Completeness(
        sequences,
        tuple(log for log in absent if log.organisation in known),
        tuple(log for log in absent if log.organisation not in known),
    )


def _check_sequences(uri: str, chain: ChainWitness) -> int | None:
    """The organisation's last sequence; its logs must have each up to it once, or the chain asked leaves some out."""
    organisation = organisation_id(uri)
    last = chain.last_sequence(organisation)  # asked first: the chain may grow in between
    recorded = chain.recorded_sequences(organisation)
    if recorded is None:
        return None
    if len(recorded) < last or sorted(recorded) != list(range(1, len(recorded) + 1)):
        raise VerificationFailed(
            9,
            f"the chain asked has {len(recorded)} logs for {last} records of {uri}",
            expected="each record's log once",
            advice="Ask another node",
        )
    return last


def require_complete(completeness: Completeness, about: str | None) -> None:
    if about is None or completeness.missing is None:
        raise VerificationFailed(9, "completeness cannot be told", expected="an item, and a chain that has logs")
    if completeness.missing:
        first = completeness.missing[0]
        raise VerificationFailed(
            9,
            f"{len(completeness.missing)} open events of {about} are not in the bundle",
            where=f"block {first.block_number}, commitment 0x{first.commitment.hex()}",
            advice="Ask for a fresh bundle",
        )
