"""What a publish means for the verified answers: those whose passages changed are suspended."""

from __future__ import annotations

from datetime import datetime

from civic_assistant.assembly import open_corrections, open_records
from civic_assistant.embedding import Embedding
from civic_assistant.handoff.desks import load_desks
from civic_assistant.index import open_index
from civic_assistant.settings import Settings
from civic_assistant.verified.standing import suspend_fallen
from civic_assistant.verified.store import VerifiedAnswers


def suspend_answers(settings: Settings, embedding: Embedding, now: datetime) -> int:
    """Suspend the verified answers that the live edition no longer bears; return how many.

    Only for the index that citizens are answered from: against another one all would fall. Raises
    `RecordsUnusable`; the edition is live all the same, and the next question suspends them.
    """
    records = open_records(settings)
    try:
        live = open_index(settings, embedding).live()
        corrected = open_corrections(records, load_desks(settings.desks_file)).said_since(now)
        return suspend_fallen(VerifiedAnswers(records), live, now.date(), now, corrected)
    finally:
        records.dispose()
