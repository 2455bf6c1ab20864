"""The words of verified answers: wording, support, state, and what happened."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, get_args

State = Literal["live", "suspended", "withdrawn"]
STATES: tuple[State, ...] = get_args(State)
Reason = Literal["changed", "removed", "expired", "corrected", "ended"]
"""Why an answer is suspended: a passage changed, its guide was removed, is not in force, or was
corrected since; or the answer's own last day is over."""
REASONS: tuple[Reason, ...] = get_args(Reason)
EventKind = Literal["made", "suspended", "renewed", "withdrawn"]
EVENT_KINDS: tuple[EventKind, ...] = get_args(EventKind)

WORDINGS_MOST = 12
PASSAGES_MOST = 8
WORDING_LENGTH = 500
TEXT_LENGTH = 4_000
"""Wordings and passages of an answer, and the characters of one wording and of the text."""


@dataclass(frozen=True, slots=True)
class Wording:
    """A way to ask the question, without personal data, in a page language."""

    text: str
    language: str


@dataclass(frozen=True, slots=True)
class Support:
    """A passage that the answer rests on, as it was in ``edition``; ``quote`` is its whole text."""

    passage_id: str
    guide_id: str
    language: str
    title: str
    heading: str
    quote: str
    edition: int


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a member of staff wants to be a verified answer; nothing of it is checked yet.

    ``ends_on`` is the last day on which it may be offered.
    """

    text: str
    language: str
    wordings: tuple[Wording, ...]
    supports: tuple[Support, ...]
    ends_on: date | None = None


@dataclass(frozen=True, slots=True)
class VerifiedAnswer:
    """A reply that staff checked, the questions it answers, and the passages it rests on.

    ``version`` counts from 1 and grows with every renewal. Citizens are shown ``desk``, staff
    ``author``. ``has_doubts`` says that figures were confirmed which stand in no passage.
    ``reason`` is why it is suspended, ``since`` when its state began. ``offered`` counts how often
    it was shown.
    """

    id: str
    version: int
    text: str
    language: str
    wordings: tuple[Wording, ...]
    supports: tuple[Support, ...]
    desk: str
    author: str
    checked_at: datetime
    ends_on: date | None
    has_doubts: bool
    state: State
    reason: Reason | None
    since: datetime
    offered: int
    offered_at: datetime | None


@dataclass(frozen=True, slots=True)
class Event:
    """What happened to an answer; ``by`` is None when the program did it.

    ``passage_id`` is the passage that suspended it. ``text_before`` and ``quotes_before`` are what
    a renewal replaced.
    """

    at: datetime
    kind: EventKind
    version: int
    by: str | None
    reason: Reason | None
    passage_id: str | None
    text_before: str = ""
    quotes_before: tuple[str, ...] = ()
