"""What a language model wrote for a turn, sentence by sentence, and what was kept of it and why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from civic_assistant.language_model.failure import Failing

Claimed = Literal["complete", "partial", "none"]
"""What the model says of its own answer."""

Dropped = Literal[
    "no_text", "too_long", "hidden", "twice", "no_quote", "unknown_id", "misquoted", "quote_long",
    "two_sections", "figure", "swapped", "bound", "negation", "charged", "stray", "not_live",
    "placeholder", "markup", "letters",
]  # fmt: skip
"""Why a sentence is not shown. ``hidden``: characters nobody sees; ``twice``: said already;
``placeholder``: it says what stands for personal data that was taken out;
``misquoted``: a quote does not stand in its passage; ``quote_long``: one that would support too
much; ``two_sections``: quotes of more than one; ``figure``: one that the quote lacks; ``swapped``:
one in another's place; ``bound``: the most for the least; ``negation``: a "not" or an exception
more or less; ``charged``: a promise, a right, a refund, a present or an insult that the quote
lacks; ``stray``: it is about something else than its quote; ``markup``: it has markup or an address
with a path; ``letters``: those of another script than its language's."""

Instead = (
    Literal["budget", "down", "late", "none", "lost", "language", "copied", "failed"] | Failing
)
"""Why the guide's own sentences are shown instead. ``budget``: it is spent; ``down``: every
endpoint is being left alone; ``late``: the time for a question is over; ``none``: the model says
that the passages do not answer; ``lost``: too much of what it wrote was dropped; ``language``: it
wrote in another language than it was asked to; ``copied``: asked for plain language, it only copied
the guide; ``failed``: what it wrote broke the check. Or why
the last call came to nothing."""


@dataclass(frozen=True, slots=True)
class GivenQuote:
    """A quote as the model gave it; ``passage_id`` is the passage's, or what it called it."""

    passage_id: str
    quote: str


@dataclass(frozen=True, slots=True)
class GivenSentence:
    """A sentence as the model wrote it, with the quotes it says it rests on."""

    text: str
    quotes: tuple[GivenQuote, ...]


@dataclass(frozen=True, slots=True)
class GivenAnswer:
    """A whole answer as the model wrote it, in the form asked for and not checked."""

    claimed: Claimed
    sentences: tuple[GivenSentence, ...]


@dataclass(frozen=True, slots=True)
class JudgedSentence:
    """A sentence that was written, and why it is not shown: None when it is."""

    given: GivenSentence
    dropped: Dropped | None
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Written:
    """How the model was asked in a turn and what came of it, kept with the turn.

    ``endpoint`` and ``model`` are empty when no call came to an answer; ``instead`` says why the
    guide's own sentences are shown, None when the model's are. ``calls`` are how the calls ended,
    in order.
    """

    prompt: str
    language: str
    endpoint: str = ""
    model: str = ""
    claimed: Claimed | None = None
    sentences: tuple[JudgedSentence, ...] = ()
    instead: Instead | None = None
    calls: tuple[str, ...] = ()

    @property
    def given(self) -> GivenAnswer | None:
        """The answer as it was written, to be judged again; None when none came."""
        if self.claimed is None:
            return None
        return GivenAnswer(self.claimed, tuple(judged.given for judged in self.sentences))
