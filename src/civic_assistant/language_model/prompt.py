"""The prompt that asks for an answer: question, title and passages, kept apart as data."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from hashlib import sha256

from pydantic import JsonValue

from civic_assistant.guides import Passage
from civic_assistant.hidden import is_hidden
from civic_assistant.language_model.instructions import instructions
from civic_assistant.language_model.official_terms import told_terms
from civic_assistant.language_model.said import Prompted
from civic_assistant.messages import language_name

_ID_DIGITS = 8

SCHEMA: Mapping[str, JsonValue] = {
    "type": "object",
    "properties": {
        "coverage": {"type": "string", "enum": ["complete", "partial", "none"]},
        "sentences": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "text": {"type": "string"},
                    "sources": {
                        "type": "array",
                        "items": {
                            "type": "object",
                            "properties": {
                                "id": {"type": "string"},
                                "quote": {"type": "string"},
                            },
                            "required": ["id", "quote"],
                            "additionalProperties": False,
                        },
                    },
                },
                "required": ["text", "sources"],
                "additionalProperties": False,
            },
        },
    },
    "required": ["coverage", "sentences"],
    "additionalProperties": False,
}
"""What is asked for, as JSON Schema in the part of it that every server knows."""


def opaque_ids(passages: Sequence[Passage], turn_id: str) -> dict[str, Passage]:
    """Return the passages by ids that say nothing of them and are others in every turn."""
    return {
        sha256(f"{turn_id} {passage.id}".encode()).hexdigest()[:_ID_DIGITS]: passage
        for passage in passages
    }


def writing_prompt(
    question: str,
    language: str,
    title: str,
    offered: Mapping[str, Passage],
    said: Sequence[str] | None = None,
) -> Prompted:
    """Return the prompt for a question, in the language that is to be answered in.

    ``said`` are the sentences of the answer that was given, where they are to be said again in
    plain language.

    Question, title, passages and the official terms in them with their names in that language
    stand in one JSON value, which no text can close, without characters that nobody sees.
    """
    terms = told_terms([*offered.values()], language)
    data: dict[str, JsonValue] = {
        "question": visible(question),
        "answer_in": language_name(language, "en"),
        "guide": visible(title),
        "terms": {visible(term): visible(name) for term, name in terms.items()},
        "passages": [
            {"id": id_, "under": visible(passage.context), "text": visible(passage.text)}
            for id_, passage in offered.items()
        ],
    }
    if said is not None:
        data["answer"] = [visible(sentence) for sentence in said]
    told = instructions("writing" if said is None else "plain")
    user = json.dumps(data, ensure_ascii=False)
    return Prompted(told.version, told.system, user, SCHEMA)


def visible(text: str) -> str:
    """Return the text without characters of format, which can hide orders from who reads it."""
    return "".join(c for c in text if not is_hidden(c))
