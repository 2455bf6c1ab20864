"""Lines of a page in reading order: columns one after the other, running heads left out."""

from __future__ import annotations

import re
import statistics
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from ingest.readers.pdf_words import PageWords, Word

_CELL_GAP = 1.1
"""From this gap on, in sizes of the text, two words of a line are two cells; spaces of
justified text stay below."""
_BULLET_GAP = 4.0
_ALIKE = 0.06
BULLET = re.compile(r"^(?:[•·▪▫‣⁃◦○●■□➢➔→✓–—*-]|\d{1,2}[.)]|[a-z]\))(?=\s|$)")
"""What begins a list item, alone or before its text."""
_LEADER = re.compile(r"^[.…·_]{3,}$")
_SAME_LINE = 0.4
_MARGIN = 0.12
"""The part of a page's height, above and below, where running heads and page numbers stand."""
_COLUMN_LINES = 5
"""A column of prose has at least so many lines; less is a table or an address block."""
_COLUMN_WIDTH = 0.25
_COLUMN_WORDS = 3.5
_FULL_LINE = 0.7
_FULL_LINES = 0.35
_DIGITS = re.compile(r"\d+")
_PAGE_NUMBER = re.compile(
    r"^\W*(?:(?:page|p\.|seite|pagina|página|strona)\s*)?\d{1,4}"
    r"(?:\s*(?:/|sur|of|de|von|di|z)\s*\d{1,4})?\W*$",
    re.IGNORECASE,
)


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


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a column; ``column`` counts the columns of the page in reading order.

    ``bounds`` are the left and right end of the column's text.
    """

    page: int
    column: int
    segments: tuple[Segment, ...]
    bounds: tuple[float, float]

    @property
    def text(self) -> str:
        """The line's words with single spaces."""
        return " ".join(segment.text for segment in self.segments)

    @property
    def left(self) -> float:
        """Where the line begins, in points."""
        return self.segments[0].left

    @property
    def right(self) -> float:
        """Where the line ends, in points."""
        return max(segment.right for segment in self.segments)

    @property
    def base(self) -> float:
        """The height of its baseline, in points from the foot of the page."""
        return self.segments[0].base

    @property
    def size(self) -> float:
        """The size that most of its letters have, in points."""
        sizes: Counter[float] = Counter()
        for word in self.words:
            sizes[word.size] += len(word.text)
        return sizes.most_common(1)[0][0]

    @property
    def is_bold(self) -> bool:
        """Whether all its words are bold."""
        return all(word.is_bold for word in self.words if any(map(str.isalnum, word.text)))

    @property
    def words(self) -> tuple[Word, ...]:
        """The words of all its segments."""
        return tuple(word for segment in self.segments for word in segment.words)


def lines_of(pages: Sequence[PageWords]) -> list[list[Line]]:
    """Return each page's lines in reading order, without running heads and page numbers."""
    rows = [_rows(page.words) for page in pages]
    running = _running_heads(pages, rows)
    result = []
    for page, lines in zip(pages, rows, strict=True):
        kept = [row for row in lines if not _is_running(page, row, running)]
        columns = _columns([segment for row in kept for segment in row])
        result.append(
            [line for n, column in enumerate(columns) for line in _lines(page, n, column)]
        )
    return result


def _lines(page: PageWords, number: int, column: list[Segment]) -> Iterator[Line]:
    bounds = (min(s.left for s in column), max(s.right for s in column))
    for row in _segment_rows(column):
        yield Line(page.number, number, row, bounds)


def _rows(words: Iterable[Word]) -> list[tuple[Segment, ...]]:
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
        if gap > _CELL_GAP * word.size and _is_near(gap, [other], word)
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


def _row_text(row: tuple[Segment, ...]) -> str:
    return " ".join(segment.text for segment in row)


def _in_margin(page: PageWords, row: tuple[Segment, ...]) -> bool:
    base = row[0].base
    return base > (1 - _MARGIN) * page.height or base < _MARGIN * page.height


def _running_heads(
    pages: Sequence[PageWords], rows: list[list[tuple[Segment, ...]]]
) -> frozenset[str]:
    """Return the texts, figures left out, that stand in the margin of at least half the pages."""
    counted = Counter(
        key
        for page, lines in zip(pages, rows, strict=True)
        for key in {_DIGITS.sub("#", _row_text(r).lower()) for r in lines if _in_margin(page, r)}
    )
    return frozenset(key for key, count in counted.items() if count >= max(2, len(pages) / 2))


def _is_running(page: PageWords, row: tuple[Segment, ...], running: frozenset[str]) -> bool:
    if not _in_margin(page, row):
        return False
    text = _row_text(row)
    return _DIGITS.sub("#", text.lower()) in running or _PAGE_NUMBER.match(text) is not None


def _segment_rows(segments: Iterable[Segment]) -> Iterator[tuple[Segment, ...]]:
    """Yield segments as lines from the top down."""
    row: list[Segment] = []
    for segment in sorted(segments, key=lambda segment: -segment.base):
        if row and abs(row[0].base - segment.base) > _SAME_LINE * segment.words[0].size:
            yield tuple(sorted(row, key=lambda s: s.left))
            row = []
        row.append(segment)
    if row:
        yield tuple(sorted(row, key=lambda s: s.left))


def _columns(segments: list[Segment]) -> Iterator[list[Segment]]:
    """Yield groups of segments to be read one after the other, cut at gutters between prose."""
    gutter = _gutter(segments)
    if gutter is None:
        if segments:
            yield segments
        return
    together: list[Segment] = []
    for band in _bands(segments, gutter):
        if not _prose_beside(band, gutter):
            together.extend(band)
            continue
        if together:
            yield from _columns(together)
            together = []
        yield from _columns([segment for segment in band if segment.right <= gutter])
        yield from _columns([segment for segment in band if segment.left >= gutter])
    yield from _columns(together)


def _bands(segments: list[Segment], gutter: float) -> Iterator[list[Segment]]:
    """Yield the segments from the top down, cut around each line that crosses the gutter."""
    band: list[Segment] = []
    crossed_before = False
    for row in _segment_rows(segments):
        crosses = any(segment.left < gutter < segment.right for segment in row)
        if band and crosses != crossed_before:
            yield band
            band = []
        band.extend(row)
        crossed_before = crosses
    if band:
        yield band


def _gutter(segments: list[Segment]) -> float | None:
    """Return the place between two columns of prose that most lines keep free, or None."""
    if len(segments) < 2 * _COLUMN_LINES:
        return None
    left, right = min(s.left for s in segments), max(s.right for s in segments)
    least = _COLUMN_WIDTH * (right - left)
    best: tuple[int, float] | None = None
    for place in sorted({round(s.left) for s in segments}):
        gutter = place - 3.0
        if left + least < gutter < right - least:
            lines = sum(_prose_beside(band, gutter) for band in _bands(segments, gutter))
            if lines and (best is None or lines > best[0]):
                best = (lines, gutter)
    return best[1] if best else None


def _prose_beside(band: list[Segment], gutter: float) -> int:
    """Return how many lines stand beside each other at a gutter, 0 when they are no prose."""
    sides = [s for s in band if s.right <= gutter], [s for s in band if s.left >= gutter]
    if min(len(side) for side in sides) < _COLUMN_LINES or len(band) > sum(map(len, sides)):
        return 0
    width = max(s.right for s in band) - min(s.left for s in band)
    return min(map(len, sides)) if all(_is_prose(side, width) for side in sides) else 0


def _is_prose(side: list[Segment], width: float) -> bool:
    """Whether lines fill a column as wrapped prose does, rather than stop early like cells."""
    extent = max(s.right for s in side) - min(s.left for s in side)
    if extent < _COLUMN_WIDTH * width:
        return False
    words = statistics.mean(len(segment.words) for segment in side)
    full = sum(s.right - s.left > _FULL_LINE * extent for s in side)
    return words >= _COLUMN_WORDS and full >= _FULL_LINES * len(side)
