"""Drop the editions that were kept for their time, and whatever no kept edition holds."""

from __future__ import annotations

import shutil
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from civic_assistant.catalogue import Catalogue, open_catalogue
from civic_assistant.edition_log import EditionEntry, Switch
from civic_assistant.index import keywords_folder, open_tokens
from civic_assistant.kept_vectors import KeptVectors
from civic_assistant.passage_words import PassageWords
from civic_assistant.publishing_lock import publishing
from civic_assistant.vectors import drop_from_server, drop_unfinished, keep_newest
from ingest.editions.kept_documents import KeptDocuments

if TYPE_CHECKING:
    from civic_assistant.settings import Settings

PURGE = "purge"
READERS = timedelta(hours=1)
"""For so long after a switch nothing is dropped that a reader may still be at."""


@dataclass(frozen=True, slots=True)
class Dropped:
    """The ``editions`` that cannot be gone back to any more, and what went with them."""

    editions: tuple[int, ...]
    guides: int
    passages: int
    documents: int


def drop_old_editions(settings: Settings, cited: Collection[int], now: datetime) -> Dropped:
    """Drop old editions, and the guides, passages, vectors, tokens and words that only they held.

    Kept are the live edition, the last ``editions_kept`` that were live, those ``cited`` by the
    journal, and staged ones for ``staged_days``. A run that dies is made good by the next one.

    Raises:
        IndexMissing: there is no index.
        IndexBusy: a publish is running.
    """
    folder = settings.index_folder
    catalogue = open_catalogue(folder)
    with publishing(folder, PURGE, "", now):
        entries, switches = catalogue.editions(), catalogue.switches()
        since = now - timedelta(days=settings.staged_days)
        at_hand = editions_at_hand(switches, settings.editions_kept, now)
        staged = {e.number for e in entries if e.state == "staged" and e.staged_at >= since}
        kept = at_hand | staged | set(cited)
        forgotten = catalogue.keep_only(kept, since, now)
        _drop_words(settings, [e for e in entries if e.number in at_hand | staged])
        passages = _drop_passages(settings, catalogue)
        drop_unfinished(folder)
        if all(now - switch.at >= READERS for switch in switches):
            keep_newest(folder)
        documents = KeptDocuments(folder).drop_except(
            [e.number for e in catalogue.editions() if e.state != "dropped"],
            now - timedelta(days=settings.journal_days),
        )
    return Dropped(forgotten.editions, forgotten.versions, passages, documents)


def editions_at_hand(switches: Iterable[Switch], count: int, now: datetime) -> set[int]:
    """Return the last ``count`` editions that were live, and those that were within the hour."""
    recent: dict[int, None] = {}
    within: set[int] = set()
    for switch in reversed(list(switches)):
        recent.setdefault(switch.edition)
        if switch.before is not None and now - switch.at < READERS:
            within.add(switch.before)
    return set(list(recent)[:count]) | within


def _drop_words(settings: Settings, entries: Iterable[EditionEntry]) -> None:
    """Remove the exact words of editions that are not at hand; a reader makes them again."""
    named = {entry.keywords for entry in entries}
    for path in keywords_folder(settings.index_folder, "").iterdir():
        if path.name not in named:
            shutil.rmtree(path)


def _drop_passages(settings: Settings, catalogue: Catalogue) -> int:
    """Forget what is kept of passages that the catalogue does not hold; return how many vectors."""
    folder = settings.index_folder
    held = catalogue.passage_ids()
    vectors = KeptVectors(folder)
    gone = vectors.ids() - held
    if settings.chroma_host is not None and gone:
        drop_from_server(settings, folder, sorted(gone))
    vectors.drop(gone)
    for kept in (open_tokens(folder, catalogue), PassageWords(folder)):
        kept.drop(kept.ids() - held)
    return len(gone)
