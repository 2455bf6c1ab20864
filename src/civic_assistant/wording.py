"""A catalogue's phrases of one language as a pattern over plain text."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from civic_assistant.figures.plain import plain

_GAP: Final = r"[ '\-]+"
_FEW_WORDS: Final = r"(?:\w+[ '\-]+){0,7}?"
# Written without blanks: a phrase may stand within a run of characters.
_UNSPACED: Final = frozenset({"zh"})


def wording_pattern(phrases: Iterable[str], language: str, lead: str = "") -> re.Pattern[str]:
    """Return the pattern of any of the phrases, the longest first, as whole words.

    A word may end or begin with ``*`` or be one; ``…`` stands for up to seven words. ``lead`` is a
    pattern for what stands before the phrase, which is the group ``phrase``.
    """
    bodies = [_body(phrase) for phrase in sorted(phrases, key=len, reverse=True)]
    together = "|".join(bodies) or r"(?!)"  # of no phrase at all, nothing
    if language in _UNSPACED:
        return re.compile(f"{lead}(?P<phrase>{together})")
    return re.compile(rf"{lead}(?<!\w)(?P<phrase>{together})(?!\w)")


def _body(phrase: str) -> str:
    words = re.split(_GAP, plain(phrase).text)
    body = _GAP.join(re.escape(word).replace(r"\*", r"\w*") for word in words)
    return body.replace(f"…{_GAP}", _FEW_WORDS)
