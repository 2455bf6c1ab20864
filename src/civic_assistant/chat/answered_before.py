"""What an element of an earlier answer was given, whichever session of the page was shown it."""

from __future__ import annotations

import asyncio

from civic_assistant.chat.element import Props
from civic_assistant.chat.line import REPLAYED
from civic_assistant.chat.product import PageProduct
from civic_assistant.chat.shown import element_props
from civic_assistant.chat.visits import Visit


async def given_to(name: str, turn_id: str, visit: Visit, product: PageProduct) -> Props | None:
    """Return what the element of a turn of this conversation was given, as it is stored.

    None when no answer of the conversation has it: what the browser says of a turn is not believed.
    """
    if visit.conversation is None:
        return None
    known = await asyncio.to_thread(product.handoff.conversations.conversation, visit.conversation)
    after = max(0, known.last_position - REPLAYED)
    stored = await asyncio.to_thread(
        product.handoff.transcript.messages, known.id, after=after, limit=REPLAYED
    )
    found = (element_props(message, name) for message in reversed(stored))
    return next((props for props in found if props and props.get("turn") == turn_id), None)
