"""The corrections that run, put on what shows a guide: an outcome, a card, a passage."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from civic_assistant.corrections.correction import Correction
from civic_assistant.corrections.store import Corrections
from civic_assistant.outcomes import (
    Answered,
    AskedDetail,
    NotCovered,
    Outcome,
    ShownCorrection,
    Unsure,
)
from civic_assistant.turns import Turn


class RunningCorrections:
    """What the town hall corrects at a moment; every method reads the tables anew.

    A correction made, changed or ended by another process counts at once. Days begin at midnight
    in the town's ``zone``. Raises `RecordsUnusable`: without its corrections no guide is shown.
    """

    def __init__(self, kept: Corrections, zone: ZoneInfo) -> None:
        self.kept = kept
        self._zone = zone

    def today(self, now: datetime) -> date:
        """Return the town's day at a moment."""
        return now.astimezone(self._zone).date()

    def of(
        self, titles: Mapping[str, str], language: str, now: datetime
    ) -> tuple[ShownCorrection, ...]:
        """Return the corrections of guides, in the guides' order, in a language where they have it.

        ``titles`` are the guides' titles by id, in the order in which they are shown. Where a
        correction has no text in the language, its original is shown.
        """
        if not titles:
            return ()
        today = self.today(now)
        running = self.kept.running(titles, today, now)
        return tuple(
            _shown(correction, titles[guide_id], language, today)
            for guide_id in titles
            for correction in running
            if correction.guide_id == guide_id
        )

    def shown_with(self, turn: Turn) -> Turn:
        """Return the turn with the corrections of every guide that it shows or drafted from."""
        titles = _titles(turn.outcome)
        if turn.drafted is not None:
            titles |= _titles(turn.drafted)
        corrections = self.of(titles, turn.language, turn.at)
        if not corrections:
            return turn
        drafted = turn.drafted
        if drafted is not None:
            drafted = replace(drafted, corrections=_own(drafted, corrections))
        return replace(turn, outcome=_with(turn.outcome, corrections), drafted=drafted)

    def said_since(self, now: datetime) -> Mapping[str, datetime]:
        """Return, by guide, since when the latest of its running corrections says what it says."""
        since: dict[str, datetime] = {}
        for correction in self.kept.running(None, self.today(now), now):
            first = datetime.combine(correction.starts, time(), self._zone)
            known = since.get(correction.guide_id, first)
            since[correction.guide_id] = max(known, first, correction.said_at)
        return since


def _shown(correction: Correction, title: str, language: str, today: date) -> ShownCorrection:
    original = next(iter(correction.texts))
    spoken = language if language in correction.texts else original
    return ShownCorrection(
        id=correction.id,
        version=correction.version,
        guide_id=correction.guide_id,
        title=title,
        text=correction.texts[spoken],
        language=spoken,
        since=correction.starts,
        until=correction.ends,
        review_by=correction.review_by,
        is_overdue=correction.is_overdue(today),
    )


def _titles(outcome: Outcome) -> dict[str, str]:
    """Return the titles of the guides that an outcome shows, by id, in its order."""
    match outcome:
        case Answered(sources=sources):
            titles: dict[str, str] = {}
            for source in sources:
                titles.setdefault(source.guide_id, source.title)
            return titles
        case AskedDetail(guide_id=guide_id, title=title, common=common):
            return {guide_id: title} | (_titles(common) if common else {})
        case NotCovered(related=related) | Unsure(related=related):
            return {guide.guide_id: guide.title for guide in related}
        case _:
            return {}


def _with(outcome: Outcome, corrections: tuple[ShownCorrection, ...]) -> Outcome:
    match outcome:
        case Answered() | AskedDetail() | NotCovered() | Unsure():
            return replace(outcome, corrections=_own(outcome, corrections))
        case _:
            return outcome


def _own(outcome: Outcome, corrections: tuple[ShownCorrection, ...]) -> tuple[ShownCorrection, ...]:
    shown = _titles(outcome)
    return tuple(correction for correction in corrections if correction.guide_id in shown)
