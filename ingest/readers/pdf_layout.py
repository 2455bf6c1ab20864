"""Lines of a page in reading order: columns one after the other, running heads left out."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ingest.readers.pdf_columns import columns_of
from ingest.readers.pdf_segments import Segment, regrouped, rows_of
from ingest.readers.pdf_words import PageWords, Word

_MARGIN = 0.12
"""The part of a page's height, above and below, where running heads and page numbers stand."""
_DIGITS = re.compile(r"\d+")
_PAGE_NUMBER = re.compile(
    r"^\W*(?:(?:page|p\.|seite|pagina|página|strona)\s*)?\d{1,4}"
    r"(?:\s*(?:/|sur|of|de|von|di|z)\s*\d{1,4})?\W*$",
    re.IGNORECASE,
)


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
    rows = [rows_of(page.words) for page in pages]
    running = _running_heads(pages, rows)
    result = []
    for page, lines in zip(pages, rows, strict=True):
        kept = [row for row in lines if not _is_running(page, row, running)]
        columns = columns_of([segment for row in kept for segment in row])
        result.append(
            [line for n, column in enumerate(columns) for line in _lines(page, n, column)]
        )
    return result


def _lines(page: PageWords, number: int, column: list[Segment]) -> Iterator[Line]:
    bounds = (min(s.left for s in column), max(s.right for s in column))
    for row in regrouped(column):
        yield Line(page.number, number, row, bounds)


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
