"""One line of a conversation, and the only way in: appended, without gaps, exactly once."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, cast

from pydantic import JsonValue
from sqlalchemy import Row, insert, select, update

from civic_assistant.errors import MessageRefused
from civic_assistant.handoff.conversations import Conversation
from civic_assistant.handoff.store import Change
from civic_assistant.handoff.tables import CONVERSATIONS, MESSAGES
from civic_assistant.limits import plain_text

Role = Literal["citizen", "bot", "agent", "note", "event"]
"""``note`` is for staff only. ``event`` is a move: its text is the move's name."""

TEXT_LIMIT = 10_000
PAYLOAD_LIMIT = 65_536
"""Characters of a message, and of its payload as JSON."""

_CLIENT_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")


@dataclass(frozen=True, slots=True)
class Message:
    """A message as it is kept; ``position`` counts from 1 within its conversation.

    ``client_id`` is the sender's own id of it, ``turn_id`` the journal's number of the turn that
    the bot said, ``payload`` what a page needs to draw it again, with the language that it was
    written in. ``author`` is an agent's name.
    """

    conversation_id: str
    position: int
    client_id: str
    at: datetime
    role: Role
    episode: int
    author_id: str | None
    author: str | None
    text: str
    turn_id: str | None
    payload: JsonValue

    @property
    def language(self) -> str | None:
        """The language tag of the text, as far as its sender's side recognised it."""
        tag = self.payload.get("language") if isinstance(self.payload, dict) else None
        return tag if isinstance(tag, str) and tag else None


def bounded_text(text: str, limit: int = TEXT_LIMIT) -> str:
    """Return a message's text without control characters and outer blanks.

    Raises `MessageRefused` when nothing is left, or more than ``limit`` characters.
    """
    shown = plain_text(text[: 4 * limit]).strip()
    if not shown:
        raise MessageRefused("message: nothing is written in it; ask for a text.")
    if len(shown) > limit:
        raise MessageRefused(f"message: more than {limit} characters; ask for a shorter one.")
    return shown


def said_before(
    change: Change, conversation: Conversation, client_id: str, role: Role, author_id: str | None
) -> Message | None:
    """Return the message that its sender sent under this id before, or None.

    Raises `MessageRefused` for an id of other signs than letters, digits, ``-`` and ``_``, and for
    one that somebody else used.
    """
    if not _CLIENT_ID.fullmatch(client_id):
        raise MessageRefused("message id: 1 to 64 letters, digits, '-' or '_' are expected.")
    query = select(MESSAGES).where(
        MESSAGES.c.conversation_id == conversation.id, MESSAGES.c.client_id == client_id
    )
    row = change.connection.execute(query).one_or_none()
    if row is None:
        return None
    before = message_of(row)
    if (before.role, before.author_id) != (role, author_id):
        raise MessageRefused("message id: another author's message has it; draw a new one.")
    return before


def append(
    change: Change,
    conversation: Conversation,
    *,
    client_id: str,
    role: Role,
    text: str,
    now: datetime,
    author_id: str | None = None,
    author: str | None = None,
    turn_id: str | None = None,
    payload: JsonValue = None,
) -> Message:
    """Add a line to a conversation that this transaction has locked, and announce it.

    The position comes from the conversation's own row under that lock: a later one can never be
    committed before an earlier one, as it can with a sequence of the database. Raises
    `MessageRefused` for a payload of more than 65,536 characters.
    """
    if payload is not None and len(json.dumps(payload)) > PAYLOAD_LIMIT:
        raise MessageRefused(f"payload: more than {PAYLOAD_LIMIT} characters as JSON.")
    counted = (
        update(CONVERSATIONS)
        .where(CONVERSATIONS.c.id == conversation.id)
        .values(last_position=CONVERSATIONS.c.last_position + 1, changed_at=now)
        .returning(CONVERSATIONS.c.last_position, CONVERSATIONS.c.episode)
    )
    position, episode = change.connection.execute(counted).one()
    message = Message(
        conversation_id=conversation.id,
        position=position,
        client_id=client_id,
        at=now,
        role=role,
        episode=episode,
        author_id=author_id,
        author=author,
        text=text,
        turn_id=turn_id,
        payload=payload,
    )
    change.connection.execute(insert(MESSAGES).values(**_values(message)))
    change.conversation_changed(conversation.id)
    return message


def message_of(row: Row[tuple[object, ...]]) -> Message:
    """Return the message that a row of the table holds."""
    values = row._mapping
    return Message(
        conversation_id=str(values["conversation_id"]),
        position=cast(int, values["position"]),
        client_id=str(values["client_id"]),
        at=cast(datetime, values["at"]),
        role=cast(Role, values["role"]),
        episode=cast(int, values["episode"]),
        author_id=cast("str | None", values["author_id"]),
        author=cast("str | None", values["author"]),
        text=str(values["text"]),
        turn_id=cast("str | None", values["turn_id"]),
        payload=cast(JsonValue, values["payload"]),
    )


def _values(message: Message) -> dict[str, object]:
    return {name: getattr(message, name) for name in Message.__slots__}
