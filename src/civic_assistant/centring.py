"""Take out of a vector what its language and its role put in: e5's vectors all lean one way."""

from __future__ import annotations

import base64
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from civic_assistant.embedding import Embedding, Role

Vector = NDArray[np.float32]
Vectors = NDArray[np.float32]
PRIOR_PASSAGES = 50
"""Passages of its own that weigh as much as the guess from the main language."""
ANY_LANGUAGE = ""
"""The key of the mean for languages without their own."""


@dataclass(frozen=True, slots=True)
class Centring:
    """The means to subtract, by language; ``""`` is the mean for languages without their own.

    All are (dimensions,), means of unit vectors.
    """

    question_means: Mapping[str, Vector] = field(repr=False)
    passage_means: Mapping[str, Vector] = field(repr=False)

    def centred(self, vectors: Vectors, role: Role, language: str) -> Vectors:
        """Return ``vectors`` less their language's mean, unit length again; same shape."""
        means = self.question_means if role == "question" else self.passage_means
        return _unit(vectors - means.get(language, means[ANY_LANGUAGE]))

    def to_json(self) -> dict[str, dict[str, str]]:
        """Return the means as base64 of little-endian float32, by role and language."""
        return {
            "question": {language: _packed(mean) for language, mean in self.question_means.items()},
            "passage": {language: _packed(mean) for language, mean in self.passage_means.items()},
        }

    @classmethod
    def from_json(cls, content: Mapping[str, Mapping[str, str]]) -> Centring:
        """Return what `to_json` wrote, bit for bit."""
        return cls(
            {language: _unpacked(text) for language, text in content["question"].items()},
            {language: _unpacked(text) for language, text in content["passage"].items()},
        )


def learn_centring(embedding: Embedding, passages: Mapping[str, Vectors]) -> Centring:
    """Learn the means from a corpus: ``passages`` is language → (passages, dimensions).

    A language's question mean is the mean of its generic questions. Its passage mean is that of
    its passages, shrunk towards the most frequent language's mean moved by the difference that
    the two languages' generic questions show as passages: five passages of one topic are no mean.
    With no passages at all, the generic questions stand for them. A model that was adapted on
    questions brings their means along.
    """
    bank = generic_questions()
    question_means = embedding.question_means or _bank_means(embedding, bank, "question")
    offsets = _bank_means(embedding, bank, "passage")
    counts = {language: len(vectors) for language, vectors in passages.items() if len(vectors)}
    if not counts:
        return Centring(question_means, offsets)
    main = max(counts, key=lambda language: counts[language])
    main_mean = passages[main].mean(axis=0)
    main_offset = offsets.get(main, offsets[ANY_LANGUAGE])
    passage_means: dict[str, Vector] = {}
    for language in {*offsets, *counts} - {ANY_LANGUAGE}:
        guess = main_mean + offsets.get(language, offsets[ANY_LANGUAGE]) - main_offset
        own = counts.get(language, 0)
        total = passages[language].sum(axis=0) if own else np.zeros_like(guess)
        if language == main:
            passage_means[language] = main_mean
        else:
            passage_means[language] = (total + PRIOR_PASSAGES * guess) / (own + PRIOR_PASSAGES)
    every = np.concatenate([vectors for vectors in passages.values() if len(vectors)])
    passage_means[ANY_LANGUAGE] = every.mean(axis=0)
    return Centring(question_means, passage_means)


def generic_questions() -> dict[str, list[str]]:
    """Return the bank: by language, the same everyday questions in the same order."""
    text = files("civic_assistant").joinpath("data", "generic_questions.toml").read_text("utf-8")
    bank: dict[str, list[str]] = tomllib.loads(text)
    return bank


def _bank_means(
    embedding: Embedding, bank: Mapping[str, Sequence[str]], role: Role
) -> dict[str, Vector]:
    means = {
        language: embedding.embed_texts(questions, role).mean(axis=0)
        for language, questions in bank.items()
    }
    means[ANY_LANGUAGE] = np.mean(list(means.values()), axis=0)
    return means


def _unit(vectors: Vectors) -> Vectors:
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    units: Vectors = (vectors / np.maximum(lengths, 1e-12)).astype(np.float32)
    return units


def _packed(mean: Vector) -> str:
    return base64.b64encode(mean.astype("<f4").tobytes()).decode("ascii")


def _unpacked(text: str) -> Vector:
    return np.frombuffer(base64.b64decode(text), "<f4").astype(np.float32)
