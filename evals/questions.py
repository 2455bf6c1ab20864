"""Question sets: what is asked, and what a right outcome would be."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from civic_assistant.errors import SourceError

SETS = Path(__file__).parent / "sets"
Kind = Literal[
    "procedure", "uncovered", "personal_file", "other_town", "off_topic", "opinion", "gibberish",
    "emergency", "injection", "expired",
]  # fmt: skip


class SetQuestion(BaseModel):
    """One question of a set.

    ``guides`` are the ids of which any is right, empty when the question must not be answered;
    ``sections`` are headings or situations of which one must be cited, in any language the guide
    exists in.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    language: str
    question: str
    kind: Kind = "procedure"
    guides: tuple[str, ...] = ()
    sections: tuple[str, ...] = ()
    history: tuple[str, ...] = ()

    @property
    def is_answerable(self) -> bool:
        """Whether a published guide answers it."""
        return bool(self.guides)


def load_set(name: str) -> Sequence[SetQuestion]:
    """Read ``evals/sets/<name>.jsonl``, or a path; raises `SourceError` naming the wrong line."""
    path = Path(name) if name.endswith(".jsonl") else SETS / f"{name}.jsonl"
    questions = []
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise SourceError(f"question set {str(path)!r} cannot be read: {error}") from error
    for number, line in enumerate(lines, 1):
        if line.strip():
            try:
                questions.append(SetQuestion.model_validate_json(line))
            except ValidationError as error:
                raise SourceError(f"{path.name}, line {number}: {error.errors()[0]}") from error
    return questions
