"""Whether a verified answer still stands: each of its passages, unchanged, in force today.

A correction of the guide that says something since the answer was checked suspends it, too: both
are the town hall's own words, and the page must not say two things at once. A person checks the
answer anew beside the correction, and it is given again, below it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from civic_assistant.index import LiveEdition
from civic_assistant.verified.answers import Reason, Support, VerifiedAnswer
from civic_assistant.verified.store import VerifiedAnswers


@dataclass(frozen=True, slots=True)
class Fall:
    """Why an answer no longer stands; ``passage_id`` is the first passage that is to blame."""

    reason: Reason
    passage_id: str | None = None


def fall_of(
    answer: VerifiedAnswer, live: LiveEdition, today: date, corrected: Mapping[str, datetime]
) -> Fall | None:
    """Return why an answer may not be offered from an edition today, or None when it stands.

    A passage is known by a digest of its words and of what it stands under: any change of either
    is another passage. What the tables say of the answer plays no part. ``corrected`` is since when
    each guide's corrections say what they say (`RunningCorrections.said_since`).
    """
    if answer.ends_on is not None and answer.ends_on < today:
        return Fall("ended")
    for support in answer.supports:
        reason = fall_of_support(support, answer.checked_at, live, today, corrected)
        if reason is not None:
            return Fall(reason, support.passage_id)
    return None


def fall_of_support(
    support: Support,
    checked_at: datetime,
    live: LiveEdition,
    today: date,
    corrected: Mapping[str, datetime],
) -> Reason | None:
    """Return what has become of a passage since it was checked, or None while it stands."""
    if live.may_answer(support.passage_id, today):
        since = corrected.get(support.guide_id)
        return "corrected" if since is not None and since > checked_at else None
    if support.passage_id in live.places:
        return "expired"
    return "changed" if support.language in live.versions.get(support.guide_id, {}) else "removed"


def standing(
    kept: VerifiedAnswers,
    answers: Iterable[VerifiedAnswer],
    live: LiveEdition,
    today: date,
    now: datetime,
    corrected: Mapping[str, datetime],
) -> list[VerifiedAnswer]:
    """Return those of the live answers that stand, and record the suspension of the others."""
    upright = []
    for answer in answers:
        fall = fall_of(answer, live, today, corrected)
        if fall is None:
            upright.append(answer)
        else:
            kept.suspend(answer, fall.reason, fall.passage_id, now)
    return upright


def suspend_fallen(
    kept: VerifiedAnswers,
    live: LiveEdition,
    today: date,
    now: datetime,
    corrected: Mapping[str, datetime],
) -> int:
    """Suspend every live answer that no longer stands, and return how many there were."""
    answers = kept.read(list(kept.live_versions()))
    return len(answers) - len(standing(kept, answers, live, today, now, corrected))
