"""Erase what has been kept for its time.

Logged: how many turns and requests were erased, and whether the files are clear of them.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Engine, delete

from civic_assistant.records import REQUESTS, TURNS, scrub, writing
from civic_assistant.settings import Settings

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Purged:
    """How many turns and requests were erased.

    ``is_complete`` is False when another connection held SQLite's file, so that traces of them
    may be in it still; running the purge again clears them.
    """

    turns: int
    requests: int
    is_complete: bool = True


def purge(engine: Engine, settings: Settings, now: datetime) -> Purged:
    """Erase turns older than ``journal_days`` and requests older than ``request_days``.

    A request outlives its turn and loses the link to it. SQLite's files hold nothing of what was
    erased afterwards. Raises `RecordsUnusable` when nothing could be erased.
    """
    with writing(engine) as connection:
        requests = connection.execute(
            delete(REQUESTS).where(REQUESTS.c.at < now - timedelta(days=settings.request_days))
        ).rowcount
        turns = connection.execute(
            delete(TURNS).where(TURNS.c.at < now - timedelta(days=settings.journal_days))
        ).rowcount
    purged = Purged(turns, requests, is_complete=scrub(engine))
    logger.info(
        "purge: %d turns and %d requests erased; files clear: %s",
        purged.turns,
        purged.requests,
        purged.is_complete,
    )
    return purged
