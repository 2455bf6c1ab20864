"""Whether a question is about another town: its procedures stand in another town's guides."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from civic_assistant.folding import folded

_WORD = re.compile(r"[^\W_]+")
_UNSPACED = re.compile(r"[\u4e00-\u9fff]+")


_BEGINNING = 3
"""Letters by which names are looked up."""


@dataclass(frozen=True, slots=True)
class _Names:
    """Names as folded words, of which one may end in ``*`` for any ending, by how they begin."""

    by_beginning: Mapping[str, tuple[tuple[str, ...], ...]]

    def at(self, words: Sequence[str], place: int) -> Iterator[int]:
        """Yield how many words each name has that stands at a place among folded words."""
        for name in self.by_beginning.get(words[place][:_BEGINNING], ()):
            if _matches(name, words[place : place + len(name)]):
                yield len(name)


@dataclass(frozen=True, slots=True)
class Places:
    """Names of other towns and of other countries' authorities, and what names this country.

    The unspaced are Chinese and found anywhere.
    """

    towns: _Names
    unspaced: tuple[str, ...]
    ambiguous: frozenset[str]
    before: frozenset[str]
    authorities: _Names
    unspaced_authorities: tuple[str, ...]
    home: _Names
    unspaced_home: tuple[str, ...]

    def other_town(self, question: str, own_words: Iterable[str]) -> str | None:
        """Return the other town that a question names, or None.

        ``own_words`` are texts that may name towns themselves (the town's own name, the guide's
        text): what stands there is not another town.
        """
        own = " ".join(_folded_words(" ".join(own_words)))
        for name in self.unspaced:
            if name in question:
                return name
        written: list[str] = _WORD.findall(question)
        words = [folded(word) for word in written]
        for place, word in enumerate(words):
            for count in self.towns.at(words, place):
                if " ".join(words[place : place + count]) not in own:
                    return " ".join(written[place : place + count])
            before = words[place - 1] if place else ""
            if word in self.ambiguous and written[place][0].isupper() and before in self.before:
                return written[place]
        return None

    def is_about_other_country(self, question: str) -> bool:
        """Whether a question names an authority of another country and not this country."""
        words = [folded(word) for word in _WORD.findall(question)]
        return _names(self.authorities, self.unspaced_authorities, words, question) and not _names(
            self.home, self.unspaced_home, words, question
        )


@lru_cache(maxsize=1)
def load_places() -> Places:
    """Read the shipped names, once."""
    text = files("civic_assistant").joinpath("data", "places.toml").read_text(encoding="utf-8")
    table: dict[str, list[str]] = tomllib.loads(text)
    towns, unspaced = _parted(table["towns"])
    authorities, unspaced_authorities = _parted(table["authorities"])
    home, unspaced_home = _parted(table["home"])
    return Places(
        towns=towns,
        unspaced=unspaced,
        ambiguous=frozenset(map(folded, table["ambiguous"])),
        before=frozenset(table["before"]),
        authorities=authorities,
        unspaced_authorities=unspaced_authorities,
        home=home,
        unspaced_home=unspaced_home,
    )


def _parted(names: Iterable[str]) -> tuple[_Names, tuple[str, ...]]:
    """Return the names as folded words, and apart the Chinese ones as they are written."""
    spaced: dict[str, list[tuple[str, ...]]] = {}
    unspaced = []
    for name in names:
        if _UNSPACED.fullmatch(name):
            unspaced.append(name)
        else:
            parts = tuple(_folded_words(name))
            spaced.setdefault(parts[0].rstrip("*")[:_BEGINNING], []).append(parts)
    return _Names({key: tuple(found) for key, found in spaced.items()}), tuple(unspaced)


def _names(spaced: _Names, unspaced: Iterable[str], words: Sequence[str], question: str) -> bool:
    return any(name in question for name in unspaced) or any(
        True for place in range(len(words)) for _ in spaced.at(words, place)
    )


def _folded_words(text: str) -> list[str]:
    return re.findall(r"[^\W_]+\*?", folded(text))


def _matches(town: Sequence[str], words: Sequence[str]) -> bool:
    return len(town) == len(words) and all(
        word.startswith(part[:-1]) if part.endswith("*") else word == part
        for part, word in zip(town, words, strict=True)
    )
