"""The glossary: what citizens say, in twelve languages, and the official French terms for it.

The concepts are data (``*.toml`` beside this file) that editors extend. A concept has its official
terms and, by language, phrases of lower-case words; a word may end in ``*`` for any ending, in
Turkish with its last consonant softened too.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from civic_assistant.folding import folded

_WORD = re.compile(r"[^\W_]+")
# Arabic writes "and", "so", "with", "for", "like" and "the" onto the word they belong to.
_ARABIC_PREFIXES = ("وال", "فال", "بال", "كال", "لل", "ال", "و", "ف", "ب", "ل", "ك")
# A Turkish word's last consonant softens before a vowel: koltuk, koltuğu (folded: koltugu).
_TURKISH_SOFT = {"k": "g", "p": "b", "t": "d"}
# First letters of its first word by which a phrase is found; all of them where there are fewer.
_START = 4
# Letters that a Turkish stem keeps at least.
_STEM = 2


@dataclass(frozen=True, slots=True)
class Concept:
    """A matter that citizens name; ``official`` are the terms that guides use for it."""

    key: str
    official: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Mention:
    """A concept that a text names in ``text[start:end]``."""

    concept: Concept
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Word:
    """A word of a text: its forms without prefixes, and where it stands."""

    forms: tuple[str, ...]
    start: int
    end: int


_Phrase = tuple[tuple[str, ...], Concept]


class Glossary:
    """Finds the concepts that a question names."""

    def __init__(self, tables: Iterable[tuple[str, Mapping[str, Sequence[str]]]]) -> None:
        self._spaced: dict[str, dict[str, list[_Phrase]]] = {}
        self._unspaced: list[tuple[str, Concept]] = []
        self.concepts: list[Concept] = []
        for key, table in tables:
            concept = Concept(key, tuple(table["official"]))
            self.concepts.append(concept)
            for language, phrases in table.items():
                if language == "zh":
                    self._unspaced.extend((phrase, concept) for phrase in phrases)
                elif language == "official":
                    self._add("fr", [" ".join(_plain(p)) for p in phrases], concept)
                else:
                    self._add(language, phrases, concept)

    def languages(self) -> dict[str, set[str]]:
        """Return, by concept, the languages in which it has phrases."""
        spoken: dict[str, set[str]] = {concept.key: set() for concept in self.concepts}
        for language, starts in self._spaced.items():
            for phrases in starts.values():
                for _, concept in phrases:
                    spoken[concept.key].add(language)
        for _, concept in self._unspaced:
            spoken[concept.key].add("zh")
        return spoken

    def mentions(self, text: str, language: str) -> list[Mention]:
        """Return the concepts that a text in ``language`` names, in the order of the text.

        French phrases of several words and French acronyms count in every language: citizens keep
        them. Of two mentions of which one lies in the other, the longer one stays.
        """
        found = [
            Mention(concept, start, start + len(phrase))
            for phrase, concept in (self._unspaced if language == "zh" else ())
            for start in _starts(phrase, text)
        ]
        words = [_word(m, language) for m in _WORD.finditer(text)]
        for place in range(len(words)):
            found.extend(self._from(words, place, language, text))
        kept = [m for m in found if not any(_covers(other, m) for other in found)]
        return sorted(dict.fromkeys(kept), key=lambda mention: mention.start)

    def _from(
        self, words: Sequence[_Word], place: int, language: str, text: str
    ) -> Iterator[Mention]:
        """Yield what begins at a word."""
        word = words[place]
        for spoken in dict.fromkeys((language, "fr")):
            starts = self._spaced.get(spoken, {})
            begun = (form[:size] for form in word.forms for size in range(1, _START + 1))
            phrases = {p: None for start in dict.fromkeys(begun) for p in starts.get(start, ())}
            for parts, concept in phrases:
                stretch = words[place : place + len(parts)]
                if not _matches(parts, stretch):
                    continue
                written = text[word.start : stretch[-1].end]
                if spoken == language or len(parts) > 1 or _is_acronym(written):
                    yield Mention(concept, word.start, stretch[-1].end)

    def _add(self, language: str, phrases: Iterable[str], concept: Concept) -> None:
        starts = self._spaced.setdefault(language, {})
        for phrase in phrases:
            parts = tuple(_plain(phrase))
            softened = tuple(map(_softened, parts)) if language == "tr" else parts
            for written in dict.fromkeys((parts, softened)):
                start = written[0].removesuffix("*")[:_START]
                starts.setdefault(start, []).append((written, concept))


@lru_cache(maxsize=1)
def load_glossary() -> Glossary:
    """Read the shipped glossary, once."""
    tables: list[tuple[str, Mapping[str, Sequence[str]]]] = []
    for path in sorted(files(__name__).iterdir(), key=lambda p: p.name):
        if path.name.endswith(".toml"):
            tables.extend(tomllib.loads(path.read_text(encoding="utf-8")).items())
    return Glossary(tables)


def official_terms(mentions: Iterable[Mention]) -> str:
    """Return the official terms of the mentioned concepts, once each, as one text."""
    return ", ".join(dict.fromkeys(t for m in mentions for t in m.concept.official))


def _starts(phrase: str, text: str) -> Iterator[int]:
    """Yield where a phrase stands in a text, without overlaps."""
    start = text.find(phrase)
    while start >= 0:
        yield start
        start = text.find(phrase, start + len(phrase))


def _plain(phrase: str) -> list[str]:
    return re.findall(r"[^\W_]+\*?", folded(phrase))


def _softened(part: str) -> str:
    """Return a Turkish word with any ending as it is before endings that begin with a vowel."""
    stem = part[:-1]
    if not part.endswith("*") or len(stem) <= _STEM or stem[-1] not in _TURKISH_SOFT:
        return part
    return f"{stem[:-1]}{_TURKISH_SOFT[stem[-1]]}*"


def word_forms(word: str, language: str) -> tuple[str, ...]:
    """Return a word folded and, in Arabic, without what is written onto its beginning."""
    whole = folded(word)
    forms = [whole]
    if language == "ar":
        forms += [
            whole.removeprefix(prefix)
            for prefix in _ARABIC_PREFIXES
            if whole.startswith(prefix) and len(whole) - len(prefix) >= 3
        ]
    return tuple(dict.fromkeys(forms))


def _word(match: re.Match[str], language: str) -> _Word:
    return _Word(word_forms(match.group(), language), match.start(), match.end())


def _matches(parts: Sequence[str], words: Sequence[_Word]) -> bool:
    return len(parts) == len(words) and all(
        any(
            form.startswith(part[:-1]) if part.endswith("*") else form == part
            for form in word.forms
        )
        for part, word in zip(parts, words, strict=True)
    )


def _is_acronym(written: str) -> bool:
    return written.isupper() and 2 < len(written) < 7


def _covers(other: Mention, mention: Mention) -> bool:
    longer = other.end - other.start > mention.end - mention.start
    return longer and other.start <= mention.start and mention.end <= other.end
