"""An update of the national guides that waits: looked at, published, or given up."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from civic_assistant.desk.editors.forms import Sent, field
from civic_assistant.desk.editors.history_page import REASON_MOST, SHOWN_MOST, compared
from civic_assistant.desk.editors.plan_page import duties, sorted_impacts, titles_of
from civic_assistant.desk.editors.publishing import Publishing
from civic_assistant.desk.editors.updates import (
    UpdateReview,
    give_up,
    is_outdated,
    reviewed_update,
)
from civic_assistant.desk.editors.workshop import Work, Workshop, editors_page
from civic_assistant.desk.sessions import Member
from civic_assistant.desk.visit import Editor
from civic_assistant.edition_log import EditionEntry
from civic_assistant.errors import EditionMissing, GuideGone
from civic_assistant.limits import plain_text

routes = APIRouter()


@routes.get("/guides/updates/{number}")
def shown(request: Request, workshop: Work, member: Editor, number: int) -> Response:
    """Show what an update would change, once somebody has looked, or how far that is."""
    return _page(request, workshop, member, _entry(workshop, number))


@routes.post("/guides/updates/{number}/review")
def review(workshop: Work, member: Editor, number: int, form: Sent) -> Response:
    """Begin to see what an update would change for citizens."""
    Publishing(workshop).review(member, _entry(workshop, number))
    return RedirectResponse(f"/desk/guides/updates/{number}", 303)


@routes.post("/guides/updates/{number}/publish")
def publish(request: Request, workshop: Work, member: Editor, number: int, form: Sent) -> Response:
    """Publish the update that the page showed, with a reason."""
    entry = _entry(workshop, number)
    found = reviewed_update(workshop, entry)
    is_shown = found is not None and found[0].id == field(form, "plan")
    if found is None or not is_shown or entry.state != "staged" or found[1].planned.is_barred:
        return _page(request, workshop, member, entry, problem="moved")
    reason = plain_text(field(form, "reason"))[:REASON_MOST].strip()
    seen = {str(value) for value in form.getlist("seen")}
    unseen = [duty for duty in duties(found[1].planned) if duty not in seen]
    if unseen or not reason:
        problem = "unseen" if unseen else "reason"
        return _page(request, workshop, member, entry, problem=problem, reason=reason, seen=seen)
    Publishing(workshop).publish_update(member, entry, reason)
    return RedirectResponse("/desk/guides/plan", 303)


@routes.post("/guides/updates/{number}/drop")
def drop(request: Request, workshop: Work, member: Editor, number: int, form: Sent) -> Response:
    """Give an update up."""
    entry = _entry(workshop, number)
    if not give_up(entry, workshop):
        return _page(request, workshop, member, _entry(workshop, number), problem="moved")
    return RedirectResponse("/desk/guides/plan", 303)


def _entry(workshop: Workshop, number: int) -> EditionEntry:
    try:
        return workshop.catalogue.edition(number)
    except EditionMissing as error:
        raise GuideGone(str(number)) from error


def _page(
    request: Request,
    workshop: Workshop,
    member: Member,
    entry: EditionEntry,
    *,
    problem: str | None = None,
    reason: str = "",
    seen: set[str] | None = None,
) -> Response:
    Publishing(workshop).settle()
    running = workshop.runs.running()
    found = reviewed_update(workshop, entry) if entry.state == "staged" and not running else None
    last = workshop.runs.latest_of(entry.number, "review")
    reviewed: UpdateReview | None = found[1] if found else None
    planned = reviewed.planned if reviewed else None
    return editors_page(
        request,
        "update.html",
        member,
        "plan",
        422 if problem in ("unseen", "reason") else 409 if problem else 200,
        tells_run=True,
        entry=entry,
        is_outdated=is_outdated(entry, workshop),
        running=running,
        failed=last if last and last.state == "failed" and not found else None,
        plan=found[0] if found else None,
        planned=planned,
        named=reviewed.named if reviewed else (),
        comparison=compared(workshop.catalogue, entry.base, entry.number) if planned else None,
        shown_most=SHOWN_MOST,
        refused=(),
        warnings=(),
        duties=duties(planned) if planned else {},
        impacts=sorted_impacts(planned) if planned else [],
        titles=titles_of(workshop) if planned else {},
        is_town_strict=workshop.settings.publish_keeps_questions,
        is_barred=planned is not None and planned.is_barred,
        publish_to=f"/desk/guides/updates/{entry.number}/publish",
        try_edition=entry.number,
        problem=problem,
        reason=reason,
        seen=seen or set(),
        reason_most=REASON_MOST,
    )
