"""Rows of words on a page, cut where words stand apart as cells and columns do."""

from __future__ import annotations

import re
import statistics
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from ingest.readers.pdf_words import Word

_CELL_GAP = 1.1
"""From this gap on, in sizes of the text, two words of a line are two cells."""
_BULLET_GAP = 4.0
_ALIKE = 0.06
_STRETCHED = 2.5
"""Justification in narrow columns widens spaces up to this many sizes."""
BULLET = re.compile(r"^(?:[•·▪▫‣⁃◦○●■□➢➔→✓–—*-]|\d{1,2}[.)]|[a-z]\))(?=\s|$)")
"""What begins a list item, alone or before its text."""
_LEADER = re.compile(r"^[.…·_]{3,}$")
_SAME_LINE = 0.4


@dataclass(frozen=True, slots=True)
class Segment:
    """Words of one line without a wide gap between them: a line of prose or a table cell."""

    words: tuple[Word, ...]

    @property
    def text(self) -> str:
        """The words with single spaces."""
        return " ".join(word.text for word in self.words)

    @property
    def left(self) -> float:
        """Where the segment begins, in points."""
        return self.words[0].left

    @property
    def right(self) -> float:
        """Where the segment ends, in points."""
        return max(word.right for word in self.words)

    @property
    def base(self) -> float:
        """The height of its baseline, in points from the foot of the page."""
        return statistics.median(word.base for word in self.words)


def rows_of(words: Iterable[Word]) -> list[tuple[Segment, ...]]:
    """Return the words as rows from the top down, each cut where its words stand far apart."""
    rows: list[list[Word]] = []
    for word in sorted(words, key=lambda word: -word.base):
        close = _SAME_LINE * max(word.size, 1.0)
        if rows and abs(rows[-1][0].base - word.base) <= close:
            rows[-1].append(word)
        else:
            rows.append([word])
    cut = (tuple(_segments(row)) for row in rows)
    return [segments for segments in cut if segments]


def _segments(row: list[Word]) -> Iterator[Segment]:
    words = sorted(row, key=lambda word: word.left)
    stretched = _stretched_spaces(words)
    current: list[Word] = []
    for before, word in zip([None, *words], words, strict=False):
        is_leader = _LEADER.match(word.text) is not None
        if current and before is not None:
            gap = word.left - before.right
            apart = gap > _widest_space(current, word) and not _is_near(gap, stretched, word)
            if is_leader or apart:
                yield Segment(_in_order(current))
                current = []
        if not is_leader:
            current.append(word)
    if current:
        yield Segment(_in_order(current))


def _stretched_spaces(words: list[Word]) -> list[float]:
    """Return the widths of wide spaces that justification made: two alike around one word."""
    gaps = [word.left - before.right for before, word in pairwise(words)]
    return [
        gap
        for (gap, other), word in zip(pairwise(gaps), words[1:], strict=False)
        if _CELL_GAP < gap / max(word.size, 4.0) < _STRETCHED and _is_near(gap, [other], word)
    ]


def _is_near(gap: float, widths: list[float], word: Word) -> bool:
    return any(abs(gap - width) < _ALIKE * word.size for width in widths)


def _widest_space(before: list[Word], word: Word) -> float:
    """Return how wide a gap may be within a segment; text may stand off from its bullet."""
    is_bullet = len(before) == 1 and BULLET.match(before[0].text) is not None
    return (_BULLET_GAP if is_bullet else _CELL_GAP) * max(word.size, 4.0)


def _in_order(words: list[Word]) -> tuple[Word, ...]:
    """Return words from left to right, or from right to left where the script runs so."""
    letters = [c for word in words for c in word.text if c.isalpha()]
    to_left = sum("\u0590" <= c <= "\u08ff" or "\ufb1d" <= c <= "\ufefc" for c in letters)
    return tuple(reversed(words)) if 2 * to_left > len(letters) else tuple(words)


def regrouped(segments: Iterable[Segment]) -> Iterator[tuple[Segment, ...]]:
    """Yield segments as lines from the top down."""
    row: list[Segment] = []
    for segment in sorted(segments, key=lambda segment: -segment.base):
        if row and abs(row[0].base - segment.base) > _SAME_LINE * segment.words[0].size:
            yield tuple(sorted(row, key=lambda s: s.left))
            row = []
        row.append(segment)
    if row:
        yield tuple(sorted(row, key=lambda s: s.left))
