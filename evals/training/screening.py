"""Trains the intent model: which messages are no questions to look up, and what they are.

    python -m evals.training.screening [--by-language] [--check]

Multinomial logistic regression (scikit-learn's) over the message's two vectors less its language's
means, in the light mode, beside the runs of words that it holds, the rare ones weighing more. It
learns from ``screening.jsonl`` and, as questions, from ``questions.jsonl``; not from the tuning
questions, on which the gate learns what a doubt is worth. Every figure is held out: three folds in
which neither a family of messages, whatever the language, nor a guide's questions stand on both
sides; with ``--by-language`` also eleven languages to learn from and the twelfth to judge. The
thresholds are read off the same folds: each kind may take its share of the ordinary questions and
no more. ``--check`` says how often the full mode's vectors decide alike.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table
from scipy.sparse import csr_matrix, hstack
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold, cross_val_predict

from civic_assistant.centring import ANY_LANGUAGE
from civic_assistant.embedding import Embedding, open_embedding
from civic_assistant.intents import (
    DANGERS,
    KINDS,
    IntentModel,
    Kind,
    centred_vectors,
    message_vectors,
    word_weights,
)
from civic_assistant.languages import detect_language
from civic_assistant.messages import PAGE_LANGUAGES
from civic_assistant.model_folder import ensure_models
from civic_assistant.screening import OUTCOMES, screen
from civic_assistant.settings import EmbeddingMode, load_settings
from civic_assistant.word_runs import PLACES, word_runs
from evals.training.asked import load_asked
from evals.training.messages import load_messages

MODEL = Path(__file__).parents[2] / "src" / "civic_assistant" / "data" / "screening.npz"
FOLDS = 3
STRENGTH = 10.0
"""Inverse strength of the regularisation: of 1, 10 and 100 the best held out."""
SHARES: dict[Kind, float] = dict.fromkeys(KINDS, 0.0003) | {
    "emergency": 0.001, "distress": 0.001, "personal_file": 0.0025, "injection": 0.001,
    "abuse": 0.0005, "gibberish": 0.0005, "complaint": 0.0005, "advice": 0.0005,
}  # fmt: skip
"""Of the ordinary questions, the share that each kind may take; together 1 %. The kinds of which an
ordinary answer does most harm may take more."""
TOWN_FAMILY = "town_"
"""Begins the families of questions about a town's own services, of which `TOWN_FACTOR` times the
share may be taken: they were written to be taken for something else."""
TOWN_FACTOR = 5
NEAR_SHARE = 0.005
"""Of the ordinary questions, the share that may be told whom to call above their answer."""
LEAST_TEXTS = 2
"""Texts that must hold a run of words for it to count."""
LEAST_DOUBT = 0.3
"""No threshold is lower: what is likelier a question is looked up."""

Floats = NDArray[np.float32]
_QUESTIONS = {
    "question": "question, ordinary",
    "town": "question, ordinary, to the town",
    "near": "question near a message",
}
Origin = Literal["message", "near", "town", "question"]


@dataclass(frozen=True, slots=True)
class Lesson:
    """A text with its kind; ``matter`` is never divided, ``origin`` says which questions it is of.

    ``language`` is the language it is written in, ``detected`` the one the product takes it for.
    """

    text: str
    language: str
    detected: str
    kind: Kind
    matter: str
    origin: Origin


def main() -> None:
    """Train on the shipped texts, print the held-out figures and write the model."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--by-language", action="store_true")
    parser.add_argument("--check", action="store_true")
    arguments = parser.parse_args()
    console = Console(width=120)
    lessons = list(read_lessons())
    embedding = _opened("light")
    raw = message_vectors(embedding, [lesson.text for lesson in lessons])
    spoken = np.array([lesson.detected for lesson in lessons])
    means = {name: raw[spoken == name].mean(axis=0) for name in PAGE_LANGUAGES}
    means[ANY_LANGUAGE] = raw.mean(axis=0)
    vectors = _centred(raw, means, lessons)
    rarity, words = _word_features([lesson.text for lesson in lessons])
    features = hstack([csr_matrix(vectors), words]).tocsr()
    kinds = np.array([KINDS.index(lesson.kind) for lesson in lessons])
    matters = np.array([lesson.matter for lesson in lessons])
    folds = GroupKFold(FOLDS, shuffle=True, random_state=0)
    held_out = _held_out(features, kinds, folds, matters)
    fitted = _regression().fit(features, kinds)
    weights = fitted.coef_.T.astype(np.float32)
    model = IntentModel(
        embedding=embedding.model_name,
        weights=weights[: vectors.shape[1]],
        words=weights[vectors.shape[1] :],
        rarity=rarity,
        bias=fitted.intercept_.astype(np.float32),
        thresholds=_thresholds(held_out, lessons),
        near=_near(held_out, lessons),
        means=means,
    )
    model.save(MODEL)
    _print_report("families held out", held_out, lessons, model, console)
    if arguments.by_language:
        languages = np.array([lesson.language for lesson in lessons])
        by_language = _held_out(features, kinds, GroupKFold(len(PAGE_LANGUAGES)), languages)
        _print_report("languages held out", by_language, lessons, model, console)
    if arguments.check:
        other = message_vectors(_opened("full"), [lesson.text for lesson in lessons])
        alike = [
            _is_sure(model, one, lesson) == _is_sure(model, two, lesson)
            for one, two, lesson in zip(raw, other, lessons, strict=True)
        ]
        console.print(f"the full mode decides {100 * np.mean(alike):.2f} % alike")


def read_lessons() -> Iterator[Lesson]:
    """Yield the shipped texts: messages, questions near them, and ordinary questions."""
    for message in load_messages():
        origin: Origin = "message"
        if message.kind == "question":
            origin = "town" if message.family.startswith(TOWN_FAMILY) else "near"
        yield _lesson(message.text, message.language, message.kind, message.matter, origin)
    for asked in load_asked():
        yield _lesson(asked.question, asked.language, "question", asked.guide, "question")


def _lesson(text: str, language: str, kind: Kind, matter: str, origin: Origin) -> Lesson:
    return Lesson(
        text, language, detect_language(text, page=language).language, kind, matter, origin
    )


def _opened(mode: EmbeddingMode) -> Embedding:
    settings = load_settings(embedding=mode)
    ensure_models(settings)
    return open_embedding(settings)


def _centred(raw: Floats, means: Mapping[str, Floats], lessons: Sequence[Lesson]) -> Floats:
    own = np.array([means.get(lesson.detected, means[ANY_LANGUAGE]) for lesson in lessons])
    return centred_vectors(raw, own)


def _regression() -> LogisticRegression:
    return LogisticRegression(C=STRENGTH, max_iter=200, tol=1e-3)


def _word_features(texts: Sequence[str]) -> tuple[Floats, csr_matrix]:
    """Return how rare each run of words is, 0 where one text alone has it, and each text's runs."""
    runs = [word_runs(text) for text in texts]
    held_by = np.bincount(np.concatenate(runs).astype(np.int64), minlength=PLACES)
    rarity = (np.log((1 + len(texts)) / (1 + held_by)) + 1).astype(np.float32)
    rarity[held_by < LEAST_TEXTS] = 0
    values = np.concatenate([word_weights(rarity[places]) for places in runs])
    ends = np.cumsum([0, *map(len, runs)])
    return rarity, csr_matrix((values, np.concatenate(runs), ends), (len(texts), PLACES))


def _is_sure(model: IntentModel, vectors: Floats, lesson: Lesson) -> bool:
    return model.intent(model.probabilities(vectors, lesson.text, lesson.detected)).is_sure


def _held_out(
    features: csr_matrix, kinds: NDArray[np.int64], folds: GroupKFold, groups: NDArray[np.str_]
) -> Floats:
    """Return the probabilities of each kind, each text judged by what was learnt without it."""
    shares: Floats = cross_val_predict(
        _regression(), features, kinds, groups=groups, cv=folds, method="predict_proba"
    )
    return shares.astype(np.float32)


def _thresholds(shares: Floats, lessons: Sequence[Lesson]) -> Floats:
    """Return for each kind the least doubt at which it takes no more questions than its share."""
    thresholds = np.full(len(KINDS), LEAST_DOUBT, np.float32)
    for origin, factor in (("question", 1), ("town", TOWN_FACTOR)):
        ordinary = shares[[lesson.origin == origin for lesson in lessons]]
        likeliest = 1 + ordinary[:, 1:].argmax(axis=1)
        for number, kind in enumerate(KINDS):
            allowed = int(factor * SHARES[kind] * len(ordinary))
            doubts = np.sort(1 - ordinary[likeliest == number, 0])[::-1]
            if len(doubts) > allowed:
                least = np.nextafter(np.float32(doubts[allowed]), np.float32(1))
                thresholds[number] = max(thresholds[number], least)
    return thresholds


def _near(shares: Floats, lessons: Sequence[Lesson]) -> float:
    """Return the probability of a danger that its share of the ordinary questions reaches."""
    dangers = shares[:, [KINDS.index(danger) for danger in DANGERS]].max(axis=1)
    ordinary = dangers[[lesson.origin == "question" for lesson in lessons]]
    return float(np.quantile(ordinary, 1 - NEAR_SHARE))


def _print_report(
    title: str, shares: Floats, lessons: Sequence[Lesson], model: IntentModel, console: Console
) -> None:
    """Print what patterns, the model and both together keep from being looked up, in percent."""
    intents = [model.intent(row) for row in shares]
    patterns = [screen(lesson.text, lesson.detected) for lesson in lessons]
    outcomes = [
        pattern or (OUTCOMES[intent.kind] if intent.is_sure else None)
        for pattern, intent in zip(patterns, intents, strict=True)
    ]
    table = Table(
        "kind", "texts", "patterns", "model", "both", "right outcome", "near", title=title
    )
    columns = np.array(
        [
            (
                pattern is not None,
                intent.is_sure,
                outcome is not None,
                outcome is not None and outcome == OUTCOMES.get(lesson.kind),
                intent.danger is not None,
            )
            for lesson, pattern, intent, outcome in zip(
                lessons, patterns, intents, outcomes, strict=True
            )
        ]
    )
    names = np.array([_row(lesson) for lesson in lessons])
    languages = np.array([lesson.language for lesson in lessons])
    for name in dict.fromkeys(names):
        _add_row(table, name, columns[names == name])
    table.add_section()
    for language in PAGE_LANGUAGES:
        for is_question in (False, True):
            chosen = (languages == language) & (
                np.char.startswith(names, "question") == is_question
            )
            what = "questions" if is_question else "messages"
            _add_row(table, f"{language} {what}", columns[chosen])
    console.print(table)


def _row(lesson: Lesson) -> str:
    if lesson.kind != "question":
        return lesson.kind
    return _QUESTIONS[lesson.origin]


def _add_row(table: Table, name: str, columns: NDArray[np.bool_]) -> None:
    table.add_row(
        name, str(len(columns)), *(f"{100 * share:.1f}" for share in columns.mean(axis=0))
    )


if __name__ == "__main__":
    main()
