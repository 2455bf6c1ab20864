"""What an editor's changes do, before citizens see them; and publishing them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

from fastapi import APIRouter, Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from civic_assistant.desk.editors.drafts import guide_of, language_of
from civic_assistant.desk.editors.forms import Sent, field
from civic_assistant.desk.editors.history_page import REASON_MOST, SHOWN_MOST, compared
from civic_assistant.desk.editors.planned import Planned, planned_run
from civic_assistant.desk.editors.publishing import Publishing
from civic_assistant.desk.editors.refusals import ToldRefusal, told, told_refusal
from civic_assistant.desk.editors.runs import Run
from civic_assistant.desk.editors.updates import is_outdated, waiting_updates
from civic_assistant.desk.editors.workshop import Work, Workshop, editors_page
from civic_assistant.desk.sessions import Member
from civic_assistant.desk.visit import Editor
from civic_assistant.desk.words import words_of
from civic_assistant.errors import CivicError
from civic_assistant.limits import plain_text
from ingest.editions.restoring import differing
from ingest.guide_file import GUIDE_FILE
from ingest.reviewing.impact import IMPACT_KINDS, Impact, ImpactKind

routes = APIRouter()

Duty = Literal["worse", "lost", "withdrawn", "refused", "contradictions", "doubts"]
"""What must be ticked as seen before it is published."""


@dataclass(frozen=True, slots=True)
class DraftedChange:
    """A changed document of a draft; ``language`` is None for what is said about the guide."""

    guide_id: str
    title: str
    title_language: str
    language: str | None
    change: Literal["new", "changed", "removed"]
    is_outdated: bool


@dataclass(frozen=True, slots=True)
class ShownRefusal:
    """A document that cannot be published, and why in the page's words."""

    document: str
    told: ToldRefusal
    is_kept: bool


@routes.get("/guides/plan")
def plan(request: Request, workshop: Work, member: Editor) -> Response:
    """Show what is going on, what the draft would change, or what the draft holds."""
    return _page(request, workshop, member)


@routes.post("/guides/plan")
def begin(request: Request, workshop: Work, member: Editor, form: Sent) -> Response:
    """Begin to see what the draft would change."""
    is_confirmed = field(form, "withdrawals") == "confirmed"
    Publishing(workshop).plan(
        member,
        is_withdrawal_confirmed=is_confirmed,
        is_strict=field(form, "strict") == "true" or workshop.settings.publish_keeps_questions,
    )
    return RedirectResponse("/desk/guides/plan", 303)


@routes.post("/guides/publish")
def publish(request: Request, workshop: Work, member: Editor, form: Sent) -> Response:
    """Publish what was looked at: the plan that the page showed, with a reason."""
    found = planned_run(workshop, member)
    if found is None or found[0].id != field(form, "plan") or found[1].is_barred:
        return _page(request, workshop, member, problem="moved")
    planned = found[1]
    reason = plain_text(field(form, "reason"))[:REASON_MOST].strip()
    seen = {str(value) for value in form.getlist("seen")}
    unseen = [duty for duty in duties(planned) if duty not in seen]
    if unseen or not reason:
        problem = "unseen" if unseen else "reason"
        return _page(request, workshop, member, problem=problem, reason=reason, seen=seen)
    Publishing(workshop).publish(member, planned, reason)
    return RedirectResponse("/desk/guides/plan", 303)


@routes.post("/guides/discard")
def discard(workshop: Work, member: Editor, form: Sent) -> Response:
    """Give up the whole draft."""
    workshop.draft(member).discard()
    return RedirectResponse("/desk/guides/plan", 303)


@routes.get("/guides/run/{run_id}")
def run(request: Request, workshop: Work, member: Editor, run_id: str) -> Response:
    """Say how far a run is, for the page's script."""
    Publishing(workshop).settle()
    found = workshop.runs.run(run_id)
    if found is None:
        return JSONResponse({"is_over": True})
    words = words_of(request)
    key = f"guides.stage.{found.stage}"
    return JSONResponse(
        {
            "is_over": found.state != "running",
            "said": words.text(key) if key in words.texts else words.text("guides.stage.starting"),
            "done": found.done,
            "total": found.total,
        }
    )


def duties(planned: Planned) -> dict[Duty, int]:
    """Return what has to be ticked as seen before a plan may be published, and how much it is."""
    found: dict[Duty, int] = {"withdrawn": len(planned.withdrawn), "refused": len(planned.refused)}
    review = planned.review
    if review is not None:
        changes = review.impacts.changes
        found |= {
            "worse": sum(impact.is_worse for impact in changes),
            "lost": sum(impact.kind == "lost" and not impact.is_worse for impact in changes),
            "contradictions": len(review.contradictions),
            "doubts": len(review.doubts),
        }
    return {duty: found[duty] for duty in get_args(Duty) if found.get(duty)}


def _page(
    request: Request,
    workshop: Workshop,
    member: Member,
    *,
    problem: str | None = None,
    reason: str = "",
    seen: set[str] | None = None,
) -> Response:
    Publishing(workshop).settle()
    running = workshop.runs.running()
    found = None if running else planned_run(workshop, member)
    planned = found[1] if found else None
    catalogue = workshop.catalogue
    language = words_of(request).language
    return editors_page(
        request,
        "plan.html",
        member,
        "plan",
        422 if problem in ("unseen", "reason") else 409 if problem else 200,
        tells_run=True,
        running=running,
        last=_last(workshop, member),
        drafted=_drafted(workshop, member),
        differing=_differing(workshop, member),
        updates=[(entry, is_outdated(entry, workshop)) for entry in waiting_updates(workshop)],
        plan=found[0] if found else None,
        planned=planned,
        comparison=(
            compared(catalogue, planned.base, planned.edition)
            if planned and planned.edition is not None
            else None
        ),
        shown_most=SHOWN_MOST,
        refused=_refused(planned, language) if planned else (),
        warnings=[(name, told(text, language)) for name, text in planned.warnings]
        if planned
        else [],
        duties=duties(planned) if planned else {},
        impacts=sorted_impacts(planned) if planned else [],
        titles=titles_of(workshop),
        is_town_strict=workshop.settings.publish_keeps_questions,
        is_barred=planned is not None and planned.is_barred,
        publish_to="/desk/guides/publish",
        try_edition=None,
        problem=problem,
        reason=reason,
        seen=seen or set(),
        reason_most=REASON_MOST,
    )


def _last(workshop: Workshop, member: Member) -> tuple[Run, object] | None:
    """Return what came of the last thing that somebody set going, if it is over."""
    run = workshop.runs.latest(member.id)
    if run is None or run.state == "running":
        return None
    is_told = run.kind in ("publish", "return") or run.problem is not None
    return run, workshop.runs.outcome(run.id) if is_told else None


def _drafted(workshop: Workshop, member: Member) -> list[DraftedChange]:
    draft, shelf, today = workshop.draft(member), workshop.shelf(member), workshop.today()
    outdated, changes = set(draft.outdated()), []
    for name in draft.changed():
        row = shelf.row(guide_of(name), today)
        is_new = not (workshop.settings.corpus_folder / name).is_file()
        changes.append(
            DraftedChange(
                guide_id=guide_of(name),
                title=row.title if row else guide_of(name),
                title_language=row.language if row else workshop.settings.town_language,
                language=language_of(name),
                change="removed" if draft.digest(name) is None else "new" if is_new else "changed",
                is_outdated=name in outdated,
            )
        )
    return sorted(changes, key=lambda c: (c.title, c.guide_id, c.language or ""))


def _differing(workshop: Workshop, member: Member) -> tuple[str, ...]:
    """Return the documents of the corpus folder that are not live, but for the draft's own."""
    try:
        names = differing(workshop.index.live().number, workshop.settings) or ()
    except CivicError:
        return ()
    drafted = set(workshop.draft(member).changed())
    described = {f"{guide_of(name)}/{GUIDE_FILE}" for name in drafted}
    return tuple(name for name in names if name not in drafted | described)


def sorted_impacts(planned: Planned) -> list[Impact]:
    """Return the questions that change, those first that an editor should see first."""
    changes = planned.review.impacts.changes if planned.review else ()
    order: tuple[ImpactKind | None, ...] = (*IMPACT_KINDS, None)
    return sorted(changes, key=lambda i: (not i.is_worse, order.index(i.kind), -i.count))


def titles_of(workshop: Workshop) -> dict[str, str]:
    """Return the titles of the live guides by id, in the town's language where they have one."""
    town = workshop.settings.town_language
    return {
        guide_id: (versions.get(town) or next(iter(versions.values()))).title
        for guide_id, versions in workshop.index.live().versions.items()
    }


def _refused(planned: Planned, language: str) -> list[ShownRefusal]:
    return [
        ShownRefusal(each.document, told_refusal(each.as_error(), language), each.is_kept)
        for each in planned.refused
    ]
