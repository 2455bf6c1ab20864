"""Whether a sentence denies what its quote says, or drops a "not" or an "except" of it."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal

from civic_assistant.figures.plain import plain
from civic_assistant.keywords import stems

Sort = Literal["not", "forbid", "except", "other"]
Change = Literal["dropped", "added"]

_Found = list[tuple[Sort, str]]

_SORTS: tuple[Sort, ...] = ("not", "forbid", "except", "other")
_CLAUSE = re.compile(r"[,;:.!?()|\n،؛。，；：！？]")
# "no. 12" and "n° 12" number something.
_NUMBER_SIGN = re.compile(r"\bnos?\.? ?(?=\d)")
# The share of a clause's words that a sentence has when it is about the clause.
_ABOUT = 0.5
# The share of words that two texts have in common when one is a copy with small changes.
_COPY = 0.8
_UNSPACED = frozenset({"zh"})


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

    In the quote's own language only the clauses that the sentence is about are compared, and a
    near copy must have as many negations. Between languages one anywhere answers one anywhere:
    a translation that drops one of two is not seen.
    """
    is_same = sentence_language == quote_language
    said = _negations(sentence, sentence_language)
    if is_same and (changed := _changed_copy(sentence, quote, quote_language)):
        return changed
    about = _clauses_about(quote, sentence, quote_language) if is_same else quote
    meant = _negations(about, quote_language)
    changes: tuple[tuple[Change, _Found, _Found], ...] = (
        ("dropped", meant, said),
        ("added", said, meant),
    )
    for change, here, there in changes:
        demanding = [words for sort, words in here if sort != "other"]
        if demanding and not there:
            return Reversal(change, demanding[0])
    return None


def _changed_copy(sentence: str, quote: str, language: str) -> Reversal | None:
    """Return what changed between two texts that are the same but for a few words."""
    ours, theirs = _content(sentence, language), _content(quote, language)
    if not ours or not theirs:
        return None
    common = (ours & theirs).total()
    if common < _COPY * max(ours.total(), theirs.total()):
        return None
    said = Counter(words for sort, words in _negations(sentence, language) if sort != "other")
    meant = Counter(words for sort, words in _negations(quote, language) if sort != "other")
    if said.total() < meant.total():
        return Reversal("dropped", next(iter((meant - said).elements())))
    if said.total() > meant.total():
        return Reversal("added", next(iter((said - meant).elements())))
    return None


def _clauses_about(quote: str, sentence: str, language: str) -> str:
    """Return the clauses of a quote that a sentence shares words with; all of it when none is."""
    words = _content(sentence, language)
    clauses = [clause for clause in _CLAUSE.split(quote) if clause.strip()]
    about = []
    for clause in clauses:
        own = _content(clause, language)
        if own and (own & words).total() >= _ABOUT * own.total():
            about.append(clause)
    return " , ".join(about) if about else quote


def _content(text: str, language: str) -> Counter[str]:
    return Counter(stems(text, language))


def _negations(text: str, language: str) -> _Found:
    """Return the negations of a text in order, each with its sort."""
    shown = _NUMBER_SIGN.sub(" ", plain(text).text)
    patterns = _patterns(language)
    found: list[tuple[int, int, Sort]] = []
    for sort in reversed(_SORTS):  # the phrases of "other" take the words of the others with them
        for match in patterns[sort].finditer(shown):
            if all(match.end() <= start or end <= match.start() for start, end, _ in found):
                found.append((match.start(), match.end(), sort))
    return [(sort, shown[start:end]) for start, end, sort in sorted(found)]


@cache
def _patterns(language: str) -> Mapping[Sort, re.Pattern[str]]:
    table = tomllib.loads(files("civic_assistant").joinpath("negations.toml").read_text("utf-8"))
    words = table.get(language, table["en"])
    is_spaced = language not in _UNSPACED
    return {sort: re.compile("|".join(_alternatives(words[sort], is_spaced))) for sort in _SORTS}


def _alternatives(phrases: list[str], is_spaced: bool) -> Iterator[str]:
    for phrase in sorted(phrases, key=len, reverse=True):
        words = re.split(r"[ '\-]+", plain(phrase).text)
        body = r"[ '\-]+".join(re.escape(word).replace(r"\*", r"\w*") for word in words)
        body = body.replace(r"…[ '\-]+", r"(?:\w+[ '\-]+){0,4}?")
        yield rf"(?<!\w){body}(?!\w)" if is_spaced else body
