"""Times of day written in digits, and what turns hours into minutes since midnight."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, Literal

from civic_assistant.figures.figure import Reading

Half = Literal["am", "pm"]

_TIME: Final = re.compile(
    r"(?<![a-z0-9.,:/])(\d{1,2})(?: ?(h|hs|heures?|uhr|год|ч) ?|:)(\d{2})"
    r"(?: ?(?:min|mn)\b)?(?![a-z0-9:]|[.,]\d)"
)
DOTTED_TIME: Final = re.compile(r"(\d{1,2})\.(\d{2})")
_CHINESE: Final = re.compile(r"(?<!\d)(\d{1,2}) ?[点时](?: ?(\d{1,2}) ?分?|半|整)(?!钟)")
_DAY: Final = 1440
_HOUR: Final = 60
_NOON: Final = 12


@dataclass(frozen=True, slots=True)
class Clock:
    """A time in digits; ``is_length`` says that it may be a length too (1 h 30)."""

    start: int
    end: int
    hour: int
    minute: int
    is_length: bool


def find_clocks(text: str, language: str) -> Iterator[Clock]:
    """Yield times with their minutes: 8:30, 8h30, 8 h 30, 8 Uhr 30, 8点30分."""
    for match in _TIME.finditer(text):
        hour, minute = int(match[1]), int(match[3])
        if hour <= _DAY // _HOUR and minute < _HOUR:
            yield Clock(match.start(), match.end(), hour, minute, match[2] in _LENGTHS)
    if language == "zh":
        for match in _CHINESE.finditer(text):
            minute = int(match[2]) if match[2] else 30 * match.group().endswith("半")
            yield Clock(match.start(), match.end(), int(match[1]), minute, is_length=False)


_LENGTHS: Final = ("h", "hs", "heure", "heures", "год")


def times_of(
    hour: Decimal, minute: int = 0, half: Half | None = None, *, is_open: bool = False
) -> tuple[Reading, ...]:
    """Return the readings of an hour, whose fraction is of minutes.

    ``is_open`` says that it may be one of the afternoon as well.
    """
    if not 0 <= hour <= _DAY // _HOUR:
        return ()
    whole = int(hour)
    minute += round((hour - whole) * _HOUR)
    hours = [whole]
    if half and whole <= _NOON:
        hours = [whole % _NOON + (_NOON if half == "pm" else 0)]
    elif is_open and whole < _NOON:
        hours.append(whole + _NOON)
    return tuple(Reading("time", Decimal((h * _HOUR + minute) % _DAY)) for h in hours)
