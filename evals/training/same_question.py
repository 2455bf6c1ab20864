"""Measures how often a question is rightly taken for one that a verified answer was given to.

    python -m evals.training.same_question [--light]

``same_question.jsonl`` holds wordings with a paraphrase and with a question that is nearly the same
and is not: another document, day, age, or a contrary. The threshold and the words of
``verified/asked.toml`` were chosen on the first 120; the 48 that are held out were written
afterwards, and changed neither. Besides, the tuning and calibration questions are compared with
one another, each pair of a language without a right guide, or without a right section, in common.
"""

from __future__ import annotations

import argparse
import itertools
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict
from rich.console import Console
from rich.table import Table

from civic_assistant.centring import learn_centring
from civic_assistant.embedding import Embedding, open_embedding
from civic_assistant.glossary import load_glossary
from civic_assistant.model_folder import ensure_models
from civic_assistant.settings import load_settings
from civic_assistant.situations import load_situations
from civic_assistant.verified.matching import NEARNESS
from civic_assistant.verified.meant import Meant, difference, meant_by
from evals.questions import SETS, SetQuestion

PAIRS = Path(__file__).with_name("same_question.jsonl")
THRESHOLDS = (0.0, 0.6, 0.65, 0.7, NEARNESS, 0.8)


class Triplet(BaseModel):
    """A wording, the same question in other words, and another question in nearly the same."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    language: str
    wording: str
    same: str
    other: str
    is_held_out: bool = False


@dataclass(frozen=True, slots=True)
class Pair:
    """Two questions of a language, and whether they are the same."""

    kind: str
    language: str
    one: str
    other: str
    is_same: bool


def triplets(path: Path = PAIRS) -> list[Triplet]:
    """Return the wordings of the file."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return [Triplet.model_validate_json(line) for line in lines]


def written_pairs(listed: Iterable[Triplet]) -> Iterator[Pair]:
    """Yield each wording with its paraphrase and with the other question."""
    for one in listed:
        kind = "held out" if one.is_held_out else "chosen on"
        yield Pair(kind, one.language, one.wording, one.same, True)
        yield Pair(kind, one.language, one.wording, one.other, False)


def different_pairs() -> Iterator[Pair]:
    """Yield pairs of the sets' questions that are about different guides or sections."""
    asked = [
        SetQuestion.model_validate(json.loads(line))
        for name in ("tuning", "calibration")
        for line in (SETS / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    ]
    alone = [question for question in asked if not question.history]
    for one, other in itertools.combinations(alone, 2):
        if one.language != other.language:
            continue
        if not set(one.guides) & set(other.guides):
            yield Pair("other guides", one.language, one.question, other.question, False)
        elif one.sections and other.sections and not set(one.sections) & set(other.sections):
            yield Pair("other sections", one.language, one.question, other.question, False)


def nearness_of(pairs: Sequence[Pair], embedding: Embedding) -> NDArray[np.float32]:
    """Return the cosine of each pair's questions, less their language's mean."""
    centring = learn_centring(embedding, {})
    vectors: dict[tuple[str, str], NDArray[np.float32]] = {}
    for language in sorted({pair.language for pair in pairs}):
        own = (pair for pair in pairs if pair.language == language)
        texts = list(dict.fromkeys(text for pair in own for text in (pair.one, pair.other)))
        raw = embedding.embed_texts(texts, "question")
        centred = centring.centred(raw, "question", language)
        vectors |= {(language, text): vector for text, vector in zip(texts, centred, strict=True)}
    return np.array(
        [vectors[p.language, p.one] @ vectors[p.language, p.other] for p in pairs], np.float32
    )


def agreements(pairs: Sequence[Pair], least: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return whether each pair's questions agree in what they name, where ``least`` asks for it."""
    glossary, situations = load_glossary(), load_situations()
    read: dict[tuple[str, str], Meant] = {}

    def meant(text: str, language: str) -> Meant:
        key = (language, text)
        if key not in read:
            read[key] = meant_by(text, language, glossary, situations)
        return read[key]

    return np.array(
        [
            bool(asked) and difference(meant(p.one, p.language), meant(p.other, p.language)) is None
            for p, asked in zip(pairs, least, strict=True)
        ]
    )


def main() -> None:
    """Print, by threshold, how many pairs of each kind are taken for the same question."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--light", action="store_true", help="measure the light embedding")
    light = parser.parse_args().light
    settings = load_settings(**({"embedding": "light"} if light else {}))
    ensure_models(settings)
    pairs = [*written_pairs(triplets()), *different_pairs()]
    nearness = nearness_of(pairs, open_embedding(settings))
    agree = agreements(pairs, nearness >= THRESHOLDS[1])
    kinds = list(dict.fromkeys((pair.kind, pair.is_same) for pair in pairs))
    table = Table("nearness", *(f"{kind}: {'same' if same else 'not'}" for kind, same in kinds))
    for least in THRESHOLDS:
        taken = (nearness >= least) & (agree if least else np.ones_like(agree))
        counts = []
        for kind in kinds:
            own = np.array([(p.kind, p.is_same) == kind for p in pairs])
            counts.append(f"{int((taken & own).sum())} of {int(own.sum())}")
        table.add_row(f"{least:.2f}" if least else "all", *counts)
    Console(width=140).print(table)


if __name__ == "__main__":
    main()
