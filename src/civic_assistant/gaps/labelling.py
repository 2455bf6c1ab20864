"""What a group of questions is called: the official term it names, the words that tell it apart.

Words are weighed by how often a group's conversations use them against how often all groups do
(class-based TF-IDF, Grootendorst, https://arxiv.org/abs/2203.05794).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import log1p

from civic_assistant.gaps.vocabulary import Vocabulary

WORDS = 4
"""Words of a label."""


@dataclass(frozen=True, slots=True)
class Spoken:
    """A question of a group as its label is made from it."""

    asker: str
    language: str
    text: str


class Labels:
    """Names groups of questions; what may not be shown is in no name."""

    def __init__(self, groups: Sequence[Sequence[Spoken]], vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._used = [_used(group, vocabulary) for group in groups]
        self._everywhere: Counter[tuple[str, str]] = Counter()
        for used in self._used:
            self._everywhere.update({key: len(askers) for key, askers in used.askers.items()})
        sizes = [sum(len(askers) for askers in used.askers.values()) for used in self._used]
        self._mean_size = sum(sizes) / max(1, len(sizes))

    def words(self, group: int, language: str) -> tuple[str, ...]:
        """Return up to four words of a language that tell the group (its place) from the others."""
        used = self._used[group]
        weighed = {
            (tag, stem): len(askers) * log1p(self._mean_size / self._everywhere[tag, stem])
            for (tag, stem), askers in used.askers.items()
            if tag == language and not stem.isdigit() and self._vocabulary.knows(stem, tag)
        }
        best = sorted(weighed, key=lambda key: (-weighed[key], key))
        return tuple(dict.fromkeys(used.written[key] for key in best[: 2 * WORDS]))[:WORDS]

    def matter(self, read: Sequence[Spoken]) -> str:
        """Return the official term that most of some questions name, or an empty text."""
        named: Counter[str] = Counter()
        for one in read:
            mentions = self._vocabulary.mentions(one.text, one.language)
            named.update({mention.concept.official[0] for mention in mentions})
        term, count = min(named.items(), key=lambda pair: (-pair[1], pair[0]), default=("", 0))
        return term if 2 * count > len(read) else ""


@dataclass(frozen=True, slots=True)
class _Used:
    """The stems of a group by language: who used each, and how most write it."""

    askers: Mapping[tuple[str, str], set[str]]
    written: Mapping[tuple[str, str], str]


def _used(group: Sequence[Spoken], vocabulary: Vocabulary) -> _Used:
    askers: dict[tuple[str, str], set[str]] = {}
    forms: dict[tuple[str, str], Counter[str]] = {}
    for one in group:
        for word in vocabulary.words(one.text, one.language):
            key = (one.language, word.stem)
            askers.setdefault(key, set()).add(one.asker)
            form = one.text[word.start : word.end].lower()
            forms.setdefault(key, Counter())[form] += 1
    written = {key: min(counted, key=lambda f: (-counted[f], f)) for key, counted in forms.items()}
    return _Used(askers, written)
