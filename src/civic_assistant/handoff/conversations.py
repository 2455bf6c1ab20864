"""A citizen's conversation: opened, found again by its code, and who may speak in it."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast

from sqlalchemy import Connection, Row, Select, insert, select, update

from civic_assistant.errors import RecordMissing
from civic_assistant.handoff.codes import digest, new_code
from civic_assistant.handoff.signals import Signal, Typist, conversation_topic
from civic_assistant.handoff.states import SPEAKERS, Speaker, State
from civic_assistant.handoff.store import Store
from civic_assistant.handoff.tables import CONVERSATIONS

HERE_SECONDS = 45
"""A citizen whose page was not heard of for so long counts as gone: three heartbeats of 15 s."""

_NAME_LIMIT = 120


@dataclass(frozen=True, slots=True)
class Floor:
    """Who may speak, and the proof of it: an answer begun on this floor may be said on it only.

    ``token`` changes with every change of who may speak, ``episode`` when a closed handoff is left
    behind.
    """

    conversation_id: str
    state: State
    speaker: Speaker
    owner_name: str | None
    episode: int
    token: int


@dataclass(frozen=True, slots=True)
class Conversation:
    """One citizen's conversation as it stands; ``owner`` is the id of the agent who holds it."""

    id: str
    language: str
    state: State
    owner: str | None
    owner_name: str | None
    episode: int
    token: int
    last_position: int
    opened_at: datetime
    changed_at: datetime
    seen_at: datetime | None

    @property
    def floor(self) -> Floor:
        """Who may speak now."""
        return Floor(
            self.id, self.state, SPEAKERS[self.state], self.owner_name, self.episode, self.token
        )

    def is_here(self, now: datetime) -> bool:
        """Whether the citizen's page is open somewhere, as far as is known."""
        return self.seen_at is not None and self.seen_at > now - timedelta(seconds=HERE_SECONDS)


@dataclass(frozen=True, slots=True)
class Opened:
    """A new conversation, and its return code in clear: only its digest is kept."""

    conversation: Conversation
    code: str


class Conversations:
    """Conversations are opened, found again and looked at; safe to share between threads."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def open(self, *, language: str, now: datetime) -> Opened:
        """Begin a conversation in a language tag; it is durable on return."""
        code = new_code()
        conversation_id = uuid.uuid4().hex
        with self._store.changing() as change:
            change.connection.execute(
                insert(CONVERSATIONS).values(
                    id=conversation_id,
                    code=digest(code),
                    language=language[:16],
                    state="bot",
                    episode=1,
                    token=1,
                    last_position=0,
                    opened_at=now,
                    changed_at=now,
                    seen_at=now,
                )
            )
            return Opened(found(change.connection, conversation_id), code)

    def resume(self, code: str) -> Conversation:
        """Return the conversation of a return code. Raises `RecordMissing` for any other text."""
        query = select(CONVERSATIONS).where(CONVERSATIONS.c.code == digest(code))
        with self._store.reading() as connection:
            row = connection.execute(query).one_or_none()
        if row is None:
            raise RecordMissing("return code: no conversation has it; it was erased, or mistyped.")
        return _conversation(row)

    def conversation(self, conversation_id: str) -> Conversation:
        """Return the conversation of this id. Raises `RecordMissing`."""
        with self._store.reading() as connection:
            return found(connection, conversation_id)

    def holds(self, floor: Floor) -> bool:
        """Whether the floor is still the same; cheap, for what is shown while an answer is made.

        What is said has to go through `Transcript.say`, which decides in its own transaction.
        """
        token = select(CONVERSATIONS.c.token).where(CONVERSATIONS.c.id == floor.conversation_id)
        with self._store.reading() as connection:
            return connection.scalar(token) == floor.token

    def set_language(self, conversation_id: str, language: str) -> None:
        """Remember the language that the citizen writes in now. Raises `RecordMissing`."""
        with self._store.changing() as change:
            if found(change.connection, conversation_id).language != language[:16]:
                _set(change.connection, conversation_id, language=language[:16])
                change.conversation_changed(conversation_id)

    def seen(self, conversation_id: str, now: datetime) -> None:
        """Note that the citizen's page is open: call it when it opens and every 15 s.

        Raises `RecordMissing`.
        """
        with self._store.reading() as connection:
            before = found(connection, conversation_id)
        if before.seen_at is not None and before.seen_at > now - timedelta(seconds=10):
            return
        with self._store.changing() as change:
            _set(change.connection, conversation_id, seen_at=now)
            if not before.is_here(now):
                change.signals.append(_here(conversation_id, True))

    def gone(self, conversation_id: str) -> None:
        """Note that the citizen's last page was closed. Raises `RecordMissing`."""
        with self._store.changing() as change:
            if found(change.connection, conversation_id).seen_at is not None:
                _set(change.connection, conversation_id, seen_at=None)
                change.signals.append(_here(conversation_id, False))

    def typing(self, conversation_id: str, *, who: Typist, name: str | None = None) -> None:
        """Tell the others that somebody writes; nothing is kept. At most one call in 3 s.

        Show it for 6 s, or until a message of theirs comes.
        """
        shown = name[:_NAME_LIMIT] if name else None
        topic = conversation_topic(conversation_id)
        self._store.signal(Signal(topic, "typing", who, shown))


def found(connection: Connection, conversation_id: str) -> Conversation:
    """Return the conversation of this id as the connection sees it. Raises `RecordMissing`."""
    return _one(connection, _of(conversation_id), conversation_id)


def locked(connection: Connection, conversation_id: str) -> Conversation:
    """Return the conversation, locked until the transaction ends: what is decided on it holds.

    PostgreSQL locks the row; on SQLite the transaction holds the only right to write already.
    Raises `RecordMissing`.
    """
    return _one(connection, _of(conversation_id).with_for_update(), conversation_id)


def _of(conversation_id: str) -> Select[tuple[object, ...]]:
    return select(CONVERSATIONS).where(CONVERSATIONS.c.id == conversation_id)


def _one(
    connection: Connection, query: Select[tuple[object, ...]], conversation_id: str
) -> Conversation:
    row = connection.execute(query).one_or_none()
    if row is None:
        raise RecordMissing(f"conversation {conversation_id!r}: not kept; it may be erased.")
    return _conversation(row)


def _set(connection: Connection, conversation_id: str, **values: object) -> None:
    chosen = update(CONVERSATIONS).where(CONVERSATIONS.c.id == conversation_id)
    connection.execute(chosen.values(**values))


def _here(conversation_id: str, is_here: bool) -> Signal:
    return Signal(conversation_topic(conversation_id), "here", is_here=is_here)


def _conversation(row: Row[tuple[object, ...]]) -> Conversation:
    values = row._mapping
    return Conversation(
        id=str(values["id"]),
        language=str(values["language"]),
        state=cast(State, values["state"]),
        owner=cast("str | None", values["owner"]),
        owner_name=cast("str | None", values["owner_name"]),
        episode=cast(int, values["episode"]),
        token=cast(int, values["token"]),
        last_position=cast(int, values["last_position"]),
        opened_at=cast(datetime, values["opened_at"]),
        changed_at=cast(datetime, values["changed_at"]),
        seen_at=cast("datetime | None", values["seen_at"]),
    )
