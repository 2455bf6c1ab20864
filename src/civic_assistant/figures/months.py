"""Dates in words: a day and a month, a month and a year, a month alone."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Final

from civic_assistant.figures.dates import calendar_date, day_of
from civic_assistant.figures.drafts import Draft
from civic_assistant.figures.figure import CalendarDate, Reading
from civic_assistant.figures.line import Found, Line

_GAP: Final = re.compile(r"[ ,.'°\-/]{0,3}")
_LAST_DAY: Final = 31
_YEAR_DIGITS: Final = 4


def date_at(line: Line, position: int, is_capital: bool) -> Found | None:
    """Return the date that begins at a lexeme, and the first lexeme after it.

    ``is_capital`` says that the lexeme begins with a capital letter within a sentence: a word
    such as "may" is a month alone only then.
    """
    if _is_month(line, position):
        return _from_month(line, position, is_capital)
    day, after = _day(line, position)
    if day is None:
        return None
    month = _past_of(line, after)
    if not (line.follows(month, _GAP) and _is_month(line, month)):
        return None
    is_sure = line.has(month, "month") or line.has(position, "ordinal", "weak_ordinal")
    if not (is_sure or line.lexemes[position].values):  # "no one may"
        return None
    return _draft(line, position, month + 1, int(_month(line, month)), day)


def _from_month(line: Line, position: int, is_capital: bool) -> Found | None:
    month = int(_month(line, position))
    if line.lexicon.language == "en" and line.follows(position + 1, _GAP):
        day, after = _day(line, position + 1)
        if day is not None and not _has_other_unit(line, after):
            return _draft(line, position, after, month, day)
    found = _draft(line, position, position + 1, month, None)
    if found is None or line.has(position, "month") or found[1] > position + 1 or is_capital:
        return found
    if line.number(position):  # Portuguese "dez" is ten, French "sept" is seven
        return None
    draft, after = found
    return Draft(draft.start, draft.end, draft.readings, is_implied=True), after


def _draft(line: Line, first: int, after: int, month: int, day: int | None) -> Found | None:
    """Return the date with the year that may follow."""
    year = None
    place = _past_of(line, after)
    if line.follows(place, _GAP):
        year = _year(line, place)
    after = after if year is None else place + 1
    found = calendar_date(year, month, day)
    if found is None:
        return None
    start, end = line.lexemes[first].start, line.lexemes[after - 1].end
    measure = None if day is None else day_of(CalendarDate(year, month))
    values = () if day is None else (Decimal(day),)
    return Draft(start, end, (Reading("date", found),), values=values, measure=measure), after


def _day(line: Line, position: int) -> tuple[int | None, int]:
    if ordinal := line.ordinal(position):
        return int(ordinal[0]), ordinal[1]
    number = line.number(position)
    if number and number.values[0] == int(number.values[0]) and 0 < number.values[0] <= _LAST_DAY:
        return int(number.values[0]), number.next
    return None, position


def _year(line: Line, position: int) -> int | None:
    text = line.lexemes[position].text
    is_year = text.isdigit() and len(text) == _YEAR_DIGITS and text[:2] in ("19", "20")
    return int(text) if is_year else None


def _past_of(line: Line, position: int) -> int:
    return position + (line.has(position, "of") and line.follows(position, _GAP))


def _is_month(line: Line, position: int) -> bool:
    return line.has(position, "month", "unsure_month")


def _month(line: Line, position: int) -> Decimal:
    value = line.value(position, "month") or line.value(position, "unsure_month")
    assert isinstance(value, Decimal)
    return value


def _has_other_unit(line: Line, position: int) -> bool:
    return line.follows(position) and line.has(position, "unit", "currency", "am", "pm", "percent")
