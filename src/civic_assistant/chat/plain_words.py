"""Chainlit's callback for *say it more simply*: the answer once more below, in plain language."""

from __future__ import annotations

import asyncio

import chainlit as cl

from civic_assistant.chat.answered_before import given_to
from civic_assistant.chat.answering import (
    Report,
    break_off,
    never_fails,
    offer,
    store,
    while_telling,
)
from civic_assistant.chat.matters import Matter, department_of
from civic_assistant.chat.plain_button import BUTTON, MARK, PLAIN_ACTION
from civic_assistant.chat.product import PageProduct, served
from civic_assistant.chat.replies import Reply, reply_for
from civic_assistant.chat.speech import Spoken, current_session, say
from civic_assistant.chat.talk import talk
from civic_assistant.chat.visits import Visit, current_visit
from civic_assistant.errors import FloorLost
from civic_assistant.handoff.conversations import Floor
from civic_assistant.messages import messages_for
from civic_assistant.outcomes import Answered, Refused
from civic_assistant.turns import Turn


@cl.action_callback(PLAIN_ACTION)
@never_fails
async def say_plainly(action: cl.Action) -> Report | None:
    """Say an answer of this conversation more simply, if it was not asked for before.

    What the browser says of the turn is not believed: its button must be among what is stored.
    """
    product = served.product()
    visit = current_visit(product)
    turn_id = str(action.payload.get("turn"))
    async with visit.turn:
        if await given_to(BUTTON, turn_id, visit, product) is None:
            return {"failed": True}
        if await given_to(MARK, turn_id, visit, product) is not None:
            return {}
        if not await asyncio.to_thread(product.limit.admits, visit.address):
            await break_off(Refused("too_many"), visit, product)
            return {"failed": True}
        line = await talk(current_session(), visit, product)
        known = await asyncio.to_thread(
            product.handoff.conversations.conversation, line.conversation_id
        )
        if known.floor.speaker != "bot":
            key = "handoff.over" if known.state == "closed" else "plain.person"
            await say(messages_for(visit.spoken).text(key))
            return {"failed": True}
        return await _say(turn_id, known.floor, visit, product)


async def _say(turn_id: str, floor: Floor, visit: Visit, product: PageProduct) -> Report:
    """Say it under an id that only this turn's plain answer has: two presses make one message."""
    spoken = Spoken(f"plain-{turn_id}")
    await spoken.show(messages_for(visit.spoken).text("waiting.simplifying"))
    try:
        turn = await while_telling(
            spoken, visit, lambda tell: product.assistant.say_plainly(turn_id, tell)
        )
        matter = await _show(turn, turn_id, spoken, floor, visit, product)
    except FloorLost:  # a person has taken over: they answer, not the bot
        await spoken.take_back()
        return {"failed": True}
    except BaseException:
        await spoken.take_back()
        raise
    if matter is not None:
        await offer(matter, floor, product)
    return {}


async def _show(
    turn: Turn | None,
    turn_id: str,
    spoken: Spoken,
    floor: Floor,
    visit: Visit,
    product: PageProduct,
) -> Matter | None:
    """Store and show the plain answer, or that there is none; return whom to offer then."""
    if turn is not None and isinstance(turn.outcome, Answered) and turn.outcome.is_plain:
        visit.language = turn.language
        reply = reply_for(turn.outcome, visit.spoken, f"source-{turn.id}", product.settings)
        await store(reply, spoken.id, floor, visit, product, turn)
        visit.turn_id = turn.id
        return None
    reply = Reply(messages_for(visit.spoken).text("plain.not_sure"), offers_person=True)
    mark = [(MARK, {"turn": turn_id})]
    await store(reply, spoken.id, floor, visit, product, elements=mark)
    department = department_of(turn.outcome) if turn is not None else None
    return Matter("not_helped", department, turn_id)
