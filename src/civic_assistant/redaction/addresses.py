"""Postal addresses: a house number with a street; a street without a number is the town's."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from civic_assistant.redaction.announced import any_phrase
from civic_assistant.redaction.spans import Span, phrases

_HOUSE = r"(?<![\w.,/*€-])(?!(?:19|20)\d\d\b)\d{1,4}\s?(?:(?:bis|ter|quater|[a-f])(?!\w))?\s?,?\s?"
_WORD = re.compile(r"[ ]?([^\W\d_](?:[\w-]|'(?=\w))*|\d{1,4}(?:er)?(?!\w))")
_MOST_WORDS = 6
_MOST_SMALL_WORDS = 2

_GERMAN = re.compile(
    r"(?<![\w-])(?!(?:Park|Stell|Spiel|Sport|Arbeits|Lager|Camping|Kita|Studien|Ausbildungs)platz)"
    r"(?:[A-ZÄÖÜ][\w-]{2,30}?(?:stra(?:ß|ss)e|str\.|weg|gasse|allee|platz|ring|damm|ufer)"
    r"|[A-ZÄÖÜ][\w-]{2,20}\s(?:Stra(?:ß|ss)e|Str\.|Weg|Gasse|Allee|Platz|Ring))"
    r"\s(?:Nr\.\s?)?\d{1,3}\s?(?:[a-z](?!\w))?(?![\w€]|[.,:]\d|\s(?:€|Euro|Uhr|Tage|Stunden|Plätze))"
)
_ARABIC = re.compile(
    r"(?<!\w)\d{1,4}\s?[،,]?\s?شارع(?:\s[^\W\d_]+){1,2}"
    r"|(?<!\w)شارع(?:\s[^\W\d_]+){1,4}\s?[،,]?\s?(?:رقم\s?)?\d{1,4}(?!\w)"
)
_CHINESE = re.compile(
    r"(?:(?<=[在是为::])|(?<![一-鿿]))[一-鿿]{1,12}?(?:路|街|道|巷|弄)\s?\d{1,5}\s?[号號]"
    r"(?:\s?\d+\s?(?:室|楼|栋|单元|层))*"
)


def find_addresses(text: str) -> Iterator[Span]:
    """Yield house number and street; postcode and town stay, for the question needs them."""
    yield from _find_french(text)
    yield from _find_number_last(text)
    for pattern in (*_whole_patterns(), _GERMAN, _ARABIC, _CHINESE):
        for match in pattern.finditer(text):
            yield Span(match.start(), match.end(), "address")


def _find_french(text: str) -> Iterator[Span]:
    """Yield "12 bis rue des Lilas, appt 4": the number leads, the name follows."""
    for ordinary, pattern in _french_patterns():
        for match in pattern.finditer(text):
            end = _end_of_street(text, match.end(), capital_needed=ordinary)
            if end > match.end():
                within = _within_pattern().match(text, end)
                yield Span(match.start(), within.end() if within else end, "address")


def _end_of_street(text: str, start: int, *, capital_needed: bool) -> int:
    """Return where the street's name ends; ``start`` when what follows is no name."""
    particles = _phrase_set("address.particles")
    end = position = start
    taken = small = 0
    after_particle = has_date = False
    while taken < _MOST_WORDS:
        word = _WORD.match(text, position)
        if word is None:
            break
        plain = word[1].casefold()
        position = word.end()
        if plain in particles:
            after_particle = True
            continue
        if word[1][0].isdigit():
            # "rue du 8 mai 1945": a day after a particle, a year after its month.
            if not (after_particle or has_date):
                break
            has_date = not has_date
        elif plain[0] in "dl" and plain[1:2] == "'":
            small += not word[1][2:3].isupper()
        elif not word[1][0].isupper():
            if plain in _phrase_set("name.not_names") or (
                capital_needed and not (taken or has_date)
            ):
                break
            small += 1
        if small > _MOST_SMALL_WORDS:
            break
        taken, after_particle, end = taken + 1, False, position
    return end


def _find_number_last(text: str) -> Iterator[Span]:
    """Yield "calle Mayor, 12": a street word, a name, the number, and then no unit of anything."""
    continues = _phrase_set("address.continues")
    particles = _phrase_set("address.particles")
    for match in _number_last_pattern().finditer(text):
        names = [word for word in match["name"].split() if word.casefold() not in particles]
        follows = re.match(r"\s?([^\W\d_]\w*)", text[match.end() :])
        if follows and not (follows[1][0].isupper() or follows[1].casefold() in continues):
            continue
        if any(name.casefold() in _phrase_set("name.not_names") for name in names):
            continue
        if len(names) == 1 or (names and all(name[0].isupper() for name in names)):
            yield Span(match.start(), match.end(), "address")


@lru_cache(maxsize=8)
def _phrase_set(key: str) -> frozenset[str]:
    return frozenset(phrases()[key])


@lru_cache(maxsize=1)
def _french_patterns() -> tuple[tuple[bool, re.Pattern[str]], ...]:
    words = phrases()
    return tuple(
        (ordinary, re.compile(_HOUSE + any_phrase(words[key]), re.IGNORECASE))
        for ordinary, key in ((False, "address.street"), (True, "address.ordinary_street"))
    )


@lru_cache(maxsize=1)
def _within_pattern() -> re.Pattern[str]:
    within = any_phrase(phrases()["address.within"])
    return re.compile(
        rf"(?:\s?,?\s?(?:{within}\s?(?:n°\s?)?[\dA-Z]{{1,4}}(?!\w)|\d{{1,2}}(?:er|e|ème)\s{within}))+",
        re.IGNORECASE,
    )


@lru_cache(maxsize=1)
def _number_last_pattern() -> re.Pattern[str]:
    return re.compile(
        any_phrase(phrases()["address.street_first"])
        + r"\s?(?P<name>[^\W\d_][\w'.-]{0,30}(?:\s[^\W\d_][\w'.-]{0,30}){0,4}?),?\s?"
        r"(?:(?:n[º°.]?|núm\.?|nr\.?|numero|número|no\.?|№|буд\.?|будинок)\s?)?"
        r"(?!(?:19|20)\d\d\b)\d{1,4}(?:[/-]\d{1,4})?(?:\s?[a-zA-Z](?!\w))?(?![\w€%*]|[.,:/]\d|\s?[€%])",
        re.IGNORECASE,
    )


@lru_cache(maxsize=1)
def _whole_patterns() -> tuple[re.Pattern[str], ...]:
    words = phrases()
    last, turkish = any_phrase(words["address.street_last"]), any_phrase(words["address.turkish"])
    return (
        re.compile(
            rf"(?<![\w.,/*-])(?!(?:19|20)\d\d\b)\d{{1,4}}[a-zA-Z]?,?\s(?:[A-Z][\w'-]*\s){{1,3}}(?i:{last})"
        ),
        re.compile(
            r"(?i:(?<=live at )|(?<=living at )|(?<=address is )|(?<=address: ))"
            rf"\d{{1,4}}[a-z]?,?\s(?:[a-z'-]+\s){{1,3}}(?i:{last})"
        ),
        re.compile(
            rf"(?<!\w)(?:[^\W\d_]\w*\s|\d{{1,5}}\.\s){{1,3}}{turkish}[ ,]*"
            r"(?:no\s?[:.]?\s?)?\d{1,4}(?:/\d{1,4})?(?!\w)",
            re.IGNORECASE,
        ),
    )
