"""Erase what has been kept for its time.

Logged: how much of each kind was erased, and whether the files are clear of it.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Engine, Table, and_, delete, or_, select, update

from civic_assistant.corrections.tables import CORRECTIONS
from civic_assistant.desk.editors.tables import GUIDE_DRAFTS, GUIDE_RUNS
from civic_assistant.handoff.tables import CONVERSATIONS, DRAFTS, EVENTS, HANDOFFS
from civic_assistant.language_model.tables import CALLS, SPENT
from civic_assistant.records import REQUESTS, TURNS, scrub, writing
from civic_assistant.settings import Settings

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Purged:
    """How many turns, requests, conversations, drafts, counted events and so on were erased.

    ``corrections`` counts versions, ``runs`` what editors planned or published, ``guide_drafts``
    the notes of who has changed guides, ``calls`` those to language models. ``is_complete`` is
    False when another connection held the file or a table, so that traces of them may be in it
    still; running the purge again clears them.
    """

    turns: int = 0
    requests: int = 0
    conversations: int = 0
    drafts: int = 0
    events: int = 0
    corrections: int = 0
    runs: int = 0
    guide_drafts: int = 0
    calls: int = 0
    is_complete: bool = True


def purge(engine: Engine, settings: Settings, now: datetime) -> Purged:
    """Erase what is older than its setting, one for each kind (``journal_days`` and so on).

    A correction that ended, and a version that was replaced, are kept as long as the turns that
    showed them. What a plan of editors came to holds questions of citizens: it goes with the staged
    edition (``staged_days``), the run itself later. Of an editor's draft only the note of whose it
    is stands here: the documents lie in the data folder. A request outlives its turn and loses the
    link to it. A conversation goes with its messages, notes and handoffs so many days after its
    last change, but never before the request that was left in it and is still open. The database's
    files hold nothing of what was erased afterwards; PostgreSQL's tables are locked while they are
    written anew. Raises `RecordsUnusable` when nothing could be erased.
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
        ended = or_(
            CORRECTIONS.c.ended_at < before(settings.journal_days),
            and_(
                CORRECTIONS.c.ended_at.is_(None),
                CORRECTIONS.c.ends < before(settings.journal_days).date(),
            ),
        )
        looked_at = GUIDE_RUNS.c.kind.in_(("plan", "review"))
        connection.execute(
            update(GUIDE_RUNS)
            .where(looked_at, GUIDE_RUNS.c.started_at < before(settings.staged_days))
            .values(outcome=None)
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
            corrections=erased(CORRECTIONS, ended),
            runs=erased(GUIDE_RUNS, GUIDE_RUNS.c.started_at < before(settings.guide_run_days)),
            guide_drafts=erased(
                GUIDE_DRAFTS, GUIDE_DRAFTS.c.changed_at < before(settings.guide_draft_days)
            ),
            calls=erased(CALLS, CALLS.c.at < before(settings.journal_days)),
        )
        erased(SPENT, SPENT.c.changed_at < before(settings.conversation_days))
    purged = replace(purged, is_complete=scrub(engine, is_rewriting=True))
    logger.info(
        "purge: %d turns, %d requests, %d conversations, %d drafts, %d counted events, "
        "%d corrections, %d runs, %d editors' drafts and %d calls to language models erased; "
        "files clear: %s",
        purged.turns,
        purged.requests,
        purged.conversations,
        purged.drafts,
        purged.events,
        purged.corrections,
        purged.runs,
        purged.guide_drafts,
        purged.calls,
        purged.is_complete,
    )
    return purged
