"""When somebody is there again, and how long a wait is, as people say it."""

from __future__ import annotations

import math
from datetime import datetime

from babel.dates import format_date, format_time


def spoken_moment(at: datetime, now: datetime, language: str) -> str:
    """Return a moment as the language says it: the hour alone for today, else the day too.

    Hours are those of ``at``'s own zone.
    """
    locale = "en_GB" if language == "en" else language
    # Without a zone Babel writes the moment as it stands.
    hour = format_time(at.timetz().replace(tzinfo=None), format="short", locale=locale)
    if now.astimezone(at.tzinfo).date() == at.date():
        return hour
    day = format_date(at.date(), format="full", locale=locale)
    return f"{day}, {hour}"


def whole_minutes(seconds: float) -> int:
    """Return a wait in minutes, rounded up: never less than a minute."""
    return max(1, math.ceil(seconds / 60))
