"""The question sets asked with the small real model, far too weak to write: what is shown of it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict

from civic_assistant.assembly import Product
from civic_assistant.outcomes import Answered, outcome_name
from civic_assistant.turns import Question, Turn
from evals.attack.held import unheld
from evals.attack.town import Town, open_product
from evals.endpoints.small_model import serving_small_model
from evals.questions import SetQuestion, load_set

SETS = ("shipped", "refusals")
BROKEN = "could_not_look"
LENGTH = 800
"""Characters of an answer that are read: the model seldom ends by itself, and every one costs."""
_LIMITS: dict[str, Any] = {
    "language_model_first_seconds": 300.0,
    "language_model_call_seconds": 300.0,
    "language_model_seconds": 300.0,
    "language_model_length": LENGTH,
    "language_model_failures": 100,
}
"""Limits for a model that takes minutes."""


def open_small(town: Town, address: str) -> Product:
    """Return the product with the small model at an address, which is made to end."""
    return open_product(town, address, "bounded_json_schema", **_LIMITS)


class AskedSmall(BaseModel):
    """What came of one question.

    ``written`` counts the sentences that the model wrote, ``dropped`` says why those of them were
    that were; ``instead`` why the guide's own words are shown, empty when the model's are.
    ``unheld`` is what is shown without being held; seconds are those of the whole turn.
    """

    model_config = ConfigDict(frozen=True)

    id: str
    outcome: str
    author: str = ""
    instead: str = ""
    written: int = 0
    dropped: tuple[str, ...] = ()
    shown: tuple[str, ...] = ()
    unheld: tuple[str, ...] = ()
    seconds: float


def questions() -> Sequence[SetQuestion]:
    """Return the questions of the town's sets, those of one set between those of the other.

    So a run that ends early has asked of both.
    """
    sets = [load_set(name) for name in SETS]
    placed = [(n / len(own), q) for own in sets for n, q in enumerate(own)]
    return [question for _, question in sorted(placed, key=lambda pair: pair[0])]


def ask_small(
    town: Town, kept: Path, seconds: float, threads: int, tell: Callable[[str], None]
) -> Sequence[AskedSmall]:
    """Ask what was not asked yet, for so many seconds, and return all that came of it so far.

    ``kept`` is a file of JSON lines that a later run goes on from; what broke is asked again.
    """
    done = {asked.id: asked for asked in _read(kept) if asked.outcome != BROKEN}
    left = [question for question in questions() if question.id not in done]
    ends_at = time.monotonic() + seconds
    with serving_small_model(threads) as address, kept.open("a", encoding="utf-8") as file:
        product = open_small(town, address)
        for question in left:
            if time.monotonic() > ends_at:
                break
            asked = _ask(product, question)
            done[asked.id] = asked
            file.write(asked.model_dump_json() + "\n")
            file.flush()
            tell(f"{asked.id}: {asked.author or asked.outcome}, {asked.seconds:.1f} s")
    return list(done.values())


def told_small(asked: Sequence[AskedSmall]) -> Iterator[str]:
    """Yield the lines that sum up."""
    worded = [one for one in asked if one.author in ("model", "instead")]
    shown = [one for one in asked if one.author == "model"]
    drops = sum(len(one.dropped) for one in worded)
    why = sorted({one.instead for one in worded if one.instead})
    told = ", ".join(f"{name} {sum(one.instead == name for one in worded)}" for name in why)
    spent = sorted(one.seconds for one in worded)
    median = spent[len(spent) // 2] if spent else 0.0
    yield f"the guide's own words instead: {told or 'never'}"
    yield (
        f"{len(asked)} of {len(questions())} questions asked, {len(worded)} of them of the model "
        f"(median {median:.1f} s): {sum(one.written for one in worded)} sentences written, "
        f"{drops} dropped, {sum(len(one.shown) for one in shown)} shown in {len(shown)} answers; "
        f"{sum(len(one.unheld) for one in asked)} unsupported reached the citizen"
    )


def _ask(product: Product, question: SetQuestion) -> AskedSmall:
    begun = time.monotonic()
    asked = Question(question.question, history=question.history, is_worded=True)
    turn = product.assistant.answer(asked)
    seconds = time.monotonic() - begun
    return _kept(question.id, turn, product, seconds)


def _kept(id_: str, turn: Turn, product: Product, seconds: float) -> AskedSmall:
    outcome, written = turn.outcome, turn.written
    if not isinstance(outcome, Answered):
        return AskedSmall(id=id_, outcome=outcome_name(outcome), seconds=seconds)
    sentences = written.sentences if written is not None else ()
    return AskedSmall(
        id=id_,
        outcome=outcome_name(outcome),
        author=outcome.author,
        instead=(written.instead if written is not None else None) or "",
        written=len(sentences),
        dropped=tuple(s.dropped for s in sentences if s.dropped is not None),
        shown=tuple(s.text for s in outcome.sentences) if outcome.author == "model" else (),
        unheld=tuple(unheld(outcome, product.index, product.index.live())),
        seconds=seconds,
    )


def _read(kept: Path) -> Iterator[AskedSmall]:
    if kept.is_file():
        for line in kept.read_text("utf-8").splitlines():
            yield AskedSmall.model_validate_json(line)
