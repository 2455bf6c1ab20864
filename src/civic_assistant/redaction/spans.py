"""Where something personal stands in a text, and the form of a text in which it is looked for."""

from __future__ import annotations

import tomllib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from types import MappingProxyType
from typing import Literal

Kind = Literal[
    "e-mail", "phone", "iban", "card", "social-security", "tax-number", "national-id", "plate",
    "id-document", "file-number", "address", "birth-date", "name", "ip-address", "number",
]  # fmt: skip

_APOSTROPHES = frozenset("’‘ʼ`´＇")


@dataclass(frozen=True, slots=True)
class Span:
    """``text[start:end]`` is personal data of this kind."""

    start: int
    end: int
    kind: Kind


def legible(text: str) -> str:
    """Return a text of the same length in which digits, blanks, hyphens and apostrophes are ASCII.

    Offsets in it are offsets in the original: one character becomes one character.
    """
    return text if text.isascii() else "".join(map(_ascii_sign, text))


@lru_cache(maxsize=8192)
def _ascii_sign(character: str) -> str:
    category = unicodedata.category(character)
    if category == "Nd":
        return str(unicodedata.decimal(character))
    if category in ("Zs", "Cf"):
        return " "
    if category == "Pd":
        return "-"
    if character in _APOSTROPHES:
        return "'"
    if "！" <= character <= "～":  # the full-width forms of ASCII
        return chr(ord(character) - 0xFEE0)
    return character


@lru_cache(maxsize=1)
def phrases() -> Mapping[str, tuple[str, ...]]:
    """Return the words that announce personal data in the page's languages, by dotted key."""
    catalogue = resources.files(__package__).joinpath("phrases.toml")
    tables = tomllib.loads(catalogue.read_text(encoding="utf-8"))
    return MappingProxyType(
        {
            f"{group}.{name}": tuple(words)
            for group, table in tables.items()
            for name, words in table.items()
        }
    )
