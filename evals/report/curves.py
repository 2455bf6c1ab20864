"""What the curves of a report go through: risk against coverage, confidence against truth."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.stats import binomtest

from evals.measures import BINS, SHOWN_NEVER
from evals.score import Scored


@dataclass(frozen=True, slots=True)
class Bin:
    """Questions of like confidence: its mean, the share that was right, and that share's interval.

    The interval is Wilson's, 95 %.
    """

    confidence: float
    right: float
    low: float
    high: float
    count: int


def risk_and_coverage(scored: Scored) -> list[tuple[float, float]]:
    """Return (share of all questions answered, share of these wrong) for every threshold.

    Wrong is: another guide than the expected ones is first, or the question must not be answered.
    """
    score, right = _gated(scored)
    wrong = np.cumsum(1 - right[np.argsort(-score, kind="stable")])
    answered = np.arange(1, len(score) + 1)
    return [(float(n / len(scored)), float(w / n)) for n, w in zip(answered, wrong, strict=True)]


def as_it_is_set(scored: Scored) -> tuple[float, float]:
    """Return coverage and risk at the product's own threshold, counted alike; risk 0 of none."""
    answered = scored.columns["answered"] == 1
    wrong = 1 - scored.columns["first_right"][answered]
    return float(answered.mean()), float(wrong.mean()) if wrong.size else 0.0


def reliability(scored: Scored) -> list[Bin]:
    """Return `BINS` bins of equally many questions, by confidence."""
    score, right = _gated(scored)
    order = np.argsort(score, kind="stable")
    bins = []
    for members in np.array_split(order, BINS):
        if members.size:
            hits = int(right[members].sum())
            ends = binomtest(hits, members.size).proportion_ci(0.95, method="wilson")
            mean = float(score[members].mean())
            bins.append(
                Bin(mean, hits / members.size, float(ends.low), float(ends.high), members.size)
            )
    return bins


def _gated(
    scored: Scored,
) -> tuple[np.typing.NDArray[np.float64], np.typing.NDArray[np.float64]]:
    """Return confidence and truth of the questions that the gate's threshold decides on."""
    gated = scored.columns["score"] > SHOWN_NEVER
    return scored.columns["score"][gated], scored.columns["first_right"][gated]
