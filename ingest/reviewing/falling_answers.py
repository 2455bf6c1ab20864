"""Verified answers that a publish would suspend, because what they rest on changes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from civic_assistant.verified.answers import Reason
from civic_assistant.verified.standing import fall_of
from civic_assistant.verified.store import VerifiedAnswers

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from civic_assistant.corrections.showing import RunningCorrections
    from civic_assistant.index import LiveEdition


@dataclass(frozen=True, slots=True)
class FallingAnswer:
    """A verified answer that stands on the live edition and not on the next.

    ``wording`` is its first question, ``guide_id`` and ``heading`` the first passage to blame.
    """

    answer_id: str
    wording: str
    language: str
    reason: Reason
    guide_id: str
    heading: str


def falling_answers(
    records: Engine,
    corrections: RunningCorrections,
    before: LiveEdition,
    after: LiveEdition,
    now: datetime,
) -> tuple[FallingAnswer, ...]:
    """Return the live verified answers that would fall with ``after``; raises `RecordsUnusable`."""
    kept = VerifiedAnswers(records)
    answers = kept.read(list(kept.live_versions()))
    if not answers:
        return ()
    today, corrected = now.date(), corrections.said_since(now)
    falling = []
    for answer in answers:
        fall = fall_of(answer, after, today, corrected)
        if fall is None or fall_of(answer, before, today, corrected) is not None:
            continue
        support = next(s for s in answer.supports if s.passage_id == fall.passage_id)
        falling.append(
            FallingAnswer(
                answer_id=answer.id,
                wording=answer.wordings[0].text if answer.wordings else "",
                language=answer.language,
                reason=fall.reason,
                guide_id=support.guide_id,
                heading=support.heading,
            )
        )
    return tuple(falling)
