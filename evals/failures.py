"""What went wrong, question by question, worst first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from evals.questions import SetQuestion
from evals.run import LEADS_ON, Given, Run
from evals.score import sentence_measures

WORST_FIRST = (
    "answered though it must not be",
    "answered from another guide",
    "answered without any expected line",
    "refused, the right guide was first",
    "refused, another guide was first",
)


@dataclass(frozen=True, slots=True)
class Failure:
    """One question that went wrong, and how."""

    asked: SetQuestion
    given: Given
    what: str


def failures(runs: Sequence[Run]) -> list[Failure]:
    """Return the failures of sets whose texts may be shown, worst kind and surest first."""
    found = [f for run in runs if not run.manifest.is_kept_aside for f in _of_run(run)]
    return sorted(found, key=lambda f: (WORST_FIRST.index(f.what), -f.given.confidence))


def failure_counts(runs: Sequence[Run]) -> Counter[tuple[str, str]]:
    """Return how often each kind of failure met each language, in every set."""
    return Counter((f.what, f.asked.language) for run in runs for f in _of_run(run))


def _of_run(run: Run) -> Iterator[Failure]:
    given = {answer.id: answer for answer in run.answers}
    for asked in run.questions:
        if asked.id in given and (what := _failing(asked, given[asked.id])):
            yield Failure(asked, given[asked.id], what)


def _failing(asked: SetQuestion, given: Given) -> str | None:
    if given.outcome not in LEADS_ON:
        if not asked.is_answerable:
            return None
        is_first = bool(given.ranked) and given.ranked[0] in asked.guides
        return WORST_FIRST[3] if is_first else WORST_FIRST[4]
    if given.outcome != "answered":
        return None
    if not asked.is_answerable:
        return WORST_FIRST[0]
    if given.guide not in asked.guides:
        return WORST_FIRST[1]
    return WORST_FIRST[2] if sentence_measures(asked, given)[1] == 0.0 else None
