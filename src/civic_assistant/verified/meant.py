"""What a question names, word by word, that two askings of the same question have in common."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Literal

from civic_assistant.figures import Figure, figures_of, stands_among
from civic_assistant.glossary import Glossary
from civic_assistant.keywords import stems
from civic_assistant.negations import reversal_of
from civic_assistant.phrases import flat, phrases_pattern
from civic_assistant.situations import AGE, CHILD, Facts, Situations

Difference = Literal["asked", "matter", "case", "figure", "negation", "word"]
"""What two questions disagree on: what is asked for, which procedure, whose case, a number or a
day, a "not", or the one word that is another in an otherwise equal sentence."""

# "When" and "where" also begin a clause: beside something else that both ask for they say nothing.
_BESIDE = frozenset({"when", "where"})
# "开不开" asks whether; it denies nothing.
_WHETHER = re.compile(r"(\w{1,2})不\1")


@dataclass(frozen=True, slots=True)
class Meant:
    """A question as it is compared.

    ``asked`` are the kinds of ``asked.toml`` that it asks for, ``matters`` the glossary's concepts
    that it names, ``facts`` what it says of somebody's case; ``words`` are the
    stems of its content words.
    """

    text: str
    language: str
    asked: frozenset[str]
    matters: frozenset[str]
    facts: Facts
    figures: tuple[Figure, ...]
    words: frozenset[str]


def meant_by(text: str, language: str, glossary: Glossary, situations: Situations) -> Meant:
    """Return what a question in a page language names."""
    plain = flat(text)
    return Meant(
        text=text,
        language=language,
        asked=frozenset(k for k, pattern in _asked(language).items() if pattern.search(plain)),
        matters=frozenset(m.concept.key for m in glossary.mentions(text, language)),
        facts=situations.read(text, language),
        figures=tuple(f for f in figures_of(text, language) if not f.is_implied),
        words=frozenset(stems(text, language)),
    )


def difference(one: Meant, other: Meant) -> Difference | None:
    """Return what two questions of one language disagree on, or None when nothing is known to.

    It takes no notice of the words it has no list for: nearness of meaning must be asked besides.
    """
    unshared = one.asked ^ other.asked
    if unshared - _BESIDE or (unshared and not one.asked & other.asked):
        return "asked"
    if one.matters - other.matters and other.matters - one.matters:
        return "matter"
    if _cases(one) != _cases(other):
        return "case"
    pairs = ((one, other), (other, one))
    if any(not stands_among(f, b.figures) for a, b in pairs for f in a.figures):
        return "figure"
    if any(reversal_of(_told(a), a.language, _told(b), b.language) for a, b in pairs):
        return "negation"
    if len(one.words - other.words) == 1 == len(other.words - one.words):
        return "word"
    return None


def _cases(meant: Meant) -> Facts:
    """Return the facts; whose child it is does not matter where the age is said."""
    return {k: v for k, v in meant.facts.items() if k != CHILD or AGE not in meant.facts}


def _told(meant: Meant) -> str:
    return _WHETHER.sub(r"\1", meant.text) if meant.language == "zh" else meant.text


@lru_cache(maxsize=16)
def _asked(language: str) -> Mapping[str, re.Pattern[str]]:
    shipped = files("civic_assistant.verified").joinpath("asked.toml")
    table: dict[str, dict[str, list[str]]] = tomllib.loads(shipped.read_text(encoding="utf-8"))
    return {
        kind: phrases_pattern(phrases[language], language)
        for kind, phrases in table.items()
        if language in phrases
    }
