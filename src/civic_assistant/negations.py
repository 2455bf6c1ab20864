"""Whether a sentence denies what its quote says, or drops a "not" or an "except" of it."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from typing import Literal

from civic_assistant.figures.plain import plain
from civic_assistant.keywords import stems
from civic_assistant.wording import wording_pattern

Sort = Literal["not", "nor", "without", "forbid", "except", "other", "neutral"]
Change = Literal["dropped", "added"]

_SORTS: tuple[Sort, ...] = ("not", "nor", "without", "forbid", "except", "other", "neutral")
_CLAUSE = re.compile(
    r"[;:!?()|\n،؛。，；：！？]|,(?!\d)|\.(?=\s+\D|$)"
    r"|\b(?:et|and|und|y|e|si|i|і|та|ve|но|але|but|mais|aber|pero|ma|mas|dar|ale|ama)\b"
)
# "no. 12" and "n° 12" number something.
_NUMBER_SIGN = re.compile(r"\bnos?\.? ?(?=\d)")
# The share of a clause's words that a sentence has when it is about the clause.
_ABOUT = 0.5
# The share of words that a copy with small changes has in common with the original.
_COPY = 0.8


@dataclass(frozen=True, slots=True)
class _Negation:
    sort: Sort
    words: str
    clause: int


@dataclass(frozen=True, slots=True)
class Reversal:
    """A negation that a quote has and its sentence lacks (dropped), or the other way (added).

    ``words`` are the negation as the quote or the sentence has it.
    """

    change: Change
    words: str


def reversal_of(
    sentence: str, sentence_language: str, quote: str, quote_language: str
) -> Reversal | None:
    """Return the negation that was dropped from or added to a quote, or None.

    Negations answer each other by number: "not" best by "not", "except" by "except", and what is
    left over by another word to the same effect. Those of one clause are one, but in a copy with
    small changes. In the quote's own language only the clauses that the sentence is about must be
    answered.
    """
    is_same = sentence_language == quote_language
    about = _clauses_about(quote, sentence, quote_language) if is_same else quote
    is_copy = is_same and _is_copy(sentence, about, quote_language)
    said = _negations(sentence, sentence_language)
    meant, due = (_negations(text, quote_language) for text in (quote, about))
    if not is_copy:
        said, meant, due = (_one_a_clause(found) for found in (said, meant, due))
    if words := _unanswered(due, said):
        return Reversal("dropped", words)
    if words := _unanswered(said, due if is_copy else meant):
        return Reversal("added", words)
    return None


def _unanswered(here: Sequence[_Negation], there: Sequence[_Negation]) -> str | None:
    """Return the words of a negation here that none there answers."""
    sorts = Counter(negation.sort for negation in there)
    left = []
    for negation in here:
        if sorts[negation.sort]:
            sorts[negation.sort] -= 1
        elif negation.sort != "other":
            left.append(negation.words)
    return left[-1] if len(left) > sorts.total() else None


def _clauses_about(quote: str, sentence: str, language: str) -> str:
    """Return the clauses of a quote that a sentence shares words with; all of it when none is.

    An exception belongs to the clause before it.
    """
    words = _content(sentence, language)
    clauses: list[str] = []
    for clause in _CLAUSE.split(quote):
        if clauses and any(n.sort == "except" for n in _negations(clause, language)):
            clauses[-1] += f" {clause}"
        elif clause.strip():
            clauses.append(clause)
    about = []
    for clause in clauses:
        own = _content(clause, language)
        if own and (own & words).total() >= _ABOUT * own.total():
            about.append(clause)
    return " , ".join(about) if about else quote


def _content(text: str, language: str) -> Counter[str]:
    return Counter(stems(text, language))


def _is_copy(sentence: str, quote: str, language: str) -> bool:
    """Whether two texts have most of their words in common."""
    ours, theirs = _content(sentence, language), _content(quote, language)
    most = max(ours.total(), theirs.total())
    return most > 0 and (ours & theirs).total() >= _COPY * most


def _negations(text: str, language: str) -> list[_Negation]:
    """Return the negations of a text in order."""
    shown = _NUMBER_SIGN.sub(" ", plain(text).text)
    patterns = _patterns(language)
    found: list[tuple[int, int, Sort]] = []
    for sort in reversed(_SORTS):  # the phrases of "other" take the words of the others with them
        for match in patterns[sort].finditer(shown):
            if all(match.end() <= start or end <= match.start() for start, end, _ in found):
                found.append((match.start(), match.end(), sort))
    return [
        _Negation(sort, shown[start:end], len(_CLAUSE.findall(shown[:start])))
        for start, end, sort in sorted(found)
        if sort != "neutral"
    ]


def _one_a_clause(negations: Sequence[_Negation]) -> list[_Negation]:
    """Return the negations as languages that deny twice ("no … ninguna") would say them once."""
    kept: list[_Negation] = []
    for negation in negations:
        if negation.sort == "nor" and any(n.sort in ("not", "without") for n in kept):
            continue
        one = replace(negation, sort="not") if negation.sort == "nor" else negation
        is_second = any((n.sort, n.clause) == (one.sort, one.clause) for n in kept)
        if one.sort not in ("not", "forbid") or not is_second:
            kept.append(one)
    return kept


@cache
def _patterns(language: str) -> Mapping[Sort, re.Pattern[str]]:
    table = tomllib.loads(files("civic_assistant").joinpath("negations.toml").read_text("utf-8"))
    words = table.get(language, table["en"])
    return {sort: wording_pattern(words.get(sort, ()), language) for sort in _SORTS}
