"""Columns of prose on a page, found by the gutters between them."""

from __future__ import annotations

import statistics
from collections.abc import Iterator

from ingest.readers.pdf_segments import Segment, regrouped

_COLUMN_LINES = 5
"""A column of prose has at least so many lines; less is a table or an address block."""
_COLUMN_WIDTH = 0.25
_COLUMN_WORDS = 3.5
_FULL_LINE = 0.7
_FULL_LINES = 0.35


def columns_of(segments: list[Segment]) -> Iterator[list[Segment]]:
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
            yield from columns_of(together)
            together = []
        yield from columns_of([segment for segment in band if segment.right <= gutter])
        yield from columns_of([segment for segment in band if segment.left >= gutter])
    yield from columns_of(together)


def _bands(segments: list[Segment], gutter: float) -> Iterator[list[Segment]]:
    """Yield the segments from the top down, cut around each line that crosses the gutter."""
    band: list[Segment] = []
    crossed_before = False
    for row in regrouped(segments):
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
