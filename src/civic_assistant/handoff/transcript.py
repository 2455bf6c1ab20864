"""What is said in a conversation: stored first, in order, exactly once; then it can be shown."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from pydantic import JsonValue
from sqlalchemy import Connection, select

from civic_assistant.errors import FloorLost
from civic_assistant.handoff.conversations import Conversation, Floor, found, locked
from civic_assistant.handoff.entries import (
    TEXT_LIMIT,
    Message,
    append,
    bounded_text,
    message_of,
    said_before,
)
from civic_assistant.handoff.events import count
from civic_assistant.handoff.ownership import move
from civic_assistant.handoff.record import current_record, set_record
from civic_assistant.handoff.states import SPEAKERS
from civic_assistant.handoff.store import Change, Store
from civic_assistant.handoff.tables import MESSAGES
from civic_assistant.redaction import redact

BOT_LIMIT = 4 * TEXT_LIMIT
"""Characters of what the bot says, sources included."""
_ANSWERS_READ = 24
"""Answers that are looked through for the questions that they answer."""


@dataclass(frozen=True, slots=True)
class Heard:
    """A citizen's message as it was stored, and who may answer it.

    ``is_repeated`` says that it had been stored before: somebody answers it already.
    """

    message: Message
    floor: Floor
    is_repeated: bool = False


class Transcript:
    """Messages are appended and read, never changed; safe to share between threads."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def hear(
        self,
        conversation_id: str,
        *,
        client_id: str,
        text: str,
        now: datetime,
        language: str | None = None,
    ) -> Heard:
        """Store what the citizen writes, whatever the state, and say who may answer.

        While the bot has the floor personal data are taken out first, as the privacy notice says;
        what is written to a person stays as it is, and is the question when none was asked before.
        Writing on declines an open offer, and begins a new episode after a closed handoff. Raises
        `MessageRefused`, `RecordMissing`.
        """
        with self._store.changing() as change:
            conversation = locked(change.connection, conversation_id)
            before = said_before(change, conversation, client_id, "citizen", None)
            if before is not None:
                return Heard(before, conversation.floor, is_repeated=True)
            shown = bounded_text(text)
            handoff = current_record(change.connection, conversation_id)
            if conversation.state == "closed":
                conversation = move(change, conversation, "begin", now, handoff=None)
            elif conversation.state == "offered":
                conversation = move(change, conversation, "decline", now, handoff=handoff)
            elif handoff is not None:
                change.desk_changed(handoff.desk)
            if conversation.floor.speaker == "bot":
                shown = redact(shown).text
            elif handoff is not None and not handoff.question:
                set_record(change.connection, handoff.id, question=shown)
            message = append(
                change,
                conversation,
                client_id=client_id,
                role="citizen",
                text=shown,
                now=now,
                payload=_written_in(language),
            )
            return Heard(message, replace(conversation, last_position=message.position).floor)

    def say(
        self,
        floor: Floor,
        *,
        client_id: str,
        text: str,
        now: datetime,
        turn_id: str | None = None,
        payload: JsonValue = None,
    ) -> Message:
        """Store what the bot answers, if it still may: the last look before an answer is shown.

        Raises `FloorLost` when anybody else has had the floor since ``floor`` was read: the answer
        must not be shown then. Raises `MessageRefused`, `RecordMissing` too.
        """
        with self._store.changing() as change:
            conversation = locked(change.connection, floor.conversation_id)
            before = said_before(change, conversation, client_id, "bot", None)
            if before is not None:
                return before
            require_floor(conversation, floor)
            return append(
                change,
                conversation,
                client_id=client_id,
                role="bot",
                text=bounded_text(text, BOT_LIMIT),
                now=now,
                turn_id=turn_id,
                payload=payload,
            )

    def reply(
        self,
        conversation_id: str,
        *,
        staff_id: str,
        client_id: str,
        text: str,
        now: datetime,
        language: str | None = None,
    ) -> Message:
        """Store what an agent writes to the citizen, if the conversation is still theirs.

        ``language`` is the tag of the language it is written in, where that is known. Raises
        `FloorLost` when it is not theirs any more, `MessageRefused`, `RecordMissing`.
        """
        with self._store.changing() as change:
            conversation = locked(change.connection, conversation_id)
            before = said_before(change, conversation, client_id, "agent", staff_id)
            if before is not None:
                return before
            if conversation.owner != staff_id:
                raise FloorLost(conversation.state, conversation.owner_name)
            self._note_first_reply(change, conversation, now)
            return append(
                change,
                conversation,
                client_id=client_id,
                role="agent",
                text=bounded_text(text),
                now=now,
                author_id=staff_id,
                author=conversation.owner_name,
                payload=_written_in(language),
            )

    def note(
        self,
        conversation_id: str,
        *,
        staff_id: str,
        author: str,
        client_id: str,
        text: str,
        now: datetime,
    ) -> Message:
        """Store an internal note of any member of staff; the citizen never reads it.

        Raises `MessageRefused`, `RecordMissing`.
        """
        with self._store.changing() as change:
            conversation = locked(change.connection, conversation_id)
            before = said_before(change, conversation, client_id, "note", staff_id)
            if before is not None:
                return before
            return append(
                change,
                conversation,
                client_id=client_id,
                role="note",
                text=bounded_text(text),
                now=now,
                author_id=staff_id,
                author=author[:120],
            )

    def messages(
        self, conversation_id: str, *, after: int = 0, limit: int = 200, for_staff: bool = False
    ) -> tuple[Message, ...]:
        """Return the messages behind a position, in order, at most ``limit`` of them.

        Notes are left out unless ``for_staff``: positions have gaps then. Raises `RecordMissing`.
        """
        with self._store.reading() as connection:
            found(connection, conversation_id)
            return _read(connection, conversation_id, after, limit, for_staff)

    def history(self, conversation_id: str, limit: int = 8) -> tuple[str, ...]:
        """Return the citizen's last messages of this episode, oldest first, without personal data.

        What was written before a handoff was closed is no context for what comes after. Raises
        `RecordMissing`.
        """
        with self._store.reading() as connection:
            episode = found(connection, conversation_id).episode
            query = (
                select(MESSAGES.c.text)
                .where(
                    MESSAGES.c.conversation_id == conversation_id,
                    MESSAGES.c.role == "citizen",
                    MESSAGES.c.episode == episode,
                )
                .order_by(MESSAGES.c.position.desc())
                .limit(limit)
            )
            texts = connection.scalars(query).all()
        return tuple(redact(text).text for text in reversed(texts))

    def questions(self, conversation_id: str, limit: int = 8) -> tuple[str, ...]:
        """Return the last questions of this episode that the guides were asked, oldest first.

        They are without personal data, and as those after them may need them. What was screened is
        not among them, nor what was said to a person. Raises `RecordMissing`.
        """
        with self._store.reading() as connection:
            episode = found(connection, conversation_id).episode
            query = (
                select(MESSAGES.c.payload)
                .where(
                    MESSAGES.c.conversation_id == conversation_id,
                    MESSAGES.c.role == "bot",
                    MESSAGES.c.episode == episode,
                )
                .order_by(MESSAGES.c.position.desc())
                .limit(_ANSWERS_READ)
            )
            payloads = connection.scalars(query).all()
        questions: list[str] = []
        for payload in reversed(payloads):
            match payload:
                case {"asked": {"question": str(question), "is_reply": bool(is_reply)}}:
                    if is_reply:  # it stands for the question before, and says its case
                        del questions[-1:]
                    questions.append(question)
        return tuple(redact(text).text for text in questions[-limit:])

    def _note_first_reply(self, change: Change, conversation: Conversation, now: datetime) -> None:
        handoff = current_record(change.connection, conversation.id)
        if handoff is not None and handoff.answered_at is None:
            set_record(change.connection, handoff.id, answered_at=now)
            count(change, "answered", handoff, now, since=handoff.waiting_since)


def require_floor(conversation: Conversation, floor: Floor) -> None:
    """Raise `FloorLost` unless the bot may speak and the floor is the one that was read."""
    if conversation.token != floor.token or SPEAKERS[conversation.state] != "bot":
        raise FloorLost(conversation.state, conversation.owner_name)


def _written_in(language: str | None) -> JsonValue:
    return {"language": language} if language else None


def _read(
    connection: Connection, conversation_id: str, after: int, limit: int, for_staff: bool
) -> tuple[Message, ...]:
    query = select(MESSAGES).where(
        MESSAGES.c.conversation_id == conversation_id, MESSAGES.c.position > after
    )
    if not for_staff:
        query = query.where(MESSAGES.c.role != "note")
    rows = connection.execute(query.order_by(MESSAGES.c.position).limit(limit))
    return tuple(message_of(row) for row in rows)
