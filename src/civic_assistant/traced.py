"""A text in a plainer form, with the way back to where each of its characters stood."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Traced:
    """``text[i]`` stands for ``original[starts[i]:ends[i]]``, both in the order of the text."""

    text: str
    starts: Sequence[int]
    ends: Sequence[int]

    def origin(self, start: int, end: int) -> tuple[int, int]:
        """Return where the part ``text[start:end]``, which is not empty, stood in the original."""
        return self.starts[start], self.ends[end - 1]

    def parts(self, place: int) -> bool:
        """Whether a place lies between two characters of the original, not within one."""
        return not 0 < place < len(self.text) or self.starts[place - 1] != self.starts[place]

    def without(self, pattern: re.Pattern[str]) -> Traced:
        """Return the text without what the pattern matches."""
        if not pattern.search(self.text):
            return self
        gone = {i for match in pattern.finditer(self.text) for i in range(*match.span())}
        kept = [i for i in range(len(self.text)) if i not in gone]
        return Traced(
            "".join(self.text[i] for i in kept),
            [self.starts[i] for i in kept],
            [self.ends[i] for i in kept],
        )


def traced(text: str, plain: Callable[[str], str]) -> Traced:
    """Return the text with each character, its combining marks included, made plainer.

    ``plain`` maps a character with its marks to any number of characters, or to none.
    """
    if not any(map(unicodedata.combining, text)):
        spans: Sequence[tuple[int, int]] = ()
        pieces = [plain(character) for character in text]
    else:
        spans = tuple(_characters(text))
        pieces = [plain(text[start:end]) for start, end in spans]
    shown = "".join(pieces)
    if not spans and len(shown) == len(text) and all(pieces):  # one for one
        return Traced(shown, range(len(text)), range(1, len(text) + 1))
    places = spans or ((i, i + 1) for i in range(len(text)))
    where = [place for piece, place in zip(pieces, places, strict=True) for _ in piece]
    return Traced(shown, [start for start, _ in where], [end for _, end in where])


def _characters(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for position in range(1, len(text) + 1):
        if position == len(text) or not unicodedata.combining(text[position]):
            yield start, position
            start = position
