"""The town's test questions: what must be answered, from which guide, with which words."""

from __future__ import annotations

from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from civic_assistant.errors import SourceError
from civic_assistant.messages import PAGE_LANGUAGES
from civic_assistant.quotes import normalised
from ingest.reviewing.replies import Reply

QUESTIONS_FILE = "questions.jsonl"
MOST_QUESTIONS = 2_000
_MOST_BYTES = 2 * 1024 * 1024


class TownQuestion(BaseModel):
    """One line of the file: a question, and what its answer must be.

    ``guide`` is the guide to be quoted first, None when nothing may be answered. ``contains`` are
    words or a figure that must stand in what is shown, in the language that the guide is quoted in.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    question: str = Field(min_length=1, max_length=1_000)
    language: str
    guide: str | None
    contains: str | None = Field(None, min_length=1, max_length=200)

    def is_right(self, reply: Reply) -> bool:
        """Whether a reply is what is expected."""
        if self.guide is None:
            return not reply.is_answer
        if not reply.is_answer or reply.guide_id != self.guide:
            return False
        wanted = _compared(self.contains or "")
        return any(wanted in _compared(text) for text in reply.sentences) or not wanted


def load_questions(corpus: Path) -> tuple[TownQuestion, ...]:
    """Return the test questions beside a corpus folder's guides; none when there is no file.

    Raises:
        SourceError: the file cannot be read; it names the line and what is wrong with it.
    """
    path = corpus / QUESTIONS_FILE
    if not path.is_file():
        return ()
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise SourceError(f"{str(path)!r} is larger than {_MOST_BYTES} bytes: shorten it")
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise SourceError(f"{str(path)!r} cannot be read as UTF-8 text: {error}") from error
    questions = [
        _question(line, f"{str(path)!r}, line {number}")
        for number, line in enumerate(lines, 1)
        if line.strip()
    ]
    if len(questions) > MOST_QUESTIONS:
        raise SourceError(f"{str(path)!r} has more than {MOST_QUESTIONS} questions: remove some")
    return tuple(questions)


def _question(line: str, place: str) -> TownQuestion:
    try:
        question = TownQuestion.model_validate_json(line)
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(map(str, first["loc"])) or "line"
        form = '{"question", "language", "guide", "contains"}'
        raise SourceError(f"{place}: {field}: {first['msg']}; a line is {form}") from error
    if question.language not in PAGE_LANGUAGES:
        known = ", ".join(PAGE_LANGUAGES)
        raise SourceError(f"{place}: language: {question.language!r} is none of {known}")
    return question


def _compared(text: str) -> str:
    return normalised(text).casefold()
