"""One guide: what is said about it in a form, and the guide as a whole."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from civic_assistant.desk.editors.drafts import guide_of
from civic_assistant.desk.editors.forms import Sent, field, fields
from civic_assistant.desk.editors.guide_form import (
    DATES,
    FACTS_MOST,
    THEMES,
    FactRow,
    GuideForm,
    Problem,
    form_of,
    form_sent,
    guide_file_of,
)
from civic_assistant.desk.editors.guide_toml import guide_toml
from civic_assistant.desk.editors.shelf import GuideRow
from civic_assistant.desk.editors.workshop import Work, Workshop, editors_page
from civic_assistant.desk.sessions import Member
from civic_assistant.desk.visit import Editor
from civic_assistant.errors import DocumentRefused, DraftOutdated, GuideGone
from civic_assistant.guides import AUDIENCES, FACT_KINDS
from civic_assistant.messages import PAGE_LANGUAGES
from ingest.editions.kept_documents import digest_of
from ingest.guide_file import GUIDE_FILE, GuideFile, parse_guide_file

routes = APIRouter()

SPARE_FACTS = 2


@routes.get("/guides/{guide_id}")
def shown(
    request: Request, workshop: Work, member: Editor, guide_id: str, saved: bool = False
) -> Response:
    """Show the form of a guide."""
    row = row_of(workshop, member, guide_id)
    content = workshop.draft(member).content(f"{row.id}/{GUIDE_FILE}")
    return _form(request, workshop, member, row, _filled(content, row.id), saved=saved)


@routes.post("/guides/{guide_id}")
def save(request: Request, workshop: Work, member: Editor, guide_id: str, form: Sent) -> Response:
    """Keep what the form says in the draft."""
    row = row_of(workshop, member, guide_id)
    typed = form_sent(fields(form), map(str, form.getlist("audiences")), PAGE_LANGUAGES)
    about = guide_file_of(row.id, typed)
    if not isinstance(about, GuideFile):
        return _form(request, workshop, member, row, typed, about)
    name, draft = f"{row.id}/{GUIDE_FILE}", workshop.draft(member)
    content = draft.content(name)
    # What says the same stays byte for byte: a save that changes nothing is no change.
    if content is None or not _says(content, about):
        try:
            draft.change(name, guide_toml(about), based_on=field(form, "based_on") or None)
        except DraftOutdated:
            return _form(request, workshop, member, row, typed, is_clash=True)
        workshop.drafts.touch(member, workshop.now())
    return RedirectResponse(f"/desk/guides/{row.id}?saved=true", 303)


@routes.post("/guides/{guide_id}/remove")
def remove(workshop: Work, member: Editor, guide_id: str, form: Sent) -> Response:
    """Take every document of a guide out of the draft: published, it is withdrawn."""
    row, draft = row_of(workshop, member, guide_id), workshop.draft(member)
    for name in (*(text.name for text in row.texts), f"{row.id}/{GUIDE_FILE}"):
        if draft.digest(name) is not None:
            draft.remove(name)
    workshop.drafts.touch(member, workshop.now())
    return RedirectResponse("/desk/guides", 303)


@routes.post("/guides/{guide_id}/restore")
def restore(workshop: Work, member: Editor, guide_id: str, form: Sent) -> Response:
    """Give up what the draft changes of a guide."""
    draft = workshop.draft(member)
    for name in draft.changed():
        if guide_of(name) == guide_id:
            draft.take_back(name)
    workshop.drafts.touch(member, workshop.now())
    stands = workshop.shelf(member).row(guide_id, workshop.today()) is not None
    return RedirectResponse(f"/desk/guides/{guide_id}" if stands else "/desk/guides", 303)


@routes.post("/guides/{guide_id}/settle")
def settle(workshop: Work, member: Editor, guide_id: str, form: Sent) -> Response:
    """Decide whose text stands where a colleague has published another one meanwhile."""
    row, draft = row_of(workshop, member, guide_id), workshop.draft(member)
    name = field(form, "name")
    if name in draft.outdated() and guide_of(name) == row.id:
        content = draft.content(name)
        draft.take_back(name)
        if field(form, "keep") == "mine":
            if content is not None:
                draft.change(name, content)
            elif draft.digest(name) is not None:
                draft.remove(name)
    return RedirectResponse(f"/desk/guides/{row.id}", 303)


def row_of(workshop: Workshop, member: Member, guide_id: str) -> GuideRow:
    """Return a guide of the list. Raises `GuideGone`."""
    row = workshop.shelf(member).row(guide_id, workshop.today())
    if row is None:
        raise GuideGone(guide_id)
    return row


def head(workshop: Workshop, member: Member, row: GuideRow) -> dict[str, object]:
    """Return what the head of a guide's pages shows."""
    draft = workshop.draft(member)
    present = {text.language for text in row.texts}
    return {
        "row": row,
        "missing": [tag for tag in PAGE_LANGUAGES if tag not in present],
        "outdated": [name for name in draft.outdated() if guide_of(name) == row.id],
    }


def _filled(content: bytes | None, guide_id: str) -> GuideForm:
    """Return the form of a ``guide.toml``; one that cannot be read is begun anew."""
    try:
        about = parse_guide_file(content or b"", guide_id)
    except DocumentRefused:
        return form_sent({}, ["individuals"], PAGE_LANGUAGES)
    return form_of(about)


def _says(content: bytes, about: GuideFile) -> bool:
    try:
        return parse_guide_file(content, about.id) == about
    except DocumentRefused:
        return False


def _form(
    request: Request,
    workshop: Workshop,
    member: Member,
    row: GuideRow,
    form: GuideForm,
    problems: tuple[Problem, ...] = (),
    *,
    saved: bool = False,
    is_clash: bool = False,
) -> Response:
    content = workshop.draft(member).content(f"{row.id}/{GUIDE_FILE}")
    told = {problem.field: problem.key for problem in reversed(problems)}
    written = {text.language for text in row.texts} | form.addresses.keys()
    spare = (FactRow(),) * min(SPARE_FACTS, FACTS_MOST - len(form.facts))
    return editors_page(
        request,
        "about.html",
        member,
        "guides",
        422 if problems else 409 if is_clash else 200,
        **head(workshop, member, row),
        part="about",
        form=form,
        facts=(*form.facts, *spare),
        problems=told,
        saved=saved,
        clash=is_clash,
        based_on=digest_of(content) if content is not None else "",
        dates=DATES,
        themes=max(THEMES, len(form.theme)),
        audiences=AUDIENCES,
        kinds=FACT_KINDS,
        languages=[tag for tag in PAGE_LANGUAGES if tag in written],
        departments=workshop.departments(workshop.shelf(member).rows(workshop.today())),
        is_changed=any(guide_of(name) == row.id for name in workshop.draft(member).changed()),
    )
