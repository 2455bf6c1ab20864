"""What an editor's draft would change for citizens, as it was found when the draft was staged."""

from __future__ import annotations

from dataclasses import dataclass, replace

from pydantic import TypeAdapter

from civic_assistant.desk.editors.drafts import draft_digest
from civic_assistant.desk.editors.runs import Run
from civic_assistant.desk.editors.workshop import Workshop
from civic_assistant.desk.sessions import Member
from civic_assistant.errors import CivicError, DocumentRefused
from ingest.drafts.working_copy import WorkingCopy
from ingest.progress import Progress
from ingest.publish import prepare
from ingest.reviewing.differences import EditionDifference
from ingest.reviewing.review import Review, review


@dataclass(frozen=True, slots=True)
class PlannedRefusal:
    """A document that cannot be published; ``is_kept`` says that its published version stays."""

    document: str
    reason: str
    remedy: str
    is_kept: bool

    def as_error(self) -> DocumentRefused:
        """Return the refusal as the readers raise it."""
        return DocumentRefused(self.document, self.reason, self.remedy)


@dataclass(frozen=True, slots=True)
class Planned:
    """A staged edition: ``edition`` over ``base``, None when nothing changes for citizens.

    ``withdrawn`` are documents; ``passages`` counts those of the edition, ``embedded`` the new
    ones. ``is_strict`` says that its editor does not want it live if a test question gets worse.
    ``review`` is what else changes by it, without the texts, which both editions hold.
    """

    base: int | None
    edition: int | None
    guides: int
    passages: int
    embedded: int
    seconds: float
    withdrawn: tuple[str, ...]
    refused: tuple[PlannedRefusal, ...]
    warnings: tuple[tuple[str, str], ...]
    is_strict: bool
    review: Review | None = None

    @property
    def is_barred(self) -> bool:
        """Whether it may not be published as its editor wants it to be."""
        return self.is_strict and self.review is not None and bool(self.review.impacts.worse)


PLANNED = TypeAdapter(Planned)


def plan_of(
    draft: WorkingCopy,
    workshop: Workshop,
    author: str,
    progress: Progress,
    *,
    is_withdrawal_confirmed: bool,
    is_strict: bool,
) -> Planned:
    """Stage what a draft makes of the guides; citizens see nothing of it. Raises as `prepare`."""
    product = workshop.reception.product
    prepared = prepare(
        draft.source(),
        workshop.settings,
        product.embedding,
        progress,
        clock=workshop.now,
        author=author,
        is_withdrawal_confirmed=is_withdrawal_confirmed,
    )
    plan = prepared.plan
    return Planned(
        base=prepared.base,
        edition=prepared.edition,
        guides=prepared.guides,
        passages=prepared.passages,
        embedded=prepared.embedded,
        seconds=prepared.seconds,
        withdrawn=plan.withdrawn,
        refused=tuple(
            PlannedRefusal(r.document, r.reason, r.remedy, r.document in plan.kept)
            for r in plan.refused
        ),
        warnings=plan.warnings,
        is_strict=is_strict,
    )


def review_of(planned: Planned, workshop: Workshop, progress: Progress) -> Planned:
    """Return the plan with what it does to questions and answers. Raises as `review`."""
    if planned.edition is None or planned.base is None:
        return planned
    product = workshop.reception.product
    found = review(planned.base, planned.edition, product, workshop.now(), progress)
    texts = EditionDifference((), (), (), found.difference.unchanged)
    return replace(planned, review=replace(found, difference=texts))


def planned_run(workshop: Workshop, member: Member) -> tuple[Run, Planned] | None:
    """Return somebody's last plan if the draft is still what was planned, and nothing went live."""
    run = workshop.runs.latest(member.id, "plan")
    if run is None or run.state != "done" or run.draft != draft_digest(workshop.draft(member)):
        return None
    kept = workshop.runs.outcome(run.id)
    if kept is None:
        return None
    planned = PLANNED.validate_python(kept)
    try:
        live: int | None = workshop.index.live().number
    except CivicError:
        live = None
    return (run, planned) if planned.base == live else None


def current_plan(workshop: Workshop, member: Member) -> Planned | None:
    """Return what somebody's draft would change, as far as it is known and still true."""
    found = planned_run(workshop, member)
    return found[1] if found else None
