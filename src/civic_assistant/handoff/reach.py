"""How far the citizen's page has come: what it has of the conversation, and what was in sight.

The page itself says so, after it has drawn a message; until then the desk shows it as not there.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, select, update

from civic_assistant.errors import RecordMissing
from civic_assistant.handoff.conversations import locked
from civic_assistant.handoff.store import Store
from civic_assistant.handoff.tables import CONVERSATIONS


@dataclass(frozen=True, slots=True)
class Reached:
    """The last position that a page of the citizen has, and the last that was in sight in one."""

    delivered: int
    seen: int


class Reach:
    """Notes and tells how far a citizen has come; safe to share between threads."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def reached(self, conversation_id: str) -> Reached:
        """Return how far the citizen's pages have come. Raises `RecordMissing`."""
        with self._store.reading() as connection:
            return reached_on(connection, conversation_id)

    def note(self, conversation_id: str, position: int, *, is_seen: bool) -> Reached:
        """Note that a page has everything up to a position, and whether it was in sight.

        It never goes back, and never beyond the last message. Raises `RecordMissing`.
        """
        before = self.reached(conversation_id)
        if position <= (before.seen if is_seen else before.delivered):
            return before
        with self._store.changing() as change:
            conversation = locked(change.connection, conversation_id)
            before = reached_on(change.connection, conversation_id)
            known = min(position, conversation.last_position)
            delivered = max(before.delivered, known)
            after = Reached(delivered, max(before.seen, known) if is_seen else before.seen)
            if after != before:
                row = update(CONVERSATIONS).where(CONVERSATIONS.c.id == conversation_id)
                change.connection.execute(
                    row.values(delivered_position=after.delivered, seen_position=after.seen)
                )
                change.conversation_changed(conversation_id)
            return after


def reached_on(connection: Connection, conversation_id: str) -> Reached:
    """Return how far the citizen's pages have come, as the connection sees it.

    Raises `RecordMissing`.
    """
    columns = select(CONVERSATIONS.c.delivered_position, CONVERSATIONS.c.seen_position)
    row = connection.execute(columns.where(CONVERSATIONS.c.id == conversation_id)).one_or_none()
    if row is None:
        raise RecordMissing(f"conversation {conversation_id!r}: not kept; it may be erased.")
    return Reached(row.delivered_position, row.seen_position)
