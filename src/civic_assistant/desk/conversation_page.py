"""The desk's main page: the waiting list, a conversation with its briefing, and what one does."""

from __future__ import annotations

import secrets
from typing import Annotated, Literal

from fastapi import APIRouter, Form, Request
from markdown_it import MarkdownIt
from starlette.responses import RedirectResponse, Response

from civic_assistant.desk.briefing import briefing_of
from civic_assistant.desk.drafting import suggestion_of
from civic_assistant.desk.model_pages import long_talk
from civic_assistant.desk.pages import page, rendered
from civic_assistant.desk.reception import Reception
from civic_assistant.desk.sessions import Member
from civic_assistant.desk.translations import read_in
from civic_assistant.desk.visit import Agent, At, OwnForm, Staff, done, reception_of
from civic_assistant.desk.waiting_list import WaitingList, waiting_list
from civic_assistant.desk.words import words_of
from civic_assistant.handoff.conversations import Conversation
from civic_assistant.handoff.entries import Message
from civic_assistant.handoff.reach import Reached
from civic_assistant.handoff.record import HandoffRecord
from civic_assistant.handoff.states import STAFF_CLOSE_REASONS, StaffCloseReason
from civic_assistant.languages import detect_language
from civic_assistant.messages import page_language
from civic_assistant.turns import Question

routes = APIRouter()

NOT_REACHED = Reached(0, 0)
"""What is so of a message that is pushed as soon as it is stored."""
_MARKDOWN = MarkdownIt("js-default").enable("table")

Text = Annotated[str, Form(max_length=20_000)]
ClientId = Annotated[str, Form(max_length=64)]


@routes.get("/")
def workplace(request: Request, reception: At, member: Staff) -> Response:
    """Show the waiting list, without a conversation; the guides to who edits only."""
    if not member.is_at_desk:
        return RedirectResponse("/desk/guides", 303)
    return page(request, "workplace.html", member, **_around(reception, member), open=None)


@routes.get("/conversations/{conversation_id}")
def conversation(request: Request, reception: At, member: Agent, conversation_id: str) -> Response:
    """Show a conversation beside the waiting list."""
    around = _around(reception, member)
    shown, record = reception.shown(conversation_id, member)
    messages = reception.latest_messages(shown)
    reached = reception.handoff.reach.reached(conversation_id)
    parts = _parts(reception, member, shown, record)
    return page(
        request,
        "workplace.html",
        member,
        **around,
        **parts,
        open=shown.id,
        briefing=briefing_of(record, reception.product, reception.clock()),
        **long_talk(messages, record),
        messages=[message_part(request, m, record, member, reached) for m in messages],
        last_position=messages[-1].position if messages else 0,
    )


@routes.get("/conversations/{conversation_id}/state")
def state(request: Request, reception: At, member: Agent, conversation_id: str) -> Response:
    """Return the conversation's head and what can be done with it now, for the page's script."""
    shown, record = reception.shown(conversation_id, member)
    return page(
        request, "conversation_state.html", member, **_parts(reception, member, shown, record)
    )


@routes.get("/conversations/{conversation_id}/briefing")
def briefing(request: Request, reception: At, member: Agent, conversation_id: str) -> Response:
    """Return the briefing as it is now: the first question may come after the wish for a person."""
    shown, record = reception.shown(conversation_id, member)
    told = briefing_of(record, reception.product, reception.clock())
    talk = long_talk(reception.latest_messages(shown), record)
    return page(request, "briefing.html", member, record=record, briefing=told, **talk)


@routes.post("/conversations/{conversation_id}/claim", dependencies=[OwnForm])
def claim(request: Request, reception: At, member: Agent, conversation_id: str) -> Response:
    """Take the conversation; when two try at once, one is told who was first."""
    reception.be_present(member)
    reception.shown(conversation_id, member)
    reception.handoff.handoffs.claim(conversation_id, staff_id=member.id, now=reception.clock())
    return done(request, f"/desk/conversations/{conversation_id}")


@routes.post("/conversations/{conversation_id}/reply", dependencies=[OwnForm])
def reply(
    request: Request,
    reception: At,
    member: Agent,
    conversation_id: str,
    client_id: ClientId = "",
    text: Text = "",
) -> Response:
    """Say something to the citizen."""
    now = reception.clock()
    reception.handoff.transcript.reply(
        conversation_id,
        staff_id=member.id,
        client_id=client_id,
        text=text,
        now=now,
        language=_written_in(reception, conversation_id, text),
    )
    reception.handoff.drafts.save(conversation_id, member.id, "", now)
    return done(request, f"/desk/conversations/{conversation_id}", stays=True)


@routes.post("/conversations/{conversation_id}/note", dependencies=[OwnForm])
def note(
    request: Request,
    reception: At,
    member: Agent,
    conversation_id: str,
    client_id: ClientId = "",
    text: Text = "",
) -> Response:
    """Keep an internal note, which the citizen never sees."""
    reception.shown(conversation_id, member)
    reception.handoff.transcript.note(
        conversation_id,
        staff_id=member.id,
        author=member.name,
        client_id=client_id,
        text=text,
        now=reception.clock(),
    )
    return done(request, f"/desk/conversations/{conversation_id}", stays=True)


@routes.post("/conversations/{conversation_id}/draft", dependencies=[OwnForm])
def draft(
    request: Request, reception: At, member: Agent, conversation_id: str, text: Text = ""
) -> Response:
    """Keep what is being written, so that nothing is lost with the page, and show it as typing."""
    conversation, _ = reception.shown(conversation_id, member)
    reception.handoff.drafts.save(conversation_id, member.id, text, reception.clock())
    if conversation.owner == member.id and text:
        reception.handoff.conversations.typing(conversation_id, who="agent", name=member.name)
    return done(request, f"/desk/conversations/{conversation_id}", stays=True)


@routes.post("/conversations/{conversation_id}/release", dependencies=[OwnForm])
def release(request: Request, reception: At, member: Agent, conversation_id: str) -> Response:
    """Give the conversation back to the queue, at its old place."""
    reception.handoff.handoffs.release(conversation_id, staff_id=member.id, now=reception.clock())
    return done(request, "/desk/")


@routes.post("/conversations/{conversation_id}/set-aside", dependencies=[OwnForm])
def set_aside(request: Request, reception: At, member: Agent, conversation_id: str) -> Response:
    """Put the conversation among the left messages, to be answered later."""
    reception.handoff.handoffs.set_aside(conversation_id, staff_id=member.id, now=reception.clock())
    return done(request, "/desk/")


@routes.post("/conversations/{conversation_id}/forward", dependencies=[OwnForm])
def forward(
    request: Request,
    reception: At,
    member: Agent,
    conversation_id: str,
    desk: Annotated[str, Form(max_length=64)] = "",
) -> Response:
    """Pass the conversation to another desk."""
    reception.shown(conversation_id, member)
    reception.handoff.handoffs.forward(
        conversation_id,
        staff_id=member.id,
        desk=reception.handoff.desks.desk(desk).id,
        now=reception.clock(),
    )
    return done(request, "/desk/")


@routes.post("/conversations/{conversation_id}/close", dependencies=[OwnForm])
def close(
    request: Request,
    reception: At,
    member: Agent,
    conversation_id: str,
    reason: Annotated[StaffCloseReason, Form()],
) -> Response:
    """End the conversation and say how."""
    reception.handoff.handoffs.close(
        conversation_id, staff_id=member.id, reason=reason, now=reception.clock()
    )
    return done(request, "/desk/")


@routes.post("/conversations/{conversation_id}/suggest", dependencies=[OwnForm])
def suggest(
    request: Request,
    reception: At,
    member: Agent,
    conversation_id: str,
    excluded: Annotated[list[str] | None, Form(max_length=50)] = None,
) -> Response:
    """Return what the engine would say to the citizen's last question; nothing is sent."""
    conversation, record = reception.shown(conversation_id, member)
    messages = reception.latest_messages(conversation)
    asked = [m.text for m in messages if m.role == "citizen" and m.episode == record.episode]
    left_out = tuple(excluded or ())
    turn = reception.product.assistant.answer(
        Question(
            record.question or (asked[-1] if asked else ""),
            page_language=conversation.language,
            excluded=left_out,
        )
    )
    return page(
        request,
        "suggestion.html",
        member,
        suggestion=suggestion_of(turn),
        excluded=left_out,
        conversation_id=conversation_id,
    )


def message_part(
    request: Request,
    message: Message,
    record: HandoffRecord,
    member: Member,
    reached: Reached = NOT_REACHED,
) -> str:
    """Return one message as HTML; what the bot said is Markdown, everything else plain text.

    ``reached`` is how far the citizen's page has come, as far as is known.
    """
    interpreter = reception_of(request).product.interpreter
    into = read_in(message, record, words_of(request).language) if interpreter else None
    return rendered(
        request,
        "message.html",
        member,
        message=message,
        translated_into=into,
        html=_MARKDOWN.render(message.text) if message.role == "bot" else "",
        spoken=message.language or record.language,
        event=_event(message),
        reach=_reach(message, reached),
    )


def queue_part(request: Request, shown: WaitingList, member: Member, conversation: str) -> str:
    """Return the waiting list as HTML; ``conversation`` is the one that is open beside it."""
    return rendered(request, "waiting_list.html", member, list=shown, open=conversation)


def _around(reception: Reception, member: Member) -> dict[str, object]:
    """Return what stands around a conversation; showing it makes somebody present."""
    is_away = reception.be_present(member)
    now = reception.clock()
    return {
        "list": waiting_list(reception, member),
        "is_away": is_away,
        "colleagues": [s for s in reception.handoff.presence.present(now) if s.id != member.id],
    }


def _parts(
    reception: Reception, member: Member, shown: Conversation, record: HandoffRecord
) -> dict[str, object]:
    """Return what the parts of a conversation that change with its state are made from."""
    settings, desks = reception.settings, reception.handoff.desks
    values = {"name": member.name, "town": settings.town, "phone": settings.contact_phone}
    return {
        "conversation": shown,
        "record": record,
        "is_mine": shown.owner == member.id,
        "is_here": shown.is_here(reception.clock()),
        "desk": desks.known(record.desk),
        "other_desks": [desk for desk in desks.all if desk.id != record.desk],
        "close_reasons": STAFF_CLOSE_REASONS,
        "canned": reception.canned.filled(shown.language, "fr", values),
        "draft": reception.handoff.drafts.read(shown.id, member.id),
        "client_id": secrets.token_urlsafe(12),
    }


def _written_in(reception: Reception, conversation_id: str, text: str) -> str:
    """Return the language of a reply: most are in the citizen's or in the town's."""
    citizens = reception.handoff.conversations.conversation(conversation_id).language
    town = reception.settings.town_language
    return detect_language(text, page=page_language(citizens), town=town).written_in


def _reach(message: Message, reached: Reached) -> Literal["none", "delivered", "seen"]:
    if message.position <= reached.seen:
        return "seen"
    return "delivered" if message.position <= reached.delivered else "none"


def _event(message: Message) -> dict[str, str]:
    """Return the values that a line about a move is filled with."""
    payload = message.payload if isinstance(message.payload, dict) else {}
    told = {name: str(value) for name, value in payload.items()}
    return {"author": message.author or "", "reason": "", "desk": "", "number": "", **told}
