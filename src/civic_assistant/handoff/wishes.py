"""A citizen's wish for a person: it goes on with the open handoff, or begins one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from civic_assistant.handoff.conversations import Conversation
from civic_assistant.handoff.desks import Desk
from civic_assistant.handoff.events import count
from civic_assistant.handoff.ownership import move
from civic_assistant.handoff.record import HandoffRecord, begin_record, current_record, set_record
from civic_assistant.handoff.states import Reason
from civic_assistant.handoff.store import Change


@dataclass(frozen=True, slots=True)
class Wish:
    """Why a person is asked for, at which desk, and the question that will be passed on to them.

    An empty question leaves what was passed on before, if anything: what the citizen then writes to
    staff first is the question. ``turn_id`` is the journal's number of the turn that led there, for
    the briefing.
    """

    reason: Reason
    desk: Desk
    question: str
    turn_id: str | None


def wished(
    change: Change, conversation: Conversation, wish: Wish, now: datetime
) -> tuple[Conversation, HandoffRecord]:
    """Keep a wish in a locked conversation; return both as they are then.

    After a closed handoff the conversation begins anew.
    """
    if conversation.state == "closed":
        conversation = move(change, conversation, "begin", now, handoff=None)
    handoff = current_record(change.connection, conversation.id)
    is_first = conversation.state in ("bot", "offered")
    if handoff is None:
        handoff = begin_record(
            change.connection,
            conversation,
            reason=wish.reason,
            desk=wish.desk.id,
            turn_id=wish.turn_id,
            now=now,
        )
    change.desk_changed(handoff.desk)
    question = wish.question or handoff.question
    set_record(change.connection, handoff.id, question=question, desk=wish.desk.id)
    handoff = current_record(change.connection, conversation.id) or handoff
    if is_first:  # who waited in vain and leaves a message, or waits again, asked once
        count(change, "asked", handoff, now)
    return conversation, handoff
