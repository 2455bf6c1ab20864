"""Citizens and agents at work together: how long messages take, what a session costs, the bound."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from civic_assistant.messages import messages_for
from evals.handoff.citizen import CitizenPage
from evals.handoff.ledger import Ledger, Mark
from evals.handoff.talks import QUESTION, Talks
from evals.handoff.town import SEATS, Town, open_town

LEVELS = (50, 100, 200, 400)
AGENTS = 10
TALK_SECONDS = 90.0
PAUSE_SECONDS = 30.0
"""Mean pause between two messages of one side of a conversation: with twenty of them to hold, an
agent writes one in 1.5 s, which no person keeps up."""
QUESTIONS_PER_SECOND = 2.0
PATIENCE_SECONDS = 1.0
"""A message that takes longer, in one of twenty cases, is too late for a talk."""
_FIRST, _THREADS = 9000, 8
"""Numbers and count of the citizens who come before anything is measured."""
_LOOKING = messages_for("fr").text("waiting.looking")


@dataclass(frozen=True, slots=True)
class Spread:
    """The median, the 95th of 100 and the longest of some times, in seconds."""

    p50: float
    p95: float
    longest: float


@dataclass(frozen=True, slots=True)
class Level:
    """What so many citizens at once came to.

    ``answer`` is from a question to the bot's answer; ``to_desk`` and ``to_page`` from sending a
    message to the other side's browser having it. Memory is that of all server processes, in MiB:
    before anybody came, with every page open, and after the talks. ``processor`` is the share of
    one core that they took while people talked, ``per_second`` how many messages were written a
    second then, ``undelivered`` how many never arrived.
    """

    citizens: int
    agents: int
    processes: int
    answer: Spread
    to_desk: Spread
    to_page: Spread
    messages: int
    undelivered: int
    per_second: float
    processor: float
    memory_mib: tuple[float, float, float]

    @property
    def session_kib(self) -> float:
        """The memory that one open page takes before anything is said, in KiB."""
        return 1024 * (self.memory_mib[1] - self.memory_mib[0]) / self.citizens

    @property
    def talk_kib(self) -> float:
        """The memory that one citizen took from coming to the end of the talk, in KiB."""
        return 1024 * (self.memory_mib[2] - self.memory_mib[0]) / self.citizens

    @property
    def gave(self) -> tuple[str, ...]:
        """What was more than it can bear; nothing when all is well."""
        slow = max(self.to_desk.p95, self.to_page.p95) > PATIENCE_SECONDS
        limits = {
            f"{self.undelivered} messages undelivered": self.undelivered > 0,
            f"messages later than {PATIENCE_SECONDS:.0f} s": slow,
            "processor": self.processor > 0.9 * self.processes,
        }
        return tuple(name for name, is_over in limits.items() if is_over)


@dataclass
class _Times:
    """When messages went out and came, by mark (monotonic seconds)."""

    sent: dict[Mark, float] = field(default_factory=dict)
    came: dict[Mark, float] = field(default_factory=dict)

    def wrote(self, mark: Mark) -> None:
        self.sent[mark] = time.monotonic()

    def arrived(self, mark: Mark, at: float) -> None:
        self.came.setdefault(mark, at)

    def taken(self, side: str, since: float) -> Spread:
        return spread(
            [
                at - self.sent[mark]
                for mark, at in self.came.items()
                if mark.side == side and self.sent.get(mark, 0.0) >= since
            ]
        )


def spread(seconds: Sequence[float]) -> Spread:
    """Return the spread of some times; none at all is nothing to wait for."""
    if not seconds:
        return Spread(0.0, 0.0, 0.0)
    p50, p95, longest = np.percentile(seconds, (50, 95, 100))
    return Spread(float(p50), float(p95), float(longest))


async def run_level(
    database_url: str, scratch: Path, index: Path, *, processes: int, citizens: int, seed: int
) -> Level:
    """Let so many citizens come, ask the bot, get a person and talk; return what it took."""
    agents = max(AGENTS, -(-citizens // SEATS))
    times = _Times()
    async with open_town(database_url, scratch, index, processes, agents, seed) as town:
        chance = random.Random(seed)
        talks = Talks(town, Ledger(), chance, times.wrote, times.arrived)
        try:
            await _warm_up(talks)
            before = _memory(town)
            for number in range(1, citizens + 1):
                await talks.open_page(number)
                await asyncio.sleep(0.05)
            for page in talks.pages.values():
                await page.until(lambda one=page: one.connections > 0)  # type: ignore[misc]
            await asyncio.sleep(2)
            opened = _memory(town)
            answers = await _ask(talks, citizens)
            await _get_people(talks, citizens)
            began, processor = time.monotonic(), _processor(town)
            said = len(talks.ledger.written)
            await _talk(talks, citizens)
            took = time.monotonic() - began
            share = (_processor(town) - processor) / took
            said = len(talks.ledger.written) - said
            await talks.quiet()
            undelivered = len(set(talks.ledger.written) - set(times.came))
            return Level(
                citizens=citizens,
                agents=agents,
                processes=processes,
                answer=spread(answers),
                to_desk=times.taken("c", began),
                to_page=times.taken("a", began),
                messages=len(talks.ledger.written),
                undelivered=undelivered,
                per_second=said / took,
                processor=share,
                memory_mib=(before, opened, _memory(town)),
            )
        finally:
            await talks.close()


async def _warm_up(talks: Talks) -> None:
    """Let the bot answer some at once: models take their memory with the first answers."""
    first = Talks(talks.town, Ledger(), talks.chance)
    for number in range(_FIRST, _FIRST + _THREADS):
        await first.open_page(number)
    await asyncio.gather(*(_answered(page) for page in first.pages.values()))
    await first.close()


async def _ask(talks: Talks, citizens: int) -> list[float]:
    """Let everybody ask the bot one question, at a steady rate; return the seconds of each."""

    async def ask(number: int) -> float:
        await asyncio.sleep(number / QUESTIONS_PER_SECOND)
        return await _answered(talks.pages[number])

    return list(await asyncio.gather(*(ask(number) for number in range(1, citizens + 1))))


async def _answered(page: CitizenPage) -> float:
    began = time.monotonic()
    await page.write(QUESTION)
    await page.until(lambda: any(_is_answer(step) for step in page.shown.values()))
    return time.monotonic() - began


def _is_answer(step: Any) -> bool:
    by_bot = (step.get("metadata") or {}).get("avatarName") == "assistant"
    return by_bot and step["output"] != _LOOKING


async def _get_people(talks: Talks, citizens: int) -> None:
    async with asyncio.TaskGroup() as group:
        group.create_task(talks.claim_all(citizens))
        for number in range(1, citizens + 1):
            group.create_task(talks.ask_for_person(number, with_question=False))
            await asyncio.sleep(0.05)


async def _talk(talks: Talks, citizens: int) -> None:
    end = time.monotonic() + TALK_SECONDS

    async def citizen(number: int) -> None:
        while (pause := talks.chance.expovariate(1 / PAUSE_SECONDS)) + time.monotonic() < end:
            await asyncio.sleep(pause)
            await talks.citizen_writes(number)

    async def agent(number: int) -> None:
        while (pause := talks.chance.expovariate(1 / PAUSE_SECONDS)) + time.monotonic() < end:
            await asyncio.sleep(pause)
            await talks.agent_writes(number)

    async with asyncio.TaskGroup() as group:
        for number in range(1, citizens + 1):
            group.create_task(citizen(number))
            group.create_task(agent(number))


def _memory(town: Town) -> float:
    return sum(server.memory_mib() for server in town.servers)


def _processor(town: Town) -> float:
    return sum(server.processor_seconds() for server in town.servers)
