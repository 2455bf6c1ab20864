"""Which questions get another answer, another source or none on another edition.

Each question is looked up on both editions, and answered on both only where what is found can make
a difference: a guide that changes is near it, and comes first or moves the scores of the one that
does. Nothing is recorded: these are no citizens' turns.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Literal, Protocol

from civic_assistant.known import known_from
from civic_assistant.situations import load_situations
from civic_assistant.turns import Question, Turn
from ingest.reviewing.differences import EditionDifference
from ingest.reviewing.past_questions import Origin, PastQuestion
from ingest.reviewing.replies import Reply, reply_of

if TYPE_CHECKING:
    from civic_assistant.evidence import Evidence
    from civic_assistant.index import Index, LiveEdition
    from civic_assistant.retrieval import Retriever

ImpactKind = Literal["lost", "other_source", "other_answer", "won"]
IMPACT_KINDS: tuple[ImpactKind, ...] = ("lost", "other_source", "other_answer", "won")
"""A question is answered no more; from another guide; with other sentences; or at last."""

# Scores that differ by less come from the rarity of words, which every publish moves a little.
_SAME_SCORE = 0.01
# Of the guides found so many may be the one that answers: by the case, or by a verified answer.
_FIRST = 2
_VALIDITY = frozenset({"valid_from", "valid_until"})


class Asking(Protocol):
    """What answers questions, as an assembled product has it."""

    @property
    def index(self) -> Index:
        """The editions."""

    @property
    def retriever(self) -> Retriever:
        """What looks questions up."""

    @property
    def assistant(self) -> Answers:
        """What answers them."""


class Answers(Protocol):
    """The engine that citizens ask."""

    def answer(self, question: Question) -> Turn:
        """Return the turn; one that names an edition is neither recorded nor counted."""


@dataclass(frozen=True, slots=True)
class Impact:
    """A question that gets something else than before.

    ``is_right_before`` and ``is_right_after`` say of a test question whether the reply was, and
    is, what the town expects; None of any other question.
    """

    kind: ImpactKind | None
    origin: Origin
    question: str
    language: str
    count: int
    before: Reply
    after: Reply
    is_right_before: bool | None = None
    is_right_after: bool | None = None

    @property
    def is_worse(self) -> bool:
        """Whether a test question was answered as the town expects, and is not any more."""
        return self.is_right_before is True and self.is_right_after is False

    @property
    def is_better(self) -> bool:
        """Whether a test question is answered as the town expects, and was not."""
        return self.is_right_before is False and self.is_right_after is True


@dataclass(frozen=True, slots=True)
class Impacts:
    """What becomes of the questions: those that change, in their order.

    ``asked`` questions were looked up on both editions, ``answered`` of them answered on both,
    ``left_out`` were too many. ``seconds`` are wall-clock.
    """

    changes: tuple[Impact, ...]
    asked: int
    answered: int
    left_out: int
    seconds: float

    @property
    def worse(self) -> tuple[Impact, ...]:
        """The test questions that get worse."""
        return tuple(change for change in self.changes if change.is_worse)


def impacts_of(
    questions: Iterable[PastQuestion],
    before: int,
    after: int,
    asking: Asking,
    today: date,
    difference: EditionDifference,
    *,
    fallen: frozenset[str] = frozenset(),
    left_out: int = 0,
    advance: Callable[[int], object] = lambda count: None,
) -> Impacts:
    """Return which questions get something else on the edition ``after`` than on ``before``.

    ``difference`` is what changes from one to the other. ``fallen`` are guides that verified
    answers rest on which stand on one of the two only: who asks near them is answered on both.
    ``advance`` is called once a question. Raises `EditionMissing`, `CouldNotLook`.
    """
    started = time.monotonic()
    old, new = asking.index.edition(before), asking.index.edition(after)
    touched = touched_guides(difference) | fallen
    near = _passages_of(touched, old) | _passages_of(touched, new)
    changes: list[Impact] = []
    asked = answered = 0
    for question in questions:
        asked += 1
        read = asking.retriever.read(question.text, question.language)
        reached = any(
            not near.isdisjoint(asking.retriever.reach(read, edition, today))
            for edition in (old, new)
        )
        found = [
            asking.retriever.find(read, edition, today).evidence
            for edition in (old, new)
            if reached
        ]
        if reached and can_differ(found[0], found[1], touched):
            answered += 1
            impact = _impact(
                question,
                reply_of(asking.assistant.answer(_asked_on(question, before))),
                reply_of(asking.assistant.answer(_asked_on(question, after))),
            )
            if impact.kind is not None or impact.is_worse or impact.is_better:
                changes.append(impact)
        advance(1)
    seconds = time.monotonic() - started
    return Impacts(tuple(changes), asked, answered, left_out, seconds)


def touched_guides(difference: EditionDifference) -> frozenset[str]:
    """Return the guides whose change can change an answer: what they say, or when they hold."""
    return frozenset(
        change.guide_id
        for change in difference.guides
        if change.kind != "changed"
        or change.is_text
        or any(field.name in _VALIDITY for field in change.fields)
    )


def can_differ(before: Evidence, after: Evidence, touched: frozenset[str]) -> bool:
    """Whether what was found on two editions can lead to two different answers.

    It cannot where the same guide, which is not ``touched``, comes first with the same scores: the
    answer is chosen from this guide alone, and the gate sees of the others only how near they
    come.
    """
    if not (before.ranked and after.ranked):
        return before.ranked != after.ranked
    if before.ranked[0] != after.ranked[0] or not touched.isdisjoint(before.ranked[:_FIRST]):
        return True
    one, other = _scores(before), _scores(after)
    return any(abs(a - b) > _SAME_SCORE for a, b in zip(one, other, strict=True))


def _passages_of(guide_ids: Iterable[str], edition: LiveEdition) -> set[str]:
    digests = {
        entry.digest for id_ in guide_ids for entry in edition.versions.get(id_, {}).values()
    }
    return {id_ for id_, digest in edition.places.items() if digest in digests}


def _scores(evidence: Evidence) -> tuple[float, ...]:
    """Return what the gate sees of the guides' nearness: see `gate.signals_of`."""
    first = evidence.ranked[0]
    own = [found for found in evidence.found if found.passage.guide_id == first]
    by_words = [found for found in evidence.found if found.keyword_rank == 1]
    return (
        max(found.dense or -1.0 for found in own),
        max(found.score for found in own),
        evidence.lead(),
        float(any(found.passage.guide_id == first for found in by_words)),
    )


def _asked_on(question: PastQuestion, edition: int) -> Question:
    return Question(
        question.text,
        page_language=question.language,
        conversation_language=question.language,
        known=known_from(question.situations, load_situations()),
        edition=edition,
    )


def _impact(question: PastQuestion, before: Reply, after: Reply) -> Impact:
    expected = question.expected
    return Impact(
        kind=_kind(before, after),
        origin=question.origin,
        question=question.text,
        language=question.language,
        count=question.count,
        before=before,
        after=after,
        is_right_before=expected.is_right(before) if expected else None,
        is_right_after=expected.is_right(after) if expected else None,
    )


def _kind(before: Reply, after: Reply) -> ImpactKind | None:
    if not (before.is_answer or after.is_answer):
        return None
    if not after.is_answer:
        return "lost"
    if not before.is_answer:
        return "won"
    if before.guide_id != after.guide_id:
        return "other_source"
    return None if _shown(before) == _shown(after) else "other_answer"


def _shown(reply: Reply) -> tuple[str, tuple[str, ...], bool]:
    return reply.outcome, reply.sentences, reply.is_verified
