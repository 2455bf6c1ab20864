"""A handoff as it is kept: one wish for a person, from the offer to its end."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from sqlalchemy import Connection, Row, Select, insert, select, update

from civic_assistant.handoff.conversations import Conversation
from civic_assistant.handoff.states import CloseReason, Reason
from civic_assistant.handoff.tables import HANDOFFS
from civic_assistant.records import REQUESTS


@dataclass(frozen=True, slots=True)
class HandoffRecord:
    """One handoff; moments are None until they come.

    ``asked_at`` gives the place in the queue and stays when a person gives the conversation back;
    ``waiting_since`` is when this wait began. ``question`` is what the citizen let be passed on,
    empty until something is asked. ``request_number``, ``contact`` and ``name`` are those of a left
    message.
    """

    id: str
    conversation_id: str
    episode: int
    desk: str
    reason: Reason
    language: str
    question: str
    turn_id: str | None
    began_at: datetime
    asked_at: datetime | None
    waiting_since: datetime | None
    claimed_at: datetime | None
    answered_at: datetime | None
    closed_at: datetime | None
    close_reason: CloseReason | None
    request_number: str | None
    contact: str | None
    name: str | None


def records() -> Select[tuple[object, ...]]:
    """Return the query of all handoffs with their left messages, to be narrowed."""
    left = HANDOFFS.outerjoin(REQUESTS, HANDOFFS.c.request_number == REQUESTS.c.number)
    return select(HANDOFFS, REQUESTS.c.contact, REQUESTS.c.name).select_from(left)


def current_record(connection: Connection, conversation_id: str) -> HandoffRecord | None:
    """Return the handoff that is not closed, or None; there is never more than one."""
    query = records().where(
        HANDOFFS.c.conversation_id == conversation_id, HANDOFFS.c.closed_at.is_(None)
    )
    row = connection.execute(query).one_or_none()
    return record_of(row) if row is not None else None


def begin_record(
    connection: Connection,
    conversation: Conversation,
    *,
    reason: Reason,
    desk: str,
    turn_id: str | None,
    now: datetime,
) -> HandoffRecord:
    """Keep a new handoff of a conversation that has no open one, and return it."""
    handoff = HandoffRecord(
        id=uuid.uuid4().hex,
        conversation_id=conversation.id,
        episode=conversation.episode,
        desk=desk,
        reason=reason,
        language=conversation.language,
        question="",
        turn_id=turn_id,
        began_at=now,
        asked_at=None,
        waiting_since=None,
        claimed_at=None,
        answered_at=None,
        closed_at=None,
        close_reason=None,
        request_number=None,
        contact=None,
        name=None,
    )
    kept = {name: getattr(handoff, name) for name in HANDOFFS.c.keys()}  # noqa: SIM118
    connection.execute(insert(HANDOFFS).values(**kept))
    return handoff


def set_record(connection: Connection, handoff_id: str, **values: object) -> None:
    """Change a handoff."""
    connection.execute(update(HANDOFFS).where(HANDOFFS.c.id == handoff_id).values(**values))


def record_of(row: Row[tuple[object, ...]]) -> HandoffRecord:
    """Return the handoff that a row of `records` holds."""
    values = row._mapping
    return HandoffRecord(
        id=str(values["id"]),
        conversation_id=str(values["conversation_id"]),
        episode=cast(int, values["episode"]),
        desk=str(values["desk"]),
        reason=cast(Reason, values["reason"]),
        language=str(values["language"]),
        question=str(values["question"]),
        turn_id=cast("str | None", values["turn_id"]),
        began_at=cast(datetime, values["began_at"]),
        asked_at=cast("datetime | None", values["asked_at"]),
        waiting_since=cast("datetime | None", values["waiting_since"]),
        claimed_at=cast("datetime | None", values["claimed_at"]),
        answered_at=cast("datetime | None", values["answered_at"]),
        closed_at=cast("datetime | None", values["closed_at"]),
        close_reason=cast("CloseReason | None", values["close_reason"]),
        request_number=cast("str | None", values["request_number"]),
        contact=cast("str | None", values["contact"]),
        name=cast("str | None", values["name"]),
    )
