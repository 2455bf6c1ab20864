"""The words of corrections: what is said of a guide, from when until when, and how it stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

State = Literal["planned", "running", "ended"]


@dataclass(frozen=True, slots=True)
class Draft:
    """A correction as it is to be kept; `drafted` checks it.

    ``texts`` are by language, ``starts`` and ``ends`` the first and last day on which it is shown
    (no last day: until somebody ends it), ``review_by`` the last day before it must be looked at.
    """

    guide_id: str
    texts: Mapping[str, str]
    starts: date
    ends: date | None
    review_by: date


@dataclass(frozen=True, slots=True)
class Correction:
    """One version of a correction; days are those of the town, moments say their offset.

    ``version`` counts from 1: a change ends the version before it and keeps it. ``author`` made
    this version at ``made_at``. ``said_at`` is since when it says what it says of this guide: other
    days or another translation do not move it. ``ended_at`` and ``ended_by`` are when and by whom
    this version was ended or replaced; None while neither happened.
    """

    id: str
    version: int
    guide_id: str
    texts: Mapping[str, str]
    starts: date
    ends: date | None
    review_by: date
    author: str
    made_at: datetime
    said_at: datetime
    ended_at: datetime | None
    ended_by: str | None

    def state(self, today: date) -> State:
        """Return how it stands on a day: derived, so that nothing has to run at midnight."""
        if self.ended_at is not None or (self.ends is not None and self.ends < today):
            return "ended"
        return "planned" if today < self.starts else "running"

    def is_overdue(self, today: date) -> bool:
        """Whether it runs, or will, although its review date has passed."""
        return self.state(today) != "ended" and self.review_by < today
