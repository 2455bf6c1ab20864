"""Guides varied: other words of the same length, so that sentences and passages lie as before."""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from civic_assistant.guides import Guide, Section

SHARE = 0.5
"""The share of the longer words that are replaced."""
LONGER = 4
_LETTER = re.compile(r"[^\W\d_]")
_WORD = re.compile(rf"(?<!\w)[^\W\d_]{{{LONGER},}}(?!\w)")


class Vocabulary:
    """The longer words of guides by language and length, each as often as it stands there."""

    def __init__(self, guides: Iterable[Guide]) -> None:
        self._words: dict[tuple[str, int], list[str]] = {}
        for guide in guides:
            for section in guide.sections:
                for word in filter(_is_replaced, _WORD.findall(section.text)):
                    self._words.setdefault((guide.language, len(word)), []).append(word)

    def varied_guide(self, guide: Guide, seed: str) -> Guide:
        """Return a guide of its own, with the same blocks, headings and cases; same for a seed."""
        chance = random.Random(f"{guide.id} {guide.language} {seed}")
        return replace(
            guide,
            id=f"{guide.id}-{seed}",
            title=self._varied(guide.title, guide.language, chance),
            sections=self._sections(guide, chance),
        )

    def edited_guide(self, guide: Guide, seed: str) -> Guide:
        """Return the guide with other words in every section; title and id stay."""
        return replace(guide, sections=self._sections(guide, random.Random(seed)))

    def _sections(self, guide: Guide, chance: random.Random) -> tuple[Section, ...]:
        return tuple(
            replace(section, text=self._varied(section.text, guide.language, chance))
            for section in guide.sections
        )

    def _varied(self, text: str, language: str, chance: random.Random) -> str:
        def other(match: re.Match[str]) -> str:
            word = match.group()
            among: Sequence[str] = self._words.get((language, len(word)), ())
            if not among or not _is_replaced(word) or chance.random() >= SHARE:
                return word
            return among[int(chance.random() * len(among))]

        return _WORD.sub(other, text)


def outline(text: str) -> str:
    """Return a text with every letter the same: a varied text has the outline of its origin."""
    return _LETTER.sub("x", text)


def _is_replaced(word: str) -> bool:
    """Whether a word may be replaced: names and beginnings of sentences stay."""
    return word == word.lower()
