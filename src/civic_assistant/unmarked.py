"""A message as patterns see it: small letters without marks, words with one space between."""

from __future__ import annotations

import re
import unicodedata

# Letters that Unicode does not decompose, or that writers take for one another.
_SAME_LETTER = str.maketrans({"ı": "i", "ł": "l", "ø": "o", "đ": "d", "ى": "ي", "ة": "ه", "ـ": ""})
_HAN = re.compile(r"[\u3400-\u9fff]")
_WORD = re.compile(r"[^\W_]+")


def unmarked(text: str) -> str:
    """Return a text in small letters without accents, hamzas and vowel signs; ``…`` stays."""
    parts = (unicodedata.normalize("NFKD", part) for part in text.casefold().split("…"))
    letters = (c for c in "…".join(parts) if not unicodedata.combining(c))
    return unicodedata.normalize("NFC", "".join(letters)).translate(_SAME_LETTER)


def words_of(text: str) -> str:
    """Return the unmarked words of a text with one space between."""
    return " ".join(_WORD.findall(unmarked(text)))


def count_words(folded_text: str) -> int:
    """Count the words of a folded text; two Chinese characters count as one."""
    han = len(_HAN.findall(folded_text))
    return len(_HAN.sub(" ", folded_text).split()) + (han + 1) // 2


def is_han(word: str) -> bool:
    """Whether a word begins with a Chinese character."""
    return _HAN.match(word) is not None
