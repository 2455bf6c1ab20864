"""A product that answers in a process of its own while another one publishes."""

from __future__ import annotations

import time
from dataclasses import dataclass
from multiprocessing import get_context
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from multiprocessing.connection import Connection
    from types import TracebackType

    from civic_assistant.settings import Settings

PAUSE = 0.25
"""Seconds between two questions, so that asking leaves the publisher most of the machine."""
_LEAVING = 10.0


@dataclass(frozen=True, slots=True)
class Said:
    """An answer: the monotonic second at which it was there, the edition it was given from.

    ``guide`` is the id of the guide that is quoted first, empty when nothing was answered; ``text``
    joins the sentences shown.
    """

    at: float
    edition: int | None
    guide: str
    text: str


class RunningProduct:
    """Opens the product of the settings once, in another process, and asks it."""

    def __init__(self, settings: Settings) -> None:
        context = get_context("spawn")
        self._pipe, own = context.Pipe()
        self._process = context.Process(target=_serve, args=(settings, own), daemon=True)
        self._process.start()
        own.close()

    def __enter__(self) -> RunningProduct:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._pipe.close()
        self._process.join(_LEAVING)
        if self._process.is_alive():
            self._process.kill()
            self._process.join()
        self._process.close()

    def ask(self, question: str) -> Said:
        """Return what a new question is answered; raises EOFError when the product died."""
        self._pipe.send(question)
        said: Said = self._pipe.recv()
        return said

    def first(
        self, question: str, is_wanted: Callable[[Said], bool], patience: float
    ) -> Said | None:
        """Ask again and again until an answer is as wanted; None after ``patience`` seconds."""
        until = time.monotonic() + patience
        while not is_wanted(said := self.ask(question)):
            if time.monotonic() > until:
                return None
            time.sleep(PAUSE)
        return said


def _serve(settings: Settings, pipe: Connection) -> None:
    """Answer each question that comes, until nobody is there to ask."""
    # Only here: the process that measures must not hold the product for it.
    from civic_assistant.assembly import assemble
    from civic_assistant.batch import answer_line
    from civic_assistant.turns import Question

    product = assemble(settings)
    try:
        while True:
            turn = product.assistant.answer(Question(pipe.recv()))
            sentences = answer_line(turn.id, turn)["sentences"]
            guide = sentences[0]["guide"] if sentences else ""
            text = "\n".join(sentence["text"] for sentence in sentences)
            pipe.send(Said(time.monotonic(), turn.edition, guide, text))
    except (EOFError, BrokenPipeError):
        product.records.dispose()
