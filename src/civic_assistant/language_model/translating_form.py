"""A message as it is given to a model to be translated, and as it comes back: by sentences."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict, Field, JsonValue, ValidationError

from civic_assistant.language_model.form import unfenced
from civic_assistant.language_model.instructions import instructions
from civic_assistant.language_model.prompt import visible
from civic_assistant.language_model.said import Prompted
from civic_assistant.messages import language_name
from civic_assistant.sentences import sentence_spans

_MOST_SENTENCES = 200
# Written without blanks between sentences.
_UNSPACED = frozenset({"zh"})

SCHEMA: Mapping[str, JsonValue] = {
    "type": "object",
    "properties": {
        "sentences": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"number": {"type": "integer"}, "text": {"type": "string"}},
                "required": ["number", "text"],
                "additionalProperties": False,
            },
        },
    },
    "required": ["sentences"],
    "additionalProperties": False,
}
"""What is asked for, as JSON Schema in the part of it that every server knows."""


@dataclass(frozen=True, slots=True)
class Original:
    """What is to be translated: its sentences in order, and the line that each stands on."""

    sentences: tuple[str, ...]
    lines: tuple[int, ...]
    language: str

    @classmethod
    def read(cls, text: str, language: str) -> Original:
        """Cut a text in a language into sentences; nobody sees characters that hide."""
        shown = visible(text)
        spans = sentence_spans(shown, language)
        return cls(
            tuple(shown[start:end] for start, end in spans),
            tuple(shown.count("\n", 0, start) for start, _ in spans),
            language,
        )

    def joined(self, translated: Sequence[str], language: str) -> str:
        """Return the translated sentences on the lines of the original ones."""
        gap = "" if language in _UNSPACED else " "
        lines: dict[int, list[str]] = {}
        for line, sentence in zip(self.lines, translated, strict=True):
            lines.setdefault(line, []).append(sentence)
        return "\n".join(gap.join(sentences) for sentences in lines.values())


class _Sentence(BaseModel):
    model_config = ConfigDict(extra="ignore", strict=True)
    number: int
    text: str = Field(max_length=5000)


class _Translation(BaseModel):
    model_config = ConfigDict(extra="ignore", strict=True)
    sentences: list[_Sentence] = Field(max_length=_MOST_SENTENCES)


def translating_prompt(original: Original, language: str) -> Prompted:
    """Return the prompt that asks for a translation into a language.

    Everything stands in one JSON value, which no text can close.
    """
    data: dict[str, JsonValue] = {
        "translate_from": language_name(original.language, "en"),
        "translate_into": language_name(language, "en"),
        "sentences": [
            {"number": number, "text": text} for number, text in enumerate(original.sentences, 1)
        ],
    }
    told = instructions("translating")
    return Prompted(told.version, told.system, json.dumps(data, ensure_ascii=False), SCHEMA)


def read_translation(text: str) -> tuple[tuple[int, str], ...] | None:
    """Return the sentences of a translation with their numbers; None if it is not in the form."""
    try:
        sentences = _Translation.model_validate_json(unfenced(text)).sentences
    except ValidationError:
        return None
    return tuple((sentence.number, sentence.text) for sentence in sentences)


def in_order(numbered: Sequence[tuple[int, str]], original: Original) -> tuple[str, ...] | None:
    """Return a sentence for each of the original's; None unless each is there exactly once."""
    found = dict(numbered)
    numbers = range(1, len(original.sentences) + 1)
    if len(numbered) != len(numbers) or set(found) != set(numbers):
        return None
    return tuple(found[number] for number in numbers)
