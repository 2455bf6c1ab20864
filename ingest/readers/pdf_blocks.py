"""Headings, paragraphs, items and tables out of a PDF's lines."""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from ingest.readers.pdf_layout import Line
from ingest.readers.pdf_lines import compounds_in, join_lines
from ingest.readers.pdf_segments import BULLET
from ingest.readers.pdf_tables import TableRow, table_at
from ingest.readers.pdf_words import LINE_END_HYPHEN

_LARGER = 1.12
"""A heading's size over that of the body; smaller differences come from scaling."""
_HEADING_LETTERS = 140
_BOLD_HEADING_LETTERS = 100
_SENTENCE_END = (".", "!", "?", ";", ":", "»", "。", "؟", "…")
_NEW_PARAGRAPH_GAP = 1.3
"""Lines farther apart than this many usual gaps belong to two paragraphs."""
_SHORT_LINE = 0.85
_INDENT = 1.0


@dataclass(frozen=True, slots=True)
class PdfHeading:
    """A heading; ``rank`` is 0 for the largest of the document."""

    text: str
    page: int
    rank: int
    top: float


@dataclass(frozen=True, slots=True)
class PdfText:
    """A paragraph, or a list item when ``depth`` is not None."""

    text: str
    page: int
    depth: int | None = None


@dataclass(frozen=True, slots=True)
class PdfRow:
    """A table row."""

    row: TableRow
    page: int


PdfBlock = PdfHeading | PdfText | PdfRow


def blocks_of(
    pages: Sequence[Sequence[Line]], rules: dict[int, tuple[float, ...]]
) -> list[PdfBlock]:
    """Return the blocks of all pages in reading order.

    ``rules`` are the heights of the lines drawn on each page. A heading is larger than the body,
    or bold on a line of its own that ends like no sentence.
    """
    lines = [line for page in pages for line in page]
    return list(_Assembly(lines, rules).blocks()) if lines else []


class _Assembly:
    """Joins lines into blocks, knowing the size, spacing and words of the whole document."""

    def __init__(self, lines: list[Line], rules: dict[int, tuple[float, ...]]) -> None:
        self._lines = lines
        self._rules = rules
        self._body = _body_size(lines)
        self._leading = _usual_leading(lines, self._body)
        self._compounds = compounds_in(line.text for line in lines)
        larger = {line.size for line in lines if self._is_larger(line)}
        self._sizes = _ranked_sizes(larger)

    def blocks(self) -> Iterator[PdfBlock]:
        at = 0
        while at < len(self._lines):
            line = self._lines[at]
            rank = self._rank(at)
            table = (
                None if rank is not None else table_at(self._same_column(at), self._rules_of(line))
            )
            if table is not None:
                yield from (PdfRow(row, line.page) for row in table.rows)
                at += table.lines
            elif rank is not None:
                end = self._heading_end(at, rank)
                text = join_lines(each.text for each in self._lines[at:end])
                yield PdfHeading(text, line.page, rank, line.base)
                at = end
            else:
                end = self._text_end(at)
                yield self._text(self._lines[at:end])
                at = end

    def _same_column(self, at: int) -> list[Line]:
        first = self._lines[at]
        end = at
        while end < len(self._lines) and self._place(end) == (first.page, first.column):
            end += 1
        return self._lines[at:end]

    def _place(self, at: int) -> tuple[int, int]:
        return self._lines[at].page, self._lines[at].column

    def _rules_of(self, line: Line) -> tuple[float, ...]:
        return self._rules.get(line.page, ())

    def _is_larger(self, line: Line) -> bool:
        return line.size >= _LARGER * self._body and len(line.text) < _HEADING_LETTERS

    def _rank(self, at: int) -> int | None:
        """Return the rank of a heading's line, or None for other lines."""
        line = self._lines[at]
        text = line.text
        if not any(map(str.isalpha, text)) or len(line.segments) > 1:
            return None
        if self._is_larger(line):
            return next(n for n, size in enumerate(self._sizes) if line.size >= 0.97 * size)
        bold = line.is_bold and line.size >= 0.97 * self._body and len(text) < _BOLD_HEADING_LETTERS
        if bold and not text.endswith((".", ",", ";", ":")) and not self._runs_on(at):
            return len(self._sizes)
        return None

    def _runs_on(self, at: int) -> bool:
        """Whether a bold line is only the beginning or end of a paragraph with bold words."""
        line = self._lines[at]
        before = self._lines[at - 1] if at and self._follows(at) else None
        if before is not None and not before.is_bold and not before.text.endswith(_SENTENCE_END):
            return True
        after = self._lines[at + 1] if at + 1 < len(self._lines) and self._follows(at + 1) else None
        full = line.right > line.bounds[1] - 2 * line.size
        return full and after is not None and not after.is_bold and after.text[:1].islower()

    def _follows(self, at: int) -> bool:
        """Whether a line stands right under the one before it, as within a paragraph."""
        line, before = self._lines[at], self._lines[at - 1]
        if self._place(at) != self._place(at - 1):
            return False
        gap = before.base - line.base
        return 0 < gap <= _NEW_PARAGRAPH_GAP * self._leading * max(line.size, before.size)

    def _heading_end(self, at: int, rank: int) -> int:
        end = at + 1
        while end < len(self._lines) and self._rank(end) == rank and self._follows(end):
            before = self._lines[end - 1]
            if BULLET.match(self._lines[end].text) or before.right < _SHORT_LINE * before.bounds[1]:
                break
            end += 1
        return end

    def _text_end(self, at: int) -> int:
        end = at + 1
        while end < len(self._lines) and self._continues(at, end):
            end += 1
        return end

    def _continues(self, begin: int, at: int) -> bool:
        """Whether a line goes on with the paragraph or item that began with an earlier line."""
        line, before, first = self._lines[at], self._lines[at - 1], self._lines[begin]
        if self._rank(at) is not None or BULLET.match(line.text):
            return False
        if table_at(self._same_column(at), self._rules_of(line)) is not None:
            return False
        ended = before.text.endswith(_SENTENCE_END)
        if self._place(at) != self._place(at - 1):
            cut = before.text.endswith((LINE_END_HYPHEN, "-"))
            return cut or (not ended and line.text[:1].islower())
        if not self._follows(at) or abs(line.size - before.size) > 0.12 * self._body:
            return False
        is_item = BULLET.match(first.text) is not None
        if is_item:
            return line.left > first.left + 0.3 * line.size
        indented = line.left > before.left + _INDENT * line.size and at - begin > 1
        if indented and ended:
            return False
        width = before.bounds[1] - before.bounds[0]
        return not (ended and before.right < before.bounds[0] + _SHORT_LINE * width)

    def _text(self, lines: list[Line]) -> PdfText:
        text = join_lines((line.text for line in lines), self._compounds)
        bullet = BULLET.match(text)
        if bullet is None:
            return PdfText(text, lines[0].page)
        indent = lines[0].left - lines[0].bounds[0]
        depth = 0 if indent < 3.2 * self._body else 1
        return PdfText(text[bullet.end() :].strip(), lines[0].page, depth)


def _body_size(lines: list[Line]) -> float:
    letters: Counter[float] = Counter()
    for line in lines:
        letters[line.size] += len(line.text)
    return letters.most_common(1)[0][0]


def _usual_leading(lines: list[Line], body: float) -> float:
    """Return the usual gap between lines of the body, in sizes."""
    gaps = [
        (upper.base - lower.base) / body
        for upper, lower in pairwise(lines)
        if (upper.page, upper.column, upper.size) == (lower.page, lower.column, lower.size)
        and body * 0.9 < upper.base - lower.base < body * 2
        and upper.size == body
    ]
    return statistics.median_low(gaps) if gaps else 1.25


def _ranked_sizes(sizes: set[float]) -> list[float]:
    """Return the sizes of headings from the largest down, near ones counted as one."""
    ranked: list[float] = []
    for size in sorted(sizes, reverse=True):
        if not ranked or size < 0.97 * ranked[-1]:
            ranked.append(size)
    return ranked
