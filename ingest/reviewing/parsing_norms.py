"""What is usual in the guides of a language: the measure by which a page was read well or badly."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from civic_assistant.folding import folded
from civic_assistant.guides import Guide, Section
from ingest.passages import word_count

WORD = re.compile(r"[^\W\d_]+")
# Below so many guides of a language nothing is usual yet.
_ENOUGH_GUIDES = 5
# Guides in which a line stands as a heading, so that it is one elsewhere too; its words at most.
_HEADING_GUIDES = 2
_HEADING_WORDS = 8


@dataclass(frozen=True, slots=True)
class Norms:
    """What is usual in one language.

    ``words`` says in how many guides a word stands (folded), ``spellings`` which words with a
    capital inside do; ``headings`` in how many guides a heading (folded) does. ``short_guide`` is
    the length in words that all but one in twenty guides have; ``long_section`` is the longest
    section's, tables left out. ``unheaded`` is the share of guides without any heading,
    ``heading_lines`` of those where a line stands that is a heading elsewhere.
    """

    words: Mapping[str, int]
    spellings: frozenset[str]
    headings: Mapping[str, int]
    short_guide: float
    long_section: float
    unheaded: float
    heading_lines: float
    guides: int

    @property
    def is_enough(self) -> bool:
        """Whether there are guides enough to tell what is usual."""
        return self.guides >= _ENOUGH_GUIDES

    def is_known(self, word: str) -> bool:
        """Whether a word (folded) stands in any of the guides."""
        return word in self.words


def norms_of(guides: Sequence[Guide]) -> Norms:
    """Return what is usual in guides of one language and source."""
    words: Counter[str] = Counter()
    headings: Counter[str] = Counter()
    spellings: set[str] = set()
    lengths: list[float] = []
    sections: list[float] = []
    for guide in guides:
        own: set[str] = set()
        for text in texts_of(guide):
            found = WORD.findall(text)
            own.update(map(folded, found))
            spellings.update(word for word in found if is_camel(word))
        words.update(own)
        headings.update({heading_key(heading) for s in guide.sections for heading in s.path})
        lengths.append(length_of(guide))
        sections.extend(prose_length(section) for section in guide.sections)
    return Norms(
        words=words,
        spellings=frozenset(spellings),
        headings=headings,
        short_guide=_share(lengths, 0.05),
        long_section=max(sections, default=0.0),
        unheaded=_part(not is_headed(guide) for guide in guides),
        heading_lines=_part(any(heading_lines(guide, headings)) for guide in guides),
        guides=len(guides),
    )


def texts_of(guide: Guide) -> list[str]:
    """Return everything of a guide that its document says."""
    headings = (text for s in guide.sections for text in (*s.path, *s.situation))
    return [guide.title, guide.description, *headings, *(s.text for s in guide.sections)]


def length_of(guide: Guide) -> float:
    """Return about how many words a guide's sections have."""
    return sum(word_count(section.text) for section in guide.sections)


def prose_length(section: Section) -> float:
    """Return about how many words a section has, its tables left out: they may be long."""
    return sum(
        word_count(section.text[block.start : block.end])
        for block in section.blocks
        if block.kind not in ("row", "header")
    )


def is_headed(guide: Guide) -> bool:
    """Whether a guide has a heading besides its title."""
    return any(section.path or section.situation for section in guide.sections)


def heading_lines(guide: Guide, headings: Mapping[str, int]) -> Iterator[tuple[Section, str]]:
    """Yield the paragraphs of a guide that stand as headings in other guides."""
    for section in guide.sections:
        for block in section.blocks:
            line = section.text[block.start : block.end]
            if block.kind != "paragraph" or len(line.split()) > _HEADING_WORDS:
                continue
            if headings.get(heading_key(line), 0) >= _HEADING_GUIDES:
                yield section, line


def is_camel(word: str) -> bool:
    """Whether a small letter is followed by a capital within a word, and words may meet there."""
    return _CAMEL.search(word) is not None


def heading_key(heading: str) -> str:
    """Return a heading as headings are compared: folded, without its number and last sign."""
    return _NUMBER.sub("", folded(heading)).strip(" .:;!?؟：？")


_CAMEL = re.compile(r"[^\W\d_A-ZÀ-ÝА-ЯІЇЄҐ]{2}[A-ZÀ-ÝА-ЯІЇЄҐ][^\W\d_A-ZÀ-ÝА-ЯІЇЄҐ]{2}")
_NUMBER = re.compile(r"^[\d.)\s]+")


def _share(values: Sequence[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[int(share * len(ordered))] if ordered else 0.0


def _part(facts: Iterable[bool]) -> float:
    held = list(facts)
    return sum(held) / len(held) if held else 0.0
