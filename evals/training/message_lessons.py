"""The texts that teach what kind of message it is: messages, questions near them, ordinary ones."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from civic_assistant.intents import Kind
from civic_assistant.languages import detect_language
from evals.training.asked import load_asked
from evals.training.messages import load_messages
from evals.training.readings import load_readings

TOWN_FAMILY = "town_"
"""Begins the families of questions about a town's own services: they were written to be taken for
something else."""

Origin = Literal["message", "near", "town", "read", "question"]


@dataclass(frozen=True, slots=True)
class Lesson:
    """A text with its kind; ``matter`` is never divided, ``origin`` says which questions it is of.

    ``language`` is the language it is written in, ``detected`` the one the product takes it for.
    """

    text: str
    language: str
    detected: str
    kind: Kind
    matter: str
    origin: Origin


def read_lessons() -> Iterator[Lesson]:
    """Yield the shipped texts: messages, questions near them, and ordinary questions.

    Questions that a town's passage settles are among them: those to national guides are put in
    other ways, and a model that knows no others takes one in twenty of a town's for a message.
    """
    for message in load_messages():
        origin: Origin = "message"
        if message.kind == "question":
            origin = "town" if message.family.startswith(TOWN_FAMILY) else "near"
        yield _lesson(message.text, message.language, message.kind, message.matter, origin)
    for reading in load_readings():
        for read in reading.questions:
            if read.lines:
                yield _lesson(read.question, read.language, "question", reading.id, "read")
    for asked in load_asked():
        yield _lesson(asked.question, asked.language, "question", asked.guide, "question")


def _lesson(text: str, language: str, kind: Kind, matter: str, origin: Origin) -> Lesson:
    return Lesson(
        text, language, detect_language(text, page=language).language, kind, matter, origin
    )
