"""Which words of a question may be shown: a name that nobody announced must not be among them.

The journal's redaction takes out what rules can tell; a name in the middle of a sentence stays. So
of what is shown to editors, a second redaction leaves only words that stand in a published guide or
name a matter of the glossary, that anybody uses (``data/everyday_words.json``, see
``evals/training/everyday_words.py``), or that several conversations used: nobody is told by them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from civic_assistant.centring import generic_questions
from civic_assistant.glossary import Glossary, Mention
from civic_assistant.keywords import content_words, stems
from civic_assistant.messages import PAGE_LANGUAGES, messages_for
from civic_assistant.redaction import KINDS, placeholder

CONVERSATIONS = 3
"""Conversations that must have used a word no guide holds: one person may come back once."""
HIDDEN = "[…]"

_PLACEHOLDER = re.compile("|".join(re.escape(placeholder(kind)) for kind in KINDS))
_RUN = re.compile(r"\w+")
_HAN = re.compile(r"[\u3400-\u9fff]+")
_REPEATED = re.compile(rf"{re.escape(HIDDEN)}(?:[\s,.'’-]*{re.escape(HIDDEN)})+")


@dataclass(frozen=True, slots=True)
class Word:
    """A content word of a text: its place, and the stem by which words are compared.

    Chinese is written without blanks: its words are the pairs of neighbouring signs.
    """

    start: int
    end: int
    stem: str


class Vocabulary:
    """The words that may be shown, by language."""

    def __init__(self, is_published: Callable[[str, str], bool], glossary: Glossary) -> None:
        """``is_published`` says of a stem and a language whether a guide holds it."""
        self._is_published = is_published
        self._glossary = glossary
        self._askers: dict[tuple[str, str], set[str]] = {}
        self._words: dict[tuple[str, str], tuple[Word, ...]] = {}
        self._mentions: dict[tuple[str, str], list[Mention]] = {}

    def words(self, text: str, language: str) -> tuple[Word, ...]:
        """Return the content words of a text, read once."""
        key = (text, language)
        if key not in self._words:
            self._words[key] = tuple(words_of(text, language))
        return self._words[key]

    def mentions(self, text: str, language: str) -> list[Mention]:
        """Return the matters of the glossary that a text names, read once."""
        key = (text, language)
        if key not in self._mentions:
            self._mentions[key] = self._glossary.mentions(text, language)
        return self._mentions[key]

    def add(self, asker: str, text: str, language: str) -> None:
        """Count the words of a question for who asked it."""
        for stem in {word.stem for word in self.words(text, language)}:
            askers = self._askers.setdefault((language, stem), set())
            if len(askers) < CONVERSATIONS:
                askers.add(asker)

    def knows(self, stem: str, language: str) -> bool:
        """Whether a stem of a language may be shown."""
        return (
            len(self._askers.get((language, stem), ())) >= CONVERSATIONS
            or stem in _everyday(language)
            or self._is_published(stem, language)
        )

    def shown(self, text: str, language: str) -> str:
        """Return a citizen's text with the words that may not be shown taken out."""
        return _without(text, self._unknown(text, language))

    def shown_reply(self, text: str, languages: Iterable[str], names: Iterable[str]) -> str:
        """Return what staff wrote, without the names in it.

        Staff write names with capitals: unknown words go that have one, and in writings without
        capitals every unknown word. ``names`` of the citizen and of staff go wherever they stand.
        """
        spoken = list(dict.fromkeys(languages))
        named = {word.stem for name in names for tag in spoken for word in words_of(name, tag)}
        unknown = set.intersection(*(self._unknown(text, tag) for tag in spoken))
        hidden = {
            place
            for word in _RUN.finditer(text)
            if _may_be_name(word[0])
            for place in unknown.intersection(range(word.start(), word.end()))
        }
        for tag in spoken:
            for word in words_of(text, tag):
                hidden.update(range(word.start, word.end) if word.stem in named else ())
        return _without(text, hidden)

    def _unknown(self, text: str, language: str) -> set[int]:
        """Return the places of the words that may not be shown.

        A Chinese sign may be shown with either of its neighbours.
        """
        words = self.words(text, language)
        known = [word for word in words if self.knows(word.stem, language)]
        unknown = _places(words) - _places(known)
        return unknown - _places(self.mentions(text, language)) if unknown else unknown


def words_of(text: str, language: str) -> Iterator[Word]:
    """Yield the content words of a text outside the placeholders of redaction, in order."""
    plain = _PLACEHOLDER.sub(lambda found: " " * len(found[0]), text)
    if language == "zh":
        for run in _HAN.finditer(plain):
            for start in range(run.start(), max(run.start() + 1, run.end() - 1)):
                end = min(start + 2, run.end())
                yield Word(start, end, plain[start:end])
        plain = _HAN.sub(lambda found: " " * len(found[0]), plain)
        language = "en"
    for start, end in content_words(plain, language):
        for stem in stems(plain[start:end], language)[:1]:
            yield Word(start, end, stem)


@lru_cache(maxsize=len(PAGE_LANGUAGES))
def _everyday(language: str) -> frozenset[str]:
    """Return the stems of what the page itself says and of questions that anybody asks."""
    if language not in PAGE_LANGUAGES:
        return frozenset()
    file = files("civic_assistant").joinpath("data", "everyday_words.json")
    listed: dict[str, str] = json.loads(file.read_text(encoding="utf-8"))
    texts = [*messages_for(language).texts.values(), *generic_questions().get(language, ())]
    said = (word.stem for text in texts for word in words_of(text, language))
    return frozenset([*listed.get(language, "").split(), *said])


def _may_be_name(word: str) -> bool:
    """Whether a word of a reply may be a name: it has a capital, or its writing knows none."""
    is_uncased = word.lower() == word.upper()
    return not word[0].isdigit() and (is_uncased or word != word.lower())


def _places(words: Iterable[Word | Mention]) -> set[int]:
    return {place for word in words for place in range(word.start, word.end)}


def _without(text: str, hidden: Collection[int]) -> str:
    pieces = [
        HIDDEN if place in hidden else sign
        for place, sign in enumerate(text)
        if place not in hidden or place - 1 not in hidden
    ]
    return _REPEATED.sub(HIDDEN, "".join(pieces))
