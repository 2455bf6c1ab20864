"""Publishing an editor's draft: the corpus folder and the live edition change together."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from civic_assistant.catalogue import open_catalogue
from civic_assistant.errors import EditionStale
from civic_assistant.publishing_lock import publishing
from ingest.drafts.working_copy import WorkingCopy
from ingest.editions.kept_documents import KeptDocuments
from ingest.editions.wholeness import check_whole
from ingest.publish import go_live, live_edition

if TYPE_CHECKING:
    from civic_assistant.settings import Settings


def publish_draft(
    draft: WorkingCopy,
    edition: int | None,
    settings: Settings,
    *,
    author: str = "",
    reason: str = "",
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> tuple[str, ...]:
    """Write a draft into the corpus folder, make its staged edition live, and empty the draft.

    ``edition`` is what `prepare` staged of the draft's source, or None when nothing would change
    for citizens: then the folder alone is written. Returns the documents that were written or
    removed there. The folder comes first: a run killed in between leaves the draft as it was, and
    the next publish, of the draft or of the folder, has the same text. Whatever is raised
    is raised before anything is written, unless somebody takes a step back in that very moment.

    Raises:
        DraftOutdated: Somebody else changed one of the documents in the folder.
        EditionStale: Another edition went live since the draft was planned.
        EditionMissing: The staged edition was dropped.
        EditionBroken: The staged edition is not whole.
        IndexBusy: Another publish is running.
    """
    catalogue = open_catalogue(settings.index_folder)
    with publishing(settings.index_folder, "town", author, clock()):
        if edition is not None:
            base, live = catalogue.edition(edition).base, live_edition(catalogue)
            if base != live:
                raise EditionStale(edition, base, live)
            check_whole(catalogue, settings, edition)
        written = draft.apply(KeptDocuments(settings.index_folder), clock())
        if edition is not None:
            go_live(edition, settings, author=author, reason=reason, clock=clock)
    draft.discard()
    return written
