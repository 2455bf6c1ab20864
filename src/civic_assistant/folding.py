"""Letters as exact-word comparison sees them: small, without accents."""

from __future__ import annotations

import unicodedata


class _Plain(dict[int, int | str | None]):
    """What each character of a decomposed text becomes: itself, or None when it is a mark."""

    def __missing__(self, code: int) -> int | None:
        self[code] = plain = None if unicodedata.combining(chr(code)) else code
        return plain


# Letters with a stroke or without a dot are letters of their own: decomposition leaves them.
_LETTERS = {"ł": "l", "đ": "d", "ø": "o", "ı": "i", "œ": "oe", "æ": "ae"}
_PLAIN = _Plain({ord(letter): plain for letter, plain in _LETTERS.items()})


def folded(text: str) -> str:
    """Return the text case-folded, its accents and other marks taken away."""
    return unicodedata.normalize("NFKD", text.casefold()).translate(_PLAIN)
