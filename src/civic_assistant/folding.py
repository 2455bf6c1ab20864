"""Letters as exact-word comparison sees them: small, without accents."""

from __future__ import annotations

import unicodedata

# Letters with a stroke or without a dot are letters of their own: decomposition leaves them.
_STROKES = str.maketrans({"ł": "l", "đ": "d", "ø": "o", "ı": "i", "œ": "oe", "æ": "ae"})


def folded(text: str) -> str:
    """Return the text case-folded, its accents and other marks taken away."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in decomposed if not unicodedata.combining(c)).translate(_STROKES)
