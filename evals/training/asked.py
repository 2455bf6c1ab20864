"""Questions written for national guides, with the lines that answer each; to train on only.

Written by a language model that read the guides: mails and short questions in French, and short
ones in the other languages. Nothing is measured on them but the training itself.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated
from zlib import crc32

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from civic_assistant.errors import SourceError
from civic_assistant.guides import Guide
from civic_assistant.sentences import sentence_spans

QUESTIONS = Path(__file__).parent / "questions.jsonl"
DIGESTS = Path(__file__).parent / "guides.json"
HELD_OUT = Path(__file__).parent / "held_out.json"
SECOND_SHARE = 10
MAIL_CHARACTERS = 140
"""Longer questions are mails, the others short."""


class AskedQuestion(BaseModel):
    """A question on one guide; ``lines`` are places in its lines, none for a near miss.

    A near miss asks what the guide does not say, though it lies close.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str = Field(pattern=r"^q-\d{4,5}$")
    guide: str = Field(pattern=r"^F\d+$")
    language: str = Field(pattern="^[a-z]{2}$")
    question: str = Field(min_length=1)
    lines: tuple[Annotated[int, Field(ge=0)], ...]

    @property
    def is_mail(self) -> bool:
        """Whether it is written out like a mail."""
        return len(self.question) > MAIL_CHARACTERS


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence, item or row: ``guide.sections[section].text[start:end]``."""

    section: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class NumberedGuide:
    """A guide with its lines in reading order; a question's ``lines`` are places in them."""

    guide: Guide
    lines: tuple[Line, ...]

    def text(self, line: Line) -> str:
        """Return a line's text."""
        return self.guide.sections[line.section].text[line.start : line.end]

    @property
    def digest(self) -> str:
        """Return 8 hex digits over the lines' texts; others mean that numbers may have moved."""
        texts = "\n".join(self.text(line) for line in self.lines)
        return hashlib.sha256(texts.encode()).hexdigest()[:8]


@dataclass(frozen=True, slots=True)
class Split:
    """Questions to train on and questions held out; no guide has both.

    ``second`` are on guides of the training too, but kept from the first that learns: what learns
    from its results must see them as they are for a question that it has not seen.
    """

    training: tuple[AskedQuestion, ...]
    second: tuple[AskedQuestion, ...]
    held_out: tuple[AskedQuestion, ...]


def numbered(guide: Guide) -> NumberedGuide:
    """Return a guide with its lines: the sentences of paragraphs, items, rows."""
    lines: list[Line] = []
    for number, section in enumerate(guide.sections):
        for block in section.blocks:
            if block.kind == "paragraph":
                spans = sentence_spans(section.text[block.start : block.end], guide.language)
                lines.extend(Line(number, block.start + a, block.start + b) for a, b in spans)
            else:
                lines.append(Line(number, block.start, block.end))
    return NumberedGuide(guide, tuple(lines))


def load_asked(path: Path = QUESTIONS) -> tuple[AskedQuestion, ...]:
    """Read the questions.

    Raises:
        SourceError: a line is wrong, or repeats an id.
    """
    asked: dict[str, AskedQuestion] = {}
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        try:
            question = AskedQuestion.model_validate_json(line)
        except ValidationError as error:
            first = error.errors(include_input=False, include_url=False)[0]
            raise SourceError(f"{path.name}, line {number}: {first}") from error
        if question.id in asked:
            raise SourceError(f"{path.name}, line {number}: the id {question.id!r} stands twice")
        asked[question.id] = question
    return tuple(asked.values())


def known_digests() -> dict[str, str]:
    """Return each guide's `NumberedGuide.digest` when its questions were written."""
    digests: dict[str, str] = json.loads(DIGESTS.read_text(encoding="utf-8"))
    return digests


def standing(
    asked: Iterable[AskedQuestion],
    guides: Callable[[str], NumberedGuide | None],
    digests: Mapping[str, str],
) -> tuple[AskedQuestion, ...]:
    """Return the questions whose guide still has the lines it had when they were written.

    Raises:
        SourceError: none does, or a question names a line beyond its guide's end.
    """
    counts: dict[str, int] = {}
    kept: list[AskedQuestion] = []
    for question in asked:
        if question.guide not in counts:
            guide = guides(question.guide)
            same = guide is not None and guide.digest == digests.get(question.guide)
            counts[question.guide] = len(guide.lines) if guide is not None and same else 0
        count = counts[question.guide]
        if count and max(question.lines, default=0) >= count:
            raise SourceError(
                f"question {question.id!r}: guide {question.guide!r} has {count} lines, not "
                f"{max(question.lines)}"
            )
        if count:
            kept.append(question)
    if not kept:
        raise SourceError(
            "no training question fits these guides: give the folder of the package that the "
            "setting 'national_package' names by default"
        )
    return tuple(kept)


def split_by_guide(asked: Sequence[AskedQuestion]) -> Split:
    """Return the questions split: those on the guides that ``held_out.json`` names are apart."""
    apart = frozenset(json.loads(HELD_OUT.read_text(encoding="utf-8")))
    known = [question for question in asked if question.guide not in apart]
    return Split(
        tuple(question for question in known if not _is_second(question)),
        tuple(question for question in known if _is_second(question)),
        tuple(question for question in asked if question.guide in apart),
    )


def _is_second(question: AskedQuestion) -> bool:
    return crc32(question.id.encode()) % SECOND_SHARE == 0


def standing_split(guides: Callable[[str], NumberedGuide | None]) -> Split:
    """Return the shipped questions split, and of both parts those that still stand.

    Raises:
        SourceError: as `standing`.
    """
    split, digests = split_by_guide(load_asked()), known_digests()
    return Split(
        standing(split.training, guides, digests),
        standing(split.second, guides, digests),
        standing(split.held_out, guides, digests),
    )
