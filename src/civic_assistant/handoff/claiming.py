"""Who takes a conversation: one wins, the others are told by whom."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select

from civic_assistant.errors import AlreadyClaimed, SeatsTaken
from civic_assistant.handoff.conversations import Conversation, locked
from civic_assistant.handoff.events import count
from civic_assistant.handoff.ownership import move
from civic_assistant.handoff.presence import Staff, locked_staff
from civic_assistant.handoff.record import current_record, set_record
from civic_assistant.handoff.store import Change
from civic_assistant.handoff.tables import CONVERSATIONS, HANDOFFS


def claimed(
    change: Change, conversation: Conversation, staff_id: str, now: datetime, presence_seconds: int
) -> Conversation:
    """Give a locked conversation to a member of staff who is there and has a seat free.

    One who holds it already gets it again. Raises `AlreadyClaimed`, `SeatsTaken`, `NotPresent`,
    `MoveRefused`.
    """
    if conversation.owner == staff_id:
        return conversation
    if conversation.owner is not None:
        raise AlreadyClaimed(conversation.owner_name or conversation.owner)
    staff = locked_staff(change.connection, staff_id, now, presence_seconds)
    held = select(func.count()).where(CONVERSATIONS.c.owner == staff_id)
    if (change.connection.scalar(held) or 0) >= staff.seats:
        raise SeatsTaken(staff.seats)
    handoff = current_record(change.connection, conversation.id)
    agent = (staff.id, staff.name)
    moved = move(change, conversation, "claim", now, handoff=handoff, agent=agent)
    if handoff is not None:
        set_record(change.connection, handoff.id, claimed_at=now)
        if conversation.state == "waiting":
            count(change, "waited", handoff, now, since=handoff.waiting_since)
    return moved


def first_waiting(change: Change, staff: Staff) -> Conversation | None:
    """Return the conversation, locked, that has waited longest at a member of staff's desks.

    What another transaction is about to take is passed over. None when nobody waits.
    """
    first = (
        select(CONVERSATIONS.c.id)
        .join(HANDOFFS, HANDOFFS.c.conversation_id == CONVERSATIONS.c.id)
        .where(
            CONVERSATIONS.c.state == "waiting",
            HANDOFFS.c.closed_at.is_(None),
            HANDOFFS.c.desk.in_(staff.desks),
        )
        .order_by(HANDOFFS.c.asked_at, HANDOFFS.c.conversation_id)
        .limit(1)
        .with_for_update(skip_locked=True, of=CONVERSATIONS)
    )
    conversation_id = change.connection.scalar(first)
    return None if conversation_id is None else locked(change.connection, conversation_id)
