"""What is not looked up in the guides: small talk, a wish for a person, danger, somebody's file."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

from civic_assistant.errors import SettingsError
from civic_assistant.messages import PAGE_LANGUAGES
from civic_assistant.outcomes import HandedOff, Refused, Signposted, SmallTalk, SmallTalkKind

Screened = SmallTalk | HandedOff | Signposted | Refused

SHORT_QUESTION = 6
"""Up to so many words the language is uncertain, so the patterns of every language are tried."""
WORDS_BESIDE_PERSON = 4
WORDS_BESIDE_FILE = 10
"""More words than that beside the request are a question of their own, and are looked up."""

_TOPICS = (
    "greeting", "thanks", "goodbye", "about", "filler", "unclear", "person",
    "personal_file", "not_personal_file", "emergency", "not_emergency", "distress", "not_distress",
)  # fmt: skip
_COURTESIES = ("about", "greeting", "goodbye", "thanks", "filler", "unclear")
_KINDS: tuple[SmallTalkKind, ...] = ("about", "goodbye", "thanks", "greeting")
_NEVER = re.compile(r"(?!)")
# Letters that Unicode does not decompose, or that writers take for one another.
_SAME_LETTER = str.maketrans({"ı": "i", "ł": "l", "ø": "o", "đ": "d", "ى": "ي", "ة": "ه", "ـ": ""})
_HAN = re.compile(r"[\u3400-\u9fff]")
_KEYBOARD_ROWS = ("qwertyuiop", "azertyuiop", "asdfghjkl", "qsdfghjklm", "zxcvbnm", "wxcvbn")


@dataclass(frozen=True, slots=True)
class Patterns:
    """The patterns of one language, one compiled alternative a topic."""

    topics: Mapping[str, re.Pattern[str]]

    def finds(self, topic: str, text: str) -> bool:
        """Whether a pattern of the topic stands in the folded text."""
        return self.topics[topic].search(text) is not None


def screen(text: str, language: str) -> Screened | None:
    """Return what to do with a message that is not looked up, or None for a question.

    Danger comes first; then small talk, when nothing else is said; then a wish for a person, then
    somebody's file. ``language`` is the question's, a page language.
    """
    folded = _fold(text)
    if not _says_something(folded):
        return Refused("empty")
    languages = PAGE_LANGUAGES if _count_words(folded) <= SHORT_QUESTION else (language,)
    spoken = [patterns_of(each) for each in languages]
    if _is_about("emergency", folded, spoken):
        return Signposted("emergency")
    if _is_about("distress", folded, spoken):
        return Signposted("distress")
    if (courtesy := _courtesy(folded, spoken)) is not None:
        return courtesy
    if _words_beside("person", folded, spoken) <= WORDS_BESIDE_PERSON:
        return HandedOff("asked")
    if (
        _is_about("personal_file", folded, spoken)
        and _words_beside("personal_file", folded, spoken) <= WORDS_BESIDE_FILE
    ):
        return Signposted("personal_file")
    return None


@lru_cache(maxsize=len(PAGE_LANGUAGES))
def patterns_of(language: str) -> Patterns:
    """Return the compiled patterns of a page language.

    Raises `SettingsError` naming the language and the topic that is missing or cannot be read.
    """
    lists = _pattern_lists().get(language, {})
    topics: dict[str, re.Pattern[str]] = {}
    for topic in _TOPICS:
        if topic not in lists:
            raise SettingsError(f"screening.toml: [{language}] has no list {topic!r}; add it.")
        try:
            topics[topic] = _compiled(lists[topic], language)
        except re.error as error:
            raise SettingsError(
                f"screening.toml: [{language}] {topic}: {error}; correct the pattern."
            ) from error
    return Patterns(topics)


@lru_cache(maxsize=1)
def _pattern_lists() -> Mapping[str, Mapping[str, Sequence[str]]]:
    file = resources.files("civic_assistant").joinpath("screening.toml")
    return tomllib.loads(file.read_text(encoding="utf-8"))


def _compiled(patterns: Iterable[str], language: str) -> re.Pattern[str]:
    """Compile patterns written as the head of screening.toml explains, longest first."""
    has_spaces = language != "zh"
    written = []
    for pattern in sorted(patterns, key=len, reverse=True):
        plain = re.sub(r"['’-]", " ", _unmarked(pattern)).replace("*", r"\w*")
        if has_spaces:
            written.append(plain.replace("… ", r"(?:\w+ ){0,4}"))
        else:
            written.append(plain.replace("…", ".{0,8}"))
    alternatives = "|".join(f"(?:{pattern})" for pattern in written)
    if not written:
        return _NEVER
    return re.compile(rf"(?<!\w)(?:{alternatives})(?!\w)" if has_spaces else alternatives)


def _unmarked(text: str) -> str:
    """Return a text in small letters without accents, hamzas and vowel signs."""
    # The ellipsis is a sign of the patterns, and Unicode would decompose it into three dots.
    parts = (unicodedata.normalize("NFKD", part) for part in text.casefold().split("…"))
    letters = (c for c in "…".join(parts) if not unicodedata.combining(c))
    return unicodedata.normalize("NFC", "".join(letters)).translate(_SAME_LETTER)


def _fold(text: str) -> str:
    """Return a message as the patterns see it: unmarked words with one space between."""
    return " ".join(re.findall(r"[^\W_]+", _unmarked(text)))


def _count_words(folded: str) -> int:
    """Count words; two Chinese characters count as one."""
    han = len(_HAN.findall(folded))
    return len(_HAN.sub(" ", folded).split()) + (han + 1) // 2


def _is_about(topic: str, folded: str, spoken: Sequence[Patterns]) -> bool:
    return any(
        patterns.finds(topic, folded) and not patterns.finds(f"not_{topic}", folded)
        for patterns in spoken
    )


def _words_beside(topic: str, folded: str, spoken: Sequence[Patterns]) -> float:
    """Return how many words stand beside a topic and courtesies, infinite without the topic."""
    fewest = float("inf")
    for patterns in spoken:
        rest, found = patterns.topics[topic].subn(" ", folded)
        if found:
            fewest = min(fewest, _count_words(_without_courtesies(rest, patterns)[0]))
    return fewest


def _courtesy(folded: str, spoken: Sequence[Patterns]) -> SmallTalk | Refused | None:
    """Return small talk or an empty refusal when a message holds nothing but courtesies."""
    for patterns in spoken:
        rest, said = _without_courtesies(folded, patterns)
        if rest:
            continue
        for kind in _KINDS:
            if kind in said:
                return SmallTalk(kind)
        if "unclear" in said:
            return Refused("empty")
    return None


def _without_courtesies(folded: str, patterns: Patterns) -> tuple[str, frozenset[str]]:
    """Return what is left without courtesies, and which of them were said."""
    said = set()
    for topic in _COURTESIES:
        folded, found = patterns.topics[topic].subn(" ", folded)
        if found:
            said.add(topic)
    return " ".join(folded.split()), frozenset(said)


def _says_something(folded: str) -> bool:
    """Whether there is a word, or a number long enough to be a form's, that is not a key mash."""
    words = folded.split()
    if not any(len(word) > 1 or _HAN.match(word) for word in words if not word.isdigit()):
        return any(len(word) >= 4 for word in words)
    letters = [word for word in words if word.isascii() and word.isalpha()]
    if len(letters) < len(words) or not any(_is_mash(word) for word in letters):
        return True
    return any(not _is_mash(word) and len(word) >= 4 for word in letters)


def _is_mash(word: str) -> bool:
    """Whether a Latin word is typed along a keyboard row, has no vowel, or repeats one letter.

    Up to four letters without a vowel may be an acronym (``CPAM`` has one, ``SNCF`` none).
    """
    if len(word) < 4:
        return False
    if max(map(word.count, set(word))) >= max(4, len(word) - 1):
        return True
    if len(word) >= 5 and not set(word) & set("aeiouy"):
        return True
    return 5 * _longest_run(word) > 4 * len(word)


def _longest_run(word: str) -> int:
    """Return the length of the longest piece of four letters or more typed along a row."""
    rows = [row for straight in _KEYBOARD_ROWS for row in (straight, straight[::-1])]
    for length in range(len(word), 3, -1):
        pieces = (word[start : start + length] for start in range(len(word) - length + 1))
        if any(piece in row for piece in pieces for row in rows):
            return length
    return 0
