"""Conversations while servers are killed and sockets cut: nothing may be lost, doubled or late."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import typer

from civic_assistant.handoff import open_handoff
from civic_assistant.handoff.entries import Message
from civic_assistant.records import open_engine
from civic_assistant.settings import Settings
from evals.handoff.ledger import Ledger, Seen, Verdict, mark_in
from evals.handoff.servers import Server
from evals.handoff.talks import Talks
from evals.handoff.town import Town, open_town

PAUSE_SECONDS = 6.0
"""Mean pause between two of them."""
COMING_SECONDS = 0.4
"""Mean time between two citizens who come."""
_START_SECONDS = 8.0
_UP_SHARE = (0.5, 3.0)
"""A server lives between half and three times as long as its start took."""
_CUT_SECONDS = 1.0
_CUT_SHARE, _SWALLOW_SHARE = 0.02, 0.01
_SWALLOW_SECONDS = 3.0
_TELL_SECONDS = 20.0


@dataclass(frozen=True, slots=True)
class FaultRun:
    """What a run came to; ``sent_again`` messages and requests reached a server twice or never."""

    database: str
    conversations: int
    verdict: Verdict
    seconds: float
    kills: int
    cuts: int
    sockets: int
    sent_again: int


async def run_faults(
    database_url: str,
    scratch: Path,
    index: Path,
    *,
    processes: int,
    conversations: int,
    rounds: int,
    seed: int,
) -> FaultRun:
    """Talk in so many conversations at once under faults, and compare what everybody saw."""
    began = time.monotonic()
    chance = random.Random(seed)
    agents = max(2, -(-conversations // 20))
    async with open_town(database_url, scratch, index, processes, agents, seed) as town:
        talks = Talks(town, Ledger(), chance)
        try:
            beside = [
                asyncio.create_task(_break(town, random.Random(seed + 1))),
                asyncio.create_task(_tell(talks, conversations, began)),
            ]
            try:
                await _talk(talks, conversations, rounds)
            finally:
                for task in beside:
                    task.cancel()
                await asyncio.gather(*beside, return_exceptions=True)
            await _mend(town)
            await talks.quiet()
            views = [*_on_pages(talks), *_at_desks(talks), *_in_store(talks, database_url)]
        finally:
            await talks.close()
        return FaultRun(
            database="PostgreSQL" if processes > 1 else "SQLite",
            conversations=conversations,
            verdict=talks.ledger.verdict(views),
            seconds=time.monotonic() - began,
            kills=sum(server.kills for server in town.servers),
            cuts=town.proxy.cuts,
            sockets=sum(page.connections for page in talks.pages.values()),
            sent_again=sum(page.sent_again for page in talks.pages.values())
            + sum(agent.requests_again for agent in town.agents),
        )


async def _talk(talks: Talks, conversations: int, rounds: int) -> None:
    async def citizen(number: int) -> None:
        await asyncio.sleep(talks.chance.uniform(0, COMING_SECONDS * conversations))
        await talks.open_page(number)
        await talks.ask_for_person(number, with_question=True)
        for _ in range(rounds - 1):
            await asyncio.sleep(talks.chance.expovariate(1 / PAUSE_SECONDS))
            await talks.citizen_writes(number)

    async def agent(number: int) -> None:
        while number not in talks.tabs:
            await asyncio.sleep(0.1)
        for _ in range(rounds):
            await asyncio.sleep(talks.chance.expovariate(1 / PAUSE_SECONDS))
            await talks.agent_writes(number)

    async with asyncio.TaskGroup() as group:
        group.create_task(talks.claim_all(conversations))
        for number in range(1, conversations + 1):
            group.create_task(citizen(number))
            group.create_task(agent(number))


async def _tell(talks: Talks, conversations: int, began: float) -> None:
    """Say every now and then how far the run is: it takes minutes."""
    while True:
        await asyncio.sleep(_TELL_SECONDS)
        settled = sum(page.is_settled for page in talks.pages.values())
        kills = sum(server.kills for server in talks.town.servers)
        typer.echo(
            f"{time.monotonic() - began:.0f} s: {settled} pages connected, {len(talks.tabs)} of "
            f"{conversations} citizens have a person, {len(talks.ledger.written)} messages "
            f"written, {kills} kills",
            err=True,
        )


async def _break(town: Town, chance: random.Random) -> None:
    """Kill servers and break connections until cancelled.

    A killed server is started at once, and killed again some time after it answered, the longer
    the longer its start took: of two, now one is down, now the other, now both.
    """

    async def kill(server: Server) -> None:
        took = _START_SECONDS
        while True:
            await asyncio.sleep(took * chance.uniform(*_UP_SHARE))
            began = time.monotonic()
            server.kill()
            server.start()
            await server.ready()
            took = time.monotonic() - began

    async def cut() -> None:
        while True:
            await asyncio.sleep(chance.expovariate(1 / _CUT_SECONDS))
            town.proxy.cut(_CUT_SHARE)
            town.proxy.swallow(_SWALLOW_SHARE, _SWALLOW_SECONDS)

    async with asyncio.TaskGroup() as group:
        for server in town.servers:
            group.create_task(kill(server))
        group.create_task(cut())


async def _mend(town: Town) -> None:
    for server in town.servers:
        if not server.is_running:
            server.start()
        await server.ready()


def _on_pages(talks: Talks) -> Iterator[Seen]:
    for number, page in talks.pages.items():
        yield Seen("page", number, page.marks(), page.bot_after_claim())


def _at_desks(talks: Talks) -> Iterator[Seen]:
    for number, tab in talks.tabs.items():
        yield Seen("desk", number, tab.marks(), tab.bot_after_claim)


def _in_store(talks: Talks, database_url: str) -> Iterator[Seen]:
    engine = open_engine(database_url)
    transcript = open_handoff(engine, Settings()).transcript
    for number, tab in talks.tabs.items():
        stored: list[Message] = []
        while batch := transcript.messages(tab.conversation_id, after=len(stored), limit=200):
            stored += batch
        marks = (mark_in(m.text) for m in stored if m.role in ("citizen", "agent"))
        yield Seen("store", number, tuple(m for m in marks if m), _bot_after_claim(stored))
    engine.dispose()


def _bot_after_claim(stored: list[Message]) -> int:
    """Count what the bot said between a claim and the end of that talk."""
    found, is_held = 0, False
    for message in stored:
        if message.role == "event":
            is_held = message.text == "claim" or (
                is_held and message.text not in ("close", "finish", "release", "set_aside")
            )
        found += is_held and message.role == "bot"
    return found
