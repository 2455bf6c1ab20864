"""The words that the page's own script shows, in every page language."""

from __future__ import annotations

from collections.abc import Mapping

from civic_assistant.messages import (
    PAGE_LANGUAGES,
    is_right_to_left,
    language_name,
    messages_for,
)
from civic_assistant.settings import Settings

_KEYS = (
    "page.name", "page.title", "page.skip_link", "page.languages", "page.new_conversation",
    "page.input", "page.send", "page.answer_announced", "page.disconnected", "page.not_delivered",
    "page.send_again",
    "welcome.title", "welcome.what", "welcome.machine", "welcome.limits",
    "welcome.privacy_heading", "welcome.privacy", "welcome.privacy_advice", "welcome.rights",
    "welcome.link_privacy", "welcome.link_person", "welcome.examples",
    "answer.copy", "waiting.stop", "page.close", "refused.too_many",
    "handoff.region", "handoff.passed_on", "handoff.your_code", "handoff.failed",
    "handoff.privacy",
    "handoff.code.open", "handoff.code.heading", "handoff.code.explanation", "handoff.code.copy",
    "handoff.code.copied", "handoff.code.field", "handoff.code.enter", "handoff.code.unknown",
    "handoff.code.erase", "handoff.code.erase_sure", "handoff.code.erase_yes",
    "handoff.code.erased", "handoff.code.leave", "handoff.code.stay",
)  # fmt: skip

CODE_PLACE = "⟨code⟩"
"""Where the page's script writes the return code, which only the browser knows."""
Words = Mapping[str, str]
PageWords = Mapping[str, str | int | Mapping[str, Words] | Mapping[str, str]]


def page_words(settings: Settings) -> PageWords:
    """Return what ``public/words.js`` hands to ``site.js``; it can be written as JSON."""
    return {
        "town": settings.town,
        "townLanguage": settings.town_language,
        "questionLength": settings.question_length,
        "names": {tag: own_name(tag) for tag in PAGE_LANGUAGES},
        "directions": {tag: direction(tag) for tag in PAGE_LANGUAGES},
        "words": {tag: _words(tag, settings) for tag in PAGE_LANGUAGES},
    }


def direction(language: str) -> str:
    """Return the writing direction of a language as HTML's ``dir`` names it."""
    return "rtl" if is_right_to_left(language) else "ltr"


def own_name(language: str) -> str:
    """Return a language's name in itself, written as a choice in a list."""
    name = language_name(language, language)
    return name[:1].upper() + name[1:]


def _words(language: str, settings: Settings) -> Words:
    messages = messages_for(language)
    return {
        key: messages.text(
            key,
            town=settings.town,
            phone=settings.contact_phone,
            journal_days=settings.journal_days,
            request_days=settings.request_days,
            conversation_days=settings.conversation_days,
            code=CODE_PLACE,
        )
        for key in _KEYS
    }
