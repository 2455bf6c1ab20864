"""Words of the guide: the French terms in quoted sentences, and their names in another language.

The names are data (``glossary/names/<language>.toml``) that editors extend: a term that the
glossary knows, as guides write it, and what people call it in that language. The glossary's own
phrases are no names: they are stems and misspellings, for finding a matter in what citizens type.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from itertools import pairwise

from civic_assistant.folding import folded
from civic_assistant.outcomes import Answered

TERM_LANGUAGE = "fr"
"""The language of the terms, and of the guides in which they are explained."""
MOST_GLOSSES = 5
_SHORT = 4
_WORD = re.compile(r"[^\W_]+")
# Between two words of one term: a blank, an apostrophe or a hyphen, but no comma and no new cell.
_JOINT = re.compile(r"[\s'’\-\u2010\u2011]{1,2}")


@dataclass(frozen=True, slots=True)
class Gloss:
    """A term as it stands in a quoted sentence, and its ``name`` in another language."""

    term: str
    name: str


@dataclass(frozen=True, slots=True)
class _Known:
    """A term's words as they are compared, and its name."""

    words: tuple[str, ...]
    name: str


class TermNames:
    """What French terms are called in one language."""

    def __init__(self, names: Mapping[str, str]) -> None:
        """Prepare the names by term; of terms that begin alike the longer ones are tried first."""
        self._starts: dict[str, list[_Known]] = {}
        for term, name in names.items():
            words = _words(term)
            if words != _words(name):
                self._starts.setdefault(words[0], []).append(_Known(words, name))
        for known in self._starts.values():
            known.sort(key=lambda term: -len(term.words))

    def glosses(self, text: str) -> Iterator[Gloss]:
        """Yield the terms of a French text as they stand in it, without overlaps."""
        found = list(_WORD.finditer(text)) if self._starts else []
        place = 0
        while place < len(found):
            known = self._at(found, place, text)
            if known is None:
                place += 1
                continue
            last = place + len(known.words) - 1
            yield Gloss(text[found[place].start() : found[last].end()], known.name)
            place = last + 1

    def _at(self, found: Sequence[re.Match[str]], place: int, text: str) -> _Known | None:
        """Return the longest term that begins at a word."""
        for known in self._starts.get(_plain(found[place].group()), ()):
            stretch = found[place : place + len(known.words)]
            if tuple(_plain(word.group()) for word in stretch) == known.words and all(
                _JOINT.fullmatch(text, before.end(), after.start())
                for before, after in pairwise(stretch)
            ):
                return known
        return None


@lru_cache(maxsize=16)
def term_names(language: str) -> TermNames:
    """Return the names in a language, read once; a language without names explains nothing."""
    path = files("civic_assistant.glossary") / "names" / f"{language}.toml"
    if not path.is_file():
        return TermNames({})
    return TermNames(tomllib.loads(path.read_text(encoding="utf-8")))


def glosses_of(answered: Answered, names: TermNames) -> tuple[Gloss, ...]:
    """Return the terms of an answer's French quotes with their names, the most specific first.

    At most `MOST_GLOSSES`, each name once. Terms of several words and acronyms come before single
    words, longer ones before shorter ones.
    """
    found = [
        gloss
        for sentence in answered.sentences
        if answered.sources[sentence.source].language == TERM_LANGUAGE
        for gloss in names.glosses(sentence.citation.quote)
    ]
    kept: dict[str, Gloss] = {}
    for gloss in sorted(found, key=_generality):
        kept.setdefault(gloss.name, gloss)
    return tuple(kept.values())[:MOST_GLOSSES]


def _generality(gloss: Gloss) -> tuple[bool, int]:
    is_word = len(_words(gloss.term)) == 1 and not gloss.term.isupper()
    return is_word, -len(gloss.term)


def _words(text: str) -> tuple[str, ...]:
    return tuple(_plain(word) for word in _WORD.findall(text))


def _plain(word: str) -> str:
    """Return a word in small letters, its plural ending taken away.

    Short words keep theirs (*Pacs* is not *PAC*), and accents count but on the first letter, where
    capitals often lack them: *apostillé* is not an *apostille*.
    """
    letters = folded(word[0]) + word[1:].casefold()
    if len(letters) <= _SHORT:
        return letters
    return letters[:-3] + "al" if letters.endswith("aux") else letters.rstrip("sx")
