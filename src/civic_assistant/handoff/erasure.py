"""Erase a conversation at the citizen's wish, with everything that belongs to it.

Logged: that a conversation was erased. Never its number, code or text.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass

from sqlalchemy import delete, select

from civic_assistant.errors import RecordMissing
from civic_assistant.handoff.codes import digest
from civic_assistant.handoff.conversations import locked
from civic_assistant.handoff.record import current_record
from civic_assistant.handoff.store import Store
from civic_assistant.handoff.tables import CONVERSATIONS, HANDOFFS
from civic_assistant.records import REQUESTS, TURNS, scrub

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Erased:
    """How many messages left with a contact and turns of the journal went with a conversation.

    ``is_complete`` is False when another connection held the file or a table, so that traces may be
    in it until the next purge.
    """

    requests: int
    turns: int
    is_complete: bool


class Erasure:
    """Erases by return code: who holds the code may, and nobody else."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def erase(self, code: str) -> Erased:
        """Erase the conversation of a return code: messages, handoffs, contacts, drafts, turns.

        What was counted of it stays, because nothing in it leads back. Raises `RecordMissing` for
        a code that no conversation has.
        """
        wanted = select(CONVERSATIONS.c.id).where(CONVERSATIONS.c.code == digest(code))
        with self._store.changing() as change:
            conversation_id = change.connection.scalar(wanted)
            if conversation_id is None:
                raise RecordMissing(
                    "return code: no conversation has it; it may be erased already."
                )
            locked(change.connection, conversation_id)
            handoff = current_record(change.connection, conversation_id)
            numbers = select(HANDOFFS.c.request_number).where(
                HANDOFFS.c.conversation_id == conversation_id,
                HANDOFFS.c.request_number.is_not(None),
            )
            requests = change.connection.execute(
                delete(REQUESTS).where(REQUESTS.c.number.in_(numbers))
            ).rowcount
            turns = change.connection.execute(
                delete(TURNS).where(TURNS.c.conversation == conversation_id)
            ).rowcount
            change.connection.execute(
                delete(CONVERSATIONS).where(CONVERSATIONS.c.id == conversation_id)
            )
            change.conversation_changed(conversation_id)
            if handoff is not None:
                change.desk_changed(handoff.desk)
        logger.info("a conversation was erased at the citizen's wish")
        return Erased(requests, turns, is_complete=scrub(self._store.engine))
