"""What a heading tells: its topic (fees, documents…) and whether it opens a situation."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from functools import cache
from importlib.resources import files

from civic_assistant.guides import FACT_KINDS, FactKind

_CASE = re.compile(r"\s*[:：]\s*")
_NUMBER = re.compile(r"^(?:\(?\d+(?:\.\d+)*[.)]?|[IVX]+[.)]|[A-Za-z][.)])\s+")


@cache
def _vocabulary() -> dict[str, dict[FactKind | str, re.Pattern[str]]]:
    """Return, for each language, a pattern for each topic and one for the word *situation*."""
    table = tomllib.loads(files("ingest").joinpath("topics.toml").read_text("utf-8"))
    return {
        language: {
            kind: re.compile("|".join(_folded_pattern(phrase) for phrase in phrases))
            for kind, phrases in topics.items()
        }
        for language, topics in table.items()
    }


def _folded_pattern(phrase: str) -> str:
    """Return a pattern for a phrase; ``^`` and ``$`` at its ends tie it to the heading's ends."""
    begin, end = phrase.startswith("^"), phrase.endswith("$")
    words = re.escape(fold(phrase.strip("^$")))
    open_script = re.search(r"[\u3040-\u9fff]", phrase) is not None
    left = "^" if begin else ("" if open_script else r"(?<!\w)")
    right = "$" if end else ("" if open_script else r"(?!\w)")
    return f"{left}{words}{right}"


def fold(heading: str) -> str:
    """Return the heading without case, accents, typographic apostrophes and end punctuation."""
    bare = unicodedata.normalize("NFKD", heading.casefold().replace("’", "'"))
    bare = "".join(character for character in bare if not unicodedata.combining(character))
    return unicodedata.normalize("NFC", " ".join(bare.split()).strip(" ?!.:؟？：¿¡"))


def languages() -> tuple[str, ...]:
    """Return the languages whose headings are known."""
    return tuple(_vocabulary())


def topic_of_heading(heading: str, language: str | None = None) -> FactKind | None:
    """Return what a section with this heading tells, or None when its words do not say.

    Of several topics the one named first in the heading counts. Without a language every known
    one is tried, in the order of the file.
    """
    words = fold(_NUMBER.sub("", heading))
    known = _vocabulary()
    for candidate in (language,) if language in known else tuple(known):
        found = [
            (match.start(), -match.end(), rank, kind)
            for rank, kind in enumerate(FACT_KINDS)
            if (pattern := known[str(candidate)].get(kind)) and (match := pattern.search(words))
        ]
        if found:
            return min(found)[3]
    return None


def situation_in_heading(heading: str) -> str | None:
    """Return the case that ``Situation : you are under 18`` names, or None for other headings."""
    parts = _CASE.split(_NUMBER.sub("", heading), maxsplit=1)
    if len(parts) < 2 or not parts[1]:
        return None
    word = fold(parts[0])
    opens = any(topics["situation"].fullmatch(word) for topics in _vocabulary().values())
    return parts[1] if opens else None
