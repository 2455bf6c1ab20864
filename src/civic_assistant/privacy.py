"""The privacy notice, rendered from the settings that retention obeys."""

from __future__ import annotations

from civic_assistant.messages import messages_for
from civic_assistant.settings import Settings

_MODEL = "welcome.privacy_model"
_PARAGRAPHS = (
    "welcome.privacy", _MODEL, "handoff.privacy", "welcome.privacy_advice", "welcome.rights",
)  # fmt: skip


def privacy_notice(settings: Settings, language: str) -> str:
    """Return the notice in a page language: what is kept, how long, and the citizen's rights.

    Paragraphs are parted by an empty line. Raises `MessageMissing` for a language that the page
    is not written in.
    """
    messages = messages_for(language)
    return "\n\n".join(
        messages.text(
            key,
            town=settings.town,
            phone=settings.contact_phone,
            journal_days=settings.journal_days,
            request_days=settings.request_days,
            conversation_days=settings.conversation_days,
        )
        for key in _PARAGRAPHS
        if key != _MODEL or settings.language_models
    )
