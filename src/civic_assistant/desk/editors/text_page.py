"""One language of a guide: written in place with a preview, or sent as a file."""

from __future__ import annotations

import re
from functools import partial
from pathlib import Path

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from civic_assistant.desk.editors.asked import Asked, keeping
from civic_assistant.desk.editors.forms import TEXT_CHARACTERS, Sent, field, upload
from civic_assistant.desk.editors.guide_page import head, row_of
from civic_assistant.desk.editors.preview import Preview, preview_of, preview_of_content
from civic_assistant.desk.editors.refusals import told, told_refusal
from civic_assistant.desk.editors.shelf import GuideRow, Text
from civic_assistant.desk.editors.workshop import Work, Workshop, editors_page
from civic_assistant.desk.pages import page
from civic_assistant.desk.sessions import Member
from civic_assistant.desk.visit import Editor
from civic_assistant.desk.words import words_of
from civic_assistant.errors import DocumentRefused, DraftOutdated, GuideGone
from civic_assistant.gaps.gap import Gap
from civic_assistant.messages import PAGE_LANGUAGES
from ingest.bounds import BINARY_BYTES
from ingest.drafts.working_copy import WorkingCopy
from ingest.formats import FORMATS

routes = APIRouter()

SNIPPETS = ("heading", "list", "table", "case")


@routes.get("/guides/{guide_id}/{language}")
def shown(
    request: Request,
    workshop: Work,
    member: Editor,
    asked: Asked,
    guide_id: str,
    language: str,
    saved: bool = False,
) -> Response:
    """Show a text and what becomes of it; an empty one in a language it does not exist in yet."""
    row = _row(workshop, member, guide_id, language)
    return _text(request, workshop, member, row, language, saved=saved, asked=asked)


@routes.post("/guides/{guide_id}/{language}")
def save(
    request: Request,
    workshop: Work,
    member: Editor,
    asked: Asked,
    guide_id: str,
    language: str,
    form: Sent,
) -> Response:
    """Keep a text in the draft."""
    row = _row(workshop, member, guide_id, language)
    name, written, draft = _name(row, language), _written(form), workshop.draft(member)
    show = partial(_text, request, workshop, member, row, language, typed=written, asked=asked)
    try:
        draft.change(name, written.encode(), based_on=field(form, "based_on") or None)
    except DraftOutdated:
        return show(is_clash=True)
    except DocumentRefused as refusal:
        return show(preview=Preview(refused=refusal))
    workshop.drafts.touch(member, workshop.now())
    return _saved(row, language, asked)


@routes.post("/guides/{guide_id}/{language}/preview")
def preview(
    request: Request, workshop: Work, member: Editor, guide_id: str, language: str, form: Sent
) -> Response:
    """Return what would become of a text as it is typed, for the page's script."""
    row = _row(workshop, member, guide_id, language)
    seen = _preview(workshop, member, row, language, _written(form))
    return page(request, "editors/preview.html", member, **_seen(request, seen, language))


@routes.post("/guides/{guide_id}/{language}/look")
def look(
    request: Request,
    workshop: Work,
    member: Editor,
    asked: Asked,
    guide_id: str,
    language: str,
    form: Sent,
) -> Response:
    """Show the page with what would become of a text; nothing is kept."""
    row = _row(workshop, member, guide_id, language)
    written = _written(form)
    seen = _preview(workshop, member, row, language, written)
    return _text(request, workshop, member, row, language, typed=written, preview=seen, asked=asked)


@routes.post("/guides/{guide_id}/{language}/upload")
def send(
    request: Request,
    workshop: Work,
    member: Editor,
    asked: Asked,
    guide_id: str,
    language: str,
    form: Sent,
) -> Response:
    """Put a file into the draft in place of the text, if it can be read."""
    row = _row(workshop, member, guide_id, language)
    refusal = take_file(workshop, member, row.id, language, form)
    if refusal is not None:
        return _text(request, workshop, member, row, language, refusal=refusal, asked=asked)
    return _saved(row, language, asked)


@routes.get("/guides/{guide_id}/{language}/file")
def file(workshop: Work, member: Editor, guide_id: str, language: str) -> Response:
    """Hand the document over as it is in the draft, to be changed in another program."""
    row = _row(workshop, member, guide_id, language)
    text = row.text(language)
    content = workshop.draft(member).content(text.name) if text else None
    if text is None or content is None:
        raise GuideGone(row.id)
    return Response(
        content,
        media_type="application/octet-stream",
        headers={
            "content-disposition": f'attachment; filename="{row.id}-{language}.{text.ending}"',
            "x-content-type-options": "nosniff",
        },
    )


@routes.post("/guides/{guide_id}/{language}/remove")
def remove(workshop: Work, member: Editor, guide_id: str, language: str, form: Sent) -> Response:
    """Take one language out of the draft: published, it is withdrawn."""
    row, draft = _row(workshop, member, guide_id, language), workshop.draft(member)
    _clear(draft, row.id, language)
    workshop.drafts.touch(member, workshop.now())
    return RedirectResponse(f"/desk/guides/{row.id}/{language}", 303)


@routes.post("/guides/{guide_id}/{language}/restore")
def restore(workshop: Work, member: Editor, guide_id: str, language: str, form: Sent) -> Response:
    """Give up what the draft changes of one language."""
    row, draft = _row(workshop, member, guide_id, language), workshop.draft(member)
    for ending in FORMATS:
        draft.take_back(f"{row.id}/{language}{ending}")
    workshop.drafts.touch(member, workshop.now())
    return RedirectResponse(f"/desk/guides/{row.id}/{language}", 303)


def take_file(
    workshop: Workshop, member: Member, guide_id: str, language: str, form: Sent
) -> DocumentRefused | None:
    """Put the file of a form into the draft; return why not, and keep nothing, if it is refused."""
    sent = upload(form, "file", BINARY_BYTES)
    if sent is None:
        return DocumentRefused("?", "no file was sent.", "Choose a file first.")
    chosen, content = sent
    shown_name = _shown(chosen)
    ending = Path(chosen).suffix.lower()
    if ending not in FORMATS:
        reason = f"{_shown(ending) or 'such'} files are not read."
        return DocumentRefused(shown_name, reason, "Save it as .md, .html, .pdf or .docx.")
    name, draft = f"{guide_id}/{language}{ending}", workshop.draft(member)
    seen = preview_of_content(draft, workshop.settings.corpus_folder, name, content)
    if seen.refused is not None:
        return DocumentRefused(shown_name, seen.refused.reason, seen.refused.remedy)
    try:
        draft.change(name, content)
    except DocumentRefused as refusal:
        return DocumentRefused(shown_name, refusal.reason, refusal.remedy)
    _clear(draft, guide_id, language, but=ending)
    workshop.drafts.touch(member, workshop.now())
    return None


def _clear(draft: WorkingCopy, guide_id: str, language: str, *, but: str = "") -> None:
    """Take the documents of a language out of the draft, but for one format."""
    for ending in FORMATS:
        name = f"{guide_id}/{language}{ending}"
        if ending != but and draft.digest(name) is not None:
            draft.remove(name)


def _row(workshop: Workshop, member: Member, guide_id: str, language: str) -> GuideRow:
    if language not in PAGE_LANGUAGES and not re.fullmatch("[a-z]{2}", language):
        raise GuideGone(guide_id)
    return row_of(workshop, member, guide_id)


def _saved(row: GuideRow, language: str, asked: Gap | None) -> Response:
    """Lead back to a text that is in the draft now."""
    shown = keeping(asked, f"/desk/guides/{row.id}/{language}")
    return RedirectResponse(f"{shown}{'&' if asked else '?'}saved=true", 303)


def _name(row: GuideRow, language: str) -> str:
    """Return the document of a text that is written in place."""
    return f"{row.id}/{language}.md"


def _written(form: Sent) -> str:
    """Return the text as it was typed: browsers send line ends as CR LF."""
    typed = field(form, "text")[:TEXT_CHARACTERS].replace("\r\n", "\n")
    return typed if typed.endswith("\n") else f"{typed}\n"


def _shown(name: str) -> str:
    """Return a file's name as it may be shown: it comes from elsewhere."""
    return "".join(c for c in name[-120:] if c.isprintable())


def _preview(
    workshop: Workshop, member: Member, row: GuideRow, language: str, written: str
) -> Preview:
    corpus, draft = workshop.settings.corpus_folder, workshop.draft(member)
    return preview_of_content(draft, corpus, _name(row, language), written.encode())


def _seen(request: Request, preview: Preview | None, spoken: str) -> dict[str, object]:
    """Return what the preview shows."""
    language = words_of(request).language
    refused = preview.refused if preview else None
    return {
        "preview": preview,
        "spoken": spoken,
        "warnings": [told(warning, language) for warning in (preview.warnings if preview else ())],
        "refusal": told_refusal(refused, language) if refused else None,
    }


def _text(
    request: Request,
    workshop: Workshop,
    member: Member,
    row: GuideRow,
    language: str,
    *,
    typed: str | None = None,
    preview: Preview | None = None,
    refusal: DocumentRefused | None = None,
    saved: bool = False,
    is_clash: bool = False,
    asked: Gap | None,
) -> Response:
    draft, text = workshop.draft(member), row.text(language)
    stands = text is not None and text.change != "removed"
    is_editable = not stands or (text is not None and text.ending == "md")
    name = _name(row, language)
    content = draft.content(name) if is_editable else None
    if preview is None and stands and text is not None:
        if typed is None:
            preview = preview_of(draft, text.name)
        else:
            preview = _preview(workshop, member, row, language, typed)
    spoken_here = words_of(request)
    return editors_page(
        request,
        "text.html",
        member,
        "guides",
        409 if is_clash else 422 if refusal else 200,
        **head(workshop, member, row),
        **_seen(request, preview, language),
        **_original(workshop, member, row, text, language),
        part=language,
        text=text,
        asked=asked,
        lag=workshop.lags().get((row.id, language)),
        is_editable=is_editable,
        has_file=stands,
        content=typed if typed is not None else (content or b"").decode("utf-8", "replace"),
        based_on=draft.digest(name) or "" if is_editable else "",
        most=TEXT_CHARACTERS,
        saved=saved,
        clash=is_clash,
        upload_refused=refusal,
        upload_told=told_refusal(refusal, spoken_here.language) if refusal else None,
        snippets={name: spoken_here.text(f"guides.snippet_text.{name}") for name in SNIPPETS},
    )


def _original(
    workshop: Workshop, member: Member, row: GuideRow, text: Text | None, language: str
) -> dict[str, object]:
    """Return the original text, for who translates it."""
    first = workshop.settings.town_language
    written = row.text(first)
    content = None
    if language != first and written is not None and written.ending == "md":
        content = workshop.draft(member).content(written.name)
    return {
        "original": content.decode("utf-8", "replace") if content else "",
        "original_language": first,
    }
