"""Why a node refused a request: the families of texts that nodes use, since JSON-RPC has no codes for them.

The texts are geth's, Besu's, Nethermind's, anvil's and this project's embedded chain's.
"""

from __future__ import annotations

from enum import StrEnum

from ledger.errors import ChainUnavailable, Conflict


class Reason(StrEnum):
    ALREADY_KNOWN = "already known"
    NONCE_TOO_LOW = "nonce too low"
    NONCE_TOO_HIGH = "nonce too high"
    UNDERPRICED = "underpriced"
    INSUFFICIENT_FUNDS = "insufficient funds"
    TOO_MUCH_GAS = "too much gas"
    OTHER = "other"


_TEXTS = {
    Reason.ALREADY_KNOWN: ("already known", "already imported", "known transaction", "same hash was already imported"),
    Reason.NONCE_TOO_LOW: ("nonce too low", "nonce is too low", "invalid nonce; got", "nonce below current"),
    Reason.NONCE_TOO_HIGH: ("nonce too high", "too far in the future", "exceeds next nonce", "nonce out of range"),
    Reason.UNDERPRICED: ("underpriced", "less than block base fee", "gas price below", "gas price too low"),
    Reason.INSUFFICIENT_FUNDS: ("insufficient funds", "upfront cost exceeds"),
    Reason.TOO_MUCH_GAS: ("exceeds block gas limit", "gas limit too high", "intrinsic gas", "floor data gas"),
}

_ADVICE = {
    Reason.NONCE_TOO_LOW: "Another transaction of this account took the nonce; sign again with the next one.",
    Reason.NONCE_TOO_HIGH: "An earlier transaction of this account is missing at the node; send that one first.",
    Reason.UNDERPRICED: "Sign again with at least 12.5 % more of both fees.",
    Reason.INSUFFICIENT_FUNDS: "Fund the account that carries the transactions.",
    Reason.TOO_MUCH_GAS: "Record fewer items in one batch.",
}


class NodeRefused(ChainUnavailable):
    """The node answers, but not this request; `rpc_code` is that of JSON-RPC."""

    def __init__(self, message: str, rpc_code: int, *, where: str = "", advice: str = "") -> None:
        self.rpc_code = rpc_code
        super().__init__(message, where=where, advice=advice)


class TransactionRefused(Conflict):
    """A node did not take a transaction; `reason` says of which kind that is."""

    code = "transaction-refused"

    def __init__(self, reason: Reason, message: str, *, where: str = "") -> None:
        self.reason = reason
        super().__init__(f"the node refused the transaction: {message}", where=where, advice=_ADVICE.get(reason, ""))


def reason_of(message: str) -> Reason:
    text = message.lower()
    return next((reason for reason, parts in _TEXTS.items() if any(part in text for part in parts)), Reason.OTHER)
