"""What a sampling plan is: how many units are drawn, and how many bad ones are too many.

A *found* is a nonconforming unit or, where defects are counted, a defect. A plan says nothing of how good the lot is
that it lets pass; that is its operating characteristic, in `operating`.
"""

from __future__ import annotations

from dataclasses import dataclass

from ledger.errors import InvalidInput


@dataclass(frozen=True, slots=True)
class SinglePlan:
    """Draw `n`; accept up to `ac` found, reject from `re` on.

    Between `ac` and `re` (reduced inspection of MIL-STD-105E only) the lot is accepted, and the next is inspected
    normally. Raises InvalidInput for numbers that make no plan.
    """

    n: int
    ac: int
    re: int

    def __post_init__(self) -> None:
        if not (self.n >= 1 and 0 <= self.ac < self.re):
            raise InvalidInput(f"{self} is no sampling plan", expected="n ≥ 1 and 0 ≤ Ac < Re")

    @classmethod
    def of(cls, n: int, ac: int) -> SinglePlan:
        """The plan with Re = Ac + 1."""
        return cls(n, ac, ac + 1)

    def __str__(self) -> str:
        return f"n {self.n}, Ac {self.ac}, Re {self.re}"


@dataclass(frozen=True, slots=True)
class DoublePlan:
    """Draw `n1`; accept up to `ac1` found, reject from `re1` on; else draw `n2` and accept up to `ac2` in both.

    Raises InvalidInput for numbers that make no plan.
    """

    n1: int
    n2: int
    ac1: int
    re1: int
    ac2: int

    def __post_init__(self) -> None:
        drawn = self.n1 >= 1 and self.n2 >= 1
        if not (drawn and 0 <= self.ac1 < self.re1 - 1 and self.re1 <= self.ac2 + 1):
            raise InvalidInput(
                f"{self} is no double sampling plan", expected="n1, n2 ≥ 1, 0 ≤ Ac1, Ac1 + 2 ≤ Re1 ≤ Ac2 + 1"
            )

    @property
    def re2(self) -> int:
        """Reject from this many found in both samples on; after two samples there is nothing between."""
        return self.ac2 + 1

    def __str__(self) -> str:
        return f"n {self.n1}, Ac {self.ac1}, Re {self.re1}, then n {self.n2}, Ac {self.ac2}, Re {self.re2}"


Plan = SinglePlan | DoublePlan
