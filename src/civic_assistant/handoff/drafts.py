"""What a member of staff has begun to write and not sent, so that a reload does not lose it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, insert, select

from civic_assistant.handoff.conversations import found
from civic_assistant.handoff.entries import TEXT_LIMIT
from civic_assistant.handoff.store import Store
from civic_assistant.handoff.tables import DRAFTS
from civic_assistant.limits import plain_text


class Drafts:
    """One draft for each conversation and member of staff; never shown to the citizen."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def save(self, conversation_id: str, staff_id: str, text: str, now: datetime) -> None:
        """Keep a draft instead of the one before, cut at 10,000 characters; empty: none.

        Raises `RecordMissing` when the conversation was erased.
        """
        kept = plain_text(text[: 4 * TEXT_LIMIT])[:TEXT_LIMIT]
        with self._store.changing() as change:
            found(change.connection, conversation_id)
            here = (DRAFTS.c.conversation_id == conversation_id, DRAFTS.c.staff_id == staff_id)
            change.connection.execute(delete(DRAFTS).where(*here))
            if kept.strip():
                values = {"conversation_id": conversation_id, "staff_id": staff_id}
                change.connection.execute(insert(DRAFTS).values(**values, text=kept, at=now))

    def read(self, conversation_id: str, staff_id: str) -> str:
        """Return the draft, or an empty text."""
        query = select(DRAFTS.c.text).where(
            DRAFTS.c.conversation_id == conversation_id, DRAFTS.c.staff_id == staff_id
        )
        with self._store.reading() as connection:
            return connection.scalar(query) or ""
