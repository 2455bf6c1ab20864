"""Whether a sentence denies what its quote says, or drops a "not" or an "except" of it."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from typing import Literal

from civic_assistant.bounds import shared_bounds
from civic_assistant.comparison import Text, content_of, is_copy
from civic_assistant.figures.plain import plain
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


@dataclass(frozen=True, slots=True)
class _Negation:
    sort: Sort
    words: str
    clause: int
    start: int
    end: int


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
    answered. A bound that both have ("not older than", "at most") is no negation.
    """
    is_same = sentence_language == quote_language
    spans = _clauses_about(quote, sentence, quote_language) if is_same else [(0, len(quote))]
    about = " , ".join(quote[start:end] for start, end in spans)
    is_near = is_same and is_copy(sentence, about, quote_language)
    said = _denials(sentence, sentence_language, quote, quote_language)
    meant = _denials(quote, quote_language, sentence, sentence_language)
    due = [n for n in meant if any(start <= n.start < end for start, end in spans)]
    if not is_near:
        said, meant, due = (_one_a_clause(found) for found in (said, meant, due))
    if words := _unanswered(due, said, is_near):
        return Reversal("dropped", words)
    if words := _unanswered(said, due if is_near else meant, is_near):
        return Reversal("added", words)
    return None


def _unanswered(here: Sequence[_Negation], there: Sequence[_Negation], is_near: bool) -> str | None:
    """Return the words of a negation here that none there answers; in a copy, "only" counts too."""
    sorts = Counter(negation.sort for negation in there)
    left = []
    for negation in here:
        if sorts[negation.sort]:
            sorts[negation.sort] -= 1
        elif is_near or negation.sort != "other":
            left.append(negation.words)
    return left[-1] if len(left) > sorts.total() else None


def _clauses_about(quote: str, sentence: str, language: str) -> list[tuple[int, int]]:
    """Return where the clauses of a quote are that a sentence shares words with.

    All of the quote when there is none. An exception belongs to the clause before it, and so does
    a clause without words of its own.
    """
    words = content_of(sentence, language)
    clauses: list[tuple[Counter[str], int, int]] = []
    for start, end in _clauses(quote):
        clause = quote[start:end]
        own = content_of(clause, language)
        is_except = any(found.sort == "except" for found in _negations(clause, language))
        if clauses and (is_except or not own):
            clauses[-1] = *clauses[-1][:2], end
        elif clause.strip():
            clauses.append((own, start, end))
    about = [
        (start, end) for own, start, end in clauses if (own & words).total() >= _ABOUT * own.total()
    ]
    return about or [(0, len(quote))]


def _clauses(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for border in _CLAUSE.finditer(text):
        yield start, border.start()
        start = border.end()
    yield start, len(text)


def _denials(text: str, language: str, other: str, other_language: str) -> list[_Negation]:
    """Return the negations of a text but those of a bound that the other text has too."""
    found = _negations(text, language)
    if not found:
        return []
    bounds = list(shared_bounds(Text.read(text, language), Text.read(other, other_language)))
    return [n for n in found if not any(s <= n.start and n.end <= e for s, e in bounds)]


def _negations(text: str, language: str) -> list[_Negation]:
    """Return the negations of a text in order."""
    traced = plain(text)
    shown = _NUMBER_SIGN.sub(lambda sign: " " * len(sign[0]), traced.text)
    patterns = _patterns(language)
    found: list[tuple[int, int, Sort]] = []
    for sort in reversed(_SORTS):  # the phrases of "other" take the words of the others with them
        for match in patterns[sort].finditer(shown):
            if all(match.end() <= start or end <= match.start() for start, end, _ in found):
                found.append((match.start(), match.end(), sort))
    return [
        _Negation(
            sort, shown[start:end], len(_CLAUSE.findall(shown[:start])), *traced.origin(start, end)
        )
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
