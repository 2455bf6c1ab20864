"""Figures that begin with a number: amounts, times, sizes, ages, shares, ranks, counts."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal
from typing import Final

from civic_assistant.figures.clock import DOTTED_TIME, times_of
from civic_assistant.figures.drafts import Draft, Measure
from civic_assistant.figures.figure import Reading
from civic_assistant.figures.hours import hours_at, open_times, spoken_rank_at, time_at
from civic_assistant.figures.line import CUE, Found, Line, Number, made
from civic_assistant.figures.references import year_readings
from civic_assistant.figures.units import (
    bare_readings,
    money_measure,
    percent_measure,
    unit_measure,
)

_SYMBOL: Final = re.compile(
    r" ?(km/h|км/год|m²|м²|m2|м2|m³|м³|m3|м3|km|км|cm|см|mm|мм|m|м|kg|кг|g|t|т|l|л|°c|db|kwh?)"
    r"(?![a-zа-яіїє0-9²³'])"
)
_SYMBOLS: Final = {
    "m": "metre", "м": "metre", "km": "kilometre", "км": "kilometre", "cm": "centimetre",
    "см": "centimetre", "m²": "square_metre", "m2": "square_metre", "м²": "square_metre",
    "м2": "square_metre", "m³": "cubic_metre", "m3": "cubic_metre", "м³": "cubic_metre",
    "м3": "cubic_metre", "kg": "kilogram", "кг": "kilogram", "t": "tonne", "т": "tonne",
    "l": "litre", "л": "litre", "мм": "mm", "км/год": "km/h", "°c": "degree",
}  # fmt: skip
_CENTS: Final = re.compile(r"\d\d(?= ?(?:[.,;:!?)\n|]|$))")
_NOUN: Final = re.compile(r" ?[^\W\d_]")
_DEFINITE: Final = re.compile(r"[وفبلك]?(?:ال|لل)|لل")
_HUNDRED: Final = 100
_OLDEST: Final = 120


def quantity_at(line: Line, position: int, free_from: int) -> Found | None:
    """Return the figure that begins with the number at a lexeme, and the first lexeme after it.

    Lexemes from ``free_from`` on may belong to it from before: "€30", "aged 16", "ore 9".
    """
    if ordinal := line.ordinal(position):
        return spoken_rank_at(line, position, free_from, *ordinal)
    number = line.number(position)
    if number is None:
        return None
    for rule in (time_at, _amount, _percentage, _length_of_time, _symbol):
        found = rule(line, position, number, free_from)
        if found is not None:
            return found
    return _rank(line, position, number) or _count(line, position, number, free_from)


def _amount(line: Line, position: int, number: Number, free_from: int) -> Found | None:
    place = line.unit_after(number.next, "currency")
    if place is not None:
        found = made(line, position, place + 1, number, _money(line, place))
        return _with_cents(line, place, number, found)
    before = position - 1
    if before >= free_from and line.has(before, "currency") and line.follows(position, CUE):
        return made(line, before, number.next, number, _money(line, before))
    return None


def _with_cents(line: Line, place: int, number: Number, found: Found | None) -> Found | None:
    """Return the amount with its cents: 12 € 50, twelve euros and fifty cents."""
    after = place + 1 + (line.has(place + 1, "joiner") and line.follows(place + 1))
    cents = line.number(after) if line.follows(after) else None
    if found is None or cents is None or line.value(place, "currency") == "cent":
        return found
    unit = line.unit_after(cents.next, "currency")
    is_named = unit is not None and line.value(unit, "currency") == "cent"
    if not is_named and not _CENTS.match(line.text, line.lexemes[after].start):
        return found
    last = unit if is_named and unit is not None else cents.next - 1
    values = tuple(value + cents.values[0] / _HUNDRED for value in number.values)
    readings = tuple(r for value in values for r in _money(line, place)(value))
    draft = replace(found[0], end=line.lexemes[last].end, readings=readings, values=values)
    return draft, last + 1


def _money(line: Line, place: int) -> Measure:
    return money_measure(str(line.value(place, "currency")))


def _percentage(line: Line, position: int, number: Number, free_from: int) -> Found | None:
    if line.has(number.next, "percent") and line.follows(number.next):
        return made(line, position, number.next + 1, number, percent_measure)
    before = position - 1
    is_before = before >= free_from and line.follows(position)
    if is_before and line.has(before, "percent", "percent_before"):
        return made(line, before, number.next, number, percent_measure)
    return None


def _length_of_time(line: Line, position: int, number: Number, free_from: int) -> Found | None:
    place = line.unit_after(number.next, "unit")
    if place is None:
        before = position - 1
        is_free = before >= free_from and line.follows(position) and line.has(before, "unit")
        if is_free and _DEFINITE.match(line.lexemes[before].text):  # "the months, the three"
            return made(line, before, number.next, number, unit_measure(_unit(line, before)))
        return None
    if line.has(place + 1, "weekday") and line.follows(place + 1) and line.lexicon.language == "ar":
        return None  # "the five, on days Monday and Tuesday"
    if _unit(line, place) == "hour":
        return hours_at(line, position, number, place)
    if line.has(place + 1, "and_half") and line.follows(place + 1):
        values = tuple(value + Decimal("0.5") for value in number.values)
        halved = replace(number, values=values)
        return made(line, position, place + 2, halved, unit_measure(_unit(line, place)))
    measure = _time_measure(line, place, number)
    is_year = _unit(line, place) == "year" and year_readings(number.values[0])
    if number.is_ordinal or is_year:
        return None
    return made(line, position, place + 1, number, measure)


def _time_measure(line: Line, place: int, number: Number) -> Measure:
    """Return the unit's measure; in English "two day nurseries" are not two days."""
    measure = unit_measure(_unit(line, place))
    word, gap = line.lexemes[place].text, line.text[line.lexemes[place].start - 1]
    if line.lexicon.language != "en" or word.endswith("s") or gap == "-" or number.values[0] == 1:
        return measure
    return lambda value: (*measure(value), Reading("count", value))


def _unit(line: Line, place: int) -> str:
    return str(line.value(place, "unit"))


def _symbol(line: Line, position: int, number: Number, free_from: int) -> Found | None:
    if not number.is_numeral or number.is_ordinal:
        return None
    symbol = _SYMBOL.match(line.text, line.lexemes[number.next - 1].end)
    if symbol is None:
        return None
    measure = unit_measure(_SYMBOLS.get(symbol[1], symbol[1]))
    after = number.next
    while after < len(line.lexemes) and line.lexemes[after].start < symbol.end():
        after += 1
    return made(line, position, after, number, measure, symbol.end())


def _rank(line: Line, position: int, number: Number) -> Found | None:
    if not number.is_ordinal:
        return None
    readings = [
        rank for value in number.values for rank in line.ranks(value, position, number.next)
    ]
    if number.is_numeral:  # "the 20th" is written "le 20" too
        readings.extend(Reading("count", value) for value in number.values)
    start, end = line.lexemes[position].start, line.lexemes[number.next - 1].end
    return Draft(start, end, tuple(readings), values=number.values, is_bare=True), number.next


def _count(line: Line, position: int, number: Number, free_from: int) -> Found:
    """Return a number without a unit, with what the words around it let it be."""
    lexeme = line.lexemes[position]
    readings = [r for value in number.values for r in bare_readings(value, lexeme.text)]
    before = position - 1
    is_cued = before >= free_from and line.follows(position, CUE)
    measure: Measure | None = None
    if is_cued and line.has(before, "clock_before"):
        measure = open_times
        readings.extend(measure(number.values[0]))
    is_aged = is_cued and line.has(before, "age_before")
    is_aged = is_aged or (line.has(number.next, "age_after") and line.follows(number.next))
    if is_aged and number.values[0] <= _OLDEST:
        measure = unit_measure("age")
        readings.append(Reading("age", number.values[0]))
    hours: Decimal | None = None
    if dotted := DOTTED_TIME.fullmatch(lexeme.text):
        hours = int(dotted[1]) + Decimal(dotted[2]) / 60
        readings.extend(times_of(hours))
    if number.is_numeral and line.is_dotted(position):
        readings.append(Reading("ordinal", number.values[0]))
    is_counted = line.has(number.next, "classifier") and line.follows(number.next)
    end = line.lexemes[number.next - 1].end
    is_one = number.values[0] == 1 and not number.is_numeral
    is_pronoun = is_one and not _NOUN.match(line.text, end)
    return (
        Draft(
            lexeme.start,
            end,
            tuple(readings),
            is_implied=is_pronoun or not (number.is_sure or is_counted),
            values=number.values,
            measure=measure,
            is_bare=True,
            hours=hours,
        ),
        number.next,
    )
