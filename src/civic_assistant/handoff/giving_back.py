"""Conversations that a member of staff gives back, or that are taken from one who is gone."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from civic_assistant.handoff.conversations import Conversation, locked
from civic_assistant.handoff.events import count
from civic_assistant.handoff.ownership import move
from civic_assistant.handoff.record import current_record, set_record
from civic_assistant.handoff.states import MoveName
from civic_assistant.handoff.store import Change
from civic_assistant.handoff.tables import CONVERSATIONS


def give_back(
    change: Change, conversation: Conversation, name: MoveName, now: datetime
) -> Conversation:
    """Take a locked conversation from its agent.

    ``release`` puts it back into the queue, to the place it had; ``set_aside`` among the left
    messages. Raises `MoveRefused`.
    """
    handoff = current_record(change.connection, conversation.id)
    agent = (conversation.owner, conversation.owner_name or "") if conversation.owner else None
    moved = move(change, conversation, name, now, handoff=handoff, agent=agent)
    if handoff is not None:
        since = now if name == "release" else None
        set_record(
            change.connection,
            handoff.id,
            waiting_since=since,
            asked_at=handoff.asked_at or since,
        )
        count(change, "released", handoff, now, since=handoff.claimed_at)
    return moved


def give_back_all(change: Change, staff_id: str, now: datetime) -> int:
    """Give back what a member of staff holds; return how many conversations that were.

    A citizen whose page is open goes on waiting; the question of another is set aside.
    """
    held = select(CONVERSATIONS.c.id).where(CONVERSATIONS.c.owner == staff_id)
    given = 0
    for conversation_id in change.connection.scalars(held.order_by(CONVERSATIONS.c.id)).all():
        conversation = locked(change.connection, conversation_id)
        if conversation.owner == staff_id:
            give_back(change, conversation, fitting(conversation, now), now)
            given += 1
    return given


def fitting(conversation: Conversation, now: datetime) -> MoveName:
    """Return ``release`` while the citizen is there to wait, else ``set_aside``."""
    return "release" if conversation.is_here(now) else "set_aside"
