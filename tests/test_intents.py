"""What kind of message it is, by its meaning, where no pattern was written for it."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from civic_assistant.intents import KINDS, MESSAGE_TOKENS, IntentModel, message_tokens, open_intents
from civic_assistant.model_folder import light_folder
from civic_assistant.model_tokenizer import open_tokenizer
from civic_assistant.outcomes import (
    Answered,
    AskedDetail,
    HandedOff,
    NotCovered,
    Outcome,
    Signposted,
    Unsure,
    signposted,
)
from civic_assistant.screening import OUTCOMES, Screener, Screening
from civic_assistant.settings import Settings
from tests.messages_unseen import MESSAGES, QUESTIONS

ANSWER = Answered("full", (), ())
DETAIL = AskedDetail("g", "Guide", "fr", (), ("a", "b"))
HARMFUL = {"emergency", "distress", "personal_file", "injection", "gibberish"}


@pytest.fixture(scope="module")
def screener(light_settings: Settings) -> Screener:
    return Screener(open_intents(light_settings))


def test_most_unseen_messages_are_kept_from_an_ordinary_answer(screener: Screener) -> None:
    total: Counter[bool] = Counter()
    kept: Counter[bool] = Counter()
    for kind, language, text in MESSAGES:
        screened = screener.screening(text, language)
        total[kind in HARMFUL] += 1
        kept[kind in HARMFUL] += screened != Screening(None)
    assert kept[True] >= 0.85 * total[True], kept
    assert kept[False] >= 0.6 * total[False], kept


def test_most_messages_that_are_kept_come_to_their_own_outcome(screener: Screener) -> None:
    outcomes = [(kind, screener.screening(text, language)) for kind, language, text in MESSAGES]
    kept = [(kind, screened) for kind, screened in outcomes if screened.outcome is not None]
    right = sum(screened.outcome == OUTCOMES[kind] for kind, screened in kept)
    assert right >= 0.8 * len(kept)


def test_unseen_questions_are_looked_up(screener: Screener) -> None:
    lost = [text for language, text in QUESTIONS if screener.screening(text, language).outcome]
    assert lost == []


def test_every_kind_but_a_question_has_its_outcome() -> None:
    assert set(OUTCOMES) == set(KINDS) - {"question"}


@pytest.mark.parametrize(
    ("outcome", "shown"),
    [
        (ANSWER, Answered("full", (), (), signpost="distress")),
        (DETAIL, AskedDetail("g", "Guide", "fr", (), ("a", "b"), signpost="distress")),
        (NotCovered(), Signposted("distress")),
        (Unsure(), Signposted("distress")),
        (HandedOff("asked"), HandedOff("asked")),
    ],
)
def test_near_danger_the_numbers_come_before_an_answer_and_instead_of_none(
    outcome: Outcome, shown: Outcome
) -> None:
    assert signposted(outcome, "distress") == shown


def test_long_message_is_read_up_to_its_bound_and_ends_as_a_short_one(
    light_settings: Settings,
) -> None:
    tokenizer = open_tokenizer(light_folder(light_settings))
    short, long = (message_tokens(tokenizer, text) for text in ("bonjour", "bonjour " * 500))
    assert len(long) == MESSAGE_TOKENS
    assert (long[0], long[-1]) == (short[0], short[-1])


def test_message_is_read_alike_however_its_accents_are_written(light_settings: Settings) -> None:
    tokenizer = open_tokenizer(light_folder(light_settings))
    assert message_tokens(tokenizer, "de\u0301marche") == message_tokens(tokenizer, "d\xe9marche")


def model(thresholds: dict[str, float]) -> IntentModel:
    size = len(KINDS)
    weights = np.eye(size, dtype=np.float32)
    every = dict.fromkeys(KINDS[1:], 0.9) | thresholds
    return IntentModel(weights, np.zeros(size, np.float32), every, 0.3)  # type: ignore[arg-type]


def test_kind_that_the_tokens_point_to_is_the_likeliest_whatever_their_length() -> None:
    states = np.zeros((2, len(KINDS)), np.float32)
    states[:, KINDS.index("complaint")] = 1.0
    shares = model({}).probabilities(states)
    assert shares.argmax() == KINDS.index("complaint")
    assert np.allclose(shares.sum(), 1)
    assert np.allclose(shares, model({}).probabilities(states * 7), atol=1e-6)


def test_message_is_sure_of_its_kind_only_from_the_kinds_threshold_on() -> None:
    shares = np.zeros(len(KINDS), np.float32)
    shares[KINDS.index("question")] = 0.4
    shares[KINDS.index("distress")] = 0.35
    shares[KINDS.index("opinion")] = 0.25
    intent = model({}).intent(shares)
    assert (intent.kind, intent.is_sure, intent.danger) == ("distress", False, "distress")
    assert model({"distress": 0.5}).intent(shares).is_sure
