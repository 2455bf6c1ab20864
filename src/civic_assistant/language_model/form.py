"""From the text that a model wrote to an answer in the form asked for, or to nothing."""

from __future__ import annotations

import re
from collections.abc import Mapping

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from civic_assistant.guides import Passage
from civic_assistant.language_model.written import (
    Claimed,
    GivenAnswer,
    GivenQuote,
    GivenSentence,
)
from civic_assistant.limits import plain_text

# Some servers wrap what they were asked to write bare.
_FENCE = re.compile(r"\A\s*```(?:json)?\s*\n(.*)\n```\s*\Z", re.DOTALL)


class _Source(BaseModel):
    model_config = ConfigDict(extra="ignore", strict=True)
    id: str = Field(max_length=64)
    quote: str = Field(max_length=5000)


class _Sentence(BaseModel):
    model_config = ConfigDict(extra="ignore", strict=True)
    text: str = Field(max_length=5000)
    sources: list[_Source] = Field(max_length=12)


class _Answer(BaseModel):
    model_config = ConfigDict(extra="ignore", strict=True)
    coverage: Claimed
    sentences: list[_Sentence] = Field(max_length=40)


def unfenced(text: str) -> str:
    """Return the JSON that a model wrote, without the marks that it may have put around it."""
    return found.group(1) if (found := _FENCE.match(text)) else text


def read_answer(text: str, offered: Mapping[str, Passage]) -> GivenAnswer | None:
    """Return the answer that a text is, with the passages that its ids stand for; or None.

    ``offered`` maps opaque ids to passages; an id that stands for none stays as it is. Control
    characters are left out, which no database and no page takes.
    """
    try:
        answer = _Answer.model_validate_json(unfenced(text))
    except ValidationError:
        return None
    return GivenAnswer(
        answer.coverage,
        tuple(
            GivenSentence(
                plain_text(sentence.text),
                tuple(
                    GivenQuote(
                        offered[s.id].id if s.id in offered else plain_text(s.id),
                        plain_text(s.quote),
                    )
                    for s in sentence.sources
                ),
            )
            for sentence in answer.sentences
        ),
    )
