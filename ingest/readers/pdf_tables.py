"""Tables of a PDF: rows of cells that stand under each other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from ingest.readers.pdf_layout import Line
from ingest.readers.pdf_lines import join_lines
from ingest.readers.pdf_segments import Segment
from ingest.readers.pdf_words import Word

_TIGHT = 1.6
"""Lines of one cell stand at most so many sizes apart."""
_FAR = 4.0
"""Rows of one table stand at most so many sizes apart."""
_HEADING = 1.15
_CLOSER = 0.85
"""Lines of one row are at least so much closer than rows."""
_CLOSE_CELLS = 0.6
"""Cells of a row that are almost full stand at least so many sizes apart."""


@dataclass(frozen=True, slots=True)
class TableRow:
    """A row's cells from left to right, empty ones included."""

    cells: tuple[str, ...]
    is_header: bool


@dataclass(frozen=True, slots=True)
class FoundTable:
    """A table and how many lines it takes."""

    rows: tuple[TableRow, ...]
    lines: int


def table_at(lines: Sequence[Line], rules: Sequence[float]) -> FoundTable | None:
    """Return the table that begins with the first of the lines, or None.

    A table has at least two rows with two cells or more, in columns that no cell crosses; one
    row is enough between drawn lines, as where a table goes on over a page. ``rules`` are the
    heights of the lines drawn on the page; where they are, they part the rows.
    """
    first = _first_wide(lines, rules)
    if first is None:
        return None
    taken = list(lines[: first + 1])
    following: list[Line | None] = [*lines[first + 2 :], None]
    for line, after in zip(lines[first + 1 :], following, strict=False):
        if not (_continues(taken, line, rules) or _leads_row(taken, line, after)):
            break
        taken.append(line)
    columns = _columns(taken)
    if len(columns) < 2:
        return None
    grouped = _grouped(taken, columns, rules)
    rows = [_cells(row, columns) for row in grouped]
    wide = sum(sum(map(bool, cells)) >= 2 for cells in rows)
    if wide < (1 if _is_boxed(taken, taken[-1], rules) else 2):
        return None
    header = _has_header(grouped, rows)
    found = tuple(TableRow(cells, header and n == 0) for n, cells in enumerate(rows))
    return FoundTable(found, len(taken))


def _first_wide(lines: Sequence[Line], rules: Sequence[float]) -> int | None:
    """Return which line is the first with two cells, when those above lie in the same row."""
    for number, line in enumerate(lines[:4]):
        if line.page != lines[0].page or line.column != lines[0].column:
            return None
        if len(line.segments) > 1:
            same = all(_between(rules, above, line) == 0 for above in lines[:number])
            boxed = bool(rules) and _is_ruled_off(rules, lines[0])
            return number if number == 0 or (same and boxed) else None
    return None


def _is_ruled_off(rules: Sequence[float], line: Line) -> bool:
    """Whether a line is drawn right above this one."""
    return any(line.base < rule < line.base + 2.5 * line.size for rule in rules)


def _between(rules: Sequence[float], upper: Line, lower: Line) -> int:
    return sum(lower.base < rule < upper.base for rule in rules)


def _continues(taken: list[Line], line: Line, rules: Sequence[float]) -> bool:
    last = taken[-1]
    gap = last.base - line.base
    if (line.page, line.column) != (last.page, last.column) or gap > _FAR * last.size:
        return False
    if line.size > _HEADING * taken[0].size:
        return False
    if len(_columns([*taken, line])) < 2:
        return False
    if len(line.segments) > 1:
        return True
    if _rules_beside(taken, rules):
        return _is_boxed(taken, line, rules)
    return gap <= _TIGHT * last.size and not (line.is_bold and not last.is_bold)


def _leads_row(taken: list[Line], line: Line, after: Line | None) -> bool:
    """Whether a line of one cell begins a row whose other cells stand beside its next line."""
    columns = _columns(taken)
    if after is None or len(after.segments) < 2 or len(line.segments) > 1 or len(columns) < 2:
        return False
    if not (after.page, after.column) == (line.page, line.column) == (taken[-1].page, line.column):
        return False
    apart, close = taken[-1].base - line.base, line.base - after.base
    in_first = line.right < columns[1][0] and line.left < columns[0][1]
    return in_first and close < _CLOSER * apart and apart <= _FAR * line.size


def _rules_beside(taken: Sequence[Line], rules: Sequence[float]) -> list[float]:
    """Return the lines drawn between the rows so far and right around them."""
    top, foot = taken[0].base + 2.5 * taken[0].size, taken[-1].base - 2.5 * taken[-1].size
    return [rule for rule in rules if foot < rule < top]


def _is_boxed(taken: list[Line], line: Line, rules: Sequence[float]) -> bool:
    """Whether a line of one cell stands between two drawn lines, the upper one of this table."""
    above = [rule for rule in rules if line.base < rule < taken[0].base + 2.5 * line.size]
    below = [rule for rule in rules if line.base - _FAR * line.size < rule < line.base]
    return bool(above) and bool(below)


def _columns(lines: Sequence[Line]) -> list[tuple[float, float]]:
    """Return where the columns begin and end, or nothing when the cells do not line up.

    The rows with the usual number of cells decide: first by their order, so that figures set to
    the right stand under a heading set to the left; else by what stands under each other.
    """
    wide = [line.segments for line in lines if len(line.segments) > 1]
    counts = Counter(map(len, wide))
    if not counts:
        return []
    usual = max(counts, key=lambda count: (counts[count], count))
    full = [segments for segments in wide if len(segments) == usual]
    columns = [(min(s.left for s in c), max(s.right for s in c)) for c in zip(*full, strict=True)]
    if any(right >= left for (_, right), (left, _) in pairwise(columns)):
        columns = _merged([segment for segments in full for segment in segments])
    alone = (line.segments[0] for line in lines if len(line.segments) == 1)
    parts = (part for segment in alone for part in _parts(segment, columns))
    crossing = [part for part in parts if _crossed(part, columns) > 1 and len(part.words) > 3]
    return [] if crossing else columns


def _merged(segments: list[Segment]) -> list[tuple[float, float]]:
    merged: list[tuple[float, float]] = []
    for segment in sorted(segments, key=lambda s: s.left):
        if merged and segment.left <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], segment.right))
        else:
            merged.append((segment.left, segment.right))
    return merged


def _crossed(segment: Segment, columns: list[tuple[float, float]]) -> int:
    return sum(segment.left < right and segment.right > left for left, right in columns)


def _grouped(
    lines: Sequence[Line], columns: list[tuple[float, float]], rules: Sequence[float]
) -> list[list[Line]]:
    """Return the lines of each row: between drawn lines, else from one first cell to the next."""
    ruled = len(_rules_beside(lines, rules)) >= 3
    gaps = [above.base - line.base for above, line in pairwise(lines)]
    spaced = bool(gaps) and min(gaps) < _CLOSER * max(gaps)
    rows: list[list[Line]] = []
    for line in lines:
        if not rows:
            begins = True
        elif ruled:
            begins = _between(rules, rows[-1][-1], line) > 0
        elif spaced:
            begins = min(gaps) < _CLOSER * (rows[-1][-1].base - line.base)
        else:
            begins = len(line.segments) > 1 and _column(line.segments[0], columns) == 0
        if begins:
            rows.append([])
        rows[-1].append(line)
    return rows


def _column(segment: Segment, columns: list[tuple[float, float]]) -> int:
    """Return the column that a segment shares most with, the nearest when it shares none."""
    shared = [min(segment.right, right) - max(segment.left, left) for left, right in columns]
    return shared.index(max(shared))


def _cells(row: list[Line], columns: list[tuple[float, float]]) -> tuple[str, ...]:
    pieces: list[list[str]] = [[] for _ in columns]
    for line in row:
        for segment in line.segments:
            for part in _parts(segment, columns):
                pieces[_column(part, columns)].append(part.text)
    return tuple(join_lines(texts) for texts in pieces)


def _parts(segment: Segment, columns: list[tuple[float, float]]) -> list[Segment]:
    """Return a segment cut where its words stand in the next column with little space before."""
    starts = [left - 1 for left, _ in columns[1:] if segment.left < left < segment.right]
    parts: list[list[Word]] = [[segment.words[0]]]
    for before, word in pairwise(segment.words):
        opens = any(before.left < start <= word.left for start in starts)
        if opens and word.left - before.right > _CLOSE_CELLS * word.size:
            parts.append([])
        parts[-1].append(word)
    return [Segment(tuple(words)) for words in parts]


def _has_header(grouped: list[list[Line]], rows: list[tuple[str, ...]]) -> bool:
    """Whether the first row is bold as no other is, or the only one without figures."""
    bold = [all(line.is_bold for line in row) for row in grouped]
    if bold[0]:
        return not all(bold)
    figures = [any(c.isdigit() for cell in cells[1:] for c in cell) for cells in rows]
    return not figures[0] and all(figures[1:])
