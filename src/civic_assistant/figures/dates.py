"""Dates written in digits, and Chinese dates."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import date
from decimal import Decimal
from typing import Final

from civic_assistant.figures.drafts import Draft, Measure
from civic_assistant.figures.figure import CalendarDate, Reading
from civic_assistant.figures.numerals import han_value

_DAY_FIRST: Final = re.compile(
    r"(?<![a-z0-9.,/\-])(\d{1,2}) ?([/.\-]) ?(\d{1,2}) ?\2 ?(\d{4}|\d{2})(?![a-z0-9/\-]|[.,]\d)"
)
_YEAR_FIRST: Final = re.compile(
    r"(?<![a-z0-9.,/\-])(\d{4})([/.\-])(\d{1,2})\2(\d{1,2})(?![a-z0-9/\-]|\.\d)"
)
_DAY_MONTH: Final = re.compile(r"(?<![a-z0-9.,/\-])(\d{1,2})/(\d{1,2})(?![a-z0-9/\-]|[.,]\d)")
_HAN: Final = "[〇零一二三四五六七八九十]"
_CHINESE: Final = re.compile(
    rf"(?:(?<!\d)(\d{{4}}|{_HAN}{{4}}) ?年 ?)?"
    rf"(?<!\d)(\d{{1,2}}|(?<!{_HAN}){_HAN}{{1,3}}) ?月"
    rf"(?:(?:份| ?)(\d{{1,2}}|{_HAN}{{1,3}}) ?[日号])?"
)
_CHINESE_YEAR: Final = re.compile(rf"(?<!\d)((?:19|20)\d\d|{_HAN}{{4}}) ?年")
# Where the month comes first in digits; elsewhere the day does. Both are read in these.
_MONTH_FIRST: Final = frozenset({"en"})
_CENTURY: Final = 2000  # also a leap year: 29 February of no year is a date


def find_dates(text: str, language: str) -> Iterator[Draft]:
    """Yield dates in digits: 01/02/2027 in English is read both ways, 1/2 as a fraction too."""
    for match in _YEAR_FIRST.finditer(text):
        yield from _draft(match, [calendar_date(int(match[1]), int(match[3]), int(match[4]))])
    for match in _DAY_FIRST.finditer(text):
        one, two, year = int(match[1]), int(match[3]), int(match[4])
        full = year if year >= 100 else _CENTURY + year
        yield from _draft(match, _orders(one, two, full, language))
    for match in _DAY_MONTH.finditer(text):
        dates = [Reading("date", d) for d in _orders(int(match[1]), int(match[2]), None, language)]
        share = Reading("count", f"{int(match[1])}/{int(match[2])}")
        yield Draft(match.start(), match.end(), (*dates, share))
    if language == "zh":
        yield from _chinese(text)


def calendar_date(year: int | None, month: int | None, day: int | None) -> CalendarDate | None:
    """Return the date, or None when there is no such day."""
    with suppress(ValueError):
        date(year or _CENTURY, month or 1, day or 1)
        return CalendarDate(year, month, day)
    return None


def day_of(known: CalendarDate) -> Measure:
    """Return what makes a number the day of a known month: "the 1st" of "the 1st to 15 July"."""

    def measure(value: Decimal) -> tuple[Reading, ...]:
        if value != int(value):
            return ()
        found = calendar_date(known.year, known.month, int(value))
        return (Reading("date", found),) if found and value else ()

    return measure


def _orders(one: int, two: int, year: int | None, language: str) -> list[CalendarDate]:
    orders = [calendar_date(year, two, one)]
    if language in _MONTH_FIRST:
        orders.append(calendar_date(year, one, two))
    return list(dict.fromkeys(found for found in orders if found))


def _draft(match: re.Match[str], dates: Sequence[CalendarDate | None]) -> Iterator[Draft]:
    readings = tuple(Reading("date", found) for found in dates if found)
    if readings:
        yield Draft(match.start(), match.end(), readings)


def _chinese(text: str) -> Iterator[Draft]:
    for match in _CHINESE.finditer(text):
        year, month, day = (_number(part) for part in match.groups())
        found = calendar_date(year, month, day)
        if found and month:
            measure = day_of(found) if day else None
            yield Draft(match.start(), match.end(), (Reading("date", found),), measure=measure)
    for match in _CHINESE_YEAR.finditer(text):
        reading = Reading("date", CalendarDate(year=_number(match[1])))
        yield Draft(match.start(), match.end(), (reading,))


def _number(part: str | None) -> int | None:
    if part is None:
        return None
    value = Decimal(part) if part.isascii() else han_value(part)
    return None if value is None else int(value)
