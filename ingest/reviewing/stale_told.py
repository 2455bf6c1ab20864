"""Guides that are out of date, or soon will be, by department, as an editor reads it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from civic_assistant.catalogue import Catalogue
from civic_assistant.guides import Guide
from ingest.readers.service_public.guide import SOURCE as NATIONAL
from ingest.reviewing.freshness import STALENESS, StaleGuide, Staleness, by_department

STALENESS_TOLD: dict[Staleness, str] = {
    "expired": "expired on",
    "overdue": "to be reviewed since",
    "expiring": "expires on",
    "due": "to be reviewed by",
}
LATE: frozenset[Staleness] = frozenset({"expired", "overdue"})
"""What should have been seen to already; the rest comes soon."""


def own_guides(catalogue: Catalogue, edition: int) -> Iterator[Guide]:
    """Yield the guides of an edition that the town can mend: all but the national ones."""
    for entry in catalogue.entries(edition):
        if entry.source != NATIONAL:
            yield catalogue.guide(entry.digest)


def told_by_department(stale: Sequence[StaleGuide], edition: int) -> Iterator[str]:
    """Yield the lines of a list: each department with its guides, and one that counts."""
    for department, guides in by_department(stale).items():
        yield department or "(no department)"
        for guide in guides:
            yield f"  {told_guide(guide)}"
    counts = (
        f"{sum(guide.staleness == staleness for guide in stale)} {staleness}"
        for staleness in STALENESS
    )
    yield f"edition {edition}: {', '.join(counts)}"


def told_guide(guide: StaleGuide) -> str:
    """Return a guide with its languages, what it is and since when or until when."""
    languages = ", ".join(guide.languages)
    return f"{guide.guide_id} ({languages}) {STALENESS_TOLD[guide.staleness]} {guide.day}"
