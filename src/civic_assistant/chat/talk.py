"""A page's conversation: found again or opened, and the line that shows what is stored in it."""

from __future__ import annotations

import asyncio

from civic_assistant.chat.line import Line
from civic_assistant.chat.product import PageProduct
from civic_assistant.chat.return_code import written_code
from civic_assistant.chat.speech import Session, tell_new, tell_page
from civic_assistant.chat.visits import Visit
from civic_assistant.errors import RecordMissing
from civic_assistant.handoff.conversations import Conversation


async def connect(session: Session, visit: Visit, product: PageProduct) -> None:
    """Show the conversation of a page that has just connected, if it has one already."""
    if visit.line is not None:
        await visit.line.stop()
        visit.line = None
    if visit.conversation is None and visit.code:
        try:
            found = await asyncio.to_thread(product.handoff.conversations.resume, visit.code)
        except RecordMissing:
            visit.code = ""
        else:
            await _enter(found, visit, product)
    if visit.conversation is not None:
        _dial(session, visit, visit.conversation, product)
    else:
        await tell_new()


async def find_again(code: str, session: Session, visit: Visit, product: PageProduct) -> None:
    """Go on in the conversation of a code that the page has, and this session does not.

    Its cookie may be gone; or another process served the page meanwhile, and this one remembers the
    conversation from before. Every try counts as a question, so that codes cannot be tried out; the
    page tries again.
    """
    async with visit.opening:
        is_there = visit.conversation is not None and visit.code == written_code(code)
        if is_there or not await asyncio.to_thread(product.limit.admits, visit.address):
            return
        try:
            found = await asyncio.to_thread(product.handoff.conversations.resume, code)
        except RecordMissing:
            await tell_page({"civic": "erased"})
            return
        visit.code = written_code(code)
        if visit.line is not None:
            await visit.line.stop()
        visit.episode = 0  # what is known of the other conversation is no context for this one
        await _enter(found, visit, product)
        _dial(session, visit, found.id, product)


async def talk(session: Session, visit: Visit, product: PageProduct) -> Line:
    """Return the line to the page's conversation, which is opened with the first question."""
    async with visit.opening:
        if visit.conversation is None:
            opened = await asyncio.to_thread(
                product.handoff.conversations.open,
                language=visit.spoken,
                now=product.handoff.clock(),
            )
            visit.code = opened.code
            await _enter(opened.conversation, visit, product)
        if visit.line is None:
            return _dial(session, visit, str(visit.conversation), product)
        return visit.line


async def _enter(conversation: Conversation, visit: Visit, product: PageProduct) -> None:
    visit.conversation = conversation.id
    history: tuple[str, ...] = ()
    last: tuple[str, ...] = ()
    if conversation.last_position:
        visit.language = conversation.language
        transcript = product.handoff.transcript
        history = await asyncio.to_thread(transcript.questions, conversation.id)
        last = await asyncio.to_thread(transcript.history, conversation.id, 1)
    visit.enter(conversation.episode, history, "".join(last))


def _dial(session: Session, visit: Visit, conversation_id: str, product: PageProduct) -> Line:
    visit.line = Line(visit, product, session, conversation_id)
    visit.line.start()
    return visit.line
