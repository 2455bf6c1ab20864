"""The words of a guide, explained below what is quoted of it: what the page's list shows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict

from civic_assistant.chat.page_words import direction
from civic_assistant.glosses import TERM_LANGUAGE, Gloss
from civic_assistant.messages import Messages


def words_props(glosses: tuple[Gloss, ...], messages: Messages) -> Mapping[str, object]:
    """Return what ``GuideWords.jsx`` is given: the terms in their language, their names in ours."""
    return {
        "heading": messages.text("answer.words"),
        "spoken": messages.language,
        "direction": direction(messages.language),
        "termLanguage": TERM_LANGUAGE,
        "termDirection": direction(TERM_LANGUAGE),
        "words": [asdict(gloss) for gloss in glosses],
    }
