"""The parts of a plain text that figures are made of: numerals, signs, and words with a meaning."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import pairwise
from typing import Final

from civic_assistant.figures.lexicon import HAN, WORD, Lexicon, Meaning, Role
from civic_assistant.figures.numerals import NUMERAL, han_value, values_of

_ARABIC_PREFIXES: Final = ("وال", "فال", "بال", "كال", "لل", "ال", "و", "ف", "ب", "ل", "ك")
_SIGN: Final = re.compile(r"[€$£¥₺₴%½¼¾]")
_SIGNS: Final[Mapping[str, Meaning]] = {
    "€": ("currency", "EUR"), "$": ("currency", "USD"), "£": ("currency", "GBP"),
    "¥": ("currency", "CNY"), "₺": ("currency", "TRY"), "₴": ("currency", "UAH"),
    "%": ("percent", ""), "½": ("and_half", ""),
}  # fmt: skip
_HAN_NUMBER: Final = re.compile(r"[〇零一二两三四五六七八九十百千万]+")
_LONGEST_HAN: Final = 6
# What may stand between two words of one phrase.
_WITHIN: Final = re.compile(r"[ '.\-]{0,3}")
# The same in a phrase that is no figure: "Costa mille. Grazie!" is not "mille grazie".
_WITHIN_IDIOM: Final = re.compile(r"[ '\-]{1,3}")
_IDIOM: Final[Meaning] = ("other", "")


@dataclass(frozen=True, slots=True)
class Lexeme:
    """``text[start:end]`` of the plain text, and what it may mean.

    ``values`` are those of a numeral, the likeliest first; ``is_joined`` says that "and" is
    written onto the word, as Arabic does.
    """

    start: int
    end: int
    text: str
    meanings: tuple[Meaning, ...] = ()
    values: tuple[Decimal, ...] = ()
    is_joined: bool = False
    roles: Mapping[Role, Decimal | str] = field(default_factory=dict, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "roles", dict(self.meanings))


def lexemes_of(text: str, lexicon: Lexicon) -> list[Lexeme]:
    """Return the lexemes of a plain text in order; what a NUL stands in for is left out."""
    found = [*_numerals(text, lexicon.language), *_signs(text)]
    found.extend(_words(text, lexicon))
    return sorted(found, key=lambda lexeme: lexeme.start)


def _numerals(text: str, language: str) -> Iterator[Lexeme]:
    for match in NUMERAL.finditer(text):
        values = values_of(match.group(), language)
        if values:
            yield Lexeme(match.start(), match.end(), match.group(), values=values)


def _signs(text: str) -> Iterator[Lexeme]:
    for match in _SIGN.finditer(text):
        if match.group() in _SIGNS:
            yield Lexeme(match.start(), match.end(), match.group(), (_SIGNS[match.group()],))


def _words(text: str, lexicon: Lexicon) -> Iterator[Lexeme]:
    words = list(WORD.finditer(text))
    position = 0
    while position < len(words):
        word = words[position]
        if HAN.match(word.group()):
            yield from _han(word, lexicon)
            position += 1
            continue
        lexeme, length = _longest(words, position, text, lexicon)
        if lexeme is not None:
            yield lexeme
        position += length


def _longest(
    words: Sequence[re.Match[str]], position: int, text: str, lexicon: Lexicon
) -> tuple[Lexeme | None, int]:
    """Return the longest phrase at a word, and how many words it takes."""
    word = words[position]
    for form, is_joined in _forms(word.group(), lexicon.language):
        for phrase, meanings in lexicon.phrases.get(form, ()):
            matched = words[position : position + len(phrase)]
            gap = _WITHIN_IDIOM if _IDIOM in meanings else _WITHIN
            if len(matched) == len(phrase) and _is_phrase(matched, phrase, text, gap):
                end = matched[-1].end()
                shown = text[word.start() : end]
                lexeme = Lexeme(word.start(), end, shown, meanings, is_joined=is_joined)
                return lexeme, len(phrase)
    shown = word.group()
    for form, _ in _forms(shown, lexicon.language):
        meanings = tuple(m for start, m in lexicon.beginnings if form.startswith(start))
        if meanings:
            return Lexeme(word.start(), word.end(), shown, meanings), 1
    for ending, meaning in lexicon.endings:
        if len(shown) > len(ending) + 2 and shown.endswith(ending):
            return Lexeme(word.start(), word.end(), shown, (meaning,)), 1
    return None, 1


def _is_phrase(
    matched: Sequence[re.Match[str]], phrase: Sequence[str], text: str, gap: re.Pattern[str]
) -> bool:
    return all(m.group() == w for m, w in zip(matched[1:], phrase[1:], strict=True)) and all(
        gap.fullmatch(text, left.end(), right.start()) for left, right in pairwise(matched)
    )


def _forms(word: str, language: str) -> Iterator[tuple[str, bool]]:
    """Yield the word, and without what Arabic writes onto it."""
    yield word, False
    if language != "ar":
        return
    for prefix in _ARABIC_PREFIXES:
        if word.startswith(prefix) and len(word) > len(prefix) + 1:
            if prefix in ("لل", "وال", "بال", "فال", "كال"):
                yield "ال" + word[len(prefix) :], prefix.startswith("و")
            yield word[len(prefix) :], prefix.startswith("و")


def _han(run: re.Match[str], lexicon: Lexicon) -> Iterator[Lexeme]:
    text, offset = run.group(), run.start()
    position = 0
    while position < len(text):
        for length in range(min(_LONGEST_HAN, len(text) - position), 0, -1):
            part = text[position : position + length]
            if part in lexicon.phrases:
                meanings = lexicon.phrases[part][0][1]
                start = offset + position
                yield Lexeme(start, start + length, part, meanings)
                position += length
                break
        else:
            number = _HAN_NUMBER.match(text, position)
            if number and (value := han_value(number.group())) is not None:
                start, end = offset + position, offset + number.end()
                yield Lexeme(start, end, number.group(), (("unsure_number", value),))
                position = number.end()
            else:
                position += 1
