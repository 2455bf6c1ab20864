"""Which guides are out of date, or soon will be, listed to the departments that answer for them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from civic_assistant.guides import Guide

Staleness = Literal["expired", "overdue", "expiring", "due"]
STALENESS: tuple[Staleness, ...] = ("expired", "overdue", "expiring", "due")
"""Over: no longer answers (its last day is past), or says so (its review date is past). Soon: the
last day, or the review date, lies within the days that were asked for."""
SOON_DAYS = 30


@dataclass(frozen=True, slots=True)
class StaleGuide:
    """A guide that needs somebody's attention, in the languages that do.

    ``day`` says since when or until when: its last day, or its review date.
    """

    staleness: Staleness
    guide_id: str
    title: str
    languages: tuple[str, ...]
    source: str
    department: str
    day: date


def stale_guides(
    guides: Iterable[Guide], today: date, soon_days: int = SOON_DAYS
) -> tuple[StaleGuide, ...]:
    """Return the guides that are out of date today or within ``soon_days``, most urgent first.

    The language versions of a guide that are alike are one entry, under the title of the first.
    """
    found: dict[tuple[str, Staleness, date, str], StaleGuide] = {}
    for guide in guides:
        for staleness, day in _staleness(guide, today, soon_days):
            key = (guide.id, staleness, day, guide.department)
            known = found.get(key)
            found[key] = StaleGuide(
                staleness=staleness,
                guide_id=guide.id,
                title=known.title if known else guide.title,
                languages=(*known.languages, guide.language) if known else (guide.language,),
                source=guide.source,
                department=guide.department,
                day=day,
            )
    order = {staleness: place for place, staleness in enumerate(STALENESS)}
    return tuple(sorted(found.values(), key=lambda g: (order[g.staleness], g.day, g.guide_id)))


def by_department(stale: Iterable[StaleGuide]) -> Mapping[str, tuple[StaleGuide, ...]]:
    """Return the guides of each department by its name, empty where none is said."""
    listed: dict[str, list[StaleGuide]] = {}
    for guide in stale:
        listed.setdefault(guide.department, []).append(guide)
    return {department: tuple(listed[department]) for department in sorted(listed)}


def _staleness(guide: Guide, today: date, soon_days: int) -> Iterable[tuple[Staleness, date]]:
    """Yield why a guide needs attention; one that no longer answers needs no review besides."""
    soon = today + timedelta(days=soon_days)
    ends, review = guide.valid_until, guide.review_by
    if ends is not None and ends < today:
        yield "expired", ends
        return
    if ends is not None and ends <= soon:
        yield "expiring", ends
    if review is not None and guide.is_overdue(today):
        yield "overdue", review
    elif review is not None and review <= soon:
        yield "due", review
