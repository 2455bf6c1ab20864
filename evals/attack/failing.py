"""Questions asked of an endpoint that is killed, slow or lying: each still ends as it should."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from rich.table import Table

from civic_assistant.assembly import Product
from civic_assistant.language_model.wire import GRACE_SECONDS
from civic_assistant.outcomes import Answered, outcome_name
from civic_assistant.turns import Question, Turn
from evals.attack.held import unheld
from evals.attack.town import Town, open_product
from evals.endpoints.scripted import (
    HEAD,
    Behaviour,
    Send,
    drips,
    event,
    raw,
    says,
    serving,
    silent,
    status,
)
from evals.questions import load_set

SET = "shipped"
SECONDS = 2.0
"""What all calls of a question may take together, in this run."""
SLACK_SECONDS = 2.0
"""What the rest of a turn's writing may take on a busy machine."""
_LIMITS: dict[str, Any] = {
    "language_model_connect_seconds": 1.0,
    "language_model_first_seconds": 1.0,
    "language_model_call_seconds": SECONDS,
    "language_model_seconds": SECONDS,
    "language_model_failures": 100,
}


@dataclass(frozen=True, slots=True)
class Failing:
    """What came of the questions with an endpoint that fails in one way.

    ``seconds`` is the longest that a question waited for the model.
    """

    way: str
    questions: int
    worded: int
    seconds: float
    faults: tuple[str, ...]


def ask_failing(town: Town, count: int, tell: Callable[[Failing], None]) -> Sequence[Failing]:
    """Ask so many of the town's questions with each failing endpoint."""
    asked = _sample(count)
    plain = open_product(town, None)
    expected = [plain.assistant.answer(one) for one in asked]
    ended = []
    for way, behaviour in WAYS.items():
        with _failing(behaviour) as address:
            product = open_product(town, address, **_LIMITS)
            failing = _asked(way, product, asked, expected)
        tell(failing)
        ended.append(failing)
    return ended


def told_failing(ended: Sequence[Failing]) -> Table:
    """Return a table of the ways to fail."""
    columns = ("endpoint", "questions", "worded", "longest wait", "wrong")
    table = Table(*columns, title="Endpoints that fail")
    for one in ended:
        counts = (one.questions, one.worded, f"{one.seconds:.1f} s", len(one.faults))
        table.add_row(one.way, *map(str, counts))
    return table


def _sample(count: int) -> Sequence[Question]:
    questions = load_set(SET)
    step = max(1, len(questions) // count)
    return [
        Question(one.question, history=one.history, is_worded=True)
        for one in questions[::step][:count]
    ]


def _asked(
    way: str, product: Product, asked: Sequence[Question], expected: Sequence[Turn]
) -> Failing:
    turns = [product.assistant.answer(question) for question in asked]
    faults = [
        f"{way}: {fault}"
        for turn, plain in zip(turns, expected, strict=True)
        for fault in _faults(turn, plain, product)
    ]
    worded = [turn for turn in turns if turn.written is not None]
    waits = [turn.milliseconds["word"] / 1000 for turn in worded]
    return Failing(way, len(turns), len(worded), max(waits, default=0.0), tuple(faults))


def _faults(turn: Turn, plain: Turn, product: Product) -> Iterator[str]:
    """Yield what is not as it would be without a model, or took too long."""
    outcome, meant = turn.outcome, plain.outcome
    if outcome_name(outcome) != outcome_name(meant):
        yield f"{outcome_name(outcome)} for {outcome_name(meant)}: {turn.question}"
    elif isinstance(outcome, Answered) and isinstance(meant, Answered):
        if outcome.author == "model":
            yield from unheld(outcome, product.index, product.index.live())
        elif outcome.sentences != meant.sentences:
            yield f"other words than the guide's: {turn.question}"
    waited = turn.milliseconds.get("word", 0.0) / 1000
    if waited > SECONDS + GRACE_SECONDS + SLACK_SECONDS:
        yield f"waited {waited:.1f} s: {turn.question}"


@contextmanager
def _failing(behaviour: Behaviour | None) -> Iterator[str]:
    """Serve a behaviour; without one, yield an address where nobody listens any more."""
    if behaviour is None:
        with socket.create_server(("127.0.0.1", 0)) as listener:
            port = listener.getsockname()[1]
        yield f"http://127.0.0.1:{port}/v1"
        return
    with serving(behaviour) as server:
        yield server.address


def _lies(send: Send, asked: Mapping[str, Any]) -> None:
    """Say something of the right form that no passage holds, with a true quote under it."""
    passage = json.loads(asked["messages"][-1]["content"])["passages"][0]
    source = {"id": passage["id"], "quote": passage["text"].split("\n")[0]}
    sentence = {"text": "Tout coûte 7 777 €, sans aucune condition.", "sources": [source]}
    lie: Behaviour = says(json.dumps({"coverage": "complete", "sentences": [sentence]}))
    lie(send, asked)


_BEGUN = HEAD + b"\r\n" + event({"role": "assistant", "content": '{"coverage": "compl'})
WAYS: Mapping[str, Behaviour | None] = {
    "killed: nobody listens": None,
    "dies in the middle": raw(_BEGUN),
    "never answers": silent(SECONDS + 1),
    "drips comments": drips(0.2),
    "drips an answer": drips(0.2, event({"content": " "})),
    "speaks no HTTP": raw(b"220 mail.example ESMTP\r\n"),
    "speaks no JSON": raw(HEAD + b"\r\ndata: {oops\n\n"),
    "writes no form": says("Bien sûr ! Voici la réponse."),
    "overloaded": status(503),
    "lies": _lies,
}
"""How an endpoint fails, and what it then does."""
