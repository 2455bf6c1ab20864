"""Hours: of the day with their words around, and as a length of time."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from civic_assistant.figures.clock import DOTTED_TIME, Half, times_of
from civic_assistant.figures.drafts import Draft
from civic_assistant.figures.figure import Reading
from civic_assistant.figures.line import CUE, Found, Line, Number, made

_AND: Final = frozenset({"", "and", "et", "und", "y", "e", "ve", "i", "та", "и", "si", "و", "和"})
_CLOCK_HOURS: Final = frozenset({"h", "hs", "heure", "heures", "hora", "horas"})
_HALF_FIRST: Final = frozenset({"zh", "tr"})
_HOUR: Final = 60


def spoken_rank_at(
    line: Line, position: int, free_from: int, value: Decimal, after: int, is_sure: bool
) -> Found:
    """Return "the third", and the Arabic hour that is told as "the hour, the ninth"."""
    start, end = line.lexemes[position].start, line.lexemes[after - 1].end
    cue = position - 1
    is_hour = cue >= free_from and line.has(cue, "clock_before") and line.follows(position)
    if is_hour and line.lexicon.language == "ar":
        half = half_at(line, position, after, free_from)
        readings = times_of(value, half=half, is_open=not half)
        return Draft(start, end, readings, measure=open_times), after
    rank = [*line.ranks(value, position, after), *(open_times(value) if is_hour else ())]
    other = line.value(position, "weekday") or line.value(position, "unsure_weekday")
    if other is not None:  # Portuguese "segunda" is Monday too
        rank.append(Reading("weekday", other))
    return Draft(start, end, tuple(rank), is_implied=not is_sure, values=(value,)), after


def time_at(line: Line, position: int, number: Number, free_from: int) -> Found | None:
    """Return the number as a time when words beside it say so: 5 pm, 14 Uhr, ore 8.30."""
    after = number.next
    is_one = number.values[0] == 1 and not number.is_numeral  # "the last one in the evening"
    half = None if is_one else half_at(line, position, after, free_from)
    is_oclock = line.has(after, "clock_after") and line.follows(after)
    is_noon = line.has(after, "noon", "midnight") and line.follows(after)
    cue = position - 1 if position - 1 >= free_from and line.follows(position, CUE) else None
    is_cued = cue is not None and line.has(cue, "clock_before")
    dotted = DOTTED_TIME.fullmatch(line.lexemes[position].text)
    if not (half or is_oclock or is_noon or (is_cued and dotted)):
        return None
    hour, minute = number.values[0], 0
    if dotted:
        hour, minute = Decimal(dotted[1]), int(dotted[2])
    end = after + (is_oclock or is_noon)
    if not half and is_oclock:
        half = half_at(line, position, end, free_from)
    if half and line.has(end, half) and line.follows(end):
        end += 1
    is_open = not half and line.lexicon.language not in ("de", "zh", "uk")
    readings = times_of(hour, minute, half, is_open=is_open)
    if not readings:
        return None

    def measure(value: Decimal) -> tuple[Reading, ...]:
        return times_of(value, half=half if half == "am" else None, is_open=half == "pm")

    start, finish = line.lexemes[position].start, line.lexemes[end - 1].end
    return Draft(start, finish, readings, values=number.values, measure=measure, half=half), end


def half_at(line: Line, position: int, after: int, free_from: int) -> Half | None:
    """Return whether a time is said to be before or after noon, by a word beside it."""
    halves: tuple[Half, Half] = ("am", "pm")
    for half in halves:
        if line.has(after, half) and line.follows(after):
            return half
    if (
        line.lexicon.language in _HALF_FIRST
        and position - 1 >= free_from
        and line.follows(position)
    ):
        return next((half for half in halves if line.has(position - 1, half)), None)
    return None


def hours_at(line: Line, position: int, number: Number, place: int) -> Found | None:
    """Return hours, with the minutes that follow; in French "12 h" is a length or a time."""
    is_clock = line.lexemes[place].text in _CLOCK_HOURS
    if line.lexicon.language == "uk" and line.has(position - 1, "clock_before"):
        is_clock = is_clock or line.follows(position)  # "до 13 години"
    minute, after = _minutes(line, place + 1)

    def measure(value: Decimal) -> tuple[Reading, ...]:
        length = Reading("duration", value * _HOUR + minute, "minute")
        times = times_of(value, int(minute)) if is_clock else ()
        return (length, *times)

    return made(line, position, after, number, measure)


def _minutes(line: Line, after: int) -> tuple[Decimal, int]:
    """Return the minutes that follow an hour, and the first lexeme after them."""
    if line.has(after, "and_half") and line.follows(after):
        return Decimal(30), after + 1
    place = after + (line.has(after, "joiner") and line.follows(after))
    number = line.number(place)
    if number is None or number.values[0] >= _HOUR or number.values[0] != int(number.values[0]):
        return Decimal(0), after
    gap = line.text[line.lexemes[after - 1].end : line.lexemes[place].start].strip()
    unit = line.unit_after(number.next, "unit")
    is_minute = unit is not None and line.value(unit, "unit") == "minute"
    if gap not in _AND or "\n" in gap:
        return Decimal(0), after
    if is_minute and unit is not None:
        return number.values[0], unit + 1
    is_spoken = not number.is_numeral and unit is None and not gap and line.follows(place)
    return (number.values[0], number.next) if is_spoken else (Decimal(0), after)


def open_times(value: Decimal) -> tuple[Reading, ...]:
    """Return an hour as a time before noon and as one after it."""
    return times_of(value, is_open=True)
