"""How a gap's questions lie in time: by week, and whether they become more."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from math import comb
from zoneinfo import ZoneInfo

from civic_assistant.gaps.gap import Trend

SURE = 0.1
"""A trend is told when chance alone would give one like it at most so often (one-sided)."""
NEW = timedelta(days=7)


def weeks_of(since: datetime, until: datetime, zone: ZoneInfo) -> tuple[date, ...]:
    """Return the Mondays of the weeks that the span touches, by the town hall's clock."""
    first, last = _monday(since, zone), _monday(until, zone)
    return tuple(first + timedelta(weeks=n) for n in range((last - first).days // 7 + 1))


def by_week(moments: Sequence[datetime], weeks: Sequence[date], zone: ZoneInfo) -> tuple[int, ...]:
    """Return how many of the moments lie in each week."""
    counts = dict.fromkeys(weeks, 0)
    for moment in moments:
        counts[_monday(moment, zone)] += 1
    return tuple(counts.values())


def trend_of(moments: Sequence[datetime], asked: Sequence[datetime], until: datetime) -> Trend:
    """Return how a gap's questions moved against all that was ``asked`` (sorted), at least those.

    What began within the last seven days is new, if anything was asked before. Else its number in
    the newer half of the time is compared with the binomial distribution that the share of all
    questions asked in that half would give.
    """
    first = asked[0]
    if first < until - NEW <= min(moments):
        return "new"
    middle = first + (until - first) / 2
    newer, total = sum(moment >= middle for moment in moments), len(moments)
    share = (len(asked) - bisect_left(asked, middle)) / len(asked)
    if _at_least(newer, total, share) <= SURE:
        return "rising"
    return "falling" if _at_least(total - newer, total, 1 - share) <= SURE else "steady"


def _at_least(count: int, total: int, share: float) -> float:
    """Return how likely ``count`` or more of ``total`` are where each is with ``share``."""
    chances = (
        comb(total, k) * share**k * (1 - share) ** (total - k) for k in range(count, total + 1)
    )
    return float(sum(chances))


def _monday(moment: datetime, zone: ZoneInfo) -> date:
    day = moment.astimezone(zone).date()
    return day - timedelta(days=day.weekday())
