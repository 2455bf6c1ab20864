"""What a sentence of an answer may be made of: plain words, in the letters of its language."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from typing import Literal

from civic_assistant.figures.lexicon import HAN

FormFault = Literal["markup", "letters", "no_text"]

LEAST_WORDS = 2
_LATIN = "LATIN"
_LETTERS = {"ar": "ARABIC", "uk": "CYRILLIC", "zh": "CJK"}
# Tags, targets of links, images, code, and a site with a path behind it.
_MARKUP = re.compile(
    r"<\s*[A-Za-z/!?]|\]\s*[(:]|!\[|`|\{\{|\$\{|\b(?:javascript|data|vbscript)\s*:\s*\S|://"
    r"|\b[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}/\w",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W\d_]+")


def form_fault(text: str, language: str, quotes: Iterable[str]) -> FormFault | None:
    """Return what a sentence of a language is made of that it may not be, or None.

    ``markup``: marks of markup or an address that its quotes lack; ``letters``: words in letters of
    another script, or of two, that its quotes lack; ``no_text``: a single word, which says nothing.
    """
    held = "\n".join(quotes)
    if any(found.group() not in held for found in _MARKUP.finditer(text)):
        return "markup"
    words, known = _WORD.findall(text), set(_WORD.findall(held.casefold()))
    own = [word for word in words if word.casefold() not in known]
    scripts = [{_script(letter) for letter in word} for word in own]
    if any({_LATIN, "CYRILLIC"} <= script for script in scripts):
        return "letters"
    wanted = _LETTERS.get(language, _LATIN)
    strange = sum(len(w) for w, script in zip(own, scripts, strict=True) if wanted not in script)
    if strange > sum(map(len, words)) / 2:
        return "letters"
    is_bare = len(words) < LEAST_WORDS and not any(c.isdigit() or HAN.match(c) for c in text)
    return "no_text" if is_bare and own else None


@lru_cache(maxsize=4096)
def _script(letter: str) -> str:
    return unicodedata.name(letter, "").partition(" ")[0]
