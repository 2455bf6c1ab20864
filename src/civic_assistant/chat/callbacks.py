"""Chainlit's callbacks: a question, the way to a person, the form, and the end of waiting."""

from __future__ import annotations

import asyncio
import logging
import secrets
import uuid
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime
from functools import wraps
from typing import ParamSpec

import chainlit as cl

from civic_assistant.chat.case_choice import CHOOSE_ACTION, choice_props, chosen_text
from civic_assistant.chat.contact_form import (
    CANCEL_ACTION,
    SEND_ACTION,
    TALK_ACTION,
    form_props,
    form_text,
    read_letter,
)
from civic_assistant.chat.markdown import plain
from civic_assistant.chat.product import PageProduct, served
from civic_assistant.chat.replies import Reply, reply_for
from civic_assistant.chat.speech import Spoken, button, element, repeat, say
from civic_assistant.chat.visits import Visit, current_visit
from civic_assistant.errors import ContactInvalid
from civic_assistant.messages import PAGE_LANGUAGES, messages_for, page_language
from civic_assistant.outcomes import CouldNotLook, HandedOff, Refused

STARTERS = ("canteen", "parking", "bulky_waste", "identity", "electoral_roll", "nursery")
_log = logging.getLogger(__name__)
_Given = ParamSpec("_Given")
Report = Mapping[str, object]


def _never_fails(
    callback: Callable[_Given, Awaitable[Report | None]],
) -> Callable[_Given, Awaitable[Report | None]]:
    """Turn anything unexpected into a reference number, so that no exception's text is shown."""

    @wraps(callback)
    async def guarded(*args: _Given.args, **kwargs: _Given.kwargs) -> Report | None:
        try:
            return await callback(*args, **kwargs)
        except Exception as error:
            reference = secrets.token_hex(4)
            # The exception's text may hold what the citizen wrote: only its type is logged.
            kind = type(error).__qualname__
            _log.error("the page broke in %s: %s; reference %s", callback.__name__, kind, reference)
            _log.debug("reference %s", reference, exc_info=True)
        try:
            product = served.product()
            visit = current_visit(product)
            await _say(CouldNotLook(reference), visit, product)
        except Exception as error:
            _log.error("reference %s could not be shown: %s", reference, type(error).__qualname__)
        return {"problems": {}, "failed": True}

    return guarded


@cl.set_starters
async def starters(user: cl.User | None, language: str | None = None) -> list[cl.Starter]:
    """Return the example questions in the page's language."""
    town_language = page_language(served.product().settings.town_language)
    messages = messages_for(page_language(language) or town_language or PAGE_LANGUAGES[0])
    return [
        cl.Starter(
            label=messages.text(f"starters.{name}.label"),
            message=messages.text(f"starters.{name}.question"),
        )
        for name in STARTERS
    ]


@cl.on_message
@_never_fails
async def on_message(message: cl.Message) -> None:
    """Answer a question; of what the browser sent only the text is believed."""
    product = served.product()
    visit = current_visit(product)
    await _take(message.content, visit, product)


async def _take(text: str, visit: Visit, product: PageProduct) -> None:
    if len(text) > product.settings.question_length:
        await _say(Refused("too_long"), visit, product)
    elif not product.limit.admits(visit.address):
        await _say(Refused("too_many"), visit, product)
    else:
        async with visit.turn:
            await _answer(text, visit, product)


async def _answer(text: str, visit: Visit, product: PageProduct) -> None:
    spoken = Spoken()
    await spoken.show(messages_for(visit.spoken).text("waiting.looking"))
    try:
        turn = await asyncio.to_thread(product.assistant.answer, visit.question(text))
        visit.remember(text, turn)
        reply = reply_for(turn.outcome, visit.spoken, f"source-{turn.id}", product.settings)
    except asyncio.CancelledError:  # the visitor pressed stop
        await spoken.show(messages_for(visit.spoken).text("waiting.stopped"))
    except Exception:
        await spoken.take_back()
        raise
    else:
        await _show(reply, spoken, visit, product, turn.id)


async def _say(
    outcome: CouldNotLook | HandedOff | Refused, visit: Visit, product: PageProduct
) -> None:
    reply = reply_for(outcome, visit.spoken, f"source-{uuid.uuid4().hex}", product.settings)
    await _show(reply, Spoken(), visit, product)


async def _show(
    reply: Reply, spoken: Spoken, visit: Visit, product: PageProduct, turn_id: str = ""
) -> None:
    elements = [element("SourceCard", card.props()) for card in reply.cards]
    messages = messages_for(visit.spoken)
    if reply.detail is not None:
        elements.insert(0, element("CaseChoice", choice_props(reply.detail, turn_id, messages)))
    if reply.opens_form and visit.form is None:
        visit.form = visit.spoken
        props = form_props(visit.last_question, messages, product.settings)
        elements.append(element("ContactForm", props))
    offer = button(TALK_ACTION, messages.text("person.talk"))
    await spoken.show(reply.text, elements, [offer] if reply.offers_person else [])


@cl.action_callback(CHOOSE_ACTION)
@_never_fails
async def choose_case(action: cl.Action) -> Report | None:
    """Answer the question that a detail was asked of, for the case whose button was pressed."""
    product = served.product()
    visit = current_visit(product)
    detail = visit.reopen(str(action.payload.get("turn")))
    text = detail and chosen_text(action.payload, detail, messages_for(visit.spoken))
    if not text:
        return {"failed": True}
    await repeat(text)
    await _take(text, visit, product)
    return {}


@cl.on_window_message
@_never_fails
async def on_window_message(message: object) -> None:
    """Open the form for the button in the page's header; anybody can post this, so no more."""
    if isinstance(message, dict) and message.get("civic") == "person":
        await _offer_form()


@cl.action_callback(TALK_ACTION)
@_never_fails
async def talk_to_person(action: cl.Action) -> Report | None:
    """Open the form for the button below an answer."""
    await _offer_form()
    return None


async def _offer_form() -> None:
    product = served.product()
    visit = current_visit(product)
    if visit.form is None:
        await _say(HandedOff("asked"), visit, product)


@cl.action_callback(CANCEL_ACTION)
@_never_fails
async def cancel_contact(action: cl.Action) -> Report | None:
    """Close the form."""
    product = served.product()
    visit = current_visit(product)
    if visit.form is not None:
        visit.form = None
        await say(messages_for(visit.spoken).text("person.cancelled"))
    return None


@cl.action_callback(SEND_ACTION)
@_never_fails
async def leave_contact(action: cl.Action) -> Report | None:
    """Store what the form holds and say its number, or say what is wrong, by field."""
    product = served.product()
    visit = current_visit(product)
    if visit.form is None:
        return {"problems": {}, "failed": True}
    messages = messages_for(visit.form)
    letter = read_letter(action.payload, messages, product.settings)
    if isinstance(letter, Mapping):
        return {"problems": letter}
    if not product.limit.admits(visit.address):
        return {"problems": {"send": messages.text("refused.too_many")}}
    try:
        number = await asyncio.to_thread(
            product.requests.leave,
            question=letter.question,
            contact=letter.contact,
            name=letter.name or None,
            language=messages.language,
            turn_id=visit.turn_id,
            now=datetime.now(UTC),
        )
    except ContactInvalid:
        return {"problems": {"contact": messages.text("person.invalid_contact")}}
    except Exception as error:
        _log.error("a request could not be stored: %s", type(error).__qualname__)
        return {"problems": {"send": form_text("person.not_saved", messages, product.settings)}}
    visit.form = None
    saved = messages.text(
        "person.saved",
        number=number,
        contact=plain(letter.contact),
        phone=product.settings.contact_phone,
    )
    await say(saved)
    return {"number": str(number)}
