"""Who may speak changes here and nowhere else: one allowed move in one transaction."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import datetime

from pydantic import JsonValue
from sqlalchemy import delete, update

from civic_assistant.errors import MoveRefused, RecordsUnusable
from civic_assistant.handoff.conversations import Conversation
from civic_assistant.handoff.entries import append
from civic_assistant.handoff.events import count
from civic_assistant.handoff.record import HandoffRecord, set_record
from civic_assistant.handoff.states import MOVES, SPEAKERS, CloseReason, MoveName, StaffCloseReason
from civic_assistant.handoff.store import Change
from civic_assistant.handoff.tables import CONVERSATIONS
from civic_assistant.records import REQUESTS


def move(
    change: Change,
    conversation: Conversation,
    name: MoveName,
    now: datetime,
    *,
    handoff: HandoffRecord | None,
    agent: tuple[str, str] | None = None,
    close_reason: StaffCloseReason | None = None,
    payload: dict[str, JsonValue] | None = None,
) -> Conversation:
    """Make a move of a conversation that this transaction has locked; return it as it is then.

    The move is written into the conversation as an event, and ends the handoff where the table of
    moves says so. ``agent`` is the id and name of who moves it. Raises `MoveRefused` when the
    table does not allow it from this state.
    """
    allowed = MOVES[name]
    target = allowed.to.get(conversation.state)
    if target is None:
        raise MoveRefused(name, conversation.state, conversation.owner_name)
    owner, owner_name = agent if agent and target == "with_agent" else (None, None)
    is_another = (SPEAKERS[target], owner) != (SPEAKERS[conversation.state], conversation.owner)
    moved = replace(
        conversation,
        state=target,
        owner=owner,
        owner_name=owner_name,
        token=conversation.token + is_another,
        episode=conversation.episode + (name == "begin"),
        changed_at=now,
    )
    _write(change, conversation, moved)
    ended = close_reason if allowed.ends == "staff" else allowed.ends
    told: dict[str, JsonValue] = {**(payload or {}), **({"reason": ended} if ended else {})}
    line = append(
        change,
        moved,
        client_id=uuid.uuid4().hex,
        role="event",
        text=name,
        now=now,
        author_id=agent[0] if agent else None,
        author=agent[1] if agent else None,
        payload=told or None,
    )
    if handoff is not None:
        change.desk_changed(handoff.desk)
        if ended is not None:
            _end(change, handoff, ended, now, is_withdrawn=name == "withdraw")
    return replace(moved, last_position=line.position)


def _write(change: Change, before: Conversation, after: Conversation) -> None:
    # The row is locked; the condition would catch a caller that did not lock it.
    written = change.connection.execute(
        update(CONVERSATIONS)
        .where(
            CONVERSATIONS.c.id == before.id,
            CONVERSATIONS.c.state == before.state,
            CONVERSATIONS.c.token == before.token,
        )
        .values(
            state=after.state,
            owner=after.owner,
            owner_name=after.owner_name,
            token=after.token,
            episode=after.episode,
            changed_at=after.changed_at,
        )
    )
    if written.rowcount != 1:
        raise RecordsUnusable(
            f"conversation {before.id!r}: changed under its lock; see the isolation level."
        )


def _end(
    change: Change,
    handoff: HandoffRecord,
    reason: CloseReason,
    now: datetime,
    *,
    is_withdrawn: bool,
) -> None:
    number = handoff.request_number
    set_record(change.connection, handoff.id, closed_at=now, close_reason=reason)
    if number is not None and is_withdrawn:
        change.connection.execute(delete(REQUESTS).where(REQUESTS.c.number == number))
    elif number is not None:
        answered = update(REQUESTS).where(REQUESTS.c.number == number)
        change.connection.execute(answered.values(status="closed"))
    match reason:
        case "declined":
            count(change, "declined", handoff, now)
        case "lapsed":
            count(change, "lapsed", handoff, now)
        case "withdrawn":
            if handoff.waiting_since is not None:
                count(change, "abandoned", handoff, now, since=handoff.waiting_since)
        case _:
            count(change, "closed", handoff, now, since=handoff.claimed_at, close_reason=reason)
            if reason == "solved":
                count(change, "solved", handoff, now)
