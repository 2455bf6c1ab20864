"""Ranges: in "3 to 5 weeks", "du 1er au 15 juillet" and "from 9 to 11.30 am" a unit serves two."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise

from civic_assistant.figures.drafts import Draft
from civic_assistant.figures.figure import CalendarDate, Figure, Reading
from civic_assistant.figures.lexicon import Lexicon, lexicon_of
from civic_assistant.figures.plain import plain

_SIGNS = frozenset({"-", "/", "~"})
# What joins two figures without a range between them.
_AND = frozenset(
    {"et", "ou", "and", "or", "und", "oder", "y", "o", "e", "u", "ve", "veya", "ile", "i", "oraz"}
    | {"lub", "albo", "si", "sau", "ori", "та", "і", "и", "або", "чи", "و", "او", "和", "或", "与"}
)


def with_shared_units(drafts: Sequence[Draft], text: str, lexicon: Lexicon) -> list[Draft]:
    """Return the figures; one without a unit has the reading that its neighbour's unit gives."""
    shared = list(drafts)
    for right in reversed(range(1, len(shared))):
        one, other = shared[right - 1], shared[right]
        if _is_range(text[one.end : other.start], lexicon):
            shared[right - 1] = _taking(one, other)
    for left in range(len(shared) - 1):
        one, other = shared[left], shared[left + 1]
        if _is_range(text[one.end : other.start], lexicon):
            shared[left + 1] = _taking(other, one)
    return [*shared, *_days_between(shared, text, lexicon)]


def ranges_of(
    figures: Sequence[Figure], text: str, language: str, *, loosely: bool = False
) -> list[tuple[Figure, Figure]]:
    """Return the figures of a text that are the ends of a range: "9 to 12", "Monday to Friday".

    ``loosely`` takes two figures that "and" or "or" joins for a range too ("between 9 and 12").
    """
    lexicon = lexicon_of(language)
    sure = [figure for figure in figures if not figure.is_implied]
    return [
        (one, other)
        for one, other in pairwise(sure)
        if _joins(plain(text[one.start : other.start]).text, plain(one.text).text, lexicon, loosely)
    ]


def _joins(until: str, first: str, lexicon: Lexicon, loosely: bool) -> bool:
    """Whether what stands between two figures makes a range of them."""
    gap = until.removeprefix(first).strip(" .'")
    if gap.split(" ")[0] in _AND:
        return loosely and (gap in _AND or gap in lexicon.to)
    is_turkish = lexicon.language == "tr" and not gap and first.endswith(("den", "dan"))
    return is_turkish or gap in lexicon.to | _SIGNS


def _days_between(drafts: Sequence[Draft], text: str, lexicon: Lexicon) -> Iterator[Draft]:
    """Yield the days that "Monday to Friday" implies."""
    for one, other in pairwise(drafts):
        days = [r.value for d in (one, other) for r in d.readings if r.kind == "weekday"]
        first = text[one.start : one.end]
        if len(days) == 2 and _joins(text[one.start : other.start], first, lexicon, False):
            begin, end = (int(day) for day in days if isinstance(day, Decimal))
            between = (Reading("weekday", Decimal(day)) for day in range(begin, end + 1))
            if begin < end:
                yield Draft(one.start, other.end, tuple(between), is_implied=True)


def _is_range(gap: str, lexicon: Lexicon) -> bool:
    bare = gap.strip(" .'")
    return len(gap) < 20 and (bare in lexicon.to or bare in _SIGNS)


def _taking(one: Draft, other: Draft) -> Draft:
    """Return the first figure with what the second one's unit, month or year adds to it."""
    if one.is_implied or other.is_implied:
        return one
    added = tuple(_dated(one, other))
    measure = one.measure
    values = one.values if one.is_bare else ()
    if other.half == "pm" and one.hours is not None and one.half in (None, "open"):
        values = (one.hours,)  # "from 1.30 to 5 pm"
    if values and other.measure is not None:
        measure = other.measure
        added += tuple(r for value in values for r in measure(value))
    return replace(one, readings=tuple(dict.fromkeys((*one.readings, *added))), measure=measure)


def _dated(one: Draft, other: Draft) -> Iterator[Reading]:
    """Yield the dates of the one with the year of the other."""
    for reading in one.readings:
        for next_to in other.readings:
            date, beside = reading.value, next_to.value
            if isinstance(date, CalendarDate) and isinstance(beside, CalendarDate):
                yield from _with_year(date, beside.year)


def _with_year(date: CalendarDate, year: int | None) -> Iterator[Reading]:
    if date.year is None and date.month and year:
        yield Reading("date", replace(date, year=year))
