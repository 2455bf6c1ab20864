"""What kind of message it is, by its meaning, where no pattern was written for it."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from civic_assistant.centring import ANY_LANGUAGE
from civic_assistant.embedding import Embedding
from civic_assistant.intents import KINDS, IntentModel, open_intents
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
from civic_assistant.word_runs import PLACES, word_runs
from tests.messages_unseen import MESSAGES, QUESTIONS

ANSWER = Answered("full", (), ())
DETAIL = AskedDetail("g", "Guide", "fr", (), ("a", "b"))
HARMFUL = {"emergency", "distress", "personal_file", "injection", "gibberish"}


@pytest.fixture(scope="module")
def screener(embedder: Embedding) -> Screener:
    return Screener(open_intents(embedder))


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


def test_without_a_model_for_the_embedding_patterns_decide_alone() -> None:
    screener = Screener(None)
    assert screener.screening("Où en est mon dossier ?", "fr").outcome == Signposted(
        "personal_file"
    )
    assert screener.screening("prix de la cantine", "fr") == Screening(None)


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


def test_intent_model_is_read_as_it_was_saved(tmp_path: Path) -> None:
    size = len(KINDS)
    words = np.zeros((PLACES, size), np.float32)
    words[word_runs("bonjour"), KINDS.index("greeting")] = 2.0
    saved = IntentModel(
        embedding="tiny",
        weights=np.eye(6, size, dtype=np.float32),
        words=words,
        rarity=np.ones(PLACES, np.float32),
        bias=np.zeros(size, np.float32),
        thresholds=np.full(size, 0.5, np.float32),
        near=0.25,
        means={"fr": np.ones(6, np.float32), ANY_LANGUAGE: np.zeros(6, np.float32)},
    )
    saved.save(tmp_path / "model.npz")
    read = IntentModel.read(tmp_path / "model.npz")
    vectors = np.array([0.0, 5.0, 0.0, 1.0, 0.0, 0.0], np.float32)
    known = [saved.probabilities(vectors, text, "fr") for text in ("bonjour", "bonsoir")]
    assert known[0][KINDS.index("greeting")] > known[1][KINDS.index("greeting")]
    assert read.intent(read.probabilities(vectors, "bonjour", "fr")) == saved.intent(known[0])
    assert (read.embedding, read.near) == ("tiny", 0.25)


def test_message_is_sure_of_its_kind_only_from_the_kinds_threshold_on() -> None:
    size = len(KINDS)
    thresholds = np.full(size, 0.9, np.float32)
    nothing = np.zeros((PLACES, size), np.float32)
    model = IntentModel("tiny", np.zeros((2, size), np.float32), nothing, nothing[:, 0],
                        nothing[0], thresholds, 0.3, {})  # fmt: skip
    shares = np.zeros(size, np.float32)
    shares[KINDS.index("question")] = 0.4
    shares[KINDS.index("distress")] = 0.35
    shares[KINDS.index("opinion")] = 0.25
    intent = model.intent(shares)
    assert (intent.kind, intent.is_sure, intent.danger) == ("distress", False, "distress")
    thresholds[KINDS.index("distress")] = 0.5
    assert model.intent(shares).is_sure
