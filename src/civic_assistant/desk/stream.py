"""What happens, pushed to the desk's page as server-sent events."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import asdict
from typing import assert_never

from fastapi import APIRouter, Request
from sse_starlette import EventSourceResponse, ServerSentEvent
from starlette.responses import Response

from civic_assistant.desk.conversation_page import message_part, queue_part
from civic_assistant.desk.reception import Reception
from civic_assistant.desk.sessions import Member
from civic_assistant.desk.visit import SESSION_COOKIE, Agent, At
from civic_assistant.desk.waiting_list import WaitingList, waiting_list
from civic_assistant.handoff.entries import Message
from civic_assistant.handoff.following import Here, Typing
from civic_assistant.handoff.reach import Reached

routes = APIRouter()

BEAT_SECONDS = 15.0
LIFE_SECONDS = 120.0
"""A stream ends after so long and the browser opens another: a page that is gone, its connection
half open, counts as present no longer than that."""
_PENDING = 200

Events = asyncio.Queue[ServerSentEvent]


@routes.get("/events")
async def events(
    request: Request, reception: At, member: Agent, conversation: str = "", after: int = 0
) -> Response:
    """Stream the waiting list, and a conversation from a position on.

    The event ids are positions, so that a browser that comes back reads on where it was.
    """
    last = request.headers.get("last-event-id", "")
    position = int(last) if last.isdigit() and len(last) < 10 else after
    if conversation:
        await asyncio.to_thread(reception.shown, conversation, member)
    stream = _merged(request, reception, member, conversation, position)
    return EventSourceResponse(stream, ping=int(BEAT_SECONDS), headers={"x-accel-buffering": "no"})


async def _merged(
    request: Request, reception: Reception, member: Member, conversation: str, after: int
) -> AsyncIterator[ServerSentEvent]:
    """Yield from all sources until the stream's time is over or one of them ends."""
    pending: Events = asyncio.Queue(_PENDING)
    sources = [
        asyncio.create_task(_queue(request, reception, member, conversation, pending)),
        asyncio.create_task(_presence(request, reception, member)),
    ]
    if conversation:
        sources.append(
            asyncio.create_task(_talk(request, reception, member, conversation, after, pending))
        )
    next_event: asyncio.Task[ServerSentEvent] | None = None
    try:
        yield ServerSentEvent(event="hello", data="", retry=1000)
        async with asyncio.timeout(LIFE_SECONDS):
            while True:
                next_event = asyncio.create_task(pending.get())
                done, _ = await asyncio.wait(
                    (next_event, *sources), return_when=asyncio.FIRST_COMPLETED
                )
                if next_event not in done:
                    return
                yield next_event.result()
    except TimeoutError:
        return
    finally:
        for task in (*sources, *([next_event] if next_event else [])):
            task.cancel()
        await asyncio.gather(*sources, return_exceptions=True)


async def _queue(
    request: Request, reception: Reception, member: Member, conversation: str, pending: Events
) -> None:
    last: WaitingList | None = None
    desks = reception.desks_of(member)
    async for _ in reception.handoff.following.watch(*desks):
        shown = await reception.lists.since_now(member.id, lambda: waiting_list(reception, member))
        if shown != last:
            last = shown
            html = await asyncio.to_thread(queue_part, request, shown, member, conversation)
            told = {"html": html, "waiting": len(shown.waiting), "left": len(shown.left)}
            await pending.put(ServerSentEvent(event="queue", data=json.dumps(told)))


async def _presence(request: Request, reception: Reception, member: Member) -> None:
    """Keep somebody present while the page is open and the session lasts."""
    token = request.cookies.get(SESSION_COOKIE, "")
    while True:
        await asyncio.sleep(BEAT_SECONDS)
        holder = await asyncio.to_thread(reception.sessions.member, token, reception.clock())
        if holder is None:
            return
        await asyncio.to_thread(reception.be_present, member)


async def _talk(
    request: Request,
    reception: Reception,
    member: Member,
    conversation_id: str,
    after: int,
    pending: Events,
) -> None:
    _, record = await asyncio.to_thread(reception.shown, conversation_id, member)
    following = reception.handoff.following.follow(conversation_id, after=after, for_staff=True)
    async for news in following:
        match news:
            case Message():
                if news.episode > record.episode:
                    return
                html = await asyncio.to_thread(message_part, request, news, record, member)
                told: dict[str, object] = {"html": html, "role": news.role}
                event = ServerSentEvent(
                    event="message", data=json.dumps(told), id=str(news.position)
                )
            case Typing():
                told = {"who": news.who, "name": news.name or ""}
                event = ServerSentEvent(event="typing", data=json.dumps(told))
            case Here():
                event = ServerSentEvent(event="here", data=json.dumps({"here": news.is_here}))
            case Reached():
                event = ServerSentEvent(event="reached", data=json.dumps(asdict(news)))
            case _:
                assert_never(news)
        await pending.put(event)
