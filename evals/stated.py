"""Stated risks against what a run observed: is a promise of the gate kept?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from civic_assistant.gate import TOWN, Gate
from evals.bootstrap import SAMPLES, Interval, interval, resampled_rows
from evals.measures import Columns, Floats
from evals.questions import SetQuestion
from evals.run import Given, Run

UNANSWERABLE_SHARE = 26 / 80
"""Of the questions that thresholds are certified on: a risk is stated for such a mixture."""
FEWEST_SHOWN = 20
"""Answers shown from which a language's risk is compared with the stated one."""


@dataclass(frozen=True, slots=True)
class Stated:
    """What a stated risk came to on a run.

    ``observed`` is the share of the ``shown`` answers that were wrong, ``answered`` the share of
    the answerable questions that were shown one; ``language`` is empty for all together.
    """

    risk: float
    language: str
    observed: Interval
    shown: int
    answered: float

    @property
    def is_kept(self) -> bool:
        """Whether the observed risk does not lie beyond the stated one for certain."""
        return self.observed.low <= self.risk


def stated_risks(runs: Sequence[Run], gate: Gate, samples: int = SAMPLES) -> Iterator[Stated]:
    """Yield each certified risk, for all questions and for each language with answers enough.

    Where a set holds more questions that must not be answered than the certifying ones did, they
    count for less, so that both mixtures are the same.
    """
    pairs = [pair for run in runs for pair in _pairs(run)]
    if not pairs:
        return
    answers = [answer for _, answer in pairs]
    answerable = np.array([question.is_answerable for question, _ in pairs])
    languages = np.array([question.language for question, _ in pairs])
    wrong = np.array([float(not set(a.ranked[:1]) & set(q.guides)) for q, a in pairs])
    weight = _weights(answerable)
    for risk in sorted({risk for scale in gate.scales.values() for risk in scale.thresholds}):
        shown = np.array([float(_is_shown(answer, gate, risk)) for answer in answers])
        columns = {"shown": shown * weight, "wrong": shown * weight * wrong}
        for language in ("", *sorted(set(languages.tolist()))):
            chosen = (languages == language) if language else np.full(len(languages), True)
            if shown[chosen].sum() < FEWEST_SHOWN:
                continue
            part = {name: column[chosen] for name, column in columns.items()}
            rows = resampled_rows(answerable[chosen].astype(str), samples)
            yield Stated(
                risk,
                language,
                interval(_share_wrong, part, rows),
                int(shown[chosen].sum()),
                float(shown[chosen & answerable].mean()) if (chosen & answerable).any() else 0.0,
            )


def _pairs(run: Run) -> Iterator[tuple[SetQuestion, Given]]:
    by_id = {question.id: question for question in run.questions}
    yield from ((by_id[answer.id], answer) for answer in run.answers if answer.id in by_id)


def _is_shown(answer: Given, gate: Gate, risk: float) -> bool:
    scale = gate.scales.get(answer.source, gate.scales[TOWN])
    return answer.is_gated and answer.confidence >= scale.threshold(risk, answer.language)


def _weights(answerable: NDArray[np.bool_]) -> Floats:
    ours, others = float(answerable.sum()), float((~answerable).sum())
    wanted = ours * UNANSWERABLE_SHARE / (1 - UNANSWERABLE_SHARE)
    return np.where(answerable, 1.0, min(1.0, wanted / others) if others else 1.0)


def _share_wrong(columns: Columns) -> Floats:
    shown = columns["shown"].sum(axis=-1)
    wrong = columns["wrong"].sum(axis=-1)
    share: Floats = np.divide(wrong, shown, out=np.full_like(shown, np.nan), where=shown != 0)
    return share
