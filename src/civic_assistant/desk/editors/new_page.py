"""A new guide: its title, department and text, written or sent as a file."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, timedelta

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from civic_assistant.desk.editors.asked import Asked, keeping
from civic_assistant.desk.editors.forms import Sent, field, upload
from civic_assistant.desk.editors.guide_form import form_sent, guide_file_of
from civic_assistant.desk.editors.guide_toml import guide_toml
from civic_assistant.desk.editors.refusals import told_refusal
from civic_assistant.desk.editors.text_page import take_file
from civic_assistant.desk.editors.workshop import Work, Workshop, editors_page
from civic_assistant.desk.sessions import Member
from civic_assistant.desk.visit import Editor
from civic_assistant.desk.words import words_of
from civic_assistant.errors import DocumentRefused
from civic_assistant.folding import folded
from civic_assistant.gaps.gap import Gap
from civic_assistant.messages import PAGE_LANGUAGES
from ingest.characters import clean_text
from ingest.guide_file import GUIDE_FILE, GuideFile

routes = APIRouter()

RESERVED = frozenset({"new", "plan", "publish", "try", "corrections", "history", "run", "return"})
"""Ids that would stand where another page of the editors stands."""
REVIEW_DAYS = 365
"""After how long a new guide is to be looked at again, unless its editor says otherwise."""
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,99}")
_GAPS = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True, slots=True)
class NewGuide:
    """The form as it was typed."""

    title: str = ""
    language: str = ""
    department: str = ""
    review_by: str = ""
    id: str = ""


@routes.get("/guides/new")
def empty(
    request: Request,
    workshop: Work,
    member: Editor,
    asked: Asked,
    title: str = "",
    language: str = "",
) -> Response:
    """Show the form; ``title`` and ``language`` are what another page begins it with.

    What citizens asked in vain stands beside it when it is begun from that.
    """
    review = (workshop.today() + timedelta(days=REVIEW_DAYS)).isoformat()
    tag = language if language in PAGE_LANGUAGES else workshop.settings.town_language
    begun = NewGuide(clean_text(title[:200]), tag, review_by=review)
    return _form(request, workshop, member, begun, {}, asked=asked)


@routes.post("/guides/new")
def begin(request: Request, workshop: Work, member: Editor, asked: Asked, form: Sent) -> Response:
    """Begin a guide in the draft, with the text of a file if one was sent."""
    typed = NewGuide(*(clean_text(field(form, name)[:200]) for name in NewGuide.__slots__))
    guide_id = typed.id or id_of(typed.title)
    problems = _problems(workshop, member, typed, guide_id)
    described = form_sent(
        {"department": typed.department, "review_by": typed.review_by}, ["individuals"], ()
    )
    about = guide_file_of(guide_id, described)
    if not isinstance(about, GuideFile):
        problems |= {problem.field: problem.key for problem in about}
    if problems or not isinstance(about, GuideFile):
        return _form(request, workshop, member, typed, problems, asked=asked)
    draft, description = workshop.draft(member), f"{guide_id}/{GUIDE_FILE}"
    try:
        draft.change(description, guide_toml(about))
        if upload(form, "file", 0) is None:
            draft.change(f"{guide_id}/{typed.language}.md", f"# {typed.title}\n\n".encode())
            refusal = None
        else:
            refusal = take_file(workshop, member, guide_id, typed.language, form)
    except DocumentRefused as refused:
        refusal = refused
    if refusal is not None:
        draft.take_back(description)
        return _form(request, workshop, member, typed, {}, refusal, asked=asked)
    workshop.drafts.touch(member, workshop.now())
    return RedirectResponse(keeping(asked, f"/desk/guides/{guide_id}/{typed.language}"), 303)


def id_of(title: str) -> str:
    """Return the id that a title suggests: ``stationnement-resident``."""
    plain = unicodedata.normalize("NFKD", folded(title))
    return _GAPS.sub("-", plain).strip("-")[:60].rstrip("-")


def _problems(workshop: Workshop, member: Member, typed: NewGuide, guide_id: str) -> dict[str, str]:
    problems: dict[str, str] = {}
    if not typed.title:
        problems["title"] = "needed"
    if typed.language not in PAGE_LANGUAGES:
        problems["language"] = "choice"
    if not _ID.fullmatch(guide_id):
        problems["id"] = "id"
    elif guide_id in RESERVED or _is_taken(workshop, member, guide_id):
        problems["id"] = "taken"
    return problems


def _is_taken(workshop: Workshop, member: Member, guide_id: str) -> bool:
    """Whether a guide has that id, be it another source's or one that nobody has published yet."""
    is_live = guide_id in workshop.index.live().versions
    return is_live or workshop.shelf(member).row(guide_id, workshop.today()) is not None


def _form(
    request: Request,
    workshop: Workshop,
    member: Member,
    typed: NewGuide,
    problems: dict[str, str],
    refusal: DocumentRefused | None = None,
    *,
    asked: Gap | None,
) -> Response:
    language = words_of(request).language
    return editors_page(
        request,
        "new.html",
        member,
        "guides",
        422 if problems or refusal else 200,
        sent=typed,
        asked=asked,
        problems=problems,
        refusal=told_refusal(refusal, language) if refusal else None,
        refused_name=refusal.document if refusal else "",
        languages=PAGE_LANGUAGES,
        departments=workshop.departments(workshop.shelf(member).rows(date.min)),
    )
