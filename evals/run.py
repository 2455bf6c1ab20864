"""Answering a question set and keeping what came of it, so that it can be scored again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from pydantic import BaseModel, ConfigDict
from tqdm import tqdm

from civic_assistant.assistant import Assistant
from civic_assistant.outcomes import Answered, outcome_name
from civic_assistant.turns import Question, Turn
from evals.questions import SetQuestion


class Given(BaseModel):
    """What the assistant gave for one question; ``cited`` are headings and situations cited."""

    model_config = ConfigDict(frozen=True)

    id: str
    outcome: str
    language: str
    ranked: tuple[str, ...]
    guide: str | None
    cited: tuple[str, ...]
    confidence: float
    signals: dict[str, float]
    milliseconds: dict[str, float]
    text: str


def answer_set(questions: Sequence[SetQuestion], assistant: Assistant) -> Iterator[Given]:
    """Yield what the assistant gives for each question, in order."""
    for asked in tqdm(questions, desc="asking", leave=False, disable=None):
        turn = assistant.answer(Question(asked.question, history=asked.history))
        yield given(asked.id, turn)


def given(question_id: str, turn: Turn) -> Given:
    """Return what is scored of a turn."""
    answered = turn.outcome if isinstance(turn.outcome, Answered) else None
    cited = [h for s in (answered.sources if answered else ()) for h in (*s.path, *s.situation)]
    return Given(
        id=question_id,
        outcome=outcome_name(turn.outcome),
        language=turn.language,
        ranked=turn.evidence.ranked[:10] if turn.evidence else (),
        guide=answered.sources[0].guide_id if answered else None,
        cited=tuple(cited),
        confidence=turn.verdict.confidence if turn.verdict else 0.0,
        signals=dict(turn.verdict.signals) if turn.verdict else {},
        milliseconds=dict(turn.milliseconds),
        text=" / ".join(s.text for s in answered.sentences) if answered else "",
    )


def write_run(path: Path, answers: Iterable[Given]) -> None:
    """Write answers as JSON lines."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(f"{a.model_dump_json()}\n" for a in answers), encoding="utf-8")


def read_run(path: Path) -> list[Given]:
    """Read what `write_run` wrote."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return [Given.model_validate_json(line) for line in lines]
