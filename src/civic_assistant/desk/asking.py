"""Ask mode, for the phone and the counter: the engine with all it found, and what to hand over."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Request
from starlette.responses import Response

from civic_assistant.desk.briefing import missing_words, why_of
from civic_assistant.desk.drafting import letter_text, suggestion_of
from civic_assistant.desk.found_passages import shown_evidence
from civic_assistant.desk.pages import page
from civic_assistant.desk.procedure_card import procedure_card
from civic_assistant.desk.reception import Reception
from civic_assistant.desk.sessions import Member
from civic_assistant.desk.visit import At, OwnForm, Staff
from civic_assistant.errors import IndexMissing
from civic_assistant.messages import PAGE_LANGUAGES
from civic_assistant.outcomes import NotCovered, outcome_name
from civic_assistant.turns import Question, Turn

routes = APIRouter()

FIRST_PASSAGES = 8
"""How many passages are shown before the rest is folded away."""
_EXCLUDED_MOST = 30


@routes.get("/ask")
def ask_page(request: Request, reception: At, member: Staff) -> Response:
    """Show the form."""
    is_away = reception.be_present(member)
    return page(request, "ask.html", member, **_form("", "", ()), is_away=is_away, turn=None)


@routes.post("/ask", dependencies=[OwnForm])
def ask(
    request: Request,
    reception: At,
    member: Staff,
    question: Annotated[str, Form(max_length=40_000)] = "",
    spoken: Annotated[str, Form(max_length=8)] = "",
    excluded: Annotated[list[str] | None, Form(max_length=_EXCLUDED_MOST)] = None,
) -> Response:
    """Ask the engine, without some guides if staff excluded them, and show all it found."""
    is_away = reception.be_present(member)
    left_out = tuple(dict.fromkeys(guide[:120] for guide in excluded or ()))
    tag = spoken if spoken in PAGE_LANGUAGES else ""
    turn = reception.product.assistant.answer(
        Question(
            question,
            page_language=tag or None,
            conversation_language=tag or None,
            excluded=left_out,
        )
    )
    return page(
        request,
        "ask.html",
        member,
        **_form(question, tag, _titled(reception, left_out)),
        **_found(reception, member, turn),
        is_away=is_away,
        turn=turn,
    )


def _form(question: str, spoken: str, excluded: tuple[tuple[str, str], ...]) -> dict[str, object]:
    return {
        "question": question,
        "spoken": spoken,
        "excluded": excluded,
        "languages": PAGE_LANGUAGES,
    }


def _titled(reception: Reception, guide_ids: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """Return (id, title) of guides; one that is not published is left out."""
    try:
        versions = reception.product.index.live().versions
    except IndexMissing:
        return ()
    return tuple(
        (guide_id, next(iter(versions[guide_id].values())).title)
        for guide_id in guide_ids
        if guide_id in versions
    )


def _found(reception: Reception, member: Member, turn: Turn) -> dict[str, object]:
    index, evidence, settings = reception.product.index, turn.evidence, reception.settings
    corrections, now = reception.product.corrections, reception.clock()
    passages = shown_evidence(evidence, index, corrections, now) if evidence else ()
    suggestion = suggestion_of(turn)
    first = suggestion.sources[0].guide_id if suggestion else None
    if first is None and evidence and evidence.ranked:
        first = evidence.ranked[0]
    languages = (turn.language, settings.town_language)
    values = {
        "question": " ".join(turn.question.split()),
        "name": member.name,
        "town": settings.town,
        "phone": settings.contact_phone,
    }
    letter = reception.canned.letter
    reason = turn.outcome.reason if isinstance(turn.outcome, NotCovered) else None
    return {
        "outcome": outcome_name(turn.outcome),
        "why": why_of(turn.verdict, reason),
        "suggestion": suggestion,
        "passages": passages,
        "first_passages": FIRST_PASSAGES,
        "missing": missing_words(turn.searched, turn.language, passages[:FIRST_PASSAGES]),
        "card": procedure_card(index, first, languages, corrections, now) if first else None,
        "letter": letter_text(suggestion, turn.language, letter, values) if suggestion else None,
    }
