"""The questions whose answers are compared before a publish: the town's, the staff's, citizens'.

What citizens asked is read from the journal, where personal data was taken out when it was kept.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import Engine, select

from civic_assistant.folding import folded
from civic_assistant.records import TURNS, reading
from civic_assistant.verified.store import VerifiedAnswers
from ingest.reviewing.town_questions import TownQuestion

Origin = Literal["test", "verified", "asked"]
ORIGINS: tuple[Origin, ...] = ("test", "verified", "asked")

_LOOKED_UP = ("answered", "asked_detail", "unsure", "not_covered")
# Turns that are read for one question that is compared, so that what is asked often is seen.
_TURNS_A_QUESTION = 20


@dataclass(frozen=True, slots=True)
class PastQuestion:
    """A question to ask again.

    ``expected`` is the town's own expectation, for a test question. ``count`` is how often it was
    asked, 0 where that does not matter; ``situations`` the cases known of who asked.
    """

    origin: Origin
    text: str
    language: str
    expected: TownQuestion | None = None
    count: int = 0
    situations: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PastQuestions:
    """The questions to ask again, and how many more there were than may be asked."""

    questions: tuple[PastQuestion, ...]
    left_out: int


def past_questions(
    tests: Sequence[TownQuestion], records: Engine, now: datetime, days: int, most: int
) -> PastQuestions:
    """Return at most ``most`` questions, each once.

    First come the test questions, then the wordings of verified answers, then what was asked in
    the last ``days``, the most asked first. Raises `RecordsUnusable`.
    """
    kept = VerifiedAnswers(records)
    wordings = [w for a in kept.read(list(kept.live_versions())) for w in a.wordings]
    found = [
        *(PastQuestion("test", test.question, test.language, test) for test in tests),
        *(PastQuestion("verified", wording.text, wording.language) for wording in wordings),
        *_asked(records, now - timedelta(days=days), most),
    ]
    distinct = _distinct(found)
    return PastQuestions(tuple(distinct[:most]), max(len(distinct) - most, 0))


def _distinct(questions: Iterable[PastQuestion]) -> list[PastQuestion]:
    first: dict[tuple[str, str, tuple[str, ...]], PastQuestion] = {}
    for question in questions:
        first.setdefault((question.language, _key(question.text), question.situations), question)
    return list(first.values())


def _asked(records: Engine, since: datetime, most: int) -> list[PastQuestion]:
    """Return what was asked since a moment and looked up, the most asked first, then the last."""
    payload = TURNS.c.payload
    query = (
        select(
            TURNS.c.language,
            payload["searched"].as_string().label("searched"),
            payload["situations"].as_json().label("situations"),
        )
        .where(TURNS.c.at >= since, TURNS.c.outcome.in_(_LOOKED_UP))
        .order_by(TURNS.c.at.desc())
        .limit(most * _TURNS_A_QUESTION)
    )
    asked: dict[tuple[str, str, tuple[str, ...]], PastQuestion] = {}
    with reading(records) as connection:
        for row in connection.execute(query):
            situations = tuple(row.situations or ())
            key = (row.language, _key(row.searched or ""), situations)
            if not key[1]:
                continue
            known = asked.get(key)
            asked[key] = PastQuestion(
                origin="asked",
                text=known.text if known else row.searched,
                language=row.language,
                count=known.count + 1 if known else 1,
                situations=situations,
            )
    return sorted(asked.values(), key=lambda question: -question.count)


def _key(text: str) -> str:
    return " ".join(folded(text).split()).strip(" ?.!")
