"""Who waits, what was left, and what one holds: the rows of the list at the desk's left."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from civic_assistant.desk.reception import Reception
from civic_assistant.desk.sessions import Member
from civic_assistant.handoff.record import HandoffRecord

EXCERPT = 140
"""Characters of a question in the list."""


@dataclass(frozen=True, slots=True)
class WaitingRow:
    """A handoff in the list; ``since`` is when the citizen asked for a person."""

    conversation_id: str
    question: str
    language: str
    reason: str
    desk: str
    since: datetime
    minutes: int
    number: str


@dataclass(frozen=True, slots=True)
class WaitingList:
    """The three lists: one's own, those who wait (longest first), messages left (oldest first)."""

    held: tuple[WaitingRow, ...]
    waiting: tuple[WaitingRow, ...]
    left: tuple[WaitingRow, ...]


def waiting_list(reception: Reception, member: Member) -> WaitingList:
    """Return what somebody sees in the list: their desks', and what they hold."""
    handoffs, desks = reception.handoff.handoffs, reception.desks_of(member)
    names = {desk.id: desk.name for desk in reception.handoff.desks.all}
    now = reception.clock()

    def rows(records: tuple[HandoffRecord, ...]) -> tuple[WaitingRow, ...]:
        return tuple(_row(record, names, now) for record in records)

    return WaitingList(
        rows(handoffs.held_by(member.id)),
        rows(handoffs.waiting(*desks)),
        rows(handoffs.left(*desks)),
    )


def _row(record: HandoffRecord, names: dict[str, str], now: datetime) -> WaitingRow:
    since = record.asked_at or record.began_at
    question = " ".join(record.question.split())
    if len(question) > EXCERPT:
        question = f"{question[:EXCERPT].rsplit(' ', 1)[0]}…"
    return WaitingRow(
        conversation_id=record.conversation_id,
        question=question,
        language=record.language,
        reason=record.reason,
        desk=names.get(record.desk, record.desk),
        since=since,
        minutes=max(0, int((now - since).total_seconds() // 60)),
        number=record.request_number or "",
    )
