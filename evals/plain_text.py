"""Texts as scoring compares them; on purpose not the product's own rule, which is on trial."""

from __future__ import annotations

import unicodedata


def plain(text: str) -> str:
    """Return the text in NFC with every run of white space one space."""
    return " ".join(unicodedata.normalize("NFC", text).split())
