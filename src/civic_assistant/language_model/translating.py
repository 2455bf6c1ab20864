"""A message in another language, by a language model; only what holds is given out."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from civic_assistant.language_model.asking import NoAnswer
from civic_assistant.language_model.checked import shown_text
from civic_assistant.language_model.translating_form import (
    Original,
    in_order,
    read_translation,
    translating_prompt,
)
from civic_assistant.language_model.translating_rules import Unfit, unfit
from civic_assistant.messages import PAGE_LANGUAGES

if TYPE_CHECKING:
    from civic_assistant.language_model.asking import Endpoints
    from civic_assistant.language_model.nearness import Nearness

log = logging.getLogger(__name__)

MOST_CHARACTERS = 3000
"""A longer message is not translated: what comes back is read up to a length too."""

Untranslated = Unfit | Literal["too_long", "unknown_language", "failed"]
"""Why there is no translation that is sure. ``unknown_language``: one whose figures and negations
are not known; ``failed``: what came back broke the check."""


@dataclass(frozen=True, slots=True)
class Translation:
    """What a message says in another language; ``text`` is empty where none is sure, and why.

    ``prompt`` and ``model`` say how it was made; both are empty where no model was asked.
    """

    text: str
    why_none: Untranslated | None = None
    prompt: str = ""
    model: str = ""


class Translator:
    """Translates messages between the page's languages; safe to call from several threads."""

    def __init__(self, endpoints: Endpoints, nearness: Nearness | None) -> None:
        self._endpoints = endpoints
        self._nearness = nearness

    def translate(
        self, text: str, written_in: str, language: str, call_id: str, conversation: str
    ) -> Translation | None:
        """Return a translation into a language, one that says why none is sure, or None.

        None comes where no model answered or the budget is spent: later there may be one.
        ``call_id`` is what the calls are kept under; they count for ``conversation``. Raises
        `RecordsUnusable` when calls cannot be counted.
        """
        if written_in not in PAGE_LANGUAGES or language not in PAGE_LANGUAGES:
            return Translation("", "unknown_language")
        if len(text) > MOST_CHARACTERS:
            return Translation("", "too_long")
        original = Original.read(text, written_in)
        prompted = translating_prompt(original, language)
        answer = self._endpoints.ask(
            prompted,
            self._endpoints.for_turn(call_id, conversation),
            lambda said: read_translation(said) is not None,
        )
        if isinstance(answer, NoAnswer):
            return None
        numbered = read_translation(answer.said.text)
        assert numbered is not None
        shown, why_none = self._checked(in_order(numbered, original), language, original)
        return Translation(shown, why_none, prompted.version, answer.model)

    def _checked(
        self, translated: tuple[str, ...] | None, language: str, original: Original
    ) -> tuple[str, Untranslated | None]:
        if translated is None:
            return "", "sentences"
        try:
            fault: Untranslated | None = unfit(translated, language, original, self._nearness)
        except Exception as error:  # the original is there, whatever a model wrote
            log.error("the check of a translation broke: %s", type(error).__qualname__)
            log.debug("a translation", exc_info=True)
            fault = "failed"
        if fault is not None:
            return "", fault
        shown = [shown_text(sentence) or "" for sentence in translated]
        return original.joined(shown, language), None
