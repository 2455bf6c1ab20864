from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from threading import Thread

import httpx
import pytest
import uvicorn
from httpx_sse import ServerSentEvent, aconnect_sse

from tests.desk.conftest import Agent, Town


@pytest.fixture
async def served(town_desk: Town) -> AsyncIterator[str]:
    """Serve the desk: a stream needs a real connection."""
    config = uvicorn.Config(town_desk.app, port=0, log_level="error", ws="none")
    server = uvicorn.Server(config)
    thread = Thread(target=server.run)
    thread.start()
    while not server.started:
        await asyncio.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    await asyncio.to_thread(thread.join, 20)


@asynccontextmanager
async def events(
    address: str, agent: Agent, query: str = "", headers: dict[str, str] | None = None
) -> AsyncIterator[AsyncIterator[ServerSentEvent]]:
    cookies = {"civic_desk": agent.client.cookies["civic_desk"]}
    async with (
        httpx.AsyncClient(base_url=address, cookies=cookies, timeout=20) as client,
        aconnect_sse(client, "GET", f"/desk/events{query}", headers=headers or {}) as source,
    ):
        source.response.raise_for_status()
        yield source.aiter_sse()


async def take(
    source: AsyncIterator[ServerSentEvent], wanted: Callable[[str, object], bool]
) -> object:
    """Return the first event's data that is wanted."""
    async with asyncio.timeout(15):
        async for event in source:
            data = json.loads(event.data) if event.data else None
            if wanted(event.event, data):
                return data
    raise AssertionError("the stream ended")


async def test_somebody_who_begins_to_wait_appears_in_the_list(
    served: str, town_desk: Town
) -> None:
    agent = town_desk.agent()
    async with events(served, agent) as source:
        await take(source, lambda name, _: name == "queue")
        cid = await asyncio.to_thread(town_desk.citizen_waits)
        told = await take(source, lambda name, data: name == "queue" and data["waiting"] == 1)  # type: ignore[index]
    assert cid in str(told)


async def test_what_the_citizen_writes_arrives_once_and_in_order(
    served: str, town_desk: Town
) -> None:
    agent = town_desk.agent()
    cid = town_desk.citizen_waits()
    agent.post("/claim-next")
    last = town_desk.product.handoff.conversations.conversation(cid).last_position
    async with events(served, agent, f"?conversation={cid}&after={last}") as source:
        await take(source, lambda name, _: name == "queue")
        for number in range(3):
            await asyncio.to_thread(town_desk.citizen_writes, cid, f"message {number}")
        seen = [await take(source, lambda name, _: name == "message") for _ in range(3)]
    assert [f"message {n}" in str(seen[n]) for n in range(3)] == [True] * 3


async def test_a_browser_that_comes_back_reads_on_where_it_was(
    served: str, town_desk: Town
) -> None:
    agent = town_desk.agent()
    cid = town_desk.citizen_waits()
    agent.post("/claim-next")
    last = town_desk.product.handoff.conversations.conversation(cid).last_position
    town_desk.citizen_writes(cid, "pendant la coupure")
    back = {"last-event-id": str(last)}
    async with events(served, agent, f"?conversation={cid}&after=0", back) as source:
        told = await take(source, lambda name, _: name == "message")
    assert "pendant la coupure" in str(told)


async def test_typing_and_presence_of_the_citizen_are_shown(served: str, town_desk: Town) -> None:
    agent = town_desk.agent()
    cid = town_desk.citizen_waits()
    conversations = town_desk.product.handoff.conversations
    async with events(served, agent, f"?conversation={cid}&after=99") as source:
        await take(source, lambda name, _: name == "queue")
        await asyncio.to_thread(conversations.typing, cid, who="citizen")
        assert await take(source, lambda name, _: name == "typing") == {
            "who": "citizen",
            "name": "",
        }
        await asyncio.to_thread(conversations.gone, cid)
        assert await take(source, lambda name, _: name == "here") == {"here": False}


async def test_that_a_reply_has_reached_the_citizen_is_shown(served: str, town_desk: Town) -> None:
    agent = town_desk.agent()
    cid = town_desk.citizen_waits()
    agent.post("/claim-next")
    agent.post(f"/conversations/{cid}/reply", client_id="r", text="Bonjour.")
    handoff = town_desk.product.handoff
    last = handoff.conversations.conversation(cid).last_position
    async with events(served, agent, f"?conversation={cid}&after=0") as source:
        told = await take(source, lambda name, data: name == "message" and "Bonjour" in str(data))
        assert 'data-reach="none"' in str(told)
        await asyncio.to_thread(handoff.reach.note, cid, last, is_seen=True)
        await take(source, lambda _, data: data == {"delivered": last, "seen": last})


async def test_the_stream_of_a_conversation_of_another_desk_is_refused(
    served: str, town_desk: Town
) -> None:
    other = town_desk.product.handoff.desks.all[1]
    town_desk.agent()
    bo = town_desk.agent("bo", "Bo M.", desks=(other.id,))
    cid = town_desk.citizen_waits()
    with pytest.raises(httpx.HTTPStatusError, match="404"):
        async with events(served, bo, f"?conversation={cid}"):
            pass
