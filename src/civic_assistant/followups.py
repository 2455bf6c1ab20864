"""A follow-up question made standalone: "et pour un mineur ?" carries the question before it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from civic_assistant.unmarked import count_words

# A question that opens so continues the one before, in the twelve languages of the page.
_OPENINGS = (
    "et", "mais", "sinon", "and", "but", "what about", "how about", "y", "pero", "e", "mas", "ma",
    "und", "aber", "oder", "ve", "peki", "ya", "а", "і", "та", "але", "și", "si", "dar", "iar",
    "dacă", "i", "a", "ale", "oraz", "و", "ماذا عن", "那", "那么", "还有", "如果",
)  # fmt: skip
# Words that stand for something said before; only those that seldom stand for anything else.
_POINTING = (
    "ça", "cela", "ceci", "celui-ci", "celui-là", "celle-ci", "celle-là", "ceux-ci", "celles-ci",
    "le même", "la même", "les mêmes", "dans ce cas", "it", "that", "this", "those", "these",
    "them", "the same", "in that case", "eso", "esto", "ello", "lo mismo", "el mismo", "la misma",
    "en ese caso", "isso", "isto", "o mesmo", "a mesma", "nesse caso", "dafür", "damit", "dabei",
    "dazu", "davon", "dasselbe", "dieselbe", "derselbe", "in dem fall", "in diesem fall", "ciò",
    "questo", "quello", "lo stesso", "la stessa", "in questo caso", "in quel caso", "ذلك", "هذا",
    "هذه", "تلك", "نفس", "bunu", "bunun", "bunlar", "onun", "aynı", "aynısı", "bu durumda", "це",
    "цього", "цьому", "те саме", "той самий", "та сама", "у цьому разі", "asta", "aceasta",
    "acesta", "același", "aceeași", "în acest caz", "tego", "tym", "temu", "to samo", "ten sam",
    "ta sama", "w tym przypadku", "这个", "那个", "这些", "这种", "同样", "这样", "那样",
)  # fmt: skip
# Arabic's "and" is written onto the next word, Chinese has no spaces.
_CONTINUES = re.compile(
    rf"^\W*(?:{'|'.join(sorted(_OPENINGS, key=len, reverse=True))})"
    r"(?=[\s'’,]|[\u0600-\u06ff\u4e00-\u9fff])",
    re.IGNORECASE,
)
_POINTS = re.compile(
    rf"(?<![^\W\u4e00-\u9fff])(?:{'|'.join(sorted(_POINTING, key=len, reverse=True))})"
    r"(?![^\W\u4e00-\u9fff])",
    re.IGNORECASE,
)
# Longer questions say themselves what they are about.
_WORDS = 9


def standalone(question: str, history: Sequence[str]) -> str:
    """Return the question, after the previous one when it continues that and cannot stand alone.

    ``history`` holds the citizen's earlier questions, oldest first.
    """
    is_short = len(question.split()) <= _WORDS
    if not history or not is_short or not _CONTINUES.match(question):
        return question
    return f"{history[-1].strip()} {question.strip()}"


def may_continue(question: str) -> bool:
    """Whether a question may need those before it: it is short, or points back at something."""
    return count_words(question) <= _WORDS or _POINTS.search(question) is not None


def without_pointing(question: str) -> str:
    """Return the question without the words that only tie it to the one before."""
    return _POINTS.sub(" ", _CONTINUES.sub(" ", question, count=1))
