"""What is not looked up: small talk, a wish for a person, danger, somebody's file, orders."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib import resources

from civic_assistant.errors import SettingsError
from civic_assistant.gibberish import is_gibberish
from civic_assistant.intents import DANGERS, Danger, Intent, Intents, Kind
from civic_assistant.messages import PAGE_LANGUAGES
from civic_assistant.outcomes import (
    HandedOff,
    NotCovered,
    Refused,
    Signposted,
    SmallTalk,
    SmallTalkKind,
)
from civic_assistant.places import load_places
from civic_assistant.signature import without_signature
from civic_assistant.unmarked import count_words, unmarked, words_of

Screened = SmallTalk | HandedOff | Signposted | Refused | NotCovered

OUTCOMES: Mapping[Kind, Screened] = {
    "emergency": Signposted("emergency"),
    "distress": Signposted("distress"),
    "personal_file": Signposted("personal_file"),
    "complaint": Signposted("complaint"),
    "advice": Signposted("advice"),
    "other_country": NotCovered(reason="other_country"),
    "off_topic": NotCovered(reason="off_topic"),
    "opinion": NotCovered(reason="opinion"),
    "abuse": Refused("abuse"),
    "injection": Refused("instruction"),
    "person": HandedOff("asked"),
    "greeting": SmallTalk("greeting"),
    "thanks": SmallTalk("thanks"),
    "goodbye": SmallTalk("goodbye"),
    "about": SmallTalk("about"),
    "gibberish": Refused("empty"),
}
"""What a message of each kind comes to, when it is no question."""

SHORT_QUESTION = 6
"""Up to so many words the language is uncertain, so the patterns of every language are tried."""
WORDS_BESIDE_PERSON = 4
WORDS_BESIDE_FILE = 20
"""More words than that beside the request are a question of their own, and are looked up."""

_TOPICS = (
    "greeting", "thanks", "goodbye", "about", "filler", "unclear", "person",
    "personal_file", "not_personal_file", "emergency", "not_emergency", "distress", "not_distress",
    "injection",
)  # fmt: skip
_COURTESIES = ("about", "greeting", "goodbye", "thanks", "filler", "unclear")
_KINDS: tuple[SmallTalkKind, ...] = ("about", "goodbye", "thanks", "greeting")
_NEVER = re.compile(r"(?!)")
_NAMED_LIST = re.compile(r"<(\w+)>")


@dataclass(frozen=True, slots=True)
class Patterns:
    """The patterns of one language, one compiled alternative a topic."""

    topics: Mapping[str, re.Pattern[str]]

    def finds(self, topic: str, text: str) -> bool:
        """Whether a pattern of the topic stands in the folded text."""
        return self.topics[topic].search(text) is not None


@dataclass(frozen=True, slots=True)
class Screening:
    """``outcome`` of a message that is not looked up; whom to call, told above an answer.

    ``doubt`` is the probability that what is looked up is no question.
    """

    outcome: Screened | None
    danger: Danger | None = None
    doubt: float = 0.0


class Screener:
    """Patterns and names for what is certain; then what ``intents`` reads."""

    def __init__(self, intents: Intents) -> None:
        self._intents = intents

    def screening(self, text: str, language: str) -> Screening:
        """Return what to do with a message; ``language`` is the question's, a page language."""
        certain = screen(text, language)
        if certain is None and load_places().is_about_other_country(text):
            certain = OUTCOMES["other_country"]
        if certain is not None:
            return Screening(certain)
        intent = self._intent(text)
        if intent.is_sure:
            return Screening(OUTCOMES[intent.kind])
        return Screening(None, intent.danger, intent.doubt)

    def _intent(self, text: str) -> Intent:
        """Return what a message is, whoever writes; a danger may stand beside a name."""
        whole, left = self._intents.intent(text), without_signature(text)
        if left == text or (whole.is_sure and whole.kind in DANGERS):
            return whole
        read = self._intents.intent(left)
        return replace(read, danger=read.danger or whole.danger)


def screen(text: str, language: str) -> Screened | None:
    """Return what the patterns do with a message that is not looked up, or None.

    Danger comes first; then small talk, when nothing else is said; then a wish for a person; then
    orders to break the rules, in any language; then somebody's file. ``language`` is the
    question's, a page language.
    """
    if is_gibberish(text):
        return Refused("empty")
    folded = words_of(text)
    languages = PAGE_LANGUAGES if count_words(folded) <= SHORT_QUESTION else (language,)
    spoken = [patterns_of(each) for each in languages]
    if _is_about("emergency", folded, spoken):
        return Signposted("emergency")
    if _is_about("distress", folded, spoken):
        return Signposted("distress")
    if (courtesy := _courtesy(folded, spoken)) is not None:
        return courtesy
    if _words_beside("person", folded, spoken) <= WORDS_BESIDE_PERSON:
        return HandedOff("asked")
    if any(patterns_of(each).finds("injection", folded) for each in PAGE_LANGUAGES):
        return Refused("instruction")
    if (
        not patterns_of(language).finds("not_personal_file", folded)
        and _is_about("personal_file", folded, spoken)
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
            topics[topic] = _compiled(lists[topic], lists, language)
        except (re.error, KeyError) as error:
            raise SettingsError(
                f"screening.toml: [{language}] {topic}: {error}; correct the pattern."
            ) from error
    return Patterns(topics)


@lru_cache(maxsize=1)
def _pattern_lists() -> Mapping[str, Mapping[str, Sequence[str]]]:
    file = resources.files("civic_assistant").joinpath("screening.toml")
    return tomllib.loads(file.read_text(encoding="utf-8"))


def _compiled(
    patterns: Iterable[str], lists: Mapping[str, Sequence[str]], language: str
) -> re.Pattern[str]:
    """Compile patterns written as the head of screening.toml explains, longest first."""
    has_spaces = language != "zh"
    written = []
    for pattern in sorted(patterns, key=len, reverse=True):
        whole = _NAMED_LIST.sub(lambda name: f"(?:{'|'.join(lists[name[1]])})", pattern)
        plain = re.sub(r"['’-]", " ", unmarked(whole)).replace("*", r"\w*")
        if has_spaces:
            written.append(plain.replace("… ", r"(?:\w+ ){0,4}"))
        else:
            written.append(plain.replace("…", ".{0,8}"))
    alternatives = "|".join(f"(?:{pattern})" for pattern in written)
    if not written:
        return _NEVER
    return re.compile(rf"(?<!\w)(?:{alternatives})(?!\w)" if has_spaces else alternatives)


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
            fewest = min(fewest, count_words(_without_courtesies(rest, patterns)[0]))
    return fewest


def _courtesy(folded: str, spoken: Sequence[Patterns]) -> SmallTalk | Refused | None:
    """Return small talk or an empty refusal when a message holds nothing but courtesies."""
    for patterns in spoken:
        rest, said = _without_courtesies(folded, patterns)
        if rest and (rest.isdigit() or not is_gibberish(rest)):
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
