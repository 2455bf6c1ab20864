from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import aclosing, suppress

import pytest
from sqlalchemy import Engine, text

from civic_assistant.handoff import Handoff
from civic_assistant.handoff.delivery import PENDING_LIMIT, LocalDelivery
from civic_assistant.handoff.entries import Message
from civic_assistant.handoff.following import DeskChanged, Here, News, Typing
from civic_assistant.handoff.reach import Reached
from civic_assistant.handoff.signals import Signal, from_payload, to_payload
from civic_assistant.records import reading
from civic_assistant.settings import Settings
from tests.handoff.scene import Scene

Followed = AsyncGenerator[News, None]
PATIENCE = 15.0

WRITE = """
import sys
from datetime import UTC, datetime
from civic_assistant.handoff import open_handoff
from civic_assistant.records import open_engine
from civic_assistant.settings import Settings
engine = open_engine(sys.argv[1])
side = open_handoff(engine, Settings())
for number in range(20):
    side.transcript.hear(
        sys.argv[2], client_id=f"p{number}", text=f"{number}", now=datetime.now(UTC)
    )
engine.dispose()
"""


async def next_of(followed: Followed, kind: type[News] = Message) -> object:
    """Return what comes next of a kind."""
    async with asyncio.timeout(PATIENCE):
        async for one in followed:
            if isinstance(one, kind):
                return one
    raise AssertionError("the conversation ended")


async def texts_of(followed: Followed, number: int) -> list[str]:
    """Return the texts of the next messages."""
    texts = []
    for _ in range(number):
        message = await next_of(followed)
        assert isinstance(message, Message)
        texts.append(message.text)
    return texts


@pytest.fixture
async def listening(handoff: Handoff) -> AsyncIterator[Handoff]:
    async with handoff.running():
        yield handoff


async def test_a_follower_gets_what_is_stored_and_then_what_comes(
    scene: Scene, listening: Handoff
) -> None:
    scene.hear("1")
    async with aclosing(listening.following.follow(scene.conversation_id)) as followed:
        assert await texts_of(followed, 1) == ["1"]
        waiting = asyncio.create_task(texts_of(followed, 2))
        await asyncio.to_thread(scene.hear, "2")
        await asyncio.to_thread(scene.hear, "3")
        assert await waiting == ["2", "3"]


async def test_a_follower_goes_on_from_a_position(scene: Scene, listening: Handoff) -> None:
    for number in range(450):  # more than two batches
        scene.hear(str(number))
    async with aclosing(listening.following.follow(scene.conversation_id, after=3)) as followed:
        assert await texts_of(followed, 447) == [str(number) for number in range(3, 450)]


async def test_notes_come_to_staff_only(scene: Scene, listening: Handoff) -> None:
    scene.handoff.transcript.note(
        scene.conversation_id,
        staff_id="luc",
        author="Luc",
        client_id="n",
        text="note",
        now=scene.now,
    )
    scene.hear("question")
    follow = listening.following.follow
    async with aclosing(follow(scene.conversation_id)) as followed:
        assert await texts_of(followed, 1) == ["question"]
    async with aclosing(follow(scene.conversation_id, for_staff=True)) as followed:
        assert await texts_of(followed, 2) == ["note", "question"]


async def test_typing_and_presence_are_told_and_kept_nowhere(
    scene: Scene, listening: Handoff
) -> None:
    conversations = listening.conversations
    conversations.gone(scene.conversation_id)
    async with aclosing(listening.following.follow(scene.conversation_id)) as followed:
        told = asyncio.create_task(next_of(followed, Typing))
        while not told.done():  # a signal before the listener is there is rightly lost
            conversations.typing(scene.conversation_id, who="agent", name="Marie")
            await asyncio.wait([told], timeout=0.2)
        assert told.result() == Typing("agent", "Marie")
        here = asyncio.create_task(next_of(followed, Here))
        await asyncio.sleep(0)
        conversations.seen(scene.conversation_id, scene.now)
        assert await here == Here(True)
    assert scene.texts() == []


async def test_following_ends_when_the_conversation_is_erased(
    scene: Scene, listening: Handoff
) -> None:
    scene.hear("1")
    async with aclosing(listening.following.follow(scene.conversation_id)) as followed:
        assert await texts_of(followed, 1) == ["1"]
        rest = asyncio.create_task(_rest(followed))
        await asyncio.to_thread(scene.handoff.erasure.erase, scene.code)
        async with asyncio.timeout(PATIENCE):
            assert await rest == []


async def _rest(followed: Followed) -> list[object]:
    return [one async for one in followed]


async def test_staff_are_told_how_far_the_citizens_page_has_come(
    scene: Scene, listening: Handoff
) -> None:
    said = scene.hear("1").message.position
    follow = listening.following.follow(scene.conversation_id, for_staff=True)
    async with aclosing(follow) as followed:
        assert await next_of(followed, Reached) == Reached(0, 0)
        told = asyncio.create_task(next_of(followed, Reached))
        await asyncio.to_thread(listening.reach.note, scene.conversation_id, said, is_seen=False)
        assert await told == Reached(said, 0)


async def test_a_desk_is_woken_by_its_own_queue(scene: Scene, listening: Handoff) -> None:
    scene.arrive("marie")
    async with aclosing(listening.following.watch("accueil")) as watched:
        assert await anext(watched) == DeskChanged()
        woken = asyncio.ensure_future(anext(watched))
        await asyncio.to_thread(scene.wait)
        async with asyncio.timeout(4):  # sooner than by reading again anyway
            assert await woken == DeskChanged()


async def test_another_process_is_heard_of_at_once(
    scene: Scene, another_process: Callable[[], Handoff], engine: Engine
) -> None:
    if engine.dialect.name == "sqlite":
        pytest.skip("SQLite is for one process; another one is noticed by reading again")
    other = another_process()
    async with (
        scene.handoff.running(),
        aclosing(scene.handoff.following.follow(scene.conversation_id)) as followed,
    ):
        first = asyncio.create_task(next_of(followed, Typing))
        while not first.done():
            other.conversations.typing(scene.conversation_id, who="citizen")
            await asyncio.wait([first], timeout=0.2)
        waiting = asyncio.create_task(next_of(followed))
        await asyncio.to_thread(
            other.transcript.hear,
            scene.conversation_id,
            client_id="x",
            text="d’ailleurs",
            now=scene.now,
        )
        async with asyncio.timeout(4):
            message = await waiting
        assert isinstance(message, Message)
        assert message.text == "d’ailleurs"


async def test_messages_written_while_listening_is_cut_off_come_once_and_in_order(
    scene: Scene, url: str, engine: Engine, settings: Settings
) -> None:
    if engine.dialect.name == "sqlite":
        pytest.skip("there is no connection to lose")
    cutting = asyncio.Event()

    async def cut() -> int:
        cuts = 0
        while not cutting.is_set():
            cuts += await asyncio.to_thread(_terminate_listeners, engine)
            with suppress(TimeoutError):
                async with asyncio.timeout(0.15):
                    await cutting.wait()
        return cuts

    async with (
        scene.handoff.running(),
        aclosing(scene.handoff.following.follow(scene.conversation_id)) as followed,
    ):
        cutter = asyncio.create_task(cut())
        writing = await asyncio.create_subprocess_exec(
            sys.executable, "-c", WRITE, url, scene.conversation_id, stderr=subprocess.PIPE
        )
        _, errors = await writing.communicate()
        assert writing.returncode == 0, errors.decode()
        cutting.set()
        assert await cutter > 0
        async with asyncio.timeout(2 * PATIENCE):
            assert await texts_of(followed, 20) == [str(number) for number in range(20)]


def _terminate_listeners(engine: Engine) -> int:
    query = text(
        "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity "
        "WHERE application_name = 'civic_listen_' || current_schema()"
    )
    with reading(engine) as connection:
        return int(connection.scalar(query) or 0)


def test_what_is_on_the_channel_of_somebody_else_is_left_alone() -> None:
    for payload in ("", "null", "[]", "{", '{"other": 1}', "42"):
        assert from_payload(payload) is None
    signal = Signal("conversation:1", "typing", "agent", "Élise")
    assert from_payload(to_payload(signal)) == signal


async def test_a_follower_that_does_not_read_is_woken_without_growing() -> None:
    delivery = LocalDelivery()
    async with delivery.subscribe("t") as subscription:
        for number in range(1000):
            delivery.committed([Signal("t", "typing", "agent", str(number)), Signal("t")])
        taken = await subscription.take(1)
        assert len(taken) <= PENDING_LIMIT
        assert await subscription.take(0.01) == ()
