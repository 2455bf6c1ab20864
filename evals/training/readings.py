"""Passages with questions that they answer and questions that they do not; to train on only.

Written by a language model as guides of invented towns and as citizens of twelve languages. Of
seven questions to a passage four share its words and its matter, and are not settled by it.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from civic_assistant.errors import SourceError

READINGS = Path(__file__).parent / "readings.jsonl"
Place = Annotated[int, Field(ge=0)]
Language = Annotated[str, Field(pattern="^[a-z]{2}$")]


class ReadQuestion(BaseModel):
    """A question; ``lines`` are the places of the lines that answer, none: not settled."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    language: Language
    question: str = Field(min_length=1)
    lines: tuple[Place, ...]


class Reading(BaseModel):
    """A passage by line, under its guide's title and its heading."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str = Field(pattern=r"^[rp][a-z]-\d{3}$")
    language: Language
    title: str = Field(min_length=1)
    heading: str
    lines: tuple[Annotated[str, Field(min_length=1)], ...]
    questions: tuple[ReadQuestion, ...]

    @model_validator(mode="after")
    def _lines_are_there(self) -> Self:
        for question in self.questions:
            if max(question.lines, default=0) >= len(self.lines):
                raise ValueError(f"{question.question!r} names a line beyond the passage's end")
        return self

    @property
    def is_page(self) -> bool:
        """Whether it is a whole page rather than a section."""
        return self.id.startswith("p")


def load_readings(path: Path = READINGS) -> tuple[Reading, ...]:
    """Read the passages.

    Raises:
        SourceError: a line is wrong, or repeats an id.
    """
    readings: dict[str, Reading] = {}
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        try:
            reading = Reading.model_validate_json(line)
        except ValidationError as error:
            first = error.errors(include_input=False, include_url=False)[0]
            raise SourceError(f"{path.name}, line {number}: {first}") from error
        if reading.id in readings:
            raise SourceError(f"{path.name}, line {number}: the id {reading.id!r} stands twice")
        readings[reading.id] = reading
    return tuple(readings.values())
