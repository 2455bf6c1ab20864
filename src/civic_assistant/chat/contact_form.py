"""The form that leaves a question for a person: what it shows, and the check of what comes back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from civic_assistant.chat.page_words import direction
from civic_assistant.messages import Messages
from civic_assistant.settings import Settings

TALK_ACTION = "talk_to_person"
NOT_HELPED_ACTION = "not_helped"
SEND_ACTION = "leave_contact"
CANCEL_ACTION = "cancel_contact"
NAME_LENGTH = 120
CONTACT_LENGTH = 254


@dataclass(frozen=True, slots=True)
class Letter:
    """What a citizen wants a person to read."""

    question: str
    contact: str
    name: str


def form_props(question: str, messages: Messages, settings: Settings) -> Mapping[str, object]:
    """Return what ``ContactForm.jsx`` is given, with the question filled in."""
    labels = {
        "heading": "person.heading",
        "explanation": "person.explanation",
        "name": "person.name",
        "contact": "person.contact",
        "message": "person.message",
        "consent": "person.consent",
        "send": "person.send",
        "cancel": "person.cancel",
        "notSaved": "person.not_saved",
    }
    return {
        "language": messages.language,
        "direction": direction(messages.language),
        "question": question,
        "nameLength": NAME_LENGTH,
        "contactLength": CONTACT_LENGTH,
        "questionLength": settings.question_length,
        "labels": {name: form_text(key, messages, settings) for name, key in labels.items()},
    }


def form_text(key: str, messages: Messages, settings: Settings) -> str:
    """Return a text of the form in a page language."""
    return messages.text(
        key,
        town=settings.town,
        phone=settings.contact_phone,
        request_days=settings.request_days,
    )


def read_letter(
    payload: Mapping[str, object], messages: Messages, settings: Settings
) -> Letter | Mapping[str, str]:
    """Return the letter in what the browser sent, or what is wrong with it, by field.

    The browser is not trusted: types, lengths and consent are checked here. Whether the contact
    can be reached is judged where requests are kept.
    """
    fields = {name: payload.get(name) for name in ("question", "contact", "name")}
    texts = {name: v.strip() if isinstance(v, str) else "" for name, v in fields.items()}
    limits = {
        "question": settings.question_length,
        "contact": CONTACT_LENGTH,
        "name": NAME_LENGTH,
    }
    problems: dict[str, str] = {}
    for name, limit in limits.items():
        if len(texts[name]) > limit:
            problems[name] = messages.text("person.too_long", limit=limit)
    if not texts["question"]:
        problems["question"] = messages.text("person.missing_message")
    if not texts["contact"]:
        problems["contact"] = messages.text("person.invalid_contact")
    if payload.get("consent") is not True:
        problems["consent"] = messages.text("person.missing_consent")
    return problems or Letter(**texts)
