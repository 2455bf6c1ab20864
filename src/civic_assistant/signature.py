"""A message without the clauses that say who writes and how to reach them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from civic_assistant.redaction import placeholder

if TYPE_CHECKING:
    from civic_assistant.redaction.spans import Kind

WHO: tuple[Kind, ...] = ("name", "phone", "e-mail")
LEAST_LEFT = 13
"""Characters that say enough to be read without the rest."""
_CLAUSE = re.compile(r"[^.,;:!?\n،؛؟。，；：！？]+[.,;:!?\n،؛؟。，；：！？]*\s*")


def without_signature(text: str) -> str:
    """Return a redacted text without the clauses that hold a name, a number or an address.

    "I am [name], how much is a passport?" asks what it asks without them, and a model that tells
    kinds of messages takes whoever names themselves for somebody with a file. The whole text where
    next to nothing would be left.
    """
    taken = [mark for mark in map(placeholder, WHO) if mark in text]
    if not taken:
        return text
    clauses: list[str] = _CLAUSE.findall(text)
    left = "".join(c for c in clauses if not any(mark in c for mark in taken)).strip()
    return left if len(left) >= LEAST_LEFT else text
