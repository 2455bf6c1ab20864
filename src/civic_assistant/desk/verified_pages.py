"""The desk's pages of verified answers: the list, one with its history, making and renewing."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from itertools import zip_longest
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from starlette.responses import Response

from civic_assistant.desk.pages import page
from civic_assistant.desk.reception import Reception
from civic_assistant.desk.sessions import Member
from civic_assistant.desk.verifying import (
    Filled,
    Rest,
    asked_for,
    candidates_of,
    filled_again,
    filled_from,
    found_for,
    rests_of,
)
from civic_assistant.desk.visit import Agent, At, OwnForm, Staff, done
from civic_assistant.errors import AnswerMoved, AnswerProblem, AnswerRefused, RecordMissing
from civic_assistant.handoff.desks import Desk
from civic_assistant.messages import PAGE_LANGUAGES
from civic_assistant.verified.answers import WORDINGS_MOST, State, VerifiedAnswer
from civic_assistant.verified.preview import Preview, preview
from civic_assistant.verified.standing import suspend_fallen
from civic_assistant.verified.store import VerifiedAnswers

routes = APIRouter()

BEFORE = 40
"""How many messages before a reply are looked at for the question it answers."""
SHOWN_MOST = 60
_SPARE_WORDINGS = 2
_ORDER: tuple[State, ...] = ("suspended", "live", "withdrawn")
Ids = Annotated[list[str] | None, Form(max_length=SHOWN_MOST)]
Texts = Annotated[list[str] | None, Form(max_length=WORDINGS_MOST + _SPARE_WORDINGS)]


@dataclass(frozen=True, slots=True)
class Posted:
    """The form as it was sent; its candidates are added from the ids that ``shown`` holds."""

    filled: Filled
    shown: tuple[str, ...]


def posted(
    text: Annotated[str, Form(max_length=20_000)] = "",
    language: Annotated[str, Form(max_length=8)] = "",
    wording: Texts = None,
    spoken: Texts = None,
    passage: Ids = None,
    shown: Ids = None,
    ends_on: Annotated[str, Form(max_length=10)] = "",
    desk: Annotated[str, Form(max_length=64)] = "",
    answer_id: Annotated[str, Form(max_length=32)] = "",
    version: Annotated[int, Form(ge=0)] = 0,
) -> Posted:
    """Read the form."""
    asked = zip_longest(wording or (), spoken or (), fillvalue="")
    filled = Filled(
        text=text,
        language=language,
        wordings=tuple((each[:2_000], tag) for each, tag in asked if each.strip()),
        ticked=frozenset(passage or ()),
        ends_on=ends_on,
        desk=desk,
        answer_id=answer_id,
        version=version,
    )
    return Posted(filled, tuple(dict.fromkeys([*(shown or ()), *(passage or ())])))


Sent = Annotated[Posted, Depends(posted)]


@routes.get("/verified")
def listed(request: Request, reception: At, member: Staff) -> Response:
    """Show all answers by state, those first that need somebody; what fell is suspended now."""
    kept, product, now = _kept(reception), reception.product, reception.clock()
    corrected = product.corrections.said_since(now)
    suspend_fallen(kept, product.index.live(), now.date(), now, corrected)
    return page(
        request,
        "verified.html",
        member,
        is_away=reception.be_present(member),
        lists=[(state, kept.answers(state)) for state in _ORDER],
    )


@routes.get("/verified/{answer_id}")
def one(request: Request, reception: At, member: Staff, answer_id: str) -> Response:
    """Show an answer with the passages it rests on, as they were and are, and its history."""
    answer = _answer(reception, answer_id)
    return page(
        request,
        "verified_answer.html",
        member,
        is_away=reception.be_present(member),
        answer=answer,
        rests=_rests(reception, answer),
        events=_kept(reception).history(answer.id),
    )


@routes.get("/conversations/{conversation_id}/messages/{position}/verify")
def from_reply(
    request: Request, reception: At, member: Agent, conversation_id: str, position: int
) -> Response:
    """Show the form for a reply that was sent, with the question before it."""
    conversation, record = reception.shown(conversation_id, member)
    messages = reception.handoff.transcript.messages(
        conversation_id, after=max(0, position - BEFORE), limit=BEFORE, for_staff=True
    )
    reply = next((m for m in messages if m.position == position and m.role == "agent"), None)
    if reply is None:
        raise RecordMissing(f"message {position}: no reply of staff in this conversation.")
    asked = [
        m.text
        for m in messages
        if m.role == "citizen" and m.episode == reply.episode and m.position < position
    ]
    questions = [q for q in (*asked[-1:], record.question) if q]
    turn = asked_for(questions[0] if questions else "", conversation.language, reception.product)
    filled = filled_from(turn, reply.text, questions, reception.product)
    return _form(request, reception, member, replace(filled, desk=record.desk))


@routes.post("/verified/new", dependencies=[OwnForm])
def from_question(
    request: Request,
    reception: At,
    member: Agent,
    question: Annotated[str, Form(max_length=2_000)] = "",
    spoken: Annotated[str, Form(max_length=8)] = "",
) -> Response:
    """Show the form for a question asked at the counter."""
    tag = spoken if spoken in PAGE_LANGUAGES else reception.settings.town_language
    turn = asked_for(question, tag, reception.product)
    return _form(request, reception, member, filled_from(turn, "", [question], reception.product))


@routes.get("/verified/{answer_id}/renew")
def again(request: Request, reception: At, member: Agent, answer_id: str) -> Response:
    """Show the form to check an answer anew, what changed beside what it was."""
    answer = _answer(reception, answer_id)
    index = reception.product.index
    return _form(request, reception, member, filled_again(answer, _rests(reception, answer), index))


@routes.post("/verified/find", dependencies=[OwnForm])
def find(
    request: Request,
    reception: At,
    member: Agent,
    sent: Sent,
    find: Annotated[str, Form(max_length=1_000)] = "",
) -> Response:
    """Show the form again, with passages found for other words."""
    more = found_for(find, sent.filled.language, reception.product) if find.strip() else ()
    return _form(request, reception, member, _with_candidates(reception, sent, more))


@routes.post("/verified/preview", dependencies=[OwnForm])
def look(request: Request, reception: At, member: Agent, sent: Sent) -> Response:
    """Show what would be kept, without personal data, for the member of staff to confirm."""
    try:
        seen = _preview(reception, sent.filled)
    except AnswerRefused as refused:
        filled = _with_candidates(reception, sent)
        return _form(request, reception, member, filled, refused.problem)
    return _shown(request, reception, member, sent, seen)


@routes.post("/verified/edit", dependencies=[OwnForm])
def edit(request: Request, reception: At, member: Agent, sent: Sent) -> Response:
    """Go back from the preview to the form."""
    return _form(request, reception, member, _with_candidates(reception, sent))


@routes.post("/verified", dependencies=[OwnForm])
def keep(
    request: Request,
    reception: At,
    member: Agent,
    sent: Sent,
    confirmed: Annotated[bool, Form()] = False,
) -> Response:
    """Keep a new answer, or the next version of one, as the preview showed it."""
    filled, now = sent.filled, reception.clock()
    try:
        seen = _preview(reception, filled)
    except AnswerRefused as refused:
        return _form(request, reception, member, _with_candidates(reception, sent), refused.problem)
    if seen.doubtful and not confirmed:
        return _shown(request, reception, member, sent, seen, is_unconfirmed=True)
    desk = _desk(reception, member, filled.desk)
    kept, has_doubts = _kept(reception), bool(seen.doubtful)
    if filled.answer_id:
        answer = kept.renew(
            filled.answer_id,
            filled.version,
            seen.proposal,
            desk=desk.name,
            author=member.name,
            has_doubts=has_doubts,
            now=now,
        )
    else:
        answer = kept.make(
            seen.proposal, desk=desk.name, author=member.name, has_doubts=has_doubts, now=now
        )
    return done(request, f"/desk/verified/{answer.id}")


@routes.post("/verified/{answer_id}/withdraw", dependencies=[OwnForm])
def withdraw(request: Request, reception: At, member: Agent, answer_id: str) -> Response:
    """Take an answer out of use for good."""
    _kept(reception).withdraw(answer_id, by=member.name, now=reception.clock())
    return done(request, f"/desk/verified/{answer_id}")


def _kept(reception: Reception) -> VerifiedAnswers:
    return VerifiedAnswers(reception.product.records)


def _answer(reception: Reception, answer_id: str) -> VerifiedAnswer:
    """Return an answer. Raises `AnswerMoved`, which is told in words of these pages."""
    try:
        return _kept(reception).answer(answer_id)
    except RecordMissing as error:
        raise AnswerMoved(str(error)) from None


def _rests(reception: Reception, answer: VerifiedAnswer) -> tuple[Rest, ...]:
    product = reception.product
    return rests_of(answer, product.index, product.corrections, reception.clock())


def _preview(reception: Reception, filled: Filled) -> Preview:
    try:
        ends_on = date.fromisoformat(filled.ends_on) if filled.ends_on else None
    except ValueError:
        raise AnswerRefused("ended") from None
    return preview(
        filled.text,
        filled.language,
        filled.wordings,
        sorted(filled.ticked),
        ends_on,
        reception.product.index,
        reception.clock().date(),
    )


def _with_candidates(reception: Reception, sent: Posted, more: tuple[str, ...] = ()) -> Filled:
    index = reception.product.index
    ids = [*sent.shown, *more]
    return replace(sent.filled, candidates=candidates_of(ids, index, index.live(), SHOWN_MOST))


def _desk(reception: Reception, member: Member, desk_id: str) -> Desk:
    """Return the desk that vouches for an answer: the one chosen, if it is one's own."""
    own = reception.desks_of(member)
    return reception.handoff.desks.known(desk_id if desk_id in own else own[0])


def _form(
    request: Request,
    reception: Reception,
    member: Member,
    filled: Filled,
    problem: AnswerProblem | None = None,
) -> Response:
    rests: tuple[Rest, ...] = ()
    if filled.answer_id:
        answer = _answer(reception, filled.answer_id)
        rests = _rests(reception, answer)
    spare = (("", filled.language),) * min(
        _SPARE_WORDINGS, max(0, WORDINGS_MOST - len(filled.wordings))
    )
    beside = {each.id for rest in rests for each in rest.successors}
    return page(
        request,
        "verified_form.html",
        member,
        422 if problem else 200,
        is_away=reception.be_present(member),
        filled=filled,
        wordings=(*filled.wordings, *spare),
        candidates=[each for each in filled.candidates if each.id not in beside],
        fallen=[rest for rest in rests if rest.fall is not None],
        desks=[reception.handoff.desks.known(id_) for id_ in reception.desks_of(member)],
        languages=PAGE_LANGUAGES,
        problem=problem,
    )


def _shown(
    request: Request,
    reception: Reception,
    member: Member,
    sent: Posted,
    seen: Preview,
    *,
    is_unconfirmed: bool = False,
) -> Response:
    return page(
        request,
        "verified_preview.html",
        member,
        422 if is_unconfirmed else 200,
        is_away=reception.be_present(member),
        seen=seen,
        filled=sent.filled,
        shown=sent.shown,
        desk=_desk(reception, member, sent.filled.desk),
        today=reception.clock(),
        is_unconfirmed=is_unconfirmed,
    )
