"""Questions as JSON lines in, answers as JSON lines out: for batches, checks and other programs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NotRequired, TypedDict

from pydantic import BaseModel, ConfigDict, ValidationError

from civic_assistant.assistant import Assistant
from civic_assistant.known import known_from
from civic_assistant.outcomes import (
    Answered,
    AskedDetail,
    Author,
    corrections_of,
    offers_person,
    outcome_name,
)
from civic_assistant.situations import load_situations
from civic_assistant.turns import Question, Turn


class AskedLine(BaseModel):
    """One line of input."""

    model_config = ConfigDict(extra="ignore")

    id: str | int
    question: str
    history: tuple[str, ...] = ()
    situations: tuple[str, ...] = ()


class SentenceLine(TypedDict):
    """One sentence; ``start`` and ``end`` are character offsets into the passage's text.

    They slice back to the sentence, or to the quote that a sentence of a model rests on.
    """

    text: str
    guide: str
    passage: str
    start: int
    end: int


class CorrectionLine(TypedDict):
    """What the town hall corrects of a guide; ``since`` and ``until`` are ISO 8601 days."""

    id: str
    guide: str
    text: str
    language: str
    since: str
    until: str | None


class AnswerLine(TypedDict):
    """One line of output; ``corrections`` overrule the guides.

    ``options`` are the cases to choose from when a detail is asked; ``sentences`` then hold for
    every case. ``author`` says whose words they are where they are not simply the guide's.
    ``situations`` is what is known of the citizen's case after the turn.
    """

    id: str | int
    outcome: str
    language: str
    ranked: list[str]
    confidence: float
    handover: bool
    corrections: list[CorrectionLine]
    sentences: list[SentenceLine]
    options: list[str]
    situations: list[str]
    ms: float
    author: NotRequired[Author]


@dataclass(frozen=True, slots=True)
class BatchLine:
    """What came of one line: an answer, or what is wrong with the line."""

    answer: AnswerLine | None = None
    error: str | None = None


def answer_lines(
    lines: Iterable[str], assistant: Assistant, page_language: str | None = None
) -> Iterator[BatchLine]:
    """Yield what comes of each line, in order; empty lines are passed over."""
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            asked = AskedLine.model_validate_json(line)
        except ValidationError as error:
            first = error.errors()[0]
            field = ".".join(map(str, first["loc"])) or "line"
            message = f'line {number}: {field}: {first["msg"]}; a line is {{"id", "question"}}'
            yield BatchLine(error=message)
            continue
        question = Question(
            asked.question,
            page_language=page_language,
            history=asked.history,
            known=known_from(asked.situations, load_situations()),
            is_worded=True,
        )
        yield BatchLine(answer=answer_line(asked.id, assistant.answer(question)))


def answer_line(question_id: str | int, turn: Turn) -> AnswerLine:
    """Return a turn as a line of output; ``ms`` is wall-clock milliseconds."""
    detail = turn.outcome if isinstance(turn.outcome, AskedDetail) else None
    shown = detail.common if detail else turn.outcome
    answered = shown if isinstance(shown, Answered) else None
    line = AnswerLine(
        id=question_id,
        outcome=outcome_name(turn.outcome),
        language=turn.language,
        ranked=list(turn.evidence.ranked) if turn.evidence else [],
        confidence=round(turn.verdict.confidence, 4) if turn.verdict else 0.0,
        handover=offers_person(turn.outcome),
        corrections=[
            CorrectionLine(
                id=c.id,
                guide=c.guide_id,
                text=c.text,
                language=c.language,
                since=c.since.isoformat(),
                until=c.until.isoformat() if c.until else None,
            )
            for c in corrections_of(turn.outcome)
        ],
        sentences=[
            SentenceLine(
                text=s.text,
                guide=s.citation.guide_id,
                passage=s.citation.passage_id,
                start=s.citation.start,
                end=s.citation.end,
            )
            for s in (answered.sentences if answered else ())
        ],
        options=list(detail.options) if detail else [],
        situations=list(turn.known.cases),
        ms=round(sum(turn.milliseconds.values()), 1),
    )
    if answered is not None and answered.author != "guide":
        line["author"] = answered.author
    return line
