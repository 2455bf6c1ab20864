"""Scores of a run: finding, citing, refusing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from evals.questions import SetQuestion
from evals.run import Given

Pair = tuple[SetQuestion, Given]


@dataclass(frozen=True, slots=True)
class Scores:
    """Shares between 0 and 1 over ``answerable`` and ``unanswerable`` questions.

    ``section`` is the share of answers from the right guide that cite an expected section.
    ``wrong`` is how many answers were wrong: shown though the guides do not answer, or quoted from
    another guide. ``refusal_precision`` is the share of refusals that were due,
    ``refusal_recall`` the share of due refusals made. None: nothing to measure it on.
    """

    answerable: int
    unanswerable: int
    recall_1: float | None
    recall_3: float | None
    recall_5: float | None
    mrr: float | None
    section: float | None
    answered_wrongly: int
    wrong_guide: int
    over_refused: float | None
    refusal_precision: float | None
    refusal_recall: float | None
    language_found: float | None


def score(pairs: Sequence[Pair]) -> Scores:
    """Return the scores of questions paired with what was given for them."""
    answerable = [pair for pair in pairs if pair[0].is_answerable]
    unanswerable = [pair for pair in pairs if not pair[0].is_answerable]
    ranks = [_rank(pair) for pair in answerable]
    right = [p for p in answerable if p[1].guide in p[0].guides and p[0].sections]
    refused = [pair for pair in pairs if pair[1].outcome != "answered"]
    due = [pair for pair in refused if not pair[0].is_answerable]
    return Scores(
        answerable=len(answerable),
        unanswerable=len(unanswerable),
        recall_1=_share(rank <= 1 for rank in ranks),
        recall_3=_share(rank <= 3 for rank in ranks),
        recall_5=_share(rank <= 5 for rank in ranks),
        mrr=sum(1 / rank for rank in ranks) / len(ranks) if ranks else None,
        section=_share(_cites_section(pair) for pair in right),
        answered_wrongly=sum(given.outcome == "answered" for _, given in unanswerable),
        wrong_guide=sum(
            given.guide is not None and given.guide not in asked.guides
            for asked, given in answerable
        ),
        over_refused=_share(given.outcome != "answered" for _, given in answerable),
        refusal_precision=len(due) / len(refused) if refused else None,
        refusal_recall=len(due) / len(unanswerable) if unanswerable else None,
        language_found=_share(a.language == g.language for a, g in pairs if a.kind != "gibberish"),
    )


def _rank(pair: Pair) -> float:
    """Return the position of the first right guide, from 1, or infinity."""
    asked, given = pair
    return next((n for n, g in enumerate(given.ranked, 1) if g in asked.guides), float("inf"))


def _cites_section(pair: Pair) -> bool:
    asked, given = pair
    return any(
        wanted.casefold() in cited.casefold() for wanted in asked.sections for cited in given.cited
    )


def _share(facts: Iterable[bool]) -> float | None:
    values = list(facts)
    return sum(values) / len(values) if values else None
