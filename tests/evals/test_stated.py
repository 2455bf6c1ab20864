"""A stated risk is compared with what was observed of the answers it would show."""

from __future__ import annotations

import pytest

from civic_assistant.gate import ANY_LANGUAGE, TOWN, Gate, Scale
from evals.stated import UNANSWERABLE_SHARE, Stated, stated_risks
from tests.evals.runs_by_hand import asked, given, many, run_of

THRESHOLDS = {0.1: {ANY_LANGUAGE: 0.6, "fr": 0.55}, 0.3: {ANY_LANGUAGE: 0.2}}
GATE = Gate("t", 0.2, {TOWN: Scale(0.0, {}, {}, THRESHOLDS)}, risks={TOWN: 0.1})


def stated(*wrong_first: int) -> dict[tuple[float, str], Stated]:
    return {(s.risk, s.language): s for s in stated_risks([many(wrong_first)], GATE, samples=200)}


def test_each_risk_shows_what_reaches_the_languages_own_threshold() -> None:
    found = stated()
    assert found[0.1, ""].shown == found[0.1, "fr"].shown == 36
    assert found[0.1, "fr"].answered == 0.9
    assert found[0.1, ""].observed.value == 0
    assert found[0.3, ""].shown == 60


def test_what_must_not_be_answered_counts_no_more_than_it_did_when_certified() -> None:
    assert stated()[0.3, ""].observed.value == pytest.approx(UNANSWERABLE_SHARE, abs=0.01)
    pairs = [
        (asked(n, kind="uncovered"), given(n, "answered", "a", confidence=0.9))
        for n in range(60, 100)
    ]
    run = many()
    every = [*zip(run.questions, run.answers, strict=True), *pairs]
    (first, *_) = stated_risks([run_of(every)], GATE, samples=50)
    share = UNANSWERABLE_SHARE / (1 - UNANSWERABLE_SHARE) * 40 / 60
    assert first.observed.value == pytest.approx(40 * share / (36 + 40 * share))


def test_a_promise_is_kept_unless_the_whole_interval_lies_beyond_it() -> None:
    assert stated(1)[0.1, ""].is_kept
    assert not stated(*range(20))[0.1, ""].is_kept


def test_a_language_with_few_shown_answers_is_left_out() -> None:
    pairs = [(asked(n, "a"), given(n, "answered", "a", confidence=0.9)) for n in range(19)]
    assert list(stated_risks([run_of(pairs)], GATE, samples=50)) == []


def test_without_runs_nothing_is_compared() -> None:
    assert list(stated_risks([], GATE, samples=50)) == []
