"""Measures over many questions at once: columns in, one number out, for any number of resamples.

Every function takes arrays whose last axis is the question and returns an array without that axis,
so that a thousand bootstrap samples cost one call. A question to which a column does not apply
holds NaN there; a measure with nothing to measure is NaN.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray
from scipy.stats import rankdata

Floats = NDArray[np.float64]
Columns = Mapping[str, Floats]

COVERED = 90
"""Percent of the answerable that are answered where the unanswerable are counted."""
BINS = 10
SHOWN_NEVER = -1.0
"""The ``score`` of a question that no threshold would answer."""


def mean(values: Floats) -> Floats:
    """Return the mean of what applies."""
    there = ~np.isnan(values)
    count = there.sum(axis=-1)
    return _ratio(np.where(there, values, 0.0).sum(axis=-1), count)


def total(values: Floats) -> Floats:
    """Return the sum of what applies."""
    return np.asarray(np.nansum(values, axis=-1), dtype=np.float64)


def f1(precision: Floats, recall: Floats) -> Floats:
    """Return the harmonic mean of two shares; 0 when both are."""
    both = np.asarray(precision + recall, dtype=np.float64)
    product = np.asarray(2 * precision * recall, dtype=np.float64)
    return np.where(both == 0, 0.0, _ratio(product, both))


def precision_of(predicted: Floats, actual: Floats) -> Floats:
    """Return how many of the predicted (1 or 0) are actual; NaN when none is predicted."""
    return _ratio((predicted * actual).sum(axis=-1), predicted.sum(axis=-1))


def recall_of(predicted: Floats, actual: Floats) -> Floats:
    """Return how many of the actual (1 or 0) are predicted; NaN when none is actual."""
    return _ratio((predicted * actual).sum(axis=-1), actual.sum(axis=-1))


def f1_of(predicted: Floats, actual: Floats) -> Floats:
    """Return the F1 of a prediction; 0 when no actual is predicted, NaN when none is actual."""
    hits, actuals = (predicted * actual).sum(axis=-1), actual.sum(axis=-1)
    return np.where(actuals == 0, np.nan, _ratio(2 * hits, predicted.sum(axis=-1) + actuals))


def auroc(score: Floats, positive: Floats) -> Floats:
    """Return the chance that a positive scores above a negative, ties counting half.

    The Mann-Whitney statistic; ``positive`` is 1 or 0, NaN where the question does not count.
    """
    counts = ~np.isnan(positive)
    # What does not count goes below all else and then takes the same ranks from both.
    ranks = rankdata(np.where(counts, score, -np.inf), axis=-1) - (~counts).sum(
        axis=-1, keepdims=True
    )
    is_positive = counts & (positive == 1)
    positives = is_positive.sum(axis=-1)
    negatives = counts.sum(axis=-1) - positives
    rank_sum = np.where(is_positive, ranks, 0.0).sum(axis=-1)
    return _ratio(rank_sum - positives * (positives + 1) / 2, positives * negatives)


def answered_at(score: Floats, answerable: Floats, counted: Floats) -> Floats:
    """Return the share of the ``counted`` answered where `COVERED` of the answerable are.

    The threshold is the highest that answers that share; where screens and checks alone keep more
    of the answerable from an answer, it is the lowest, and everything the gate saw is answered.
    NaN where nothing is answerable.
    """
    ordered = np.sort(np.where(answerable == 1, score, np.inf), axis=-1)
    count = (answerable == 1).sum(axis=-1)
    refused = count * (100 - COVERED) // 100
    place = np.clip(refused, 0, score.shape[-1] - 1)[..., None]
    threshold = np.maximum(np.take_along_axis(ordered, place, axis=-1), 0.0)
    answered = mean(np.where(counted == 1, (score >= threshold).astype(np.float64), np.nan))
    return np.where(count == 0, np.nan, answered)


def aurc(score: Floats, right: Floats) -> Floats:
    """Return the area under the risk-coverage curve: the mean risk over all coverages.

    Geifman & El-Yaniv, NeurIPS 2017, https://arxiv.org/abs/1705.08500; over the questions that a
    threshold could answer. 0 is best; the share of wrong answers is what chance would give.
    """
    ordered_score, ordered_right = _by_score(score, right)
    answered = ordered_score > SHOWN_NEVER
    errors = np.cumsum(np.where(answered, 1 - ordered_right, 0.0), axis=-1)
    risk = errors / np.arange(1, score.shape[-1] + 1)
    return mean(np.where(answered, risk, np.nan))


def calibration_error(score: Floats, right: Floats) -> Floats:
    """Return the expected calibration error over `BINS` bins of equally many questions.

    Nguyen & O'Connor, EMNLP 2015, https://aclanthology.org/D15-1182/; over the questions that a
    threshold could answer.
    """
    ordered_score, ordered_right = _by_score(score, right)
    answered = ordered_score > SHOWN_NEVER
    count = answered.sum(axis=-1, keepdims=True)
    place = np.broadcast_to(np.arange(score.shape[-1]), score.shape)
    bins = np.where(answered, place * BINS // np.maximum(count, 1), -1)
    error = np.zeros(score.shape[:-1])
    for number in range(BINS):
        inside = bins == number
        gap = np.where(inside, ordered_score - ordered_right, 0.0).sum(axis=-1)
        error = error + np.abs(gap)
    return _ratio(error, count[..., 0])


def _by_score(score: Floats, right: Floats) -> tuple[Floats, Floats]:
    """Return both columns with the highest score first."""
    order = np.argsort(-score, axis=-1, kind="stable")
    return (
        np.take_along_axis(score, order, axis=-1),
        np.take_along_axis(right, order, axis=-1),
    )


def _ratio(above: Floats | NDArray[np.int_], below: Floats | NDArray[np.int_]) -> Floats:
    """Return the quotient, NaN where there is nothing below."""
    above, below = np.asarray(above, np.float64), np.asarray(below, np.float64)
    quotient = np.full(np.broadcast_shapes(above.shape, below.shape), np.nan)
    np.divide(above, below, out=quotient, where=below != 0)
    return quotient
