"""Whether a text that a model wrote is in the language that was asked for."""

from __future__ import annotations

from civic_assistant.languages import detect_language

_TOLD_APART = 40
"""Characters from which on the language of a text is told without doubt."""


def is_written_in(text: str, language: str) -> bool:
    """Whether a text is in a language; of a short one nothing else is said."""
    if len(text) < _TOLD_APART:
        return True
    return detect_language(text, conversation=language, page=language).written_in == language
