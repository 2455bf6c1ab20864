"""Translations of what was said, beside it: the first that is kept is the one that everybody sees.

The message itself stays as it was written; a translation goes with it when it is erased.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError

from civic_assistant.handoff.store import Store
from civic_assistant.handoff.tables import MESSAGE_TRANSLATIONS as KEPT


@dataclass(frozen=True, slots=True)
class KeptTranslation:
    """A message in another language; ``text`` is empty where ``why_none`` says that none is sure.

    ``prompt`` is the version of what the ``model`` was told.
    """

    text: str
    why_none: str
    prompt: str
    model: str


class Translations:
    """Translations are kept once and read; safe to share between threads and processes."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def read(self, conversation_id: str, position: int, language: str) -> KeptTranslation | None:
        """Return what is kept of a message in a language, or None. Raises `RecordsUnusable`."""
        query = select(KEPT.c.text, KEPT.c.why_none, KEPT.c.prompt, KEPT.c.model).where(
            KEPT.c.conversation_id == conversation_id,
            KEPT.c.position == position,
            KEPT.c.language == language,
        )
        with self._store.reading() as connection:
            row = connection.execute(query).one_or_none()
        return None if row is None else KeptTranslation(*row)

    def keep(
        self,
        conversation_id: str,
        position: int,
        language: str,
        made: KeptTranslation,
        now: datetime,
    ) -> KeptTranslation | None:
        """Keep a translation and return the one that is kept: who was first is not overruled.

        None when the message is gone meanwhile. Raises `RecordsUnusable`.
        """
        row = insert(KEPT).values(
            conversation_id=conversation_id,
            position=position,
            language=language,
            text=made.text,
            why_none=made.why_none,
            prompt=made.prompt,
            model=made.model,
            at=now,
        )
        with self._store.changing() as change:
            try:
                with change.connection.begin_nested():
                    change.connection.execute(row)
            except IntegrityError:  # it is there already, or the message no longer
                pass
            else:
                return made
        return self.read(conversation_id, position, language)
