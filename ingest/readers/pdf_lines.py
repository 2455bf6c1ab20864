"""Lines of a PDF joined into running text, words cut at line ends put together."""

from __future__ import annotations

import re
from collections.abc import Iterable

from ingest.readers.pdf_words import LINE_END_HYPHEN

# What French and its neighbours write with a hyphen, so that one at the end of a line is real.
_HYPHENATED_BEFORE = re.compile(
    r"(?:^|[\s('’])(?:rendez|demi|peut|c'est|celui|celle|ceux|celles|vis|quelques|nous|vous|eux"
    r"|après|arrière|grand|grands|vingt|trente|quarante|cinquante|soixante|quatre|chef|procès)$",
    re.IGNORECASE,
)
_HYPHENATED_AFTER = re.compile(
    r"^(?:vous|nous|même|mêmes|t-|ci|là|verbal|dessous|dessus|delà)\b", re.IGNORECASE
)
_COMPOUND = re.compile(r"\w+(?:-\w+)+")


def join_lines(lines: Iterable[str], compounds: frozenset[str] = frozenset()) -> str:
    """Return lines as one text; a hyphen at a line's end goes unless the word is written with it.

    ``compounds`` are words that the document writes with a hyphen elsewhere, in small letters.
    """
    text = ""
    for line in lines:
        text = _joined(text, line.strip(), compounds) if text else line.strip()
    return text.replace(LINE_END_HYPHEN, "-") if text.endswith(LINE_END_HYPHEN) else text


def _joined(text: str, line: str, compounds: frozenset[str]) -> str:
    if not text.endswith((LINE_END_HYPHEN, "-")):
        return f"{text} {line}"
    before = text[:-1]
    if not before or not before[-1].isalnum():  # a dash, not a hyphen
        return f"{before}- {line}"
    return before + line if _is_cut(before, line, compounds) else f"{before}-{line}"


def _is_cut(before: str, line: str, compounds: frozenset[str]) -> bool:
    """Whether the hyphen between the two only marks the line's end."""
    if not line[:1].islower():
        return False
    left = before.split()[-1]
    right = line.split()[0]
    word = _COMPOUND.match(f"{left}-{right}")
    if word is not None and word.group().lower() in compounds:
        return False
    return not (_HYPHENATED_BEFORE.search(before) or _HYPHENATED_AFTER.match(line))


def compounds_in(texts: Iterable[str]) -> frozenset[str]:
    """Return the words that are written with a hyphen within a line, in small letters."""
    return frozenset(found.group().lower() for text in texts for found in _COMPOUND.finditer(text))
