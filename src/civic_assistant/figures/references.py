"""Numbers that name something: forms, articles of law, decrees, rooms, school years."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from itertools import pairwise
from typing import Final

from civic_assistant.figures.drafts import Draft
from civic_assistant.figures.figure import CalendarDate, Reading
from civic_assistant.figures.lexicon import Lexicon

# Between the word cerfa and its number stand a few words at most: "cerfa n°", "cerfa form no.".
_CERFA: Final = re.compile(r"cerfa[^\d\n|]{0,24}?(\d{2} ?\d{3})(?: ?[*∗＊x×#\-] ?(\d{2}))?(?!\d)")
_CERFA_LAST: Final = re.compile(r"(?<!\d)(\d{5})(?:[*∗＊](\d{2}))?(?=[^\d\n|]{1,16}cerfa)")
_VERSIONED: Final = re.compile(r"(?<!\d)(\d{5}) ?[*∗＊] ?(\d{2})(?!\d)")
# L. 123-4, R*421-1, LO 141, ST-04, F1341, CM2: capitals with digits.
_ARTICLE: Final = re.compile(
    r"(?<![a-z])(?:(lo|[lr])[.*]{0,2} ?|([da])[.*]{1,2} ?)(\d{1,5}(?:-\d+)*)(?![\d.,]\d)"
)
_CODE: Final = re.compile(r"(?<![a-zа-я0-9])([a-zавсекмнорт]{1,5})-?(\d{1,6}(?:-\d+)*)(?![a-z0-9])")
_HYPHENATED: Final = re.compile(r"(?<![a-z0-9.,/*])(\d{1,5}(?:-\d{1,5})+)(?![a-z0-9/*]|[.,]\d)")
# 24 h/24, 7 jours sur 7: the second number only says "always".
_ALWAYS: Final = re.compile(r"(?<=[a-z]) ?(?:/|sur) ?(?:24|7)(?![a-z0-9€%]| [€%])")
# Cyrillic letters that name the same as Latin ones: level А2.
_LOOKALIKES: Final = str.maketrans("авсекмнорт", "abcekmhopt")
_CURRENCIES: Final = frozenset({"eur", "chf", "usd", "gbp"})
_YEAR: Final = re.compile(r"(?:19|20)\d\d")
_SHORT_YEAR: Final = re.compile(r"(?<!\d)((?:19|20)\d\d)[-/](\d{2})(?![\d/\-])")


def find_references(text: str, has_capital: frozenset[int], lexicon: Lexicon) -> Iterator[Draft]:
    """Yield forms, articles, decrees and codes; ``has_capital`` holds where capital letters are.

    Digits with hyphens are a reference after a number sign or when they do not rise (2017-890);
    else they are read as a range.
    """
    for pattern in (_CERFA, _CERFA_LAST, _VERSIONED):
        for match in pattern.finditer(text):
            number = match[1].replace(" ", "")
            form = f"{number}*{match[2]}" if match[2] else number
            yield Draft(match.start(1), match.end(), (Reading("form", form),))
    for match in (*_ARTICLE.finditer(text), *_CODE.finditer(text)):
        *letters, number = filter(None, match.groups())
        if letters[0] in _CURRENCIES:
            continue
        last = match.start() + len(letters[0]) - 1
        if match.start() in has_capital and last in has_capital:
            letter = letters[0].translate(_LOOKALIKES)
            reading = Reading("reference", f"{letter}{number}".upper())
            yield Draft(match.start(), match.end(), (reading,))
    signed = {match.start(1) for match in _signed(lexicon.number_signs).finditer(text)}
    for match in _HYPHENATED.finditer(text):
        parts = match[1].split("-")
        rises = all(int(a) < int(b) for a, b in pairwise(parts))
        if match.start() in signed or not (rises and len(parts) == 2):
            yield Draft(match.start(), match.end(), (Reading("reference", match[1]),))
    yield from _school_years(text)
    for match in _ALWAYS.finditer(text):
        reading = Reading("rate", "", "day")
        yield Draft(match.start(), match.end(), (reading,), is_implied=True)


def _school_years(text: str) -> Iterator[Draft]:
    """Yield both years of 2026/27."""
    for match in _SHORT_YEAR.finditer(text):
        first = int(match[1])
        if int(match[2]) == (first + 1) % 100:
            for year, group in ((first, 1), (first + 1, 2)):
                yield Draft(match.start(group), match.end(group), year_readings(Decimal(year)))


def year_readings(value: Decimal) -> tuple[Reading, ...]:
    """Return the readings of a number that may be a year of our time, or none."""
    if not _YEAR.fullmatch(str(value)):
        return ()
    return (Reading("date", CalendarDate(year=int(value))),)


@cache
def _signed(signs: tuple[str, ...]) -> re.Pattern[str]:
    ordered = sorted(signs, key=len, reverse=True)
    return re.compile(rf"(?<![a-z])(?:{'|'.join(map(re.escape, ordered))})[.º°:]? ?(\d)")
