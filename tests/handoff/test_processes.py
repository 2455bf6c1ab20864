from __future__ import annotations

import asyncio
import random
import sys
from collections.abc import AsyncGenerator
from contextlib import aclosing

from civic_assistant.handoff.entries import Message
from civic_assistant.handoff.following import News
from tests.handoff.scene import Scene

CONVERSATIONS, MESSAGES, KILLS = 5, 24, 3


async def test_processes_that_are_killed_lose_double_and_reorder_nothing(
    scene: Scene, url: str
) -> None:
    """Two processes write to the same conversations, each killed again and again (-9)."""
    conversations = [scene.another() for _ in range(CONVERSATIONS)]
    scene.arrive("marie", seats=CONVERSATIONS)
    for conversation_id in conversations:
        scene.wait(conversation_id)
        scene.claim("marie", conversation_id)

    follow = scene.handoff.following.follow
    async with scene.handoff.running(), asyncio.timeout(300):
        followers = [
            asyncio.create_task(said_in(follow(conversation_id)))
            for conversation_id in conversations
        ]
        kills = await asyncio.gather(
            write(url, "citizen", conversations), write(url, "marie", conversations)
        )
        read = await asyncio.gather(*followers)

    assert min(kills) > 0
    for texts in read:
        for role in ("citizen", "marie"):
            own = [text for text in texts if text.startswith(role)]
            assert own == [f"{role} {number}" for number in range(MESSAGES)]


async def said_in(followed: AsyncGenerator[News, None]) -> list[str]:
    """Return the texts of a conversation once all of them came."""
    texts: list[str] = []
    async with aclosing(followed):
        async for one in followed:
            if isinstance(one, Message) and one.role in ("citizen", "agent"):
                texts.append(one.text)
            if len(texts) == 2 * MESSAGES:
                break
    return texts


async def write(url: str, role: str, conversations: list[str]) -> int:
    """Let processes write everything, killing some; return how many were killed."""
    chance = random.Random(role)
    stored, kills = 0, 0
    while stored < MESSAGES * CONVERSATIONS:
        writer = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "tests.handoff.writer", url, role, str(MESSAGES), *conversations,
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
        )  # fmt: skip
        assert writer.stdin is not None and writer.stdout is not None
        try:
            writer.stdin.write(f"{stored}\n".encode())
            await writer.stdin.drain()
            allowed = chance.randint(5, 30) if kills < KILLS else MESSAGES * CONVERSATIONS
            for _ in range(allowed):
                if not await writer.stdout.readline():
                    break
                stored += 1
            else:
                kills += 1
        finally:
            # What it stored and could not tell any more is sent again by the next one.
            if writer.returncode is None:
                writer.kill()
            await writer.communicate()
    return kills
