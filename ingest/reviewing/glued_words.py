"""Words that a reader glued together: ``delamairie``, ``mairieLe``, ``mairie.Le``."""

from __future__ import annotations

import re
from collections.abc import Iterator

from civic_assistant.folding import folded
from civic_assistant.guides import Guide
from ingest.reviewing.parsing_norms import WORD, Norms, is_camel, texts_of

# Shorter words are not taken apart. A part of two or three letters must be a word of every third
# guide (*de*, *les*).
_LONG = 9
_SMALL_PART = 3
_SMALL_SHARE = 1 / 3
# Two parts alone may be a stem and an ending (*matériel*, *le*), unless they are long.
_TWO_LONG = 14
# No word is as long, by language, or made of as many.
_LONGEST = {"de": 45, "tr": 36, "ar": 22}
_LONGEST_ELSEWHERE = 26
_MANY_PARTS = 5
# What surely was several words counts as so many that may be one.
_SURE = 3
_MET = re.compile(r"[^\W\d_]{2,}[.!?;:,](?=[^\W\d_a-zß-ÿа-яіїєґ][^\W\d_A-ZÀ-ÝА-ЯІЇЄҐ])[^\W\d_]{2,}")
# Languages that glue words together by rule, and those that do not part them.
_COMPOUNDING = frozenset({"de", "tr", "ar", "fi", "hu", "nl"})
_UNPARTED = frozenset({"zh", "ja", "th"})


def glued_words(guide: Guide, norms: Norms) -> dict[str, int]:
    """Return the words of a guide that were several, in the order of the text, each once.

    Each counts 1, or 3 where no word can look like it. In languages of long compounds only length
    tells, and capitals and stops within words.
    """
    return dict(_glued(guide, norms))


def _glued(guide: Guide, norms: Norms) -> Iterator[tuple[str, int]]:
    seen: set[str] = set()
    for text in texts_of(guide):
        for word in text.split():
            if "@" in word or "/" in word or word.startswith("www."):
                continue
            if met := _MET.search(word):
                yield met.group(), 1
                continue
            for part in WORD.findall(word):
                if part not in seen and (count := _count(part, guide.language, norms)):
                    yield part, count
                seen.add(part)


def _count(word: str, language: str, norms: Norms) -> int:
    if is_camel(word) and word not in norms.spellings:
        return 1
    if len(word) < _LONG or language in _UNPARTED or norms.is_known(plain := folded(word)):
        return 0
    if len(word) >= _LONGEST.get(language, _LONGEST_ELSEWHERE):
        return _SURE
    if not norms.is_enough or language in _COMPOUNDING:
        return 0
    parts, small = _parts(plain, norms)
    if parts >= _MANY_PARTS:
        return _SURE
    return int(small > 0 and parts >= (2 if len(word) >= _TWO_LONG else 3))


def _parts(word: str, norms: Norms) -> tuple[int, int]:
    """Return of how many known words a word is made, and how many of them are small; 0 if none."""
    best = {0: (0, 0)}
    for end in range(1, len(word) + 1):
        ways = [
            (parts + 1, small + (end - start <= _SMALL_PART))
            for start, (parts, small) in best.items()
            if _is_word(word[start:end], norms)
        ]
        if ways:
            best[end] = max(ways, key=lambda way: (way[1] > 0, -way[0]))
    return best.get(len(word), (0, 0))


def _is_word(part: str, norms: Norms) -> bool:
    if len(part) > _SMALL_PART:
        return norms.is_known(part)
    return len(part) > 1 and norms.words.get(part, 0) >= _SMALL_SHARE * norms.guides
