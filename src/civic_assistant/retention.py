"""Erase what has been kept for its time.

Logged: how much of each kind was erased, and whether the files are clear of it.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Engine, Table, delete, select

from civic_assistant.handoff.tables import CONVERSATIONS, DRAFTS, EVENTS, HANDOFFS
from civic_assistant.records import REQUESTS, TURNS, scrub, writing
from civic_assistant.settings import Settings

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Purged:
    """How many turns, requests, conversations, drafts and counted events were erased.

    ``is_complete`` is False when another connection held the file or a table, so that traces of
    them may be in it still; running the purge again clears them.
    """

    turns: int = 0
    requests: int = 0
    conversations: int = 0
    drafts: int = 0
    events: int = 0
    is_complete: bool = True


def purge(engine: Engine, settings: Settings, now: datetime) -> Purged:
    """Erase what is older than its setting, one for each kind (``journal_days`` and so on).

    A request outlives its turn and loses the link to it. A conversation goes with its messages,
    notes and handoffs so many days after its last change, but never before the request that was
    left in it and is still open. The database's files hold nothing of what was erased afterwards;
    PostgreSQL's tables are locked while they are written anew. Raises `RecordsUnusable` when
    nothing could be erased.
    """

    def before(days: int) -> datetime:
        return now - timedelta(days=days)

    with writing(engine) as connection:

        def erased(table: Table, *which: ColumnElement[bool]) -> int:
            return connection.execute(delete(table).where(*which)).rowcount

        requests = erased(REQUESTS, REQUESTS.c.at < before(settings.request_days))
        promised = (
            select(HANDOFFS.c.conversation_id)
            .join(REQUESTS, HANDOFFS.c.request_number == REQUESTS.c.number)
            .where(HANDOFFS.c.closed_at.is_(None))
        )
        purged = Purged(
            turns=erased(TURNS, TURNS.c.at < before(settings.journal_days)),
            requests=requests,
            conversations=erased(
                CONVERSATIONS,
                CONVERSATIONS.c.changed_at < before(settings.conversation_days),
                CONVERSATIONS.c.id.not_in(promised),
            ),
            drafts=erased(DRAFTS, DRAFTS.c.at < before(settings.draft_days)),
            events=erased(EVENTS, EVENTS.c.at < before(settings.figure_days)),
        )
    purged = replace(purged, is_complete=scrub(engine, is_rewriting=True))
    logger.info(
        "purge: %d turns, %d requests, %d conversations, %d drafts and %d counted events erased; "
        "files clear: %s",
        purged.turns,
        purged.requests,
        purged.conversations,
        purged.drafts,
        purged.events,
        purged.is_complete,
    )
    return purged
