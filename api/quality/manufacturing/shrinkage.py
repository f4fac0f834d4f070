"""Proportions of many makers seen together: each drawn towards what is usual, the more so the less is known of it.

Beta-binomial empirical Bayes: the makers' true proportions are taken as draws from one beta distribution, whose mean
and strength are the mode of their posterior under the weak hyperprior of Gelman et al., Bayesian Data Analysis, 3rd
edition, section 5.3. The strength's own uncertainty is not carried on, so that with few makers the intervals are a
little short.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import optimize, special

Floats = npt.NDArray[np.float64]

#: the weakest and the strongest prior, in trials that it is worth
_WEAKEST, _STRONGEST = 1.0, 1e6
#: of the quadrature, which is then right to 0.0005
_NODES = 16


@dataclass(frozen=True, slots=True)
class BetaPrior:
    """What is usual: a mean of alpha / (alpha + beta), worth alpha + beta trials."""

    alpha: float
    beta: float


@dataclass(frozen=True, slots=True)
class Posterior:
    """Each maker's proportion after its own trials, as beta distributions."""

    alpha: Floats
    beta: Floats

    @property
    def mean(self) -> Floats:
        return np.asarray(self.alpha / (self.alpha + self.beta))

    def interval(self, confidence: float = 0.95) -> tuple[Floats, Floats]:
        """Equal tails."""
        tail = (1 - confidence) / 2
        low, high = (special.betaincinv(self.alpha, self.beta, q) for q in (tail, 1 - tail))
        return np.asarray(low), np.asarray(high)

    def probability_lower(self) -> Floats:
        """[i, j]: the probability that the true proportion of i is below that of j; a half on the diagonal.

        Each pair once: the wider of the two distributions, which is the smoother one, at the quantiles of the narrower.
        """
        nodes, weights = np.polynomial.legendre.leggauss(_NODES)
        total = self.alpha + self.beta
        by_width = np.argsort(self.alpha * self.beta / (total**2 * (total + 1)), kind="stable")
        a, b = self.alpha[by_width], self.beta[by_width]
        quantiles = special.betaincinv(a[:, None], b[:, None], (nodes + 1) / 2)
        below = np.full((len(a), len(a)), 0.5)
        for narrow in range(len(a) - 1):
            wider = slice(narrow + 1, None)
            below[wider, narrow] = special.betainc(a[wider, None], b[wider, None], quantiles[narrow]) @ weights / 2
            below[narrow, wider] = 1 - below[wider, narrow]
        back = np.argsort(by_width)
        return np.asarray(below[np.ix_(back, back)])


def beta_prior(counts: npt.ArrayLike, trials: npt.ArrayLike) -> BetaPrior:
    """What is usual among makers with `counts` of `trials` each; without any trial Jeffreys's prior, worth one."""
    k, n = np.asarray(counts, dtype=float), np.asarray(trials, dtype=float)
    if n.sum() <= 0:
        return BetaPrior(0.5, 0.5)

    def loss(at: Floats) -> float:
        mean, strength = float(special.expit(at[0])), float(np.exp(at[1]))
        a, b = mean * strength, (1 - mean) * strength
        likelihood = float((special.betaln(k + a, n - k + b) - special.betaln(a, b)).sum())
        return -(likelihood + math.log(mean) + math.log1p(-mean) - float(at[1]) / 2)

    pooled = float(special.logit((k.sum() + 0.5) / (n.sum() + 1)))
    bounds = [(-25.0, 25.0), (float(np.log(_WEAKEST)), float(np.log(_STRONGEST)))]
    starts = [np.array([pooled, np.log(strength)]) for strength in (3.0, 100.0, 10_000.0)]
    found = min((optimize.minimize(loss, start, bounds=bounds) for start in starts), key=lambda each: float(each.fun))
    mean, strength = float(special.expit(found.x[0])), float(np.exp(found.x[1]))
    return BetaPrior(mean * strength, (1 - mean) * strength)


def posterior(counts: npt.ArrayLike, trials: npt.ArrayLike, prior: BetaPrior) -> Posterior:
    """Each maker's own trials on top of what is usual."""
    k, n = np.asarray(counts, dtype=float), np.asarray(trials, dtype=float)
    return Posterior(k + prior.alpha, n - k + prior.beta)


def indistinguishable(means: Floats, lower: Floats, confidence: float = 0.95) -> list[str]:
    """Letters for each maker: those who share one cannot be told apart.

    `lower` is `probability_lower`. A letter stands for a longest run of makers, in order of their means, of which no
    two differ with a probability of `confidence` or more.
    """
    order = np.argsort(means, kind="stable")
    apart = np.maximum(lower, lower.T)[np.ix_(order, order)] >= confidence
    ends = _ends(apart)
    letters: list[list[str]] = [[] for _ in order]
    reached = number = 0
    for start, end in enumerate(ends):
        if end > reached:
            reached = end
            for place in range(start, end):
                letters[order[place]].append(_letter(number))
            number += 1
    return [" ".join(each) for each in letters]


def _ends(apart: npt.NDArray[np.bool_]) -> list[int]:
    """For each start the end of the longest run in which no two are apart."""
    ends, end = [], 0
    for start in range(len(apart)):
        end = max(end, start + 1)
        while end < len(apart) and not apart[start:end, end].any():
            end += 1
        ends.append(end)
    return ends


def _letter(number: int) -> str:
    more, last = divmod(number, 26)
    return (_letter(more - 1) if more else "") + "abcdefghijklmnopqrstuvwxyz"[last]
