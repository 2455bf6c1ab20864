"""A certified threshold keeps the risk it was certified for."""

from __future__ import annotations

import numpy as np
import pytest

from evals.certification import FAILURE, beginning, certified_threshold, fewest_shown, p_value

RISK = 0.1


def drawn(rng: np.random.Generator, size: int) -> tuple[np.ndarray, np.ndarray]:
    """Return confidences and which are wrong, the chance of being right equal to the confidence."""
    confidence = rng.beta(4, 1.5, size)
    return confidence, rng.random(size) > confidence


def test_the_risk_is_exceeded_in_no_more_draws_than_was_allowed() -> None:
    rng = np.random.default_rng(0)
    confidence, wrong = drawn(rng, 200_000)
    exceeded = 0
    for _ in range(300):
        start = beginning(drawn(rng, 400)[0], RISK, 400)
        threshold = certified_threshold(*drawn(rng, 400), RISK, start)
        if threshold is not None:
            exceeded += wrong[confidence >= threshold].mean() > RISK
    assert 0 < exceeded <= 1.3 * FAILURE * 300


def test_more_questions_certify_a_lower_threshold() -> None:
    rng = np.random.default_rng(1)
    few, many = (certified_threshold(*drawn(rng, size), RISK, 0.88) for size in (1000, 20_000))
    assert few is not None
    assert many is not None
    assert many < few


def test_nothing_is_certified_where_too_many_are_wrong_or_too_few_were_shown() -> None:
    assert certified_threshold(np.full(500, 0.9), np.arange(500) % 4 == 0, RISK, 0.9) is None
    assert certified_threshold(np.full(5, 0.9), np.full(5, False), RISK, 0.9) is None


def test_what_no_threshold_shows_is_never_counted() -> None:
    confidence = np.concatenate([np.full(100, 0.9), np.full(100, -1.0)])
    wrong = np.arange(200) >= 100
    assert certified_threshold(confidence, wrong, RISK, 0.9) == 0.01


def test_the_p_value_is_the_binomial_tail() -> None:
    assert p_value(0, 22, 0.1) == pytest.approx(0.9**22)
    assert (
        p_value(1, fewest_shown(RISK), RISK) <= FAILURE < p_value(1, fewest_shown(RISK) - 1, RISK)
    )
