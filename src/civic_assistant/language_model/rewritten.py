"""How a language model made a follow-up question stand alone, and why that was not used."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from civic_assistant.language_model.failure import Failing

Unused = (
    Literal[
        "budget", "down", "hidden", "too_long", "language", "word", "lost", "figure", "negation",
        "screened",
    ]
    | Failing
)  # fmt: skip
"""Why the question is completed by rule instead. ``budget``: it is spent; ``down``: every endpoint
is being left alone; ``hidden``: characters nobody sees; ``too_long``: longer than a question may
be; ``language``: another than was asked in; ``word``, ``figure``: one that nobody asked about;
``lost``: a word of the question is missing; ``negation``: a "not" more or less; ``screened``: it
would not be looked up. Or why the call came to nothing."""


@dataclass(frozen=True, slots=True)
class Rewritten:
    """How the model was asked in a turn and what came of it, kept with the turn.

    ``question`` is what it wrote, empty when nothing came. ``unused`` says why the question was
    completed by rule instead, None when it was searched as the model wrote it; ``detail`` is the
    word or figure that is about. ``calls`` are how the calls ended.
    """

    prompt: str
    question: str = ""
    endpoint: str = ""
    model: str = ""
    unused: Unused | None = None
    detail: str = ""
    calls: tuple[str, ...] = ()
