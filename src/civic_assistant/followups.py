"""A follow-up question made standalone: "et pour un mineur ?" carries the question before it."""

from __future__ import annotations

import re
from collections.abc import Sequence

# A question that opens so continues the one before, in the twelve languages of the page.
_OPENINGS = (
    "et", "mais", "sinon", "and", "but", "what about", "how about", "y", "pero", "e", "mas", "ma",
    "und", "aber", "oder", "ve", "peki", "ya", "а", "і", "та", "але", "și", "si", "dar", "iar",
    "dacă", "i", "a", "ale", "oraz", "و", "ماذا عن", "那", "那么", "还有", "如果",
)  # fmt: skip
# Arabic's "and" is written onto the next word, Chinese has no spaces.
_CONTINUES = re.compile(
    rf"^\W*(?:{'|'.join(sorted(_OPENINGS, key=len, reverse=True))})"
    r"(?=[\s'’,]|[\u0600-\u06ff\u4e00-\u9fff])",
    re.IGNORECASE,
)
# Longer questions say themselves what they are about.
_WORDS = 9


def standalone(question: str, history: Sequence[str]) -> str:
    """Return the question, after the previous one when it continues that and cannot stand alone.

    ``history`` holds the citizen's earlier questions, oldest first.
    """
    is_short = len(question.split()) <= _WORDS
    if not history or not is_short or not _CONTINUES.match(question):
        return question
    return f"{history[-1].strip()} {question.strip()}"
