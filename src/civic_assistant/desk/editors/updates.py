"""Editions of another feed than the town's folder that wait for a person: the national guides."""

from __future__ import annotations

from dataclasses import dataclass

from pydantic import TypeAdapter

from civic_assistant.desk.editors.planned import Planned, review_of
from civic_assistant.desk.editors.runs import Run
from civic_assistant.desk.editors.shelf import SOURCE
from civic_assistant.desk.editors.workshop import Workshop
from civic_assistant.edition_log import EditionEntry
from civic_assistant.errors import CivicError, IndexMissing
from ingest.editions.kept_documents import KeptDocuments
from ingest.progress import Progress
from ingest.reviewing.differences import ChangeKind
from ingest.reviewing.references import national_news


@dataclass(frozen=True, slots=True)
class NamedSheet:
    """A sheet or form that a guide of the town names and that an update changes.

    ``sheet`` is the national guide's id, ``newest_issue`` the form's issue that it names now when
    the town's guide writes another.
    """

    guide_id: str
    title: str
    department: str
    target: str
    sheet: str
    sheet_title: str
    kind: ChangeKind
    newest_issue: str | None


@dataclass(frozen=True, slots=True)
class UpdateReview:
    """What a waiting edition changes for citizens, and in what the town's guides name."""

    planned: Planned
    named: tuple[NamedSheet, ...]


UPDATE_REVIEW = TypeAdapter(UpdateReview)


def waiting_updates(workshop: Workshop) -> list[EditionEntry]:
    """Return the staged editions that no editor's draft made, oldest first."""
    try:
        entries = workshop.catalogue.editions()
    except IndexMissing:
        return []
    return [entry for entry in entries if entry.state == "staged" and entry.source != SOURCE]


def is_outdated(entry: EditionEntry, workshop: Workshop) -> bool:
    """Whether another edition went live since it was staged: it must be staged again."""
    try:
        live: int | None = workshop.catalogue.live_edition()
    except IndexMissing:
        live = None
    return entry.base != live


def review_update(entry: EditionEntry, workshop: Workshop, progress: Progress) -> UpdateReview:
    """Return what a waiting edition changes; nothing is recorded. Raises as `review`."""
    catalogue, number, base = workshop.catalogue, entry.number, entry.base
    before = catalogue.entries(base) if base is not None else []
    after = catalogue.entries(number)
    known = {place.id for place in catalogue.places(base)} if base is not None else set()
    passages = {place.id for place in catalogue.places(number)}
    standing = {(guide.source, guide.document) for guide in after}
    planned = Planned(
        base=base,
        edition=number,
        guides=len(after),
        passages=len(passages),
        embedded=len(passages - known),
        seconds=0.0,
        withdrawn=tuple(g.document for g in before if (g.source, g.document) not in standing),
        refused=(),
        warnings=(),
        is_strict=workshop.settings.publish_keeps_questions,
    )
    documents = KeptDocuments(workshop.settings.index_folder)
    named = tuple(
        NamedSheet(
            guide_id=one.reference.guide_id,
            title=one.reference.title,
            department=one.reference.department,
            target=one.reference.target,
            sheet=one.change.guide_id,
            sheet_title=one.change.title,
            kind=one.change.kind,
            newest_issue=one.newest_issue,
        )
        for one in national_news(catalogue, documents, base, number).touched
        if one.change.is_text or one.newest_issue
    )
    return UpdateReview(review_of(planned, workshop, progress), named)


def reviewed_update(workshop: Workshop, entry: EditionEntry) -> tuple[Run, UpdateReview] | None:
    """Return the last look at a waiting edition, whoever took it, while it still holds true."""
    run = workshop.runs.latest_of(entry.number, "review")
    if run is None or run.state != "done" or is_outdated(entry, workshop):
        return None
    kept = workshop.runs.outcome(run.id)
    return None if kept is None else (run, UPDATE_REVIEW.validate_python(kept))


def give_up(entry: EditionEntry, workshop: Workshop) -> bool:
    """Drop a waiting edition; False when somebody published or dropped it meanwhile."""
    try:
        workshop.catalogue.drop_staged(entry.number, workshop.now())
    except CivicError:
        return False
    return True
