"""A message of a conversation as a model may read it: numbered, without personal data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Speaker = Literal["citizen", "agent", "assistant"]
"""Who said it: the citizen, a member of staff, or the bot."""


@dataclass(frozen=True, slots=True)
class Line:
    """One message; ``number`` is its position in the conversation, ``text`` is redacted.

    ``language`` is the tag of the language it is written in, as far as that was recognised.
    """

    number: int
    speaker: Speaker
    text: str
    language: str


def latest(lines: Sequence[Line], length: int) -> list[Line]:
    """Return the last lines that have so many characters together, in order; at least one."""
    kept: list[Line] = []
    left = length
    for line in reversed(lines):
        left -= len(line.text)
        if left < 0 and kept:
            break
        kept.append(line)
    return kept[::-1]
