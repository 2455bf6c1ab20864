"""Thresholds that keep a stated risk: of the answers shown, at most so large a share is wrong.

Learn then test (Angelopoulos, Bates, Candès, Jordan & Lei, https://arxiv.org/abs/2110.01052): each
threshold is the hypothesis that it shows too many wrong answers, tested by the binomial tail on
questions that nothing was fitted on; fixed-sequence testing goes from the strictest down and stops
at the first that is not rejected, so that no correction for many tests is paid. Whatever the model
and the questions, with probability ``1 - FAILURE`` the threshold returned keeps the risk on further
questions drawn like the certifying ones.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.stats import binom

FAILURE = 0.1
"""Chance, over the draw of the certifying questions, that a certified risk is exceeded."""
STEP = 0.01
FEWEST_WRONG = 1
"""The sequence begins where so many wrong answers among those shown would still be tolerated,"""
BEGINNING = 0.25
"""and where this share of the questions would be shown an answer: one stroke of bad luck among the
first few would end it otherwise."""

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


def certified_threshold(
    confidence: Floats, wrong: Bools, risk: float, beginning: float
) -> float | None:
    """Return the lowest threshold that is certified to keep ``risk``, None if not even the first.

    ``confidence`` (questions,) is below 0 for what no threshold would show; ``wrong`` says that
    showing it would be wrong. ``beginning`` is the first threshold tried; it must not be chosen
    on these questions.
    """
    lowest: float | None = None
    for threshold in np.arange(beginning, 0, -STEP):
        shown = confidence >= threshold
        if p_value(int((wrong & shown).sum()), int(shown.sum()), risk) > FAILURE:
            break
        lowest = round(float(threshold), 4)
    return lowest


def p_value(wrong: int, shown: int, risk: float) -> float:
    """Return how likely so few wrong ones of ``shown`` would be, were the risk exceeded."""
    return float(binom.cdf(wrong, shown, risk))


def fewest_shown(risk: float) -> int:
    """Return how many shown answers it takes to certify a risk with `FEWEST_WRONG` wrong."""
    shown = 1
    while p_value(FEWEST_WRONG, shown, risk) > FAILURE:
        shown += 1
    return shown


def beginning(confidence: Floats, risk: float, count: int) -> float:
    """Return the strictest threshold of the sequence for certifying with ``count`` questions.

    ``confidence`` is that of other questions, below 0 for what no threshold would show.
    """
    shown = np.sort(confidence[confidence >= 0])[::-1]
    if not len(shown) or not count:
        return 1.0
    share = max(fewest_shown(risk) / count, BEGINNING)
    place = min(int(np.ceil(share * len(confidence))), len(shown)) - 1
    return float(np.floor(shown[place] / STEP) * STEP)
