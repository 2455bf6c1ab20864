"""How sure the intent model must be, and how often it then is right: read off held-out texts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table

from civic_assistant.intents import DANGERS, KINDS, IntentModel, Kind
from civic_assistant.messages import PAGE_LANGUAGES
from civic_assistant.screening import OUTCOMES, screen
from evals.training.message_lessons import Lesson, Origin

SHARES: dict[Kind, float] = dict.fromkeys(KINDS, 0.0003) | {
    "emergency": 0.001, "distress": 0.001, "personal_file": 0.0025, "injection": 0.001,
    "abuse": 0.0005, "gibberish": 0.0005, "complaint": 0.0005, "advice": 0.0005,
}  # fmt: skip
"""Of the ordinary questions, the share that each kind may take; together 1 %. The kinds of which an
ordinary answer does most harm may take more."""
FACTORS: dict[Origin, int] = {"question": 1, "read": 2, "town": 5}
"""Times its share that a kind may take, and one question in any case: those that a town's passage
settles are put in the hundred ways of daily life; those to the town were written to be taken for
something else."""
NEAR_SHARE = 0.005
"""Of the ordinary questions, the share that may be told whom to call above their answer."""
ORDINARY: tuple[Origin, ...] = ("question", "read")
"""The questions that were not written to look like something else."""
LEAST_DOUBT = 0.7
"""No threshold is lower: what is likelier a question is looked up."""

Floats = NDArray[np.float32]
_QUESTIONS = {
    "question": "question, ordinary",
    "read": "question, settled by a town's passage",
    "town": "question, ordinary, to the town",
    "near": "question near a message",
}


def thresholds_of(shares: Floats, lessons: Sequence[Lesson]) -> Mapping[Kind, float]:
    """Return for each kind the least doubt at which it takes no more questions than its share.

    ``shares`` (lessons, kinds) are the kinds' probabilities of texts that nothing was learnt from.
    """
    thresholds = dict.fromkeys(KINDS[1:], LEAST_DOUBT)
    for origin, factor in FACTORS.items():
        ordinary = shares[[lesson.origin == origin for lesson in lessons]]
        likeliest = 1 + ordinary[:, 1:].argmax(axis=1)
        for number, kind in enumerate(KINDS[1:], 1):
            allowed = max(1, int(factor * SHARES[kind] * len(ordinary)))
            doubts = np.sort(1 - ordinary[likeliest == number, 0])[::-1]
            if len(doubts) > allowed:
                thresholds[kind] = max(thresholds[kind], _above(float(doubts[allowed])))
    return thresholds


def near_of(shares: Floats, lessons: Sequence[Lesson]) -> float:
    """Return the probability of a danger that `NEAR_SHARE` of ordinary questions reach, no more."""
    dangers = shares[:, [KINDS.index(danger) for danger in DANGERS]].max(axis=1)
    by_origin = (dangers[[lesson.origin == name for lesson in lessons]] for name in ORDINARY)
    return max(float(np.quantile(ordinary, 1 - NEAR_SHARE)) for ordinary in by_origin)


def _above(doubt: float) -> float:
    """Return the next doubt of four digits."""
    return float(np.floor(doubt * 10_000 + 1) / 10_000)


def print_report(
    shares: Floats, lessons: Sequence[Lesson], model: IntentModel, console: Console
) -> None:
    """Print what patterns, the model and both together keep from being looked up, in percent."""
    intents = [model.intent(row) for row in shares]
    patterns = [screen(lesson.text, lesson.detected) for lesson in lessons]
    outcomes = [
        pattern or (OUTCOMES[intent.kind] if intent.is_sure else None)
        for pattern, intent in zip(patterns, intents, strict=True)
    ]
    table = Table("kind", "texts", "patterns", "model", "both", "right outcome", "near")
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
