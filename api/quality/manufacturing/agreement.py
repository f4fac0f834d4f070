"""Attribute agreement: do those who judge by eye agree with themselves, with each other and with the known truth?

AIAG, Measurement Systems Analysis, 4th edition, chapter III-C. Agreement in percent with Clopper-Pearson intervals,
and beyond chance by Fleiss's kappa (1971; Psychological Bulletin 76). Every appraiser judges every part equally often.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from api.quality.manufacturing.proportions import clopper_pearson
from ledger.errors import InvalidInput

#: columns of the data, perhaps with `standard`, the known truth of the part
RATING = ("part", "operator", "rating")
#: columns of `Agreement.table`: scope is within, standard (one appraiser each), between or all_standard
AGREEMENT = ("scope", "operator", "parts", "agreed", "percent", "low", "high", "kappa")


@dataclass(frozen=True, slots=True)
class Agreement:
    """`table` has the columns `AGREEMENT`; percent with a 95 % interval, kappa NaN where all ratings are one."""

    parts: int
    operators: int
    trials: int
    table: pd.DataFrame


def attribute_agreement(ratings: pd.DataFrame) -> Agreement:
    """Analyse a frame with the columns `RATING` and perhaps `standard`. Raises InvalidInput."""
    codes, truth, operators = _cube(ratings)
    trials = codes.shape[2]
    rows: list[tuple[object, ...]] = []
    for at, operator in enumerate(operators):
        own = codes[:, at]
        if trials > 1:
            rows.append(("within", operator, *_agreed(_same(own)), fleiss_kappa(own)))
        if truth is not None:
            rows.append(("standard", operator, *_agreed(_same(own) & (own[:, 0] == truth)), _with_truth(own, truth)))
    every = codes.reshape(len(codes), -1)
    if len(operators) > 1:
        rows.append(("between", None, *_agreed(_same(every)), fleiss_kappa(every)))
    if truth is not None:
        agreed = _agreed(_same(every) & (every[:, 0] == truth))
        rows.append(("all_standard", None, *agreed, _with_truth(every, truth)))
    return Agreement(len(codes), len(operators), trials, pd.DataFrame(rows, columns=list(AGREEMENT)))


def fleiss_kappa(codes: npt.NDArray[np.intp]) -> float:
    """Of parts × ratings, each a category's number; NaN where chance leaves nothing to agree on."""
    counts = np.stack([(codes == each).sum(axis=1) for each in np.unique(codes)], axis=1)
    n = codes.shape[1]
    observed = float(((counts**2).sum(axis=1) - n).mean() / (n * (n - 1)))
    expected = float(((counts.sum(axis=0) / counts.sum()) ** 2).sum())
    return (observed - expected) / (1 - expected) if expected < 1 else float("nan")


def _with_truth(ratings: npt.NDArray[np.intp], truth: npt.NDArray[np.intp]) -> float:
    """The mean, over the trials, of kappa between a trial and the truth, as AIAG has it."""
    found = [fleiss_kappa(np.stack([trial, truth], axis=1)) for trial in ratings.T]
    return float(np.mean(found))


def _same(codes: npt.NDArray[np.intp]) -> npt.NDArray[np.bool_]:
    return np.asarray((codes == codes[:, :1]).all(axis=1))


def _agreed(agrees: npt.NDArray[np.bool_]) -> tuple[int, int, float, float, float]:
    low, high = clopper_pearson(agrees.sum(), len(agrees))
    return len(agrees), int(agrees.sum()), 100 * float(agrees.mean()), 100 * float(low), 100 * float(high)


def _cube(
    ratings: pd.DataFrame,
) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp] | None, list[object]]:
    names = [*RATING, *(["standard"] if "standard" in ratings else [])]
    missing = [name for name in RATING if name not in ratings]
    if missing:
        raise InvalidInput(f"the study has no column {', '.join(missing)}", expected=", ".join(RATING))
    if len(ratings) == 0 or bool(ratings[names].isna().any(axis=None)):
        raise InvalidInput("ratings are missing", expected="a part, an operator and a rating in every row")
    counts = ratings.groupby(["part", "operator"])["rating"].size().unstack(fill_value=0)
    sizes = np.unique(counts.to_numpy())
    if len(sizes) > 1 or len(counts) < 2 or (counts.shape[1] < 2 and sizes[0] < 2):
        raise InvalidInput(
            "the study is not balanced, or too small",
            expected="2 parts or more, each judged equally often by every operator, by two or twice",
        )
    ordered = ratings.sort_values(["part", "operator"], kind="stable")
    texts = ordered[["rating", *names[3:]]].astype(str)
    codes, _ = pd.factorize(pd.concat([texts[name] for name in texts]))
    shape = (*counts.shape, int(sizes[0]))
    truth = None
    if "standard" in texts:
        known = codes[len(ordered) :].reshape(len(counts), -1)
        if not _same(known).all():
            raise InvalidInput("a part has two standards", expected="one known truth per part")
        truth = known[:, 0]
    return codes[: len(ordered)].reshape(shape), truth, list(counts.columns)
