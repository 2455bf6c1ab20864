"""Answers that citizens were given, and that cite what a publish changes or withdraws."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Literal

from sqlalchemy import Engine, select
from sqlalchemy.engine import Row

from civic_assistant.records import TURNS, reading

if TYPE_CHECKING:
    from civic_assistant.index import LiveEdition

Fate = Literal["changed", "withdrawn"]
"""What becomes of the passage cited: its guide says it otherwise, or is not there any more."""

# Answers that are read, and those that are told, the last ones.
_MOST_READ = 20_000
SHOWN = 50


@dataclass(frozen=True, slots=True)
class GivenAnswer:
    """A recorded answer that cites what changes; ``question`` has no personal data.

    ``quote`` is the first quote concerned, ``fate`` what becomes of its passage.
    """

    turn_id: str
    at: datetime
    language: str
    question: str
    guide_id: str
    quote: str
    fate: Fate


@dataclass(frozen=True, slots=True)
class GivenAnswers:
    """How many answers are concerned, in all and by guide (the most first), and the last ones."""

    count: int
    by_guide: tuple[tuple[str, int], ...]
    last: tuple[GivenAnswer, ...]


def given_answers(
    records: Engine, before: LiveEdition, after: LiveEdition, now: datetime, days: int
) -> GivenAnswers:
    """Return the answers of the last ``days`` that cite passages of ``before`` not in ``after``.

    Raises `RecordsUnusable`.
    """
    columns = (
        *(TURNS.c[name] for name in ("id", "at", "language", "question")),
        TURNS.c.payload["outcome"].as_json().label("outcome"),
    )
    query = (
        select(*columns)
        .where(
            TURNS.c.at >= now - timedelta(days=days),
            TURNS.c.outcome.in_(("answered", "asked_detail")),
        )
        .order_by(TURNS.c.at.desc())
        .limit(_MOST_READ)
    )
    found: list[GivenAnswer] = []
    guides: Counter[str] = Counter()
    with reading(records) as connection:
        for row in connection.execute(query):
            given = _given(row, before, after)
            if given is not None:
                guides[given.guide_id] += 1
                if len(found) < SHOWN:
                    found.append(given)
    return GivenAnswers(guides.total(), tuple(guides.most_common()), tuple(found))


def _given(row: Row[Any], before: LiveEdition, after: LiveEdition) -> GivenAnswer | None:
    shown = row.outcome.get("common") or row.outcome
    for sentence in shown.get("sentences", ()):
        citation = sentence["citation"]
        passage_id = citation["passage_id"]
        if passage_id not in before.places or passage_id in after.places:
            continue
        is_there = citation["language"] in after.versions.get(citation["guide_id"], {})
        return GivenAnswer(
            turn_id=row.id,
            at=row.at,
            language=row.language,
            question=row.question,
            guide_id=citation["guide_id"],
            quote=citation["quote"],
            fate="changed" if is_there else "withdrawn",
        )
    return None
