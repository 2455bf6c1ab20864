"""Ranges: in "3 to 5 weeks", "du 1er au 15 juillet" and "from 9 to 11.30 am" a unit serves two."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from civic_assistant.figures.drafts import Draft
from civic_assistant.figures.figure import CalendarDate, Reading
from civic_assistant.figures.lexicon import Lexicon

_SIGNS = frozenset({"-", "/", "~"})


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
    return shared


def _is_range(gap: str, lexicon: Lexicon) -> bool:
    bare = gap.strip(" '")
    return len(gap) < 20 and (bare in lexicon.to or bare in _SIGNS)


def _taking(one: Draft, other: Draft) -> Draft:
    """Return the first figure with what the second one's unit, month or year adds to it."""
    if one.is_implied or other.is_implied:
        return one
    added = tuple(_dated(one, other))
    measure = one.measure
    if one.is_bare and other.measure is not None:
        measure = other.measure
        added += tuple(r for value in one.values for r in measure(value))
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
