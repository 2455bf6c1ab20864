"""The privacy notice, rendered from the settings that retention obeys."""

from __future__ import annotations

from civic_assistant.messages import messages_for
from civic_assistant.settings import Settings

_MODEL = "welcome.privacy_model"
_TRANSLATION = "welcome.privacy_translation"
_STAFF = "welcome.privacy_staff"
_PARAGRAPHS = (
    "welcome.privacy", _MODEL, "handoff.privacy", _TRANSLATION, _STAFF, "welcome.privacy_advice",
    "welcome.rights",
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
        if _is_so(key, settings)
    )


def _is_so(key: str, settings: Settings) -> bool:
    """Whether a paragraph holds in this town: what a model gets, only where there is one."""
    if key == _TRANSLATION and not settings.language_model_translates_chat:
        return False
    if key == _STAFF and not settings.language_model_helps_staff:
        return False
    return key not in (_MODEL, _TRANSLATION, _STAFF) or bool(settings.language_models)
