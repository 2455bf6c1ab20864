"""Chainlit's callbacks for the way to a person: the panel, the form, *this did not help*."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Mapping
from dataclasses import replace

import chainlit as cl

from civic_assistant.chat.answered_before import given_to
from civic_assistant.chat.answering import Report, hear_and_answer, never_fails, offer
from civic_assistant.chat.contact_form import (
    CANCEL_ACTION,
    NOT_HELPED_ACTION,
    SEND_ACTION,
    TALK_ACTION,
    Letter,
    form_props,
    form_text,
    read_letter,
)
from civic_assistant.chat.matters import Matter
from civic_assistant.chat.product import PageProduct, served
from civic_assistant.chat.return_code import CODE_LENGTH
from civic_assistant.chat.speech import Spoken, current_session, element, say
from civic_assistant.chat.talk import find_again, talk
from civic_assistant.chat.translation import TRANSLATE_ACTION, told_translation
from civic_assistant.chat.visits import Visit, current_visit
from civic_assistant.errors import (
    CivicError,
    ContactInvalid,
    DeskUnavailable,
    MessageRefused,
    MoveRefused,
)
from civic_assistant.messages import messages_for

TYPING_SECONDS = 3.0
_log = logging.getLogger(__name__)


@cl.on_window_message
@never_fails
async def on_window_message(message: object) -> None:
    """Do what a button of the header or the panel asks for; anybody can post this, so no more."""
    wish = message.get("civic") if isinstance(message, dict) else None
    product = served.product()
    visit = current_visit(product)
    handoffs = product.handoff.handoffs
    match wish:
        case "person":
            await _offer_person(visit, product)
        case "again":
            await _hear_again(message, visit, product)
        case "code":
            await _find_again(message, visit, product)
        case "reached" if visit.conversation is not None:
            await _note_reach(message, visit, visit.conversation, product)
        case "typing" if visit.conversation is not None:
            await _type(visit, visit.conversation, product)
        case "message" if visit.conversation is not None:
            await _open_form(visit, product)
        case "wait" if visit.conversation is not None:
            await _wait(visit, visit.conversation, product)
        case "alone" if visit.asks_again:
            visit.asks_again = False
            _look_again(visit)
        case "alone" | "withdraw" | "finish" if visit.conversation is not None:
            moves = {
                "alone": handoffs.decline,
                "withdraw": handoffs.withdraw,
                "finish": handoffs.finish,
            }
            try:
                await asyncio.to_thread(moves[wish], visit.conversation, product.handoff.clock())
            except MoveRefused:  # somebody was faster; the panel says what is so now
                _log.info("a move came too late: %s", wish)
            _look_again(visit)
        case _:
            pass


@cl.action_callback(TALK_ACTION)
@never_fails
async def talk_to_person(action: cl.Action) -> Report | None:
    """Offer a person for the button below a breakdown."""
    product = served.product()
    await _offer_person(current_visit(product), product)
    return None


@cl.action_callback(NOT_HELPED_ACTION)
@never_fails
async def not_helped(action: cl.Action) -> Report | None:
    """Offer a person because an answer did not help."""
    product = served.product()
    visit = current_visit(product)
    turn_id = str(action.payload.get("turn"))
    answer = await given_to("NotHelped", turn_id, visit, product)
    if answer is None:  # of another conversation, or of one that is erased
        matter = Matter("not_helped")
    else:
        matter = Matter("not_helped", str(answer.get("department") or "") or None, turn_id)
    await _offer_person(visit, product, matter)
    return {}


async def _offer_person(visit: Visit, product: PageProduct, matter: Matter | None = None) -> None:
    line = await talk(current_session(), visit, product)
    known = await asyncio.to_thread(
        product.handoff.conversations.conversation, line.conversation_id
    )
    if known.floor.speaker == "bot":
        await offer(matter or replace(visit.matter, reason="asked"), known.floor, product)
    elif known.state == "closed":  # only what the citizen chooses begins anew
        visit.matter, visit.asks_again = Matter("asked"), True
    _look_again(visit)


async def _hear_again(message: object, visit: Visit, product: PageProduct) -> None:
    """Take a message once more that the page was not told was heard; stored twice it never is."""
    match message:
        case {"id": str(client_id), "text": str(text)}:
            await hear_and_answer(text, client_id, visit, product, is_shown=True)


async def _find_again(message: object, visit: Visit, product: PageProduct) -> None:
    match message:
        case {"code": str(code)} if len(code) <= CODE_LENGTH:
            await find_again(code, current_session(), visit, product)


async def _note_reach(
    message: object, visit: Visit, conversation_id: str, product: PageProduct
) -> None:
    """Note that the page has what it was asked about, or that it was in sight."""
    match message:
        case {"position": int(position), "seen": bool(is_seen)} if visit.line is not None:
            if 0 < position <= visit.line.position and (position, is_seen) > visit.reached:
                visit.reached = (position, is_seen)
                note = product.handoff.reach.note
                await asyncio.to_thread(note, conversation_id, position, is_seen=is_seen)


def _look_again(visit: Visit) -> None:
    if visit.line is not None:
        visit.line.refresh()


async def _type(visit: Visit, conversation_id: str, product: PageProduct) -> None:
    now = time.monotonic()
    if now - visit.typed_at >= TYPING_SECONDS:
        visit.typed_at = now
        typing = product.handoff.conversations.typing
        await asyncio.to_thread(typing, conversation_id, who="citizen")


async def _wait(visit: Visit, conversation_id: str, product: PageProduct) -> None:
    handoff = product.handoff
    record = await asyncio.to_thread(handoff.handoffs.current, conversation_id)
    question = record.question if record else ""  # of who waited in vain, and waits again
    if not question and not visit.asks_again:  # what was asked before a closed talk is over
        question = "".join(await asyncio.to_thread(handoff.transcript.history, conversation_id, 1))
    desk = record.desk if record else handoff.desks.for_department(visit.matter.department).id
    try:
        await asyncio.to_thread(
            handoff.handoffs.wait,
            conversation_id,
            reason=record.reason if record else visit.matter.reason,
            desk=desk,
            question=question,
            turn_id=record.turn_id if record else visit.matter.turn_id,
            now=product.handoff.clock(),
        )
        visit.asks_again = False
    except (DeskUnavailable, MoveRefused):  # the panel says what is so now
        _log.info("nobody could be waited for any more")
    _look_again(visit)


async def _open_form(visit: Visit, product: PageProduct) -> None:
    if visit.form is None:
        visit.form = visit.spoken
        messages = messages_for(visit.spoken)
        props = form_props(visit.last_question, messages, product.settings)
        await Spoken().show(messages.text("handoff.leave"), [element("ContactForm", props)])


@cl.action_callback(TRANSLATE_ACTION)
@never_fails
async def translate_message(action: cl.Action) -> Report | None:
    """Return the translation of what an agent said, which is shown below it."""
    product = served.product()
    visit = current_visit(product)
    position = action.payload.get("position")
    return await told_translation(position, visit.conversation, visit.spoken, product)


@cl.action_callback(CANCEL_ACTION)
@never_fails
async def cancel_contact(action: cl.Action) -> Report | None:
    """Close the form."""
    visit = current_visit(served.product())
    if visit.form is not None:
        visit.form = None
        await say(messages_for(visit.spoken).text("person.cancelled"))
    return None


@cl.action_callback(SEND_ACTION)
@never_fails
async def leave_contact(action: cl.Action) -> Report | None:
    """Store what the form holds and say its number, or say what is wrong, by field."""
    product = served.product()
    visit = current_visit(product)
    if visit.form is None or visit.conversation is None:
        return {"problems": {}, "failed": True}
    messages = messages_for(visit.form)
    letter = read_letter(action.payload, messages, product.settings)
    if isinstance(letter, Mapping):
        return {"problems": letter}
    if not await asyncio.to_thread(product.limit.admits, visit.address):
        return {"problems": {"send": messages.text("refused.too_many")}}
    try:
        number = await _leave(letter, visit, visit.conversation, product)
    except ContactInvalid:
        return {"problems": {"contact": messages.text("person.invalid_contact")}}
    except MessageRefused:
        return {"problems": {"question": messages.text("person.missing_message")}}
    except CivicError as error:
        _log.error("a message could not be stored: %s", type(error).__qualname__)
        return {"problems": {"send": form_text("person.not_saved", messages, product.settings)}}
    visit.form = None
    _look_again(visit)
    return {"number": number}


async def _leave(letter: Letter, visit: Visit, conversation_id: str, product: PageProduct) -> str:
    handoff = product.handoff
    record = await asyncio.to_thread(handoff.handoffs.current, conversation_id)
    desk = record.desk if record else handoff.desks.for_department(visit.matter.department).id
    return await asyncio.to_thread(
        handoff.handoffs.leave_message,
        conversation_id,
        reason=record.reason if record else visit.matter.reason,
        desk=desk,
        question=letter.question,
        contact=letter.contact,
        name=letter.name or None,
        turn_id=record.turn_id if record else visit.matter.turn_id,
        now=product.handoff.clock(),
    )
