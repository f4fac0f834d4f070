"""Where to say *alarm*: chosen on training rows, never on those that are asked."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


def best_f1_threshold(y: npt.ArrayLike, probability: npt.ArrayLike) -> float:
    """The threshold with the highest F1 for `probability >= threshold`; half-way to the next lower probability.

    Of equal ones the highest, hence the fewest alarms. 1.0 where nothing is positive.
    """
    truth, p = np.asarray(y, dtype=float), np.asarray(probability, dtype=float)
    order = np.argsort(-p, kind="stable")
    p, hits = p[order], np.cumsum(truth[order])
    if not len(p) or hits[-1] == 0:
        return 1.0
    ends = np.flatnonzero(np.append(np.diff(p) < 0, True))
    f1 = 2 * hits[ends] / (ends + 1 + hits[-1])
    at = ends[int(np.argmax(f1))]
    return float(p[at] if at + 1 == len(p) else (p[at] + p[at + 1]) / 2)


def budget_threshold(probability: npt.ArrayLike, budget: float) -> float:
    """The lowest threshold at which at most the share `budget` of rows raises an alarm; above all if none may."""
    p = np.sort(np.asarray(probability, dtype=float))[::-1]
    allowed = int(np.floor(budget * len(p) + 1e-9))
    if allowed >= len(p):
        return 0.0
    above = float(p[allowed])
    return float(np.nextafter(above, np.inf))
