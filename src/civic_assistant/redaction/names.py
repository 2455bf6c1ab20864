"""Names of people, where words announce them, as well as rules can tell."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Literal

from civic_assistant.redaction.announced import any_phrase
from civic_assistant.redaction.spans import Span, phrases

Announcement = Literal["certain", "said", "field", "title", "relative", "being", "signature"]

_WORD = re.compile(r"[^\W\d_](?:[^\W\d_]|[\u064B-\u0652]|['-](?=[^\W\d_]))*")
# "20 m." are metres, "4 p.m." is an hour: neither is a Monsieur.
_APART = r"(?<![\d.])(?<![\d.]\s)"
_GAP = re.compile(r"\s{0,2}")
_ELIDED = ("وأ", "j'", "d'", "l'", "qu'")
_MOST_WORDS = 4
_MOST_SMALL_WORDS = 2  # of a name written without capitals, or in a script that has none

# Chinese has no blanks: two or three signs, or what stands before a sign that a name has not.
_CHINESE = re.compile(
    r"(?:我叫|我的名字是|我的名字叫|名字叫|我姓|姓名[::是]?)\s?"
    r"(?P<name>[一-鿿]{1,4}?(?=[,，。;；、\s我想要住在今和是有,?？]|$)|[一-鿿]{2,3})"
)


def find_names(text: str) -> Iterator[Span]:
    """Yield the names that follow "my name is", a title, a form's field, or end a letter."""
    for kind, pattern in _announcements():
        for match in pattern.finditer(text):
            end = _end_of_name(text, match.end(), kind)
            if end > match.end():
                yield Span(match.end(), end, "name")
    for match in _CHINESE.finditer(text):
        yield Span(match.start("name"), match.end("name"), "name")


def _end_of_name(text: str, start: int, kind: Announcement) -> int:
    """Return where the name that begins at ``start`` ends; ``start`` when there is none."""
    capitals, small, particles = 0, 0, 0
    end = position = start
    while capitals + small < _MOST_WORDS:
        word = _WORD.match(text, position)
        if word is None:
            break
        plain = word[0].casefold()
        if word.start() == start and word[0] in _phrase_set("name.articles"):
            break
        if plain in _phrase_set("name.particles"):
            particles += 1
            if particles > 3:
                break
        elif _ends_name(plain) or (kind in ("title", "relative", "being") and _is_office(plain)):
            break
        elif word[0][0].isupper():
            capitals += 1
            end = word.end()
        elif kind in ("certain", "said", "field") and not capitals and small < _MOST_SMALL_WORDS:
            small += 1
            end = word.end()
        else:
            break
        position = _next_word(text, word)
    enough = capitals >= 2 if kind == "being" else capitals + small > 0
    if kind == "signature":
        enough = enough and re.match(r"[\s.!]*(?:\n|$)", text[end:]) is not None
    return end if enough else start


def _next_word(text: str, word: re.Match[str]) -> int:
    """Return where the next word of a name would begin: after a blank or an initial's full stop."""
    end = word.end()
    if len(word[0]) == 1 and text[end : end + 1] == ".":
        end += 1
    gap = _GAP.match(text, end)
    return gap.end() if gap else end


def _ends_name(plain: str) -> bool:
    return plain in _phrase_set("name.not_names") or plain.startswith(_ELIDED)


def _is_office(plain: str) -> bool:
    return plain in _phrase_set("name.not_persons")


@lru_cache(maxsize=8)
def _phrase_set(key: str) -> frozenset[str]:
    return frozenset(phrases()[key])


@lru_cache(maxsize=1)
def _announcements() -> tuple[tuple[Announcement, re.Pattern[str]], ...]:
    words = phrases()
    after: dict[Announcement, str] = {
        "certain": r"\s*:?\s*",
        "said": r"\s*:?\s*",
        "field": r"\s?:\s*",
        "title": r"\s{1,2}",
        "relative": r"(?:\s|,\s|\s\()",
        "being": r"\s(?:(?:m\.|mr\.?|mme|monsieur|madame|mlle)\s)?",
        "signature": r"\s*[,.!]?\s*\n?\s*",
    }
    return tuple(
        (kind, re.compile(_APART + any_phrase(words[f"name.{kind}"]) + gap, re.IGNORECASE))
        for kind, gap in after.items()
    )
