"""Drafts that nobody has changed for their time are forgotten, with every file that was sent."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from filelock import Timeout

from ingest.drafts.working_copy import WorkingCopy

if TYPE_CHECKING:
    from civic_assistant.settings import Settings


def drafts_folder(settings: Settings) -> Path:
    """Return where the drafts lie, a folder for each editor."""
    return settings.data_folder / "drafts"


def drop_old_drafts(settings: Settings, now: datetime) -> int:
    """Erase the drafts whose last change is older than ``guide_draft_days``; return how many.

    One that an editor is changing at this moment is left alone. The folders of drafts that were
    published or given up go too, and are not counted.
    """
    since = now - timedelta(days=settings.guide_draft_days)
    erased = 0
    for folder in drafts_folder(settings).glob("*"):
        draft = WorkingCopy(folder, settings.corpus_folder)
        holds_something = bool(draft.changed())
        try:
            erased += draft.erase_if_unchanged(since) and holds_something
        except Timeout:
            continue
    return erased
