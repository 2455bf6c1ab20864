"""Centring: what a language puts into a vector comes out, and the means survive being kept."""

from __future__ import annotations

import json

import numpy as np

from civic_assistant.centring import Centring, generic_questions, learn_centring
from civic_assistant.embedding import Embedding


def test_every_language_asks_the_same_questions() -> None:
    bank = generic_questions()
    assert set(bank) == {"ar", "de", "en", "es", "fr", "it", "pl", "pt", "ro", "tr", "uk", "zh"}
    assert {len(questions) for questions in bank.values()} == {16}
    assert all(len(set(questions)) == 16 for questions in bank.values())


def test_means_are_kept_bit_for_bit() -> None:
    mean = np.array([0.1, -2.5, 3.25], np.float32)
    centring = Centring({"": mean, "fr": mean * 2}, {"": mean * 3})
    kept = Centring.from_json(json.loads(json.dumps(centring.to_json())))
    assert np.array_equal(kept.question_means["fr"], mean * 2)
    assert np.array_equal(kept.passage_means[""], mean * 3)


def test_a_language_without_its_own_mean_takes_the_general_one() -> None:
    centring = Centring({"": np.array([1, 0], np.float32)}, {"": np.array([0, 1], np.float32)})
    vectors = np.array([[1, 3]], np.float32)
    assert centring.centred(vectors, "question", "cy").tolist() == [[0, 1]]
    assert np.allclose(centring.centred(vectors, "passage", "cy"), [[0.4472, 0.8944]], atol=1e-4)


def test_a_vector_equal_to_its_mean_stays_finite() -> None:
    centring = Centring({"": np.ones(3, np.float32)}, {})
    assert np.isfinite(centring.centred(np.ones((1, 3), np.float32), "question", "fr")).all()


def test_centred_questions_meet_their_translation_more_than_their_own_language(
    embedder: Embedding,
) -> None:
    bank = generic_questions()
    passages = {
        language: embedder.embed_texts(bank[language], "passage") for language in ("fr", "tr")
    }
    centring = learn_centring(embedder, passages)
    pool = np.concatenate([centring.centred(passages[name], "passage", name) for name in passages])
    raw = np.concatenate(list(passages.values()))
    questions = embedder.embed_texts(bank["ar"], "question")

    def translations_in_front(found: np.ndarray, of: np.ndarray) -> int:
        best = np.argsort(-(of @ found.T), axis=1)[:, :2] % 16
        return int((best == np.arange(16)[:, None]).sum())

    centred = centring.centred(questions, "question", "ar")
    assert translations_in_front(pool, centred) >= translations_in_front(raw, questions)
    assert translations_in_front(pool, centred) >= 28


def test_few_passages_hardly_move_a_language_from_its_guess(embedder: Embedding) -> None:
    bank = generic_questions()
    french = embedder.embed_texts(bank["fr"] * 10, "passage")
    turkish = embedder.embed_texts(bank["tr"][:1], "passage")
    without = learn_centring(embedder, {"fr": french}).passage_means["tr"]
    one = learn_centring(embedder, {"fr": french, "tr": turkish}).passage_means["tr"]
    assert np.linalg.norm(one - without) < 0.05 * np.linalg.norm(turkish[0] - without) + 1e-6


def test_an_empty_corpus_still_centres_questions(embedder: Embedding) -> None:
    centring = learn_centring(embedder, {})
    assert set(centring.passage_means) == set(centring.question_means)
