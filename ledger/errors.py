"""The one family of errors that Lotmark raises for what a user or a peer did, or for what the world refused.

    LotmarkError
    ├── InvalidInput            a document, an identifier, a CSV, a setting that breaks a rule
    │   └── InvalidDocument     … with every problem found, each at its own place
    ├── NotFound                the thing asked for is not in this ledger
    ├── Conflict                it contradicts what is already there
    ├── Forbidden               the caller, or the key, may not do this
    ├── TooLarge                more than the configured limit
    ├── HomeBusy                another process owns this home
    ├── ChainUnavailable        the chain does not answer; trying again may help
    ├── WrongChain              the chain that answers is not this home's
    ├── ContractRefused         a contract reverted; `code` is the contract's own error name
    └── VerificationFailed      a bundle does not prove what it claims; `step` is that of DESIGN's procedure

Every message says where, what was wrong, what was expected and what to do. How they map to HTTP statuses and
exit codes is the business of `api`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong at one place.

    `where` is a document name, an event index with a JSON pointer, or a CSV line and column; empty if there is
    only one place.
    """

    message: str
    where: str = ""
    expected: str = ""
    advice: str = ""

    def __str__(self) -> str:
        place = f"{self.where}: " if self.where else ""
        expected = f"; expected {self.expected}" if self.expected else ""
        advice = f". {self.advice}" if self.advice else ""
        return f"{place}{self.message}{expected}{advice}"

    def within(self, place: str) -> Problem:
        """The same problem, seen from an enclosing place."""
        return Problem(self.message, f"{place} {self.where}".strip(), self.expected, self.advice)


class LotmarkError(Exception):
    """Base of all errors a caller is meant to handle."""

    code: ClassVar[str] = "error"

    def __init__(self, message: str, *, where: str = "", expected: str = "", advice: str = "") -> None:
        self.problem = Problem(message, where, expected, advice)
        super().__init__(str(self.problem))

    @property
    def problems(self) -> Sequence[Problem]:
        """All problems, at least one."""
        return (self.problem,)

    def as_dict(self) -> dict[str, Any]:
        """A form for programs: `{code, problems: [{where, message, expected, advice}]}`."""
        return {
            "code": self.code,
            "problems": [
                {"where": p.where, "message": p.message, "expected": p.expected, "advice": p.advice}
                for p in self.problems
            ],
        }


class InvalidInput(LotmarkError):
    code = "invalid-input"


class InvalidDocument(InvalidInput):
    """A document in which one or more events break the standard; nothing of it was captured."""

    code = "invalid-document"

    def __init__(self, problems: Sequence[Problem]) -> None:
        self._problems = tuple(problems)
        first, *rest = self._problems
        super().__init__(first.message, where=first.where, expected=first.expected, advice=first.advice)
        if rest:
            self.args = (f"{first} (and {len(rest)} more)",)

    @property
    def problems(self) -> Sequence[Problem]:
        return self._problems


class NotFound(LotmarkError):
    code = "not-found"


class Conflict(LotmarkError):
    code = "conflict"


class Forbidden(LotmarkError):
    code = "forbidden"


class TooLarge(LotmarkError):
    code = "too-large"


class HomeBusy(LotmarkError):
    code = "home-busy"


class ChainUnavailable(LotmarkError):
    code = "chain-unavailable"


class WrongChain(LotmarkError):
    code = "wrong-chain"


class ContractRefused(LotmarkError):
    """A contract reverted with an error of its own: `name`, such as `ProvenanceLedger_WrongSequence`, and `values`."""

    code = "contract-refused"

    def __init__(self, name: str, values: dict[str, Any], *, advice: str = "") -> None:
        self.name = name
        self.values = values
        shown = ", ".join(f"{key}={value}" for key, value in values.items())
        super().__init__(f"the contract refused: {name}({shown})", advice=advice)


class VerificationFailed(LotmarkError):
    """The bundle fails at `step` (1 to 9) of the verification procedure."""

    code = "verification-failed"

    def __init__(self, step: int, message: str, *, where: str = "", expected: str = "", advice: str = "") -> None:
        self.step = step
        super().__init__(f"step {step} failed: {message}", where=where, expected=expected, advice=advice)
