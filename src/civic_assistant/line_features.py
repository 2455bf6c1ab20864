"""What is known of each line of a guide in the light of a question, before anything is learnt."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from civic_assistant.keywords import content_words, stems

Vectors = NDArray[np.float32]
_DIGIT = re.compile(r"\d")
_MONEY = re.compile(r"€|\$|£|\beur", re.IGNORECASE)
_TIME = re.compile(r"\d{1,2}\s?[h:]\s?\d{0,2}|\buhr\b", re.IGNORECASE)
_PHONE = re.compile(r"(\d[\s./-]?){8,}")
_ADDRESS = re.compile(r"@|www|http|\.(?:fr|de|com|org)\b")
_LEADS = (":", "\uff1a")
_ASKS = ("?", "\uff1f", "\u061f")
_STOPS = ".!?:;\u3002\u061f"
_HEADING_CHARACTERS = 50
FEATURES = 29
NO_TOKENS: Vectors = np.empty((0, 0), np.float32)


@dataclass(frozen=True, slots=True)
class AskedTokens:
    """A question by token: unit ``vectors`` (tokens, axes) and what each content word has of them.

    ``words`` is (words, tokens), each row a mean: equal shares of a word's own tokens, else zero.
    """

    vectors: Vectors = field(repr=False)
    words: Vectors = field(repr=False)
    stems: frozenset[str]
    language: str


@dataclass(frozen=True, slots=True)
class LineTokens:
    """A line by token: unit ``vectors`` (tokens, axes), its text, and where it stands.

    ``nearness`` is the (centred) cosine of the question with the passage the line lies in.
    """

    vectors: Vectors = field(repr=False)
    text: str
    language: str
    nearness: float
    begins_passage: bool


def asked_tokens(
    question: str, language: str, vectors: Vectors, spans: NDArray[np.int32]
) -> AskedTokens:
    """Return a question by token; ``spans`` (tokens, 2) are character offsets into it."""
    found = np.array(content_words(question, language), np.int32).reshape(-1, 2)
    own = (spans[:, 0] < found[:, 1:]) & (spans[:, 1] > found[:, :1])
    own = own[own.any(axis=1)]
    if not len(own):
        own = np.ones((1, len(vectors)), np.bool_)
    words = own.astype(np.float32) / np.maximum(own.sum(axis=1, keepdims=True), 1)
    return AskedTokens(vectors, words, frozenset(stems(question, language)), language)


def line_features(asked: AskedTokens, lines: Sequence[LineTokens]) -> Vectors:
    """Return (lines, `FEATURES`): nearness by token and word, exact words, form and place."""
    near = np.zeros((len(lines), 9), np.float32)
    words = np.zeros((len(lines), len(asked.words)), np.float32)
    for row, line in enumerate(lines):
        if len(line.vectors) and len(asked.vectors):
            words[row], near[row] = _nearness(asked, line)
    nearness = np.array([[line.nearness] for line in lines], np.float32)
    best_by_word = words.max(axis=0)
    whole = np.array(
        [best_by_word.mean(), np.sort(best_by_word)[:2].mean(), len(asked.words) / 8], np.float32
    )
    return np.concatenate(
        [
            near,
            nearness,
            nearness - nearness.max(),
            near[:, :2] - near[:, :2].max(axis=0),
            np.array([_form(asked, line) for line in lines], np.float32),
            _places(lines),
            np.tile(whole, (len(lines), 1)),
        ],
        axis=1,
    )


def _nearness(asked: AskedTokens, line: LineTokens) -> tuple[Vectors, Vectors]:
    """Return each word's nearest token's cosine, and their summaries both ways."""
    cosines = asked.vectors @ line.vectors.T
    nearest = cosines.max(axis=1)
    words = asked.words @ nearest
    back = np.sort(cosines[asked.words.any(axis=0)].max(axis=0))[::-1]
    summary = (
        words.mean(), nearest.mean(), words.min(), np.sort(words)[:2].mean(), words.max(),
        back.mean(), back[:3].mean(), back[:8].mean(), _cosine_of_means(asked, line),
    )  # fmt: skip
    return words, np.array(summary, np.float32)


def _cosine_of_means(asked: AskedTokens, line: LineTokens) -> float:
    one, other = asked.vectors.mean(axis=0), line.vectors.mean(axis=0)
    return float(one @ other / max(np.linalg.norm(one) * np.linalg.norm(other), 1e-9))


def _form(asked: AskedTokens, line: LineTokens) -> tuple[float, ...]:
    """Return the share of the question's stems and what the line looks like."""
    text = line.text.rstrip()
    is_same = line.language == asked.language
    shared = asked.stems & set(stems(text, line.language)) if is_same else ()
    return (
        len(shared) / max(1, len(asked.stems)),
        *map(float, (bool(p.search(text)) for p in (_DIGIT, _MONEY, _TIME, _PHONE, _ADDRESS))),
        float(text.endswith(_LEADS)),
        float(text.endswith(_ASKS)),
        float(np.log1p(len(text)) / 5),
        float(len(text) < _HEADING_CHARACTERS and text[-1:] not in _STOPS),
    )


def _places(lines: Sequence[LineTokens]) -> Vectors:
    """Return where each line stands, how many there are, and whether it begins a passage."""
    count = len(lines)
    return np.array(
        [
            (row / max(1, count - 1), np.log(count) / 4, float(line.begins_passage))
            for row, line in enumerate(lines)
        ],
        np.float32,
    )
