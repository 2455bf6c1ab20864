"""Question sets: what is asked, and what a right outcome would be."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from civic_assistant.errors import SourceError

SETS = Path(__file__).parent / "sets"
Corpus = Literal["town", "national"]
Kind = Literal[
    "procedure", "uncovered", "near_miss", "expired", "other_town", "other_country", "off_topic",
    "opinion", "personal_file", "person", "complaint", "medical_legal", "emergency", "distress",
    "abuse", "injection", "gibberish", "small_talk",
]  # fmt: skip
Accepted = Annotated[str, Field(pattern=r"^[a-z_]+(:[a-z_]+)?$")]


class SetQuestion(BaseModel):
    """One question of a set.

    ``guides`` are the ids of which any is right, empty when the question must not be answered;
    ``sections`` are headings or situations of which one must be cited, in any language the guide
    exists in; ``lines`` are the guide's own sentences, items or rows that answer, copied exactly,
    in each language the guide exists in. ``accepts`` are the outcomes that would be right
    (``refused``, ``signposted:personal_file``); none given, for a question that must not be
    answered, is every outcome but an answer. ``register`` says how it is written (``mail``,
    ``short``, ``sms``, ``typos``, …); ``history`` holds the citizen's earlier questions.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    language: str
    question: str
    kind: Kind = "procedure"
    guides: tuple[str, ...] = ()
    sections: tuple[str, ...] = ()
    lines: tuple[str, ...] = ()
    accepts: tuple[Accepted, ...] = ()
    register_: str = Field("", alias="register", pattern="^[a-z_]*$")
    history: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _agrees(self) -> SetQuestion:
        if not self.guides and (self.sections or self.lines or "answered" in self.accepts):
            raise ValueError("a question without guides expects no section, line or answer")
        return self

    @property
    def is_answerable(self) -> bool:
        """Whether a published guide answers it."""
        return bool(self.guides)


class SetCard(BaseModel):
    """What ``sets.toml`` says of a set.

    Sets of one ``pool`` are scored together; ``corpus`` is what is published to answer them. The
    texts of a set that ``is_kept_aside`` are shown nowhere, so that nobody tunes on them.
    ``file`` names the questions' file where it is another set's; ``leaves_out`` are the kinds of it
    that mean something else over this corpus.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    pool: str
    corpus: Corpus
    is_kept_aside: bool
    file: str | None = None
    leaves_out: tuple[Kind, ...] = ()


@dataclass(frozen=True, slots=True)
class QuestionSet:
    """A set with its card; ``name`` is its name in ``sets.toml``, or its file's."""

    name: str
    card: SetCard
    questions: tuple[SetQuestion, ...]


def load_set(name: str) -> Sequence[SetQuestion]:
    """Read ``evals/sets/<name>.jsonl``, or a path.

    Raises:
        SourceError: the file cannot be read; a line is wrong, or repeats an id.
    """
    path = Path(name) if name.endswith(".jsonl") else SETS / f"{name}.jsonl"
    questions: dict[str, SetQuestion] = {}
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise SourceError(f"question set {str(path)!r} cannot be read: {error}") from error
    for number, line in enumerate(lines, 1):
        if line.strip():
            try:
                asked = SetQuestion.model_validate_json(line)
            except ValidationError as error:
                first = error.errors(include_input=False, include_url=False)[0]
                raise SourceError(f"{path.name}, line {number}: {first}") from error
            if asked.id in questions:
                raise SourceError(f"{path.name}, line {number}: the id {asked.id!r} stands twice")
            questions[asked.id] = asked
    return list(questions.values())


def open_set(name: str) -> QuestionSet:
    """Read a set with its card; a file that ``sets.toml`` does not name is kept aside.

    Such a file is a pool of its own, over the national guides where its name begins so, else over
    the town's.
    """
    stem = Path(name).stem
    corpus: Corpus = "national" if stem.startswith("national") else "town"
    card = _cards().get(stem, SetCard(pool=stem, corpus=corpus, is_kept_aside=True))
    asked = load_set(card.file or name)
    return QuestionSet(stem, card, tuple(q for q in asked if q.kind not in card.leaves_out))


def present_sets() -> list[str]:
    """Return the names of the shipped sets, in the order of ``sets.toml``."""
    return [
        name for name, card in _cards().items() if (SETS / f"{card.file or name}.jsonl").is_file()
    ]


def _cards() -> dict[str, SetCard]:
    text = (SETS / "sets.toml").read_text(encoding="utf-8")
    return {name: SetCard.model_validate(card) for name, card in tomllib.loads(text).items()}
