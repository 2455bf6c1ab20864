"""Everyday phrases of a language as one pattern, with the words that may deny them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from civic_assistant.folding import folded

DENIED = "denied"
"""The group that matches when a phrase is denied from inside (``bin kein Franzose``)."""
_UNSPACED = re.compile(r"[\u4e00-\u9fff]")
_GAP = r"[\s\-]+"
# Arabic writes "and", "in", "to" and the article onto the word.
_ARABIC_PREFIX = r"(?:[وف]?[بلك]?(?:ال)?)?"


def flat(text: str) -> str:
    """Return the text folded, on one line, with straight apostrophes: what patterns are read on."""
    return re.sub(r"\s+", " ", folded(text).replace("’", "'")).strip()


def phrases_pattern(
    phrases: Iterable[str], language: str, negation: Sequence[str] = ()
) -> re.Pattern[str]:
    """Compile phrases into one pattern over flat text.

    A word may end in ``*`` for any ending. A phrase that begins with ``!`` is a denial as it
    stands; where a word of ``negation`` stands after a phrase's first word, it is one too.
    """
    listed = list(phrases)
    plain = [flat(phrase) for phrase in listed if not phrase.startswith("!")]
    denials = [flat(word) for word in negation if " " not in word]
    denied = [_denied(phrase, denials, language) for phrase in plain if " " in phrase and denials]
    denied += [_phrase(flat(phrase[1:]), language) for phrase in listed if phrase.startswith("!")]
    inside = [f"(?P<{DENIED}>{'|'.join(denied)})"] if denied else []
    return re.compile("|".join([*inside, *(_phrase(phrase, language) for phrase in plain)]))


def _phrase(phrase: str, language: str) -> str:
    if _UNSPACED.search(phrase):
        return re.escape(phrase)
    return rf"(?<!\w){_GAP.join(_words(phrase, language))}(?!\w)"


def _denied(phrase: str, denials: Sequence[str], language: str) -> str:
    first, *rest = _words(phrase, language)
    between = rf"(?:n't\s+|{_GAP}(?:{'|'.join(map(re.escape, denials))})\s+)"
    return rf"(?<!\w){first}{between}{_GAP.join(rest)}(?!\w)"


def _words(phrase: str, language: str) -> list[str]:
    words = [re.escape(word).replace(r"\*", r"\w*") for word in phrase.split(" ")]
    return [_ARABIC_PREFIX + word for word in words] if language == "ar" else words
