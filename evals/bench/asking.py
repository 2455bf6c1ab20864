"""Asking an index of a size: processor time a stage, memory, and how long starting takes."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from datetime import time as day_time
from typing import TYPE_CHECKING

import numpy as np

from civic_assistant.assembly import assemble
from civic_assistant.embedding import open_embedding
from civic_assistant.turns import Question
from evals.bench.apart import peak_mib, resident_mib
from evals.bench.nearness import found_share
from evals.bench.steps import STEPS, steps_timed
from evals.pinned import ASKED_ON
from evals.questions import SetQuestion, load_set

if TYPE_CHECKING:
    from civic_assistant.assembly import Product
    from civic_assistant.embedding import Embedding
    from civic_assistant.settings import Settings

SETS = ("tuning", "tuning-short")
WARMING = 8
"""Questions asked before measuring begins: the first ones open connections and fill caches."""
COMPARED = 40
RECORD = "record"
TOTAL = "total"


@dataclass(frozen=True, slots=True)
class Spent:
    """Processor milliseconds of a stage or step over the questions that passed it."""

    name: str
    p50: float
    p95: float
    count: int


@dataclass(frozen=True, slots=True)
class Asked:
    """What answering took in a process of its own.

    ``stages`` are those of a turn, the journal's record and, last, the whole; ``steps`` are what
    finding consists of, parts of ``retrieve`` and ``write``. Only questions that were looked up
    count. ``wall_p50`` and ``wall_p95`` are milliseconds of the whole on this machine's clock.
    ``model_s`` and ``index_s`` are what opening the model and taking up the live edition took,
    wall-clock; memory is the process's, after the questions and at its peak. ``found`` is the share
    of the nearest passages that were found, over `COMPARED` questions.
    """

    embedding: str
    passages: int
    questions: int
    stages: tuple[Spent, ...]
    steps: tuple[Spent, ...]
    wall_p50: float
    wall_p95: float
    model_s: float
    index_s: float
    memory_mib: float
    peak_mib: float
    found: float

    @property
    def total(self) -> Spent:
        """The whole turn."""
        return self.stages[-1]


@dataclass(frozen=True, slots=True)
class _Turn:
    stages: dict[str, float]
    steps: dict[str, float]
    wall: float


def ask(settings: Settings, questions: Sequence[SetQuestion]) -> Asked:
    """Open the product over the settings' index and ask, in order and one at a time."""
    start = time.perf_counter()
    embedding = open_embedding(settings)
    opened = time.perf_counter()
    noon = datetime.combine(ASKED_ON, day_time(12), UTC)
    product = assemble(settings, embedding, clock=lambda: noon)
    product.index.live()
    ready = time.perf_counter()
    return ask_product(product, embedding, questions, opened - start, ready - opened)


def ask_product(
    product: Product,
    embedding: Embedding,
    questions: Sequence[SetQuestion],
    model_s: float,
    index_s: float,
) -> Asked:
    """Ask a product that is open; the seconds are what opening it took."""
    turns = list(_turns(product, questions))
    return Asked(
        embedding=product.settings.embedding,
        passages=len(product.index.live().places),
        questions=len(turns),
        stages=_spent([turn.stages for turn in turns]),
        steps=_spent([turn.steps for turn in turns]),
        wall_p50=float(np.percentile([turn.wall for turn in turns], 50)),
        wall_p95=float(np.percentile([turn.wall for turn in turns], 95)),
        model_s=model_s,
        index_s=index_s,
        memory_mib=resident_mib(),
        peak_mib=peak_mib(),
        found=found_share(product, embedding, questions[-COMPARED:]),  # last: it takes memory
    )


def _turns(product: Product, questions: Sequence[SetQuestion]) -> Iterator[_Turn]:
    """Yield what each question that was looked up took, after `WARMING` others."""
    with steps_timed() as spent:
        for number, asked in enumerate(questions):
            spent.clear()
            wall, processor = time.perf_counter(), time.process_time()
            turn = product.assistant.answer(Question(asked.question, history=asked.history))
            wall, processor = time.perf_counter() - wall, time.process_time() - processor
            if number < WARMING or turn.evidence is None:
                continue
            stages = dict(turn.processor_milliseconds)
            stages[RECORD] = processor * 1000 - sum(stages.values())
            stages[TOTAL] = processor * 1000
            steps = {step: spent[step] for step in STEPS if step in spent}
            yield _Turn(stages, steps, wall * 1000)


def questions_asked(count: int) -> Sequence[SetQuestion]:
    """Return so many questions of the tuning sets, evenly spread, with some more for warming."""
    questions = [question for name in SETS for question in load_set(name)]
    wanted = min(count + WARMING, len(questions))
    return [questions[number * len(questions) // wanted] for number in range(wanted)]


def _spent(turns: Sequence[dict[str, float]]) -> tuple[Spent, ...]:
    spent = []
    for name in dict.fromkeys(name for turn in turns for name in turn):
        values = [turn[name] for turn in turns if name in turn]
        p50, p95 = np.percentile(values, (50, 95))
        spent.append(Spent(name, float(p50), float(p95), len(values)))
    return tuple(spent)
