"""The journal: every turn, kept so that its answer can be explained.

Logged: a turn's id, its outcome and the fact that it was kept. Never a word of the citizen's.
"""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import TYPE_CHECKING

from sqlalchemy import Engine, insert, select, update

from civic_assistant.errors import RecordMissing
from civic_assistant.outcomes import outcome_name
from civic_assistant.question_vectors import keep_vectors, vector_model
from civic_assistant.records import SAID_PLAINLY, TURNS, reading, writing
from civic_assistant.stored import StoredTurn, from_json, stored_turn, to_json
from civic_assistant.turns import Turn

if TYPE_CHECKING:
    from civic_assistant.language_model.written import Written

logger = logging.getLogger(__name__)


class Journal:
    """Turns are added and read, and drafts added to them; only retention takes any out."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def record(self, turn: Turn) -> None:
        """Keep a turn; what the citizen wrote is redacted before, whatever was done to it earlier.

        The turn is durable on return. Raises `RecordsUnusable` when it could not be kept.
        """
        stored = stored_turn(turn)
        # An answer said again is no question: whoever counts questions reads this column.
        name = SAID_PLAINLY if turn.plain_of else outcome_name(turn.outcome)
        with writing(self._engine) as connection:
            connection.execute(
                insert(TURNS).values(
                    id=stored.id,
                    at=stored.at,
                    conversation=stored.conversation,
                    language=stored.language,
                    outcome=name,
                    edition=stored.edition,
                    question=stored.question,
                    payload=to_json(stored),
                )
            )
            if turn.vector is not None:
                keep_vectors(connection, {stored.id: turn.vector}, vector_model(turn.models))
        logger.debug("turn %s kept: %s", stored.id, name)

    def keep_draft(self, turn_id: str, draft: Written) -> None:
        """Keep with a turn what a model drafted for staff; a later draft stands in for this one.

        Raises `RecordMissing` when the turn is not kept, `RecordsUnusable` when it cannot be.
        """
        stored = replace(self.turn(turn_id), staff_draft=draft)
        with writing(self._engine) as connection:
            connection.execute(
                update(TURNS).where(TURNS.c.id == turn_id).values(payload=to_json(stored))
            )

    def turn(self, turn_id: str) -> StoredTurn:
        """Return the turn of this id.

        Raises `RecordMissing` when there is none, or retention has taken it out.
        """
        with reading(self._engine) as connection:
            payload = connection.scalar(select(TURNS.c.payload).where(TURNS.c.id == turn_id))
        if payload is None:
            raise RecordMissing(
                f"turn {turn_id!r}: not in the journal; see the number, and whether the setting "
                "'journal_days' has had it erased."
            )
        return from_json(payload)

    def editions(self) -> set[int]:
        """Return the editions that the kept turns were answered from."""
        with reading(self._engine) as connection:
            return set(
                connection.scalars(
                    select(TURNS.c.edition).where(TURNS.c.edition.is_not(None)).distinct()
                )
            )
