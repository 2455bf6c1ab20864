"""What the readers say of a document, in the page's language: by themselves they speak English."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

from civic_assistant.errors import DocumentRefused

_PLACE = re.compile(r"\\\{(\w+)\\\}")


@dataclass(frozen=True, slots=True)
class Told:
    """A sentence in ``language``: English where nobody has translated it."""

    text: str
    language: str


@dataclass(frozen=True, slots=True)
class ToldRefusal:
    """Why a document cannot be published and what to do."""

    reason: str
    remedy: str
    language: str


def told(sentence: str, language: str) -> Told:
    """Return a sentence of the readers in a language of the desk."""
    if language != "en":
        for pattern, written in _sentences(language):
            if found := pattern.fullmatch(sentence):
                return Told(written.format_map(found.groupdict()), language)
    return Told(sentence, "en")


def told_refusal(refusal: DocumentRefused, language: str) -> ToldRefusal:
    """Return a refusal in a language of the desk, whole or not at all."""
    reason, remedy = told(refusal.reason, language), told(refusal.remedy, language)
    if reason.language != remedy.language:
        return ToldRefusal(refusal.reason, refusal.remedy, "en")
    return ToldRefusal(reason.text, remedy.text, reason.language)


@lru_cache(maxsize=2)
def _sentences(language: str) -> tuple[tuple[re.Pattern[str], str], ...]:
    """Return each sentence as a pattern of the English one, its places named, and its words."""
    file = resources.files(__package__) / f"refusals_{language}.toml"
    table: dict[str, str] = tomllib.loads(file.read_text(encoding="utf-8"))
    return tuple(
        (re.compile(_PLACE.sub(r"(?P<\1>.+?)", re.escape(english)), re.DOTALL), written)
        for english, written in table.items()
    )
