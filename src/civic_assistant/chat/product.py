"""What the page needs of the product, and the one product that this process serves."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from civic_assistant.handoff import Handoff
from civic_assistant.interpreter import Interpreter
from civic_assistant.settings import Settings
from civic_assistant.turns import Question, Stage, Turn, silent


class Answers(Protocol):
    """Answers a question; synchronous and safe to call from several threads."""

    def answer(self, question: Question, tell: Callable[[Stage], None] = silent) -> Turn:
        """Return the turn that a question came to; ``tell`` is told of stages that take seconds."""

    def say_plainly(self, turn_id: str, tell: Callable[[Stage], None] = silent) -> Turn | None:
        """Return what a turn's answer comes to in plain language; None where there is nothing."""


class Rate(Protocol):
    """Says whether an address may ask once more; synchronous and safe to call from threads."""

    def admits(self, address: str) -> bool:
        """Count one question of an address; False when it asked too many."""


class Condition(Protocol):
    """Whether questions can be answered at the moment."""

    @property
    def can_answer(self) -> bool:
        """Whether an edition is live and its models are there."""

    @property
    def edition(self) -> int | None:
        """The live edition's number."""

    @property
    def guides(self) -> int:
        """How many guides the live edition holds."""

    @property
    def detail(self) -> str:
        """What is missing, for operators."""


class PageProduct(Protocol):
    """The product as the page sees it."""

    @property
    def settings(self) -> Settings:
        """The settings the product was assembled from."""

    @property
    def assistant(self) -> Answers:
        """Who answers."""

    @property
    def handoff(self) -> Handoff:
        """Conversations, and the way to a person in them."""

    @property
    def limit(self) -> Rate:
        """How many questions an address may ask."""

    @property
    def interpreter(self) -> Interpreter | None:
        """Who translates what citizens and staff write to each other, where the town wants it."""

    def health(self) -> Condition:
        """Return whether questions can be answered at the moment."""

    def document(self, guide_id: str, language: str) -> Path | None:
        """Return the file of a guide of the live edition, or None."""


class Served:
    """Holds the product that Chainlit's callbacks work for: Chainlit knows one app a process."""

    def __init__(self) -> None:
        """Hold nothing yet."""
        self._product: PageProduct | None = None

    def put(self, product: PageProduct) -> None:
        """Serve this product from now on."""
        self._product = product

    def product(self) -> PageProduct:
        """Return the product being served; it is put there before the first request."""
        if self._product is None:
            raise RuntimeError("no product is being served; call create_app first")
        return self._product


served = Served()
