"""Figures without a number: weekdays, "free", "noon", "per month", "a year", "half an hour"."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from civic_assistant.figures.clock import times_of
from civic_assistant.figures.drafts import Draft
from civic_assistant.figures.figure import Reading
from civic_assistant.figures.hours import half_at, hours_at
from civic_assistant.figures.line import Found, Line, Number
from civic_assistant.figures.units import FREE, money_measure, unit_measure

# "A day" and "un jour" are rarely a length of time; a quarter is a part of something else.
_VAGUE: Final = frozenset({"second", "day", "quarter", "half_year", "age", "degree"})
_RATES: Final = frozenset({"hour", "day", "week", "month", "year"})
_NOON: Final = Decimal(12)
_ONE: Final = Decimal(1)


def mention_at(line: Line, position: int, last: Draft | None) -> Found | None:
    """Return the figure that a lexeme is without a number; ``last`` is the figure before it."""
    for rule in (_clock, _rate, _whole, _one, _word):
        found = rule(line, position, last)
        if found is not None:
            return found
    return None


def bare_unit_at(line: Line, position: int) -> Draft | None:
    """Return what a unit alone implies: one of it, or a rate when it fills a table's cell."""
    unit = line.value(position, "unit")
    if unit is None:
        return None
    lexeme = line.lexemes[position]
    before = line.text[: lexeme.start].rstrip(" ")
    after = line.text[lexeme.end :].lstrip(" ")
    if unit in _RATES and before.endswith("|") and after[:1] in ("|", "\n", ""):
        return Draft(lexeme.start, lexeme.end, (Reading("rate", "", str(unit)),), is_implied=True)
    if not line.lexicon.bare_units:
        return None
    return Draft(lexeme.start, lexeme.end, unit_measure(str(unit))(_ONE), is_implied=True)


def _clock(line: Line, position: int, last: Draft | None) -> Found | None:
    clock = line.clocks.get(line.lexemes[position].start)
    if clock is None:
        return None
    after = position + 1
    half = half_at(line, position, after, 0)
    end = clock.end
    while line.follows(after) and line.has(after, "clock_after", "am", "pm", "noon", "midnight"):
        end, after = line.lexemes[after].end, after + 1
    half = half or half_at(line, after - 1, after, 0)
    readings = times_of(Decimal(clock.hour), clock.minute, half)
    if clock.is_length:
        length = Decimal(clock.hour * 60 + clock.minute)
        readings = (*readings, Reading("duration", length, "minute"))

    def measure(value: Decimal) -> tuple[Reading, ...]:
        return times_of(value, is_open=half == "pm")

    hours = clock.hour + Decimal(clock.minute) / 60
    draft = Draft(clock.start, end, readings, measure=measure, half=half or "open", hours=hours)
    return draft, after


def _rate(line: Line, position: int, last: Draft | None) -> Found | None:
    """Return "per month", and "a month" after an amount; "within a month" is a length of time."""
    unit = line.value(position, "rate")
    lexeme = line.lexemes[position]
    if unit is None:
        unit = line.value(position, "rate_after")
        if unit is None:
            return None
        if last is None or line.text[last.end : lexeme.start].strip(" "):
            return _one_unit(line, position, str(unit))
        if last.readings[0].kind != "amount" or _is_year(line, position + 1):
            return _one_unit(line, position, str(unit))
    return Draft(lexeme.start, lexeme.end, (Reading("rate", "", str(unit)),)), position + 1


def _one_unit(line: Line, position: int, unit: str) -> Found | None:
    """Return "a year", which may mean "per year" too; beside another length it says nothing."""
    lexeme = line.lexemes[position]
    readings = (*unit_measure(unit)(_ONE), Reading("rate", "", unit))
    is_sure = line.lexicon.language == "en" and unit not in _VAGUE
    return Draft(lexeme.start, lexeme.end, readings, is_implied=not is_sure), position + 1


def _is_year(line: Line, position: int) -> bool:
    return line.follows(position) and len(line.lexemes[position].text) == 4


def _whole(line: Line, position: int, last: Draft | None) -> Found | None:
    lexeme = line.lexemes[position]
    readings: list[Reading] = []
    for role, value in lexeme.meanings:
        if role in ("whole", "implied"):
            numbers, _, unit = str(value).partition(" ")
            for number in numbers.split("|"):
                readings.extend(unit_measure(unit)(Decimal(number)))
    is_implied = not line.has(position, "whole")
    if not readings:
        return None
    return Draft(lexeme.start, lexeme.end, tuple(readings), is_implied), position + 1


def _one(line: Line, position: int, last: Draft | None) -> Found | None:
    """Return "a year", "un euro"; an article before anything else may mean one."""
    if not line.has(position, "article"):
        return None
    first = line.lexemes[position]
    for role in ("unit", "currency"):
        place = line.unit_after(position + 1, role)
        if place is not None:
            if line.value(place, role) == "hour":
                one = Number(position + 1, (_ONE,), is_numeral=False)
                return hours_at(line, position, one, place)
            unit = str(line.value(place, role))
            measure = unit_measure(unit) if role == "unit" else money_measure(unit)
            value, after = _ONE, place + 1
            if line.has(after, "and_half") and line.follows(after):
                value, after = Decimal("1.5"), after + 1
            end = line.lexemes[after - 1].end
            is_implied = unit in _VAGUE or measure(value)[0].kind == "measure"
            return Draft(first.start, end, measure(value), is_implied), after
    return Draft(first.start, first.end, (Reading("count", _ONE),), is_implied=True), position + 1


def _word(line: Line, position: int, last: Draft | None) -> Found | None:
    lexeme = line.lexemes[position]
    sure, implied = [], []
    for role, value in lexeme.meanings:
        match role:
            case "weekday":
                sure.append(Reading("weekday", value))
            case "unsure_weekday":
                implied.append(Reading("weekday", value))
            case "free" if not line.text[: lexeme.start].endswith("-"):  # "meat-free"
                sure.append(FREE)
            case "weak_free":
                implied.append(FREE)
            case "rate_word":
                implied.append(Reading("rate", "", str(value)))
            case "half_share":
                sure.append(Reading("percentage", Decimal(50)))
            case "noon":
                sure.extend(times_of(_NOON))
            case "weak_noon":
                implied.extend(times_of(_NOON))
            case "midnight":
                sure.extend(times_of(Decimal(0)))
    if not (sure or implied):
        return None
    draft = Draft(lexeme.start, lexeme.end, (*sure, *implied), is_implied=not sure)
    return draft, position + 1
