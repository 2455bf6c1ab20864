"""Characters that nobody sees, in which a text can carry words past who reads it."""

from __future__ import annotations

import unicodedata

_NOT_SEEN = frozenset({"Cf", "Co", "Cn", "Cs"})
# They choose how the character before them is drawn; any number of them may stand there.
_SELECTORS = (range(0xFE00, 0xFE10), range(0xE0100, 0xE01F0))


def is_hidden(character: str) -> bool:
    """Whether a character is a mark of format, a variation selector, or means nothing."""
    code = ord(character)
    is_selector = any(code in selectors for selectors in _SELECTORS)
    return is_selector or unicodedata.category(character) in _NOT_SEEN
