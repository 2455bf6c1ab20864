"""A text as figures are read in it: small letters without marks, ASCII digits and signs."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from civic_assistant.traced import Traced, traced

_SIGNS = {
    "’": "'", "‘": "'", "ʼ": "'", "`": "'", "´": "'", "＇": "'", "′": "'", "٬": "'",
    "٫": ",", "،": ",", "、": ";", "٪": "%", "؛": ";", "−": "-", "ـ": "", "№": "n°", "～": "-",
    "ı": "i", "ł": "l", "ø": "o", "đ": "d", "æ": "ae", "œ": "oe", "ى": "ي", "ة": "ه",
    "\t": " ", "۔": ".",
}  # fmt: skip
_CYRILLIC_APOSTROPHE = re.compile(r"(?<=[а-яіїєґ])'(?=[а-яіїєґ])")


def plain(text: str) -> Traced:
    """Return the text as figures are read in it; line ends stay, superscripts stay."""
    return traced(text, _plain_character).without(_CYRILLIC_APOSTROPHE)


@lru_cache(maxsize=8192)
def _plain_character(character: str) -> str:
    if character in _SIGNS:
        return _SIGNS[character]
    category = unicodedata.category(character[0])
    if category == "Nd":
        return str(unicodedata.decimal(character[0]))
    if category == "Zs":
        return " "
    if category == "Cf":
        return ""
    if category == "Pd":
        return "-"
    if "！" <= character <= "～":  # the full-width forms of ASCII
        return chr(ord(character) - 0xFEE0).casefold()
    if not category.startswith(("L", "M")):
        return character
    decomposed = unicodedata.normalize("NFKD", character.casefold())
    letters = "".join(c for c in decomposed if not unicodedata.combining(c))
    return "".join(_SIGNS.get(letter, letter) for letter in letters)
