"""Which lines of a guide the reader reads, when not all of them can be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from civic_assistant.reading import Read
from civic_assistant.units import Span

if TYPE_CHECKING:
    from civic_assistant.reading import Reader

PART_BYTES = 1000
"""Lines that are read together, in UTF-8 bytes: 150 to 220 tokens, whatever the script."""


@dataclass(frozen=True, slots=True)
class PartRead:
    """Neighbouring lines of one section, and what they are to the question.

    ``lines`` gives the probability of each line that was read, by the line's `id`.
    """

    settles: float
    best: float
    lines: Mapping[int, float] = field(repr=False)


def read_part(
    reader: Reader, question: str, heading: str, spans: Sequence[Span], centre: int
) -> PartRead:
    """Read the line at place ``centre`` of a section with as many neighbours as find room."""
    texts = [span.text for span in spans]
    start, end = part_around(texts, centre)
    read: Read = reader.read(question, heading, texts[start:end])
    lines = dict(zip(map(id, spans[start:end]), read.lines.tolist(), strict=False))
    return PartRead(read.settles, max(lines.values(), default=0.0), lines)


def part_around(texts: Sequence[str], centre: int) -> tuple[int, int]:
    """Return begin and end of the run of texts that grows around one to `PART_BYTES`."""
    sizes = [len(text.encode()) + 1 for text in texts]
    start, end, size = centre, centre + 1, sizes[centre]
    while True:
        grown = False
        if end < len(texts) and size + sizes[end] <= PART_BYTES:
            size += sizes[end]
            end += 1
            grown = True
        if start > 0 and size + sizes[start - 1] <= PART_BYTES:
            start -= 1
            size += sizes[start]
            grown = True
        if not grown:
            return start, end


def cuts(lines: Sequence[str]) -> list[tuple[int, int]]:
    """Return begin and end of runs of lines of at most `PART_BYTES`."""
    found: list[tuple[int, int]] = []
    start, size = 0, 0
    for place, line in enumerate(lines):
        own = len(line.encode())
        if place > start and size + own > PART_BYTES:
            found.append((start, place))
            start, size = place, 0
        size += own
    return [*found, (start, len(lines))]
