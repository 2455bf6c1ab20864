"""A text in a plainer form, with the way back to where each of its characters stood."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Traced:
    """``text[i]`` stands for ``original[starts[i]:ends[i]]``, both in the order of the text."""

    text: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]

    def origin(self, start: int, end: int) -> tuple[int, int]:
        """Return where the part ``text[start:end]``, which is not empty, stood in the original."""
        return self.starts[start], self.ends[end - 1]

    def without(self, pattern: re.Pattern[str]) -> Traced:
        """Return the text without what the pattern matches."""
        if not pattern.search(self.text):
            return self
        gone = {i for match in pattern.finditer(self.text) for i in range(*match.span())}
        kept = [i for i in range(len(self.text)) if i not in gone]
        return Traced(
            "".join(self.text[i] for i in kept),
            tuple(self.starts[i] for i in kept),
            tuple(self.ends[i] for i in kept),
        )


def traced(text: str, plain: Callable[[str], str]) -> Traced:
    """Return the text with each character, its combining marks included, made plainer.

    ``plain`` maps a character with its marks to any number of characters, or to none.
    """
    pieces: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for start, end in _characters(text):
        piece = plain(text[start:end])
        pieces.append(piece)
        starts.extend([start] * len(piece))
        ends.extend([end] * len(piece))
    return Traced("".join(pieces), tuple(starts), tuple(ends))


def _characters(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for position in range(1, len(text) + 1):
        if position == len(text) or not unicodedata.combining(text[position]):
            yield start, position
            start = position
