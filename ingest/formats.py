"""The formats that a town's documents may have, and how large each may be."""

from __future__ import annotations

import re
from pathlib import Path

from ingest.bounds import BINARY_BYTES, DESCRIPTION_BYTES, TEXT_BYTES
from ingest.guide_file import GUIDE_FILE

FORMATS = {".md": TEXT_BYTES, ".html": TEXT_BYTES, ".pdf": BINARY_BYTES, ".docx": BINARY_BYTES}
"""The endings that are read, in lower case, with the most bytes of a document."""
UNREAD = frozenset({".doc", ".odt", ".rtf", ".txt", ".htm", ".markdown", ".pages"})
"""Endings of documents that are refused by name, so that none is passed over in silence."""

_NAME = re.compile(
    rf"[A-Za-z0-9][A-Za-z0-9_-]{{0,99}}/(?:{re.escape(GUIDE_FILE)}|[a-z]{{2}}\.(?i:md|html|pdf|docx))"
)


def is_document_name(name: str) -> bool:
    """Whether a name is that of a guide's document or description: ``composteur/fr.md``."""
    return _NAME.fullmatch(name) is not None


def most_bytes(name: str) -> int:
    """Return how many bytes the document of that name may have."""
    return DESCRIPTION_BYTES if name.endswith(GUIDE_FILE) else FORMATS[Path(name).suffix.lower()]


def printable(name: str) -> str:
    """Return a file's name with what a terminal or a page would obey, or cannot show, escaped."""
    return "".join(
        character if character.isprintable() else character.encode("unicode_escape").decode()
        for character in name
    )
