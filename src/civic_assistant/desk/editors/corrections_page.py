"""Corrections: what is said above a guide for a while, without touching it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import islice
from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import RedirectResponse, Response

from civic_assistant.corrections.correction import Correction, Draft
from civic_assistant.corrections.draft import TEXT_LENGTH, drafted
from civic_assistant.corrections.store import Corrections
from civic_assistant.desk.editors.asked import Asked
from civic_assistant.desk.editors.forms import Sent, field
from civic_assistant.desk.editors.workshop import Work, Workshop, editors_page
from civic_assistant.desk.sessions import Member
from civic_assistant.desk.visit import Editor
from civic_assistant.errors import CorrectionMoved, CorrectionRefused, GuideGone, RecordMissing
from civic_assistant.folding import folded
from civic_assistant.gaps.gap import Gap
from civic_assistant.messages import PAGE_LANGUAGES

routes = APIRouter()

FOUND_MOST = 20
ENDED_SHOWN = 30
REVIEW_DAYS = 90
"""After how long a correction is to be looked at again, unless its editor says otherwise."""


@dataclass(frozen=True, slots=True)
class CorrectionForm:
    """The form as it was typed; days are ``2026-09-01`` or empty, ``version`` is 0 at first."""

    guide_id: str
    texts: Mapping[str, str]
    starts: str
    ends: str
    review_by: str
    id: str = ""
    version: int = 0


@routes.get("/guides/corrections")
def listed(
    request: Request,
    workshop: Work,
    member: Editor,
    q: Annotated[str, Query(max_length=200)] = "",
) -> Response:
    """Show the corrections by state, and the guides that a search finds to correct."""
    today = _today(workshop)
    kept = _kept(workshop).all()
    standing = [c for c in kept if c.state(today) != "ended"]
    ended = [c for c in reversed(kept) if c.state(today) == "ended"]
    return editors_page(
        request,
        "corrections.html",
        member,
        "corrections",
        q=q,
        found=_found(workshop, q) if q.strip() else [],
        standing=sorted(standing, key=lambda c: (not c.is_overdue(today), c.starts)),
        ended=ended[:ENDED_SHOWN],
        today=today,
        titles={c.guide_id: _title(workshop, c.guide_id) for c in kept},
    )


@routes.get("/guides/corrections/new")
def empty(
    request: Request,
    workshop: Work,
    member: Editor,
    asked: Asked,
    guide: Annotated[str, Query(max_length=120)] = "",
) -> Response:
    """Show the form for a correction of a guide, beside what citizens asked it in vain."""
    if guide not in workshop.index.live().versions:
        return RedirectResponse("/desk/guides/corrections", 303)
    today = _today(workshop)
    review = (today + timedelta(days=REVIEW_DAYS)).isoformat()
    form = CorrectionForm(guide, {}, today.isoformat(), "", review)
    return _form(request, workshop, member, form, asked=asked)


@routes.post("/guides/corrections/new")
def add(request: Request, workshop: Work, member: Editor, asked: Asked, form: Sent) -> Response:
    """Keep a new correction: citizens see it from its first day on."""
    typed, today = _typed(form), _today(workshop)
    try:
        draft = _drafted(workshop, typed)
        kept = _kept(workshop).add(draft, author=member.name, today=today, now=workshop.now())
    except CorrectionRefused as refused:
        return _form(request, workshop, member, typed, refused.problem, asked=asked)
    workshop.suspend_fallen()
    return RedirectResponse(f"/desk/guides/corrections/{kept.id}?saved=true", 303)


@routes.get("/guides/corrections/{correction_id}")
def one(
    request: Request, workshop: Work, member: Editor, correction_id: str, saved: bool = False
) -> Response:
    """Show a correction with its versions, to be changed or ended."""
    kept = _correction(workshop, correction_id)
    form = CorrectionForm(
        guide_id=kept.guide_id,
        texts=kept.texts,
        starts=kept.starts.isoformat(),
        ends=kept.ends.isoformat() if kept.ends else "",
        review_by=kept.review_by.isoformat(),
        id=kept.id,
        version=kept.version,
    )
    return _form(request, workshop, member, form, saved=saved)


@routes.post("/guides/corrections/{correction_id}")
def change(
    request: Request, workshop: Work, member: Editor, correction_id: str, form: Sent
) -> Response:
    """Put another version in the place of a correction, or let an ended one run again.

    What somebody else changed meanwhile is not overwritten unseen: the form comes back as it was
    typed, above their version, and is kept when it is sent again.
    """
    newest = _correction(workshop, correction_id)
    typed, today = _typed(form, correction_id), _today(workshop)
    try:
        _kept(workshop).change(
            correction_id,
            typed.version,
            _drafted(workshop, typed),
            author=member.name,
            today=today,
            now=workshop.now(),
        )
    except CorrectionRefused as refused:
        return _form(request, workshop, member, typed, refused.problem)
    except CorrectionMoved:
        seen = replace(typed, version=newest.version)
        return _form(request, workshop, member, seen, "moved", status=409)
    workshop.suspend_fallen()
    return RedirectResponse(f"/desk/guides/corrections/{correction_id}?saved=true", 303)


@routes.post("/guides/corrections/{correction_id}/end")
def end(workshop: Work, member: Editor, correction_id: str, form: Sent) -> Response:
    """Show a correction no more."""
    _kept(workshop).end(correction_id, by=member.name, now=workshop.now())
    return RedirectResponse("/desk/guides/corrections", 303)


def _kept(workshop: Workshop) -> Corrections:
    return Corrections(workshop.reception.product.records)


def _today(workshop: Workshop) -> date:
    return workshop.reception.product.corrections.today(workshop.now())


def _correction(workshop: Workshop, correction_id: str) -> Correction:
    """Return a correction. Raises `CorrectionMoved`, which is told in words of these pages."""
    try:
        return _kept(workshop).correction(correction_id)
    except RecordMissing:
        raise CorrectionMoved(correction_id) from None


def _typed(form: Sent, correction_id: str = "") -> CorrectionForm:
    version = field(form, "version")
    return CorrectionForm(
        guide_id=field(form, "guide")[:200],
        texts={tag: field(form, f"text-{tag}")[: 4 * TEXT_LENGTH] for tag in PAGE_LANGUAGES},
        starts=field(form, "starts")[:10],
        ends=field(form, "ends")[:10],
        review_by=field(form, "review_by")[:10],
        id=correction_id,
        version=int(version) if version.isdecimal() and len(version) < 10 else 0,
    )


def _drafted(workshop: Workshop, typed: CorrectionForm) -> Draft:
    """Return what may be kept of a form. Raises `CorrectionRefused`."""
    if not typed.id and typed.guide_id not in workshop.index.live().versions:
        raise CorrectionRefused("no_guide")
    try:
        starts, review_by = date.fromisoformat(typed.starts), date.fromisoformat(typed.review_by)
        ends = date.fromisoformat(typed.ends) if typed.ends else None
    except ValueError:
        raise CorrectionRefused("day") from None
    return drafted(
        typed.guide_id,
        typed.texts,
        starts,
        ends,
        review_by,
        town_language=workshop.settings.town_language,
        today=_today(workshop),
    )


def _title(workshop: Workshop, guide_id: str) -> tuple[str, str]:
    """Return the title of a guide and its language; the id of one that is no longer published."""
    versions = workshop.index.live().versions.get(guide_id, {})
    town = workshop.settings.town_language
    entry = versions.get(town) or next(iter(versions.values()), None)
    return (entry.title, entry.language) if entry else (guide_id, town)


def _found(workshop: Workshop, q: str) -> list[tuple[str, str, str, str]]:
    """Return (id, title, language, source) of guides whose title or id has all the words."""
    wanted = folded(q).split()
    town = workshop.settings.town_language
    entries = (
        versions.get(town) or next(iter(versions.values()))
        for versions in workshop.index.live().versions.values()
    )
    hits = (
        (entry.guide_id, entry.title, entry.language, entry.source)
        for entry in entries
        if all(word in folded(f"{entry.title} {entry.guide_id}") for word in wanted)
    )
    return sorted(islice(hits, FOUND_MOST), key=lambda hit: (hit[3] != "town", folded(hit[1])))


def _form(
    request: Request,
    workshop: Workshop,
    member: Member,
    form: CorrectionForm,
    problem: str | None = None,
    *,
    status: int = 422,
    saved: bool = False,
    asked: Gap | None = None,
) -> Response:
    history = _kept(workshop).history(form.id) if form.id else ()
    if form.id and not history:
        raise GuideGone(form.id)
    today, town = _today(workshop), workshop.settings.town_language
    versions = workshop.index.live().versions.get(form.guide_id, {})
    filled = [tag for tag in PAGE_LANGUAGES if form.texts.get(tag) or tag in versions]
    return editors_page(
        request,
        "correction.html",
        member,
        "corrections",
        status if problem else 200,
        form=form,
        asked=asked,
        title=_title(workshop, form.guide_id),
        problem=problem,
        saved=saved,
        first_languages=list(dict.fromkeys((town, *filled))),
        other_languages=[tag for tag in PAGE_LANGUAGES if tag != town and tag not in filled],
        town_language=town,
        most=TEXT_LENGTH,
        history=list(reversed(history)),
        state=history[-1].state(today) if history else "",
        is_overdue=history[-1].is_overdue(today) if history else False,
    )
