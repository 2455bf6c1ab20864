"""When a desk is open: its week, its exceptions, and public holidays, on the town hall's clock."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import holidays

DAYS_SEARCHED = 366
"""How far ahead the next opening is looked for."""


@dataclass(frozen=True, slots=True)
class Span:
    """From one time of the day to a later one, on the same day."""

    start: time
    end: time


@dataclass(frozen=True, slots=True)
class Hours:
    """A desk's opening hours; moments go in and come out with their offset.

    ``week`` holds the spans of each day, Monday first, in order. ``exceptions`` replace a day's
    spans, public holidays included. ``region`` is the subdivision whose public holidays are kept
    (``57`` for Moselle, ``971`` for Guadeloupe), None for those of all France.
    """

    zone: ZoneInfo
    week: tuple[tuple[Span, ...], ...]
    exceptions: Mapping[date, tuple[Span, ...]]
    region: str | None = None

    def holiday(self, day: date) -> str | None:
        """Return the French name of the public holiday that the day is, or None."""
        return _public_holidays(self.region, day.year).get(day)

    def spans(self, day: date) -> tuple[Span, ...]:
        """Return when the desk is open on a day."""
        if day in self.exceptions:
            return self.exceptions[day]
        return () if self.holiday(day) else self.week[day.weekday()]

    def is_open(self, at: datetime) -> bool:
        """Whether the desk is open at a moment."""
        return self.closes_at(at) is not None

    def closes_at(self, at: datetime) -> datetime | None:
        """Return when the span of the moment ends, or None when the desk is closed then."""
        for start, end in self._moments(self._day(at), days=1):
            if start <= at < end:
                return end
        return None

    def next_opening(self, at: datetime) -> datetime | None:
        """Return when the desk opens next after a moment, or None if not within a year."""
        for start, _ in self._moments(self._day(at), DAYS_SEARCHED):
            if start > at:
                return start
        return None

    def opens_again_that_day(self, at: datetime) -> bool:
        """Whether the desk opens once more on the same day: a lunch break is no end of the day."""
        return any(start > at for start, _ in self._moments(self._day(at), days=1))

    def after_open_seconds(self, at: datetime, seconds: float) -> datetime | None:
        """Return when so many seconds of opening will have passed, or None if not that day."""
        left = timedelta(seconds=seconds)
        for start, end in self._moments(self._day(at), days=1):
            begun = max(start, at)
            if begun + left <= end:
                return begun + left
            left -= max(end - begun, timedelta(0))
        return None

    def _day(self, at: datetime) -> date:
        return at.astimezone(self.zone).date()

    def _moments(self, first: date, days: int) -> Iterator[tuple[datetime, datetime]]:
        # In UTC: moments of one zone are compared by their wall clock, which runs twice in autumn.
        for number in range(days):
            day = first + timedelta(days=number)
            for span in self.spans(day):
                start, end = (
                    datetime.combine(day, at, tzinfo=self.zone).astimezone(UTC)
                    for at in (span.start, span.end)
                )
                yield start, end


@lru_cache(maxsize=64)
def _public_holidays(region: str | None, year: int) -> Mapping[date, str]:
    return dict(holidays.country_holidays("FR", subdiv=region, years=year, language="fr"))


def is_region(name: str) -> bool:
    """Whether public holidays of a subdivision of France are known under this name."""
    return name in holidays.country_holidays("FR").subdivisions
