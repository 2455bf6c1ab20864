"""What a language model does for staff: drafts of replies and letters, summaries; none is sent."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from hashlib import sha256
from typing import Annotated

from fastapi import APIRouter, Form, Request
from starlette.responses import Response

from civic_assistant.desk.conversation_lines import lines_of
from civic_assistant.desk.draft_sources import quoted_before
from civic_assistant.desk.drafting import letter_text, suggestion_of
from civic_assistant.desk.kept_summaries import KeptSummary
from civic_assistant.desk.pages import page
from civic_assistant.desk.reception import Reception
from civic_assistant.desk.sessions import Member
from civic_assistant.desk.visit import Agent, At, OwnForm, Staff
from civic_assistant.desk.worded_drafts import NotDrafted, worded_draft
from civic_assistant.desk.words import words_of
from civic_assistant.handoff.conversations import Conversation
from civic_assistant.handoff.entries import Message
from civic_assistant.handoff.record import HandoffRecord
from civic_assistant.language_model.line import Line
from civic_assistant.messages import PAGE_LANGUAGES
from civic_assistant.turns import Question, Turn

routes = APIRouter()

LONG = 8
"""Messages from which on a conversation is summed up by itself when somebody takes it over, and
after which a kept summary is made anew."""
_HISTORY = 8

Excluded = Annotated[list[str] | None, Form(max_length=50)]


@routes.post("/conversations/{conversation_id}/drafted", dependencies=[OwnForm])
def draft_reply(
    request: Request,
    reception: At,
    member: Agent,
    conversation_id: str,
    excluded: Excluded = None,
) -> Response:
    """Return a draft of a reply and a letter in a model's words, or the guides' own; none is sent.

    Raises `RecordMissing`, `RecordsUnusable`.
    """
    conversation, record = reception.shown(conversation_id, member)
    messages = reception.latest_messages(conversation)
    left_out = tuple(dict.fromkeys(excluded or ()))
    turn = _looked_up(reception, conversation, record, messages, left_out)
    return _draft_page(
        request,
        reception,
        member,
        turn,
        lines=[
            line for line in lines_of(messages, conversation, record) if line.speaker != "assistant"
        ],
        before=quoted_before(messages, record, reception.product.journal),
        language=conversation.language,
        excluded=left_out,
        conversation_id=conversation_id,
    )


@routes.post("/ask/drafted", dependencies=[OwnForm])
def draft_answer(
    request: Request,
    reception: At,
    member: Staff,
    question: Annotated[str, Form(max_length=40_000)] = "",
    spoken: Annotated[str, Form(max_length=8)] = "",
    excluded: Excluded = None,
) -> Response:
    """Return the same for a question that was asked on the phone or at the counter."""
    left_out = tuple(dict.fromkeys(excluded or ()))
    tag = spoken if spoken in PAGE_LANGUAGES else None
    turn = reception.product.assistant.answer(
        Question(question, page_language=tag, conversation_language=tag, excluded=left_out)
    )
    return _draft_page(
        request,
        reception,
        member,
        turn,
        lines=[Line(1, "citizen", turn.question, turn.language)],
        before=(),
        language=turn.language,
        excluded=left_out,
        conversation_id="",
    )


@routes.post("/conversations/{conversation_id}/summary", dependencies=[OwnForm])
def sum_up(
    request: Request,
    reception: At,
    member: Agent,
    conversation_id: str,
    auto: Annotated[bool, Form()] = False,
) -> Response:
    """Return a summary in the desk's language; one made ``auto``matically may be a little old."""
    conversation, record = reception.shown(conversation_id, member)
    messages = reception.latest_messages(conversation)
    language, now = words_of(request).language, reception.clock()
    lines = lines_of(messages, conversation, record)
    last = lines[-1].number if lines else 0
    after = last - LONG if auto else last - 1
    episode = f"{conversation_id} {record.episode}"
    kept = reception.summaries.find(episode, language, after=after, now=now)
    if kept is None or (kept.summary is None and not auto):
        summariser = reception.product.summariser
        work = sha256(f"{conversation_id} {last}".encode()).hexdigest()[:24]
        made = summariser.summarise(lines, language, f"summary {work}") if summariser else None
        kept = KeptSummary(made, last, now)
        reception.summaries.keep(episode, language, kept)
    return page(
        request,
        "summary.html",
        member,
        summary=kept.summary,
        made_at=kept.at,
        is_whole=kept.position == last,
        said={m.position: m for m in messages},
    )


def long_talk(messages: Sequence[Message], record: HandoffRecord) -> dict[str, object]:
    """Return whether an episode is long enough to be summed up by itself, and was passed on."""
    own = [message for message in messages if message.episode == record.episode]
    return {
        "is_long": sum(message.role in ("citizen", "agent", "bot") for message in own) > LONG,
        "is_forwarded": any((m.role, m.text) == ("event", "forward") for m in own),
    }


def _looked_up(
    reception: Reception,
    conversation: Conversation,
    record: HandoffRecord,
    messages: Sequence[Message],
    excluded: tuple[str, ...],
) -> Turn:
    """Return the turn to draft from: the last message's if it is sure, or says more than the first.

    What the citizen wrote last may be thanks; what they passed on is asked then.
    """
    said = [m.text for m in messages if m.role == "citizen" and m.episode == record.episode]
    turns: list[Turn] = []
    for question in _questions(said, record):
        turns.append(
            reception.product.assistant.answer(
                Question(
                    question,
                    page_language=conversation.language,
                    conversation_language=conversation.language,
                    history=tuple(text for text in said if text != question)[-_HISTORY:],
                    excluded=excluded,
                )
            )
        )
        suggestion = suggestion_of(turns[-1])
        if suggestion is not None and suggestion.is_sure:
            return turns[-1]
    return next((turn for turn in turns if suggestion_of(turn) is not None), turns[0])


def _questions(said: Sequence[str], record: HandoffRecord) -> Iterator[str]:
    """Yield what to look up, in order, each once: at least one, if only an empty one."""
    last = said[-1] if said else record.question
    yield last
    if record.question and record.question != last:
        yield record.question


def _draft_page(
    request: Request,
    reception: Reception,
    member: Member,
    turn: Turn,
    *,
    lines: Sequence[Line],
    before: Sequence[str],
    language: str,
    excluded: tuple[str, ...],
    conversation_id: str,
) -> Response:
    product, settings = reception.product, reception.settings
    draft = worded_draft(turn, lines, before, language, product, reception.clock(), excluded)
    around = {"excluded": excluded, "conversation_id": conversation_id}
    if isinstance(draft, NotDrafted):
        own = suggestion_of(turn)
        return page(
            request, "not_drafted.html", member, not_drafted=draft, suggestion=own, **around
        )
    values = {
        "question": " ".join(turn.question.split()),
        "name": member.name,
        "town": settings.town,
        "phone": settings.contact_phone,
    }
    letter = letter_text(draft.suggestion, draft.language, reception.canned.letter, values)
    return page(request, "drafted.html", member, draft=draft, letter=letter, **around)
