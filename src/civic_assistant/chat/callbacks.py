"""Chainlit's callbacks for questions: the examples, a message, a case chosen with a button."""

from __future__ import annotations

import uuid

import chainlit as cl

from civic_assistant.chat.answered_before import given_to
from civic_assistant.chat.answering import Report, hear_and_answer, never_fails
from civic_assistant.chat.case_choice import CHOOSE_ACTION, chosen_again, chosen_text
from civic_assistant.chat.product import served
from civic_assistant.chat.speech import current_session
from civic_assistant.chat.talk import connect
from civic_assistant.chat.visits import current_visit
from civic_assistant.messages import PAGE_LANGUAGES, messages_for, page_language

STARTERS = ("canteen", "parking", "bulky_waste", "identity", "electoral_roll", "nursery")


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


@never_fails
async def page_connected() -> None:
    """Show what is stored to a page that has connected, for the first time or again."""
    product = served.product()
    await connect(current_session(), current_visit(product), product)


@cl.on_chat_end
async def page_left() -> None:
    """Stop showing to a page whose socket is gone; it may come back."""
    visit = current_visit(served.product())
    if visit.line is not None:
        line, visit.line = visit.line, None
        await line.stop()


@cl.on_message
@never_fails
async def on_message(message: cl.Message) -> None:
    """Take a message; of what the browser sent only the text and its id are believed."""
    product = served.product()
    visit = current_visit(product)
    await hear_and_answer(message.content, message.id, visit, product, is_shown=True)


@cl.action_callback(CHOOSE_ACTION)
@never_fails
async def choose_case(action: cl.Action) -> Report | None:
    """Answer the question that a detail was asked of, for the case whose button was pressed."""
    product = served.product()
    visit = current_visit(product)
    turn_id = str(action.payload.get("turn"))
    detail = visit.reopen(turn_id)
    if detail is not None:
        text = chosen_text(action.payload, detail, messages_for(visit.spoken))
    else:
        props = await given_to("CaseChoice", turn_id, visit, product)
        text = chosen_again(action.payload, props) if props else None
    if not text:
        return {"failed": True}
    await hear_and_answer(text, str(uuid.uuid4()), visit, product, is_shown=False)
    return {}
