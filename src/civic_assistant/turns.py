"""One question and what came of it, as the page, the command line and the journal share it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from civic_assistant.evidence import Evidence, Verdict
from civic_assistant.known import NOTHING_KNOWN, Known
from civic_assistant.language_model.rewritten import Rewritten
from civic_assistant.language_model.written import Written
from civic_assistant.outcomes import Answered, Outcome, Signposted

Stage = Literal["writing", "simplifying"]
"""What takes seconds in a turn and is told to who waits: a language model words the answer, or says
it in plain language."""


def silent(stage: Stage) -> None:
    """Tell nobody which stage a turn is at."""


@dataclass(frozen=True, slots=True)
class Plainer:
    """An answer that is to be said more simply: the turn that gave it, and its sentences."""

    turn_id: str
    sentences: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Question:
    """What a citizen wrote, and what is known around it.

    ``page_language`` is the page's or browser's language, ``conversation_language`` that of the
    turns before; ``history`` holds the citizen's earlier questions, oldest first.
    ``conversation`` is an opaque id, or None outside a conversation; ``known`` is what its last
    turn returned. ``excluded`` are ids of guides that are left out, as staff ask again without one.
    ``edition`` is one that is asked instead of the live one, by an editor or to derive an answer
    again: such a turn is neither recorded nor counted. ``is_worded`` says that a language model may
    word the answer, as citizens get it; ``written`` is what one wrote when the answer was given, to
    be judged again. ``searched`` is the question as it was made to stand alone then, and is looked
    up as it is; ``plainer`` is the answer that was given then, to be said more simply now.
    """

    text: str
    page_language: str | None = None
    conversation_language: str | None = None
    history: tuple[str, ...] = ()
    conversation: str | None = None
    known: Known = NOTHING_KNOWN
    excluded: tuple[str, ...] = ()
    edition: int | None = None
    is_worded: bool = False
    written: Written | None = None
    searched: str = ""
    plainer: Plainer | None = None


@dataclass(frozen=True, slots=True)
class Turn:
    """A question with its outcome and everything needed to explain it.

    ``question`` is the text with personal data taken out: the original is never kept.
    ``searched`` is the standalone question that was looked up, empty when nothing was; it is an
    earlier one when this turn ``is_reply``, the answer to a detail asked back; ``rewritten`` is how
    a language model made it, None where it was made by rule. ``plain_of`` is the turn whose answer
    this one says more simply, at the press of a button. ``known`` is what the conversation knows
    after the turn, ``before`` what it knew when the question came. ``milliseconds`` maps a stage's
    name to its duration, ``processor_milliseconds`` to the processor time that it took, which the
    journal does not keep. Nor does it keep ``drafted``, what the best guide would answer, whether
    or not the gate let it be shown. ``vector`` is the unit vector that ``searched`` was looked up
    by, kept beside the turn. ``written`` is what a language model wrote and what became of it, None
    when none was asked.
    """

    id: str
    at: datetime
    conversation: str | None
    question: str
    language: str
    page_language: str | None
    searched: str
    outcome: Outcome
    evidence: Evidence | None
    verdict: Verdict | None
    edition: int | None
    models: Mapping[str, str]
    milliseconds: Mapping[str, float] = field(default_factory=dict)
    known: Known = NOTHING_KNOWN
    before: Known = NOTHING_KNOWN
    is_reply: bool = False
    processor_milliseconds: Mapping[str, float] = field(default_factory=dict)
    drafted: Answered | None = None
    written: Written | None = None
    rewritten: Rewritten | None = None
    plain_of: str | None = None
    vector: NDArray[np.float32] | None = field(default=None, repr=False, compare=False)

    @property
    def context(self) -> str:
        """The question as those after it may need it; empty when it is no context for any.

        What was screened, or led to a fixed text, is given to nobody again.
        """
        if not self.searched or self.plain_of or isinstance(self.outcome, Signposted):
            return ""
        is_rewritten = self.rewritten is not None and self.rewritten.unused is None
        return self.searched if self.is_reply or is_rewritten else self.question
