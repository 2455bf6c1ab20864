"""The figures of a text: amounts, dates, times, lengths of time, phones, addresses, numbers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from civic_assistant.figures.clock import find_clocks
from civic_assistant.figures.contacts import find_addresses, find_phones
from civic_assistant.figures.dates import find_dates
from civic_assistant.figures.drafts import Draft
from civic_assistant.figures.figure import CalendarDate, Figure, Kind, Reading, stands_among
from civic_assistant.figures.lexemes import Lexeme, lexemes_of
from civic_assistant.figures.lexicon import Lexicon, lexicon_of
from civic_assistant.figures.line import Line
from civic_assistant.figures.mentions import bare_unit_at, mention_at
from civic_assistant.figures.months import date_at
from civic_assistant.figures.plain import plain
from civic_assistant.figures.quantities import quantity_at
from civic_assistant.figures.ranges import ranges_of, with_shared_units
from civic_assistant.figures.references import find_references
from civic_assistant.traced import Traced

__all__ = ["CalendarDate", "Figure", "Kind", "Reading", "figures_of", "ranges_of", "stands_among"]

_TAKEN = "\x00"


def figures_of(text: str, language: str) -> tuple[Figure, ...]:
    """Return the figures of a text in the order of the text; no stated one overlaps another.

    Numbers are read in digits of any script and in words, with the units, months and currencies
    of the language (the twelve of the page; any other is read as English). Where a text can be
    read in several ways, the figure has all the readings.
    """
    shown = plain(text)
    lexicon = lexicon_of(language)
    capitals = frozenset(i for i, start in enumerate(shown.starts) if text[start].isupper())
    known, rest = _taken(shown.text, capitals, lexicon)
    clocks = {clock.start: clock for clock in find_clocks(rest, language)}
    for clock in clocks.values():
        rest = _without(rest, clock.start, clock.end)
    lexemes = [*lexemes_of(rest, lexicon), *(Lexeme(c.start, c.end, "") for c in clocks.values())]
    lexemes.sort(key=lambda lexeme: lexeme.start)
    line = Line(rest, lexemes, lexicon, clocks)
    # A unit alone is left out where it turns out to belong to the number after it.
    sure_first = sorted([*known, *_read(line, capitals)], key=lambda draft: draft.is_implied)
    drafts = sorted(_apart(sure_first), key=lambda draft: draft.start)
    shared = with_shared_units(drafts, shown.text, lexicon)
    return tuple(_figure(draft, shown, text) for draft in shared)


def _taken(text: str, capitals: frozenset[int], lexicon: Lexicon) -> tuple[list[Draft], str]:
    """Return what a pattern finds, and the text without it."""
    drafts: list[Draft] = []
    finders = (
        find_addresses,
        lambda rest: find_dates(rest, lexicon.language),
        find_phones,
        lambda rest: find_references(rest, capitals, lexicon),
    )
    for find in finders:
        for draft in _apart(find(text)):
            drafts.append(draft)
            text = _without(text, draft.start, draft.end)
    return drafts, text


def _apart(drafts: Iterable[Draft]) -> Iterator[Draft]:
    """Yield those that overlap none before them."""
    seen: list[tuple[int, int]] = []
    for draft in drafts:
        if all(draft.end <= start or end <= draft.start for start, end in seen):
            seen.append((draft.start, draft.end))
            yield draft


def _without(text: str, start: int, end: int) -> str:
    return text[:start] + _TAKEN * (end - start) + text[end:]


def _read(line: Line, capitals: frozenset[int]) -> Iterator[Draft]:
    position = free_from = 0
    last: Draft | None = None
    while position < len(line.lexemes):
        is_capital = _is_name(line, position, capitals)
        found = (
            date_at(line, position, is_capital)
            or quantity_at(line, position, free_from)
            or mention_at(line, position, last)
        )
        if found is None:
            if bare := bare_unit_at(line, position):
                yield bare
            position += 1
            continue
        last, position = found
        free_from = position
        yield last


def _is_name(line: Line, position: int, capitals: frozenset[int]) -> bool:
    """Whether a word has a capital letter that no beginning of a sentence explains."""
    start = line.lexemes[position].start
    before = line.text[:start].rstrip(" ")
    return start in capitals and (before[-1:].isalnum() or before.endswith((",", "'", "-")))


def _figure(draft: Draft, shown: Traced, text: str) -> Figure:
    start, end = shown.origin(draft.start, draft.end)
    return Figure(start, end, text[start:end], draft.readings, draft.is_implied)
