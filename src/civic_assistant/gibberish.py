"""Whether a message is keys hit at random rather than words."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from langdetect.detector_factory import PROFILES_DIRECTORY

from civic_assistant.unmarked import is_han, unmarked, words_of

SHORTEST_MASH = 4
MASH_SHARE = 0.75
"""Share of a message's letters in mashed words from which the message says nothing."""
UNKNOWN_TRIGRAMS = 0.55
FEWEST_LETTERS = 7
"""Share of three-letter pieces that no language has, and letters to judge it by: it catches two
in three messages of two to four random words, and none of 12,600 real questions."""
LONGEST_ACRONYM = 6
SMALL_ACRONYM = 4
FEW_ACRONYMS = 2
"""Up to so many words of so many small letters may be acronyms too."""

_ROWS = (
    "qwertyuiop", "azertyuiop", "qwertzuiopu", "asdfghjkl", "qsdfghjklm", "asdfghjkloa",
    "zxcvbnm", "wxcvbn", "yxcvbnm", "qwertyuiopgu", "asdfghjklsi",
    "йцукенгшщзхі", "йцукенгшщзхъ", "фівапролджє", "фывапролджэ", "ячсмитьбю",
    "ضصثقفغعهخحجد", "شسيبلاتنمكط",
)  # fmt: skip
_PIECES = frozenset(
    straight[start : start + 4]
    for row in _ROWS
    # Backwards, Arabic rows hold common words.
    for straight in ((row, row[::-1]) if row.isascii() else (row,))
    for start in range(len(row) - 3)
)
_WORDS_ALONG_ROWS = frozenset({"wert"})
_VOWELS = frozenset("aeiouy")
# Languages in Latin letters, with some that the page does not speak: names come from everywhere.
_LATIN_PROFILES = (
    "cs", "de", "en", "es", "fi", "fr", "hr", "hu", "id", "it", "nl", "pl", "pt", "ro", "so", "sq",
    "sv", "sw", "tr", "vi",
)  # fmt: skip


def is_gibberish(text: str) -> bool:
    """Whether a message has no word, and no number long enough to be a form's.

    Words along a keyboard row, of one letter, without a vowel, or of letters that no language puts
    together are no words; capitals up to `LONGEST_ACRONYM` letters are acronyms.
    """
    words = words_of(text).split()
    named = [word for word in words if not word.isdigit()]
    if not any(len(word) > 1 or is_han(word) for word in named):
        return not any(len(word) >= SHORTEST_MASH for word in words)
    acronyms = {words_of(word) for word in re.findall(r"[^\W_]+", text) if word.isupper()}
    spelled = [word for word in named if word not in acronyms or len(word) > LONGEST_ACRONYM]
    mashed = [
        word for word in named if _is_typed_along(word) or (word in spelled and _is_mashed(word))
    ]
    if sum(map(len, mashed)) >= MASH_SHARE * sum(map(len, words)):
        return True
    return all(map(_is_latin, named)) and _is_improbable(spelled)


def _is_latin(word: str) -> bool:
    return word.isascii() and word.isalpha()


def _is_typed_along(word: str) -> bool:
    """Whether a word, or four fifths of a long one, is one run along a keyboard row."""
    if word in _WORDS_ALONG_ROWS:
        return False
    longest = run = 0
    for start in range(len(word) - 3):
        run = run + 1 if word[start : start + 4] in _PIECES else 0
        longest = max(longest, run)
    along = longest + 3 if longest else 0
    return along == len(word) or (along > SHORTEST_MASH and 5 * along >= 4 * len(word))


def _is_mashed(word: str) -> bool:
    """Whether a word repeats one letter, or is Latin, longer than four letters, without a vowel."""
    if len(word) >= SHORTEST_MASH and max(map(word.count, set(word))) >= max(4, len(word) - 1):
        return True
    return len(word) > SHORTEST_MASH and _is_latin(word) and not _VOWELS & set(word)


def _is_improbable(words: Sequence[str]) -> bool:
    """Whether most pieces of Latin words are found in no language."""
    if len(words) <= FEW_ACRONYMS and all(len(word) <= SMALL_ACRONYM for word in words):
        return False
    pieces = [f" {word} "[start : start + 3] for word in words for start in range(len(word))]
    if len(pieces) < FEWEST_LETTERS:
        return False
    return sum(piece not in _trigrams() for piece in pieces) >= UNKNOWN_TRIGRAMS * len(pieces)


@lru_cache(maxsize=1)
def _trigrams() -> frozenset[str]:
    """Return the frequent three-letter pieces of Latin languages, from langdetect's profiles."""
    pieces: set[str] = set()
    for language in _LATIN_PROFILES:
        profile = json.loads(Path(PROFILES_DIRECTORY, language).read_text(encoding="utf-8"))
        pieces.update(unmarked(piece) for piece in profile["freq"] if len(piece) == 3)
    return frozenset(pieces)
