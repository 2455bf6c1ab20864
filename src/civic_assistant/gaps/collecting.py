"""The questions of a span of time that citizens asked and got no answer to, out of the database.

Read are the journal's turns, which hold redacted text, what became of them at the desk, and the
messages left with a contact, which are redacted here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, cast

from sqlalchemy import Connection, Row, select

from civic_assistant.gaps.gap import CameTo
from civic_assistant.handoff.states import Reason
from civic_assistant.handoff.tables import HANDOFFS, MESSAGES
from civic_assistant.records import REQUESTS, SAID_PLAINLY, TURNS
from civic_assistant.redaction import redact
from civic_assistant.screening import screen

FOLLOWS = timedelta(minutes=30)
"""Who asks for a person within this time after a question, asks because of it."""
SAME_ASKING = timedelta(days=1)
"""Staff who ask the same text again, or for a suggested reply, ask on behalf of the same person."""

_OPEN: Mapping[str, CameTo] = {"unsure": "unsure", "not_covered": "not_covered"}
_LOOKED_UP = frozenset({"answered", "asked_detail", *_OPEN})
_OF_A_QUESTION: frozenset[Reason] = frozenset(
    {"asked", "unsure", "not_covered", "not_helped", "not_verified"}
)
"""Reasons for a person that come from a question; the others come from danger, files, faults."""
_AT_ONCE = 500  # SQLite takes 32,766 variables a statement at most


@dataclass(slots=True)
class Unanswered:
    """A question without an answer, and what came of it.

    ``id`` is the journal's number of its turn, when it ``is_turn``. ``asker`` stands for the
    conversation, or for one asking at the desk. ``ranked`` are the guides found, best first, and
    ``confidence`` is how probably the first one answers; a left message was not looked up.
    """

    id: str
    at: datetime
    asker: str
    language: str
    text: str
    is_turn: bool = True
    ranked: tuple[str, ...] = ()
    confidence: float = 0.0
    came_to: set[CameTo] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Replied:
    """What staff wrote in a conversation about a question, redacted by rules only.

    ``names`` are those of the citizen and of staff, as far as they are kept.
    """

    question: str
    language: str
    text: str
    at: datetime
    is_solved: bool
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """Any question that was looked up: when, who asked, the language, and the redacted text."""

    at: datetime
    asker: str
    language: str
    text: str


@dataclass(slots=True)
class Collected:
    """What was asked in a span of time; the counts are those of `GapReport`."""

    unanswered: list[Unanswered] = field(default_factory=list)
    asked: list[Asked] = field(default_factory=list)
    replied: list[Replied] = field(default_factory=list)
    turns: int = 0
    could_not_look: int = 0
    screened: int = 0
    at_once: int = 0


def collect(connection: Connection, since: datetime, until: datetime) -> Collected:
    """Return what was asked from ``since`` until before ``until``, oldest first."""
    collected = Collected()
    turns = _Turns(collected)
    columns = [
        TURNS.c[name]
        for name in ("id", "at", "conversation", "language", "outcome", "edition", "question")
    ]
    span = (TURNS.c.at >= since, TURNS.c.at < until)
    for row in connection.execute(select(*columns).where(*span).order_by(TURNS.c.at, TURNS.c.id)):
        turns.add(row)
    for row in connection.execute(_handoffs(since, until)):
        turns.hand_over(row)
    collected.unanswered = sorted(turns.unanswered(), key=lambda one: (one.at, one.id))
    _fill(connection, collected.unanswered)
    collected.replied = list(_replies(connection, turns.handed))
    return collected


class _Turns:
    """Sorts the turns of a span by what became of them."""

    def __init__(self, collected: Collected) -> None:
        self._collected = collected
        self._looked_up: dict[str, Row[Any]] = {}
        self._last: dict[str, Row[Any]] = {}
        self._leads: dict[str, str] = {}
        self._seen: dict[str, datetime] = {}
        self._came_to: dict[str, set[CameTo]] = {}
        self._letters: list[Unanswered] = []
        self.handed: dict[tuple[str, int], tuple[str, Row[Any]]] = {}

    def add(self, row: Row[Any]) -> None:
        """Take a turn, in the order of time; an answer that was only said again is none."""
        if row.outcome == SAID_PLAINLY:
            return
        counted = self._collected
        counted.turns += 1
        before = self._last.get(row.conversation) if row.conversation else None
        if row.outcome == "could_not_look":
            counted.could_not_look += 1
        elif row.edition is not None and row.outcome in _LOOKED_UP:
            self._look_at(row)
        elif row.outcome != "handed_off":
            counted.screened += 1
        elif before is not None and row.at - before.at <= FOLLOWS:
            self._leads[row.id] = before.id
            self._mark(before.id, "handed_off")
        else:
            counted.at_once += 1

    def _look_at(self, row: Row[Any]) -> None:
        text = " ".join(row.question.casefold().split())
        seen, self._seen[text] = self._seen.get(text), row.at
        if row.conversation is None and seen is not None and row.at - seen <= SAME_ASKING:
            return
        self._looked_up[row.id] = row
        if row.conversation is not None:
            self._last[row.conversation] = row
        self._collected.asked.append(Asked(row.at, _asker(row), row.language, row.question))
        if row.outcome in _OPEN:
            self._mark(row.id, _OPEN[row.outcome])

    def hand_over(self, row: Row[Any]) -> None:
        """Take a handoff: of which question it was, and what the citizen did."""
        if row.reason not in _OF_A_QUESTION:
            return
        question = self._leads.get(row.turn_id, row.turn_id)
        if question not in self._looked_up:
            if row.request_question is None:
                return
            letter = _letter(row)
            if letter is None:
                return
            self._letters.append(letter)
            question = letter.id
        if row.reason == "not_helped":
            self._mark(question, "not_helped")
        if row.request_number is not None:
            self._mark(question, "left_message")
        if row.reason == "asked" or row.asked_at is not None:
            self._mark(question, "handed_off")
        if question in self._came_to:
            self.handed[row.conversation_id, row.episode] = (question, row)

    def unanswered(self) -> Iterator[Unanswered]:
        """Yield what was found, in no order."""
        for question, came_to in self._came_to.items():
            if (row := self._looked_up.get(question)) is not None:
                asker = _asker(row)
                yield Unanswered(row.id, row.at, asker, row.language, "", came_to=came_to)
        for letter in self._letters:
            letter.came_to = self._came_to.get(letter.id, set())
            yield letter

    def _mark(self, question: str, came_to: CameTo) -> None:
        self._came_to.setdefault(question, set()).add(came_to)


def _asker(row: Row[Any]) -> str:
    return row.conversation or f"turn {row.id}"


def _handoffs(since: datetime, until: datetime) -> Any:
    left = HANDOFFS.outerjoin(REQUESTS, HANDOFFS.c.request_number == REQUESTS.c.number)
    return (
        select(HANDOFFS, REQUESTS.c.question.label("request_question"), REQUESTS.c.name)
        .select_from(left)
        .where(HANDOFFS.c.began_at >= since, HANDOFFS.c.began_at < until)
        .order_by(HANDOFFS.c.began_at, HANDOFFS.c.id)
    )


def _letter(row: Row[Any]) -> Unanswered | None:
    """Return a left message that no question of the journal led to; None when it is no question."""
    text = " ".join(redact(row.request_question).text.split())
    if not text or screen(text, row.language) is not None:
        return None
    made_up = sha256(f"left message {row.id}".encode()).hexdigest()[:12]
    return Unanswered(made_up, row.began_at, row.conversation_id, row.language, text, is_turn=False)


def _fill(connection: Connection, unanswered: Iterable[Unanswered]) -> None:
    """Read what was searched and found for the questions, out of the turns' payloads."""
    turns = {one.id: one for one in unanswered if one.is_turn}
    payload = TURNS.c.payload
    columns = (
        TURNS.c.id,
        payload["searched"].as_string().label("searched"),
        payload["evidence", "ranked"].as_json().label("ranked"),
        payload["verdict", "confidence"].as_float().label("confidence"),
    )
    for ids in _groups(list(turns)):
        for row in connection.execute(select(*columns).where(TURNS.c.id.in_(ids))):
            turn = turns[row.id]
            turn.text = " ".join(row.searched.split())
            turn.ranked = tuple(row.ranked or ())
            turn.confidence = row.confidence or 0.0


def _replies(
    connection: Connection, handed: Mapping[tuple[str, int], tuple[str, Row[Any]]]
) -> Iterator[Replied]:
    """Yield what staff wrote in the episodes of these handoffs, one text an episode."""
    said: dict[tuple[str, int], list[Row[Any]]] = {}
    for ids in _groups(sorted({conversation for conversation, _ in handed})):
        query = (
            select(MESSAGES)
            .where(MESSAGES.c.conversation_id.in_(ids), MESSAGES.c.role == "agent")
            .order_by(MESSAGES.c.conversation_id, MESSAGES.c.position)
        )
        for row in connection.execute(query):
            said.setdefault((row.conversation_id, row.episode), []).append(row)
    for place, rows in said.items():
        if place not in handed:
            continue
        question, handoff = handed[place]
        names = {handoff.name, *(row.author for row in rows)}
        yield Replied(
            question=question,
            language=handoff.language,
            text=redact("\n".join(row.text for row in rows)).text,
            at=cast(datetime, rows[-1].at),
            is_solved=handoff.close_reason == "solved",
            names=tuple(sorted(name for name in names if name)),
        )


def _groups(ids: list[str]) -> Iterator[list[str]]:
    return (ids[start : start + _AT_ONCE] for start in range(0, len(ids), _AT_ONCE))
