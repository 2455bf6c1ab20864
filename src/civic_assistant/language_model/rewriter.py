"""A follow-up question made to stand alone by a language model, where every word of it was asked.

What the model makes up cannot be told from what the citizen meant, so that nothing is taken from it
but the order of words: they all stand in the question or in those before it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict, Field, JsonValue, ValidationError

from civic_assistant.figures import figures_of, stands_among
from civic_assistant.folding import folded
from civic_assistant.followups import without_pointing
from civic_assistant.keywords import content_words, stem
from civic_assistant.language_model.asking import NoAnswer
from civic_assistant.language_model.checked import shown_text
from civic_assistant.language_model.form import unfenced
from civic_assistant.language_model.instructions import instructions
from civic_assistant.language_model.prompt import visible
from civic_assistant.language_model.rewritten import Rewritten, Unused
from civic_assistant.language_model.said import Prompted
from civic_assistant.languages import detect_language
from civic_assistant.limits import plain_text
from civic_assistant.messages import language_name
from civic_assistant.negations import reversal_of
from civic_assistant.screening import screen

if TYPE_CHECKING:
    from civic_assistant.language_model.asking import Endpoints, TurnCalls

EARLIER = 3
"""Questions before that a model is given."""
LENGTH = 300
"""Characters that a rewritten question may have."""
SHARE = 0.4
"""Of a turn's seconds, the share that rewriting may take: the answer is still to be worded."""
_UNSTEMMED = ("uk",)
_LEAST_ROOT, _ENDING = 4, 3
"""Letters that two forms of a word have in common, and that may differ after them."""

_SCHEMA: Mapping[str, JsonValue] = {
    "type": "object",
    "properties": {"question": {"type": "string"}},
    "required": ["question"],
    "additionalProperties": False,
}


class _Question(BaseModel):
    model_config = ConfigDict(extra="ignore", strict=True)
    question: str = Field(min_length=1, max_length=5000)


class Rewriter:
    """Asks a model to complete questions, and believes it within narrow bounds."""

    def __init__(self, endpoints: Endpoints) -> None:
        self._endpoints = endpoints

    def rewrite(
        self, question: str, language: str, earlier: Sequence[str], calls: TurnCalls
    ) -> Rewritten:
        """Return the question completed from the ``earlier`` ones, and whether it may be used.

        All are without personal data, the earlier ones oldest first and at least one. One call,
        within a part of the turn's seconds. Raises `RecordsUnusable` when it cannot be counted.
        """
        known = earlier[-EARLIER:]
        prompted = standalone_prompt(question, language, known)
        answer = self._endpoints.ask(
            prompted,
            calls,
            lambda text: _read(text) is not None,
            most=1,
            within=SHARE * calls.seconds_left,
        )
        if isinstance(answer, NoAnswer):
            return Rewritten(prompted.version, unused=answer.instead, calls=answer.calls)
        written = _read(answer.said.text)
        assert written is not None
        fault = fault_of(written, question, language, known)
        unused, detail = fault or (None, "")
        return Rewritten(
            prompted.version,
            " ".join(plain_text(written)[:LENGTH].split()),
            answer.endpoint,
            answer.model,
            unused,
            detail,
            answer.calls,
        )


def standalone_prompt(question: str, language: str, earlier: Sequence[str]) -> Prompted:
    """Return the prompt: the questions in one JSON value, which no text can close."""
    data: dict[str, JsonValue] = {
        "earlier_questions": [visible(text) for text in earlier],
        "question": visible(question),
        "language": language_name(language, "en"),
    }
    told = instructions("standalone")
    return Prompted(told.version, told.system, json.dumps(data, ensure_ascii=False), _SCHEMA)


def fault_of(
    written: str, question: str, language: str, earlier: Sequence[str]
) -> tuple[Unused, str] | None:
    """Return why a rewritten question may not be searched, and the words that this is about."""
    shown = shown_text(written)
    if shown is None:
        return "hidden", ""
    if not 0 < len(shown) <= LENGTH:
        return "too_long", ""
    if detect_language(shown, conversation=language, page=language).written_in != language:
        return "language", ""
    asked = "\n".join((*earlier, question))
    if (new := _missing(shown, asked, language)) is not None:
        return "word", new
    if (lost := _missing(without_pointing(question), shown, language)) is not None:
        return "lost", lost
    figures = figures_of(asked, language)
    for figure in figures_of(shown, language):
        if not (figure.is_implied or stands_among(figure, figures)):
            return "figure", figure.text
    reversal = reversal_of(shown, language, asked, language)
    if reversal is not None:
        return "negation", reversal.words
    return ("screened", "") if screen(shown, language) is not None else None


def _missing(text: str, held: str, language: str) -> str | None:
    """Return the first content word of a text that another has in no form, or None."""
    forms = {folded(held[start:end]) for start, end in content_words(held, language)}
    roots = {stem(form, language) for form in forms}
    for start, end in content_words(text, language):
        word = folded(text[start:end])
        if stem(word, language) in roots:
            continue
        if language in _UNSTEMMED and any(_are_alike(word, form) for form in forms):
            continue
        return text[start:end]
    return None


def _are_alike(one: str, other: str) -> bool:
    pairs = zip(one, other, strict=False)
    same = next((n for n, (a, b) in enumerate(pairs) if a != b), min(len(one), len(other)))
    return same >= max(_LEAST_ROOT, len(one) - _ENDING, len(other) - _ENDING)


def _read(text: str) -> str | None:
    try:
        return _Question.model_validate_json(unfenced(text)).question
    except ValidationError:
        return None
