"""The sentences that every result carries: what was checked, and what the caller still has to judge."""

from __future__ import annotations

from collections.abc import Sequence

from ledger.verify.named_items import Relation
from ledger.verify.trust import Trust
from ledger.verify.verified import Completeness, VerifiedEvent

_ALWAYS = (
    "That an organisation signed an event says who vouches for it, not that it happened.",
    "Whether sealed events were left out cannot be proven: only open events leave their items on chain.",
    "State and logs of the chain are the word of the node asked; a checkpoint only says which block it must agree on.",
    "An embedded chain proves nothing against its operator; a record is as final as the chain that holds it.",
    "A key that a server holds for an organisation makes that organisation custodial: the server can sign for it.",
)


def checked(
    trust: Trust, events: Sequence[VerifiedEvent], about: str | None, completeness: Completeness
) -> tuple[str, ...]:
    records = len({(event.organisation, event.sequence) for event in events})
    lines = [
        "(1) The bundle is in its only form.",
        f"(2) What is shown of {len(events)} events is what was committed to{_hidden(events)}.",
        "(3) Each commitment is at its index in its batch.",
        f"(4) {records} headers are signed for ledger 0x{trust.ledger.hex()} on chain {trust.chain_id}.",
        "(5) Each signing key was its organisation's in the record's block.",
        "(6) The chain has each record" + (f", as of block {trust.checkpoint.number}." if trust.checkpoint else "."),
    ]
    if about is not None:
        names = sum(event.relation is Relation.NAMES for event in events)
        lines.append(f"(7) {names} of the events name {about}.")
    if all(event.corrected_by is not None for event in events):
        corrected = sum(bool(event.corrected_by) for event in events)
        lines.append(f"(8) {corrected} of the events are declared wrong by their own organisation.")
    if None not in completeness.sequences.values():
        lines.append("(9) The organisations' records have no gap.")
    if completeness.missing is not None:
        lines.append(f"(9) Open events of the item that the bundle leaves out: {len(completeness.missing)}.")
    return tuple(lines)


def _hidden(events: Sequence[VerifiedEvent]) -> str:
    redacted = [event.hidden_count for event in events if event.hidden_count]
    return f"; {sum(redacted)} leaves of {len(redacted)} of them are hidden" if redacted else ""


def to_judge(
    trust: Trust, events: Sequence[VerifiedEvent], about: str | None, completeness: Completeness
) -> tuple[str, ...]:
    return (*_ALWAYS, *_not_brought(trust, about), *_not_told(events, completeness), *_found(events, completeness))


def _not_brought(trust: Trust, about: str | None) -> list[str]:
    lines = []
    if trust.code_hash is None:
        lines.append("You brought no code hash: nothing here shows that the contract at that address is the ledger.")
    if trust.organisations is None:
        lines.append("You named no organisations: judge whether those that signed are those you expect.")
    if trust.checkpoint is None:
        lines.append("You brought no checkpoint: the chain is what the node you asked says it is.")
    if about is None:
        lines.append("You asked about no item: judge whether the events are about the one in your hand.")
    return lines


def _not_told(events: Sequence[VerifiedEvent], completeness: Completeness) -> list[str]:
    lines = []
    if not all(event.placed for event in events):
        lines.append("The witness has no logs: key, block and transaction of the records are the bundle's word.")
    if any(event.corrected_by is None for event in events):
        lines.append("The witness has no logs: whether an event was declared wrong later was not checked.")
    if None in completeness.sequences.values():
        lines.append("The witness has no logs: whether records are left out was not checked.")
    return lines


def _found(events: Sequence[VerifiedEvent], completeness: Completeness) -> list[str]:
    lines = []
    if corrected := sum(bool(event.corrected_by) for event in events):
        lines.append(f"{corrected} of the events were declared wrong by their own organisation: do not rely on them.")
    if errors := sum(event.declares_error for event in events):
        lines.append(f"{errors} of the events declare an earlier event wrong; they are no observations themselves.")
    if apart := sum(event.relation is Relation.UNCONNECTED for event in events):
        lines.append(f"{apart} of the events are not connected with the item by anything that they show.")
    if hidden := sum(bool(event.hidden_count) for event in events):
        lines.append(f"{hidden} of the events hide some of their fields, and their maker may have filled those anyhow.")
    if completeness.missing:
        lines.append(f"{len(completeness.missing)} open events of the item are on chain, but not in the bundle.")
    if completeness.strangers:
        lines.append(f"{len(completeness.strangers)} entries for the item are by organisations you did not name.")
    return lines
