"""Ask as a citizen: what is answered with the draft, beside what is answered today."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Query, Request
from markdown_it import MarkdownIt
from starlette.responses import Response

from civic_assistant.chat.replies import Reply, reply_for
from civic_assistant.desk.editors.forms import Sent, field
from civic_assistant.desk.editors.planned import current_plan
from civic_assistant.desk.editors.updates import waiting_updates
from civic_assistant.desk.editors.workshop import Work, Workshop, editors_page
from civic_assistant.desk.sessions import Member
from civic_assistant.desk.visit import Editor
from civic_assistant.errors import IndexMissing
from civic_assistant.messages import PAGE_LANGUAGES
from civic_assistant.outcomes import outcome_name
from civic_assistant.turns import Question

routes = APIRouter()

_MARKDOWN = MarkdownIt("js-default").enable("table")


@dataclass(frozen=True, slots=True)
class Tried:
    """What a citizen would read on one edition: ``html`` of the message, its cards and buttons.

    ``place`` is ``draft`` or ``live``.
    """

    place: str
    edition: int
    language: str
    outcome: str
    html: str
    reply: Reply


@routes.get("/guides/try")
def empty(
    request: Request,
    workshop: Work,
    member: Editor,
    question: Annotated[str, Query(max_length=1_000)] = "",
    edition: int | None = None,
) -> Response:
    """Show the form; ``question`` is what another page begins it with.

    ``edition`` is a waiting update that is asked instead of what the draft was planned as.
    """
    return _page(request, workshop, member, question, "", (), _waiting(workshop, edition))


@routes.post("/guides/try")
def ask(request: Request, workshop: Work, member: Editor, form: Sent) -> Response:
    """Ask the engine on the staged edition and on the live one; neither turn is recorded."""
    question = field(form, "question").strip()
    spoken = field(form, "spoken")
    tag = spoken if spoken in PAGE_LANGUAGES else ""
    sent = field(form, "edition")
    waiting = _waiting(workshop, int(sent) if sent.isdecimal() else None)
    editions = _editions(workshop, member, waiting)
    tried = tuple(_tried(workshop, editions, question, tag)) if question else ()
    return _page(request, workshop, member, question, tag, tried, waiting)


def _waiting(workshop: Workshop, edition: int | None) -> int | None:
    """Return the number of a waiting update, None for any other edition."""
    return edition if any(edition == one.number for one in waiting_updates(workshop)) else None


def _tried(
    workshop: Workshop, editions: Iterable[tuple[str, int]], question: str, tag: str
) -> Iterator[Tried]:
    for place, edition in editions:
        turn = workshop.reception.product.assistant.answer(
            Question(
                question,
                page_language=tag or None,
                conversation_language=tag or None,
                edition=edition,
            )
        )
        # What cannot be said in a page's language is said in the town's.
        language = tag or turn.language
        if language not in PAGE_LANGUAGES:
            language = workshop.settings.town_language
        reply = reply_for(turn.outcome, language, f"{place}-source", workshop.settings)
        html = _MARKDOWN.render(reply.text)
        yield Tried(place, edition, language, outcome_name(turn.outcome), html, reply)


def _editions(workshop: Workshop, member: Member, waiting: int | None) -> Iterator[tuple[str, int]]:
    """Yield the editions to ask: a waiting one or the planned draft's, and the live one."""
    plan = current_plan(workshop, member) if waiting is None else None
    if waiting is not None:
        yield "draft", waiting
    elif plan is not None and plan.edition is not None:
        yield "draft", plan.edition
    try:
        yield "live", workshop.index.live().number
    except IndexMissing:
        return


def _page(
    request: Request,
    workshop: Workshop,
    member: Member,
    question: str,
    spoken: str,
    tried: tuple[Tried, ...],
    waiting: int | None,
) -> Response:
    plan = current_plan(workshop, member)
    return editors_page(
        request,
        "try.html",
        member,
        "try",
        question=question,
        spoken=spoken,
        languages=PAGE_LANGUAGES,
        tried=tried,
        edition=waiting,
        is_staged=waiting is not None or (plan is not None and plan.edition is not None),
    )
