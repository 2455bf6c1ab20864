"""The words of figures in the twelve languages of the page, read from ``words/<language>.toml``.

In these files a word may end or begin with ``*``; letters are compared small and without marks.
``number``, ``ordinal``, ``month``, ``weekday`` (0 is Monday), ``unit``, ``currency`` and ``rate``
("per month") are tables by what the words are worth. ``rate_after`` words are a rate behind an
amount ("a month") and ``rate_word`` ("monthly") only implies one. ``whole`` words are a number and
its unit ("fortnight"), ``implied`` ones support such a figure without stating it ("minor"). ``|``
parts what a word may be. The ``unsure`` and ``weak`` lists name words that are something else as
well; ``other`` are phrases in which no word is a figure. ``articles`` may mean one, ``joiners`` and
``fillers`` stand within and behind a number, ``of`` within a date, ``to`` between two figures,
``clock_before``, ``age_before``… by a number that is a time or an age. ``compound`` languages write
numbers as one word.
"""

from __future__ import annotations

import re
import tomllib
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Any, Literal

from civic_assistant.figures.plain import plain

Role = Literal[
    "number", "unsure_number", "article", "ordinal", "weak_ordinal", "ordinal_ending", "month",
    "unsure_month", "weekday", "unsure_weekday", "unit", "currency", "percent", "percent_before",
    "clock_before", "clock_after", "am", "pm", "noon", "weak_noon", "midnight", "half_share",
    "and_half", "age_before", "age_after", "filler", "of", "joiner", "rate", "rate_after",
    "rate_word", "free", "weak_free", "other", "whole", "implied", "classifier",
]  # fmt: skip

WORD = re.compile(r"[^\W\d_]+")
HAN = re.compile(r"[㐀-鿿]")
_DEFAULT = "en"
# Lists of words: the table's key and the role that each of its words has.
_LISTS: Mapping[str, Role] = {
    "articles": "article", "joiners": "joiner", "fillers": "filler", "of": "of",
    "ordinal_endings": "ordinal_ending", "clock_before": "clock_before",
    "clock_after": "clock_after", "am": "am", "pm": "pm", "noon": "noon",
    "weak_noon": "weak_noon", "midnight": "midnight", "percent": "percent",
    "percent_before": "percent_before", "half_share": "half_share", "and_half": "and_half",
    "age_before": "age_before", "age_after": "age_after", "free": "free",
    "weak_free": "weak_free", "other": "other", "classifiers": "classifier",
}  # fmt: skip
# Tables of words: the table's name, the role, and whether the key is a number.
_TABLES: tuple[tuple[str, Role, bool], ...] = (
    ("number", "number", True), ("ordinal", "ordinal", True), ("month", "month", True),
    ("weekday", "weekday", True), ("unit", "unit", False), ("currency", "currency", False),
    ("rate", "rate", False), ("rate_after", "rate_after", False),
    ("rate_word", "rate_word", False), ("whole", "whole", False), ("implied", "implied", False),
)  # fmt: skip
_UNSURE: Mapping[str, tuple[Role, Role]] = {
    "unsure": ("number", "unsure_number"),
    "weak_ordinal_words": ("ordinal", "weak_ordinal"),
    "unsure_months": ("month", "unsure_month"),
    "unsure_weekdays": ("weekday", "unsure_weekday"),
}

_CURRENCY_CODES = ("EUR", "CHF", "USD", "GBP")
_ONE = {"german": "ein", "italian": "uno", "turkish": "bir"}

Meaning = tuple[Role, Decimal | str]
Phrase = tuple[tuple[str, ...], tuple[Meaning, ...]]


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The words of one language.

    ``phrases`` maps a first word to the phrases that begin with it, the longest first;
    ``beginnings`` and ``endings`` are those of words that have a meaning whatever the rest; ``to``
    joins two figures of a range; ``bare_units`` says that a unit alone may mean one of it ("within
    month").
    """

    language: str
    phrases: Mapping[str, tuple[Phrase, ...]]
    endings: tuple[tuple[str, Meaning], ...]
    beginnings: tuple[tuple[str, Meaning], ...]
    to: frozenset[str]
    number_signs: tuple[str, ...]
    bare_units: bool


@cache
def lexicon_of(language: str) -> Lexicon:
    """Return a language's words; of a language that is not among the twelve, English."""
    source = files("civic_assistant.figures").joinpath("words", f"{language}.toml")
    if not source.is_file():
        return lexicon_of(_DEFAULT)
    table = tomllib.loads(source.read_text("utf-8"))
    meanings: dict[tuple[str, ...], dict[Meaning, None]] = defaultdict(dict)
    endings: list[tuple[str, Meaning]] = []
    beginnings: list[tuple[str, Meaning]] = []
    for phrase, meaning in _entries(table):
        if phrase.startswith("*"):
            endings.append((plain(phrase[1:]).text, meaning))
        elif phrase.endswith("*"):
            beginnings.append((plain(phrase[:-1]).text, meaning))
        elif words := phrase_words(phrase):
            meanings[words][meaning] = None
    for key, (role, unsure) in _UNSURE.items():
        for words in map(phrase_words, table.get(key, ())):
            known = meanings[words]
            meanings[words] = {(unsure if r == role else r, v): None for r, v in known}
    phrases: dict[str, list[Phrase]] = defaultdict(list)
    for words, known in sorted(meanings.items(), key=lambda item: -len(item[0])):
        phrases[words[0]].append((words, tuple(known)))
    return Lexicon(
        language=language,
        phrases={first: tuple(found) for first, found in phrases.items()},
        endings=tuple(endings),
        beginnings=tuple(beginnings),
        to=frozenset(plain(word).text for word in table["to"]),
        number_signs=tuple(plain(sign).text for sign in table["number_signs"]),
        bare_units=table.get("bare_units", False),
    )


def phrase_words(phrase: str) -> tuple[str, ...]:
    """Return the words of a phrase in plain letters; a Chinese phrase is one word."""
    return tuple(WORD.findall(plain(phrase).text))


def _entries(table: Mapping[str, Any]) -> Iterator[tuple[str, Meaning]]:
    for key, role in _LISTS.items():
        for phrase in table.get(key, ()):
            yield phrase, (role, "")
    for name, role, is_number in _TABLES:
        for value, phrases in table.get(name, {}).items():
            meant = _meaning(role, Decimal(value) if is_number else value)
            yield from ((phrase, meant) for phrase in phrases)
    for code in _CURRENCY_CODES:
        yield code, ("currency", code)
    yield from _stemmed_ordinals(table.get("ordinal_stems", {}))
    yield from _compounds(table)


def _meaning(role: Role, value: Decimal | str) -> Meaning:
    """Return the meaning; "first" often only begins an enumeration or a name."""
    return ("weak_ordinal" if role == "ordinal" and value == 1 else role), value


def _stemmed_ordinals(stems: Mapping[str, list[str]]) -> Iterator[tuple[str, Meaning]]:
    for value, forms in stems.items():
        if value != "endings":
            for stem in forms:
                meant = _meaning("ordinal", Decimal(value))
                yield from ((stem + ending, meant) for ending in stems["endings"])


def _compounds(table: Mapping[str, Any]) -> Iterator[tuple[str, Meaning]]:
    """Yield number words written as one: fünfundzwanzig, venticinque, yirmibeş, centoventi."""
    how = table.get("compound", "")
    if not how:
        return
    words = {int(v): forms[0] for v, forms in table["number"].items() if v.isdigit()}
    below = {n: words[n] for n in words if 0 < n < 100}
    below[1] = _ONE[how]
    for tens in range(20, 100, 10):
        for unit in range(1, 10):
            below[tens + unit] = _joined(how, words[tens], below[unit], unit)
    for value, word in below.items():
        if value > 20 and value % 10:
            yield word, ("number", Decimal(value))
    for hundreds in (words[n] for n in words if 100 <= n < 1000 and n % 100 == 0):
        base = next(n for n, word in words.items() if word == hundreds)
        yield from ((hundreds + w, ("number", Decimal(base + v))) for v, w in below.items())


def _joined(how: str, tens: str, unit: str, value: int) -> str:
    if how == "german":
        return f"{unit}und{tens}"
    if how == "italian" and value in (1, 8):
        return tens[:-1] + unit
    return tens + unit
