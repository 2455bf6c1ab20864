"""Conversations between citizens' pages and the desk, each with a person on either side."""

from __future__ import annotations

import asyncio
import contextlib
import random
from collections.abc import Callable
from dataclasses import dataclass, field

from civic_assistant.errors import CivicError
from evals.handoff.agent import Agent, Tab, following
from evals.handoff.citizen import PATIENCE, CitizenPage
from evals.handoff.ledger import Ledger, Mark
from evals.handoff.town import SEATS, Town

_EACH_SECONDS = 5.0
"""How long one more citizen may take to get a person on a slow machine."""
QUESTION = "Comment obtenir une carte de stationnement résidentiel ?"


class TalkStuck(CivicError):
    """A conversation did not come to where it should."""


@dataclass
class Talks:
    """All conversations of a run, by the citizen's number, and what was written in them.

    ``wrote`` is called with a mark and the moment before a message goes out, ``arrived`` when the
    other side has it (monotonic seconds).
    """

    town: Town
    ledger: Ledger
    chance: random.Random
    wrote: Callable[[Mark], None] = lambda mark: None
    arrived: Callable[[Mark, float], None] = lambda mark, at: None
    pages: dict[int, CitizenPage] = field(default_factory=dict)
    tabs: dict[int, Tab] = field(default_factory=dict)
    _open: contextlib.AsyncExitStack = field(default_factory=contextlib.AsyncExitStack)

    async def open_page(self, number: int) -> CitizenPage:
        """Open a citizen's page, which stays open until `close`."""
        page = CitizenPage(
            number,
            self.town.proxy.url,
            self.town.browser,
            random.Random(self.chance.random()),
            self.arrived,
        )
        self.pages[number] = page
        await self._open.enter_async_context(page.open())
        return page

    async def ask_for_person(self, number: int, *, with_question: bool) -> None:
        """Let a citizen write the first message and wait for a person.

        With a question, the bot works on its answer while the person is asked for: it must not
        come after the claim. Else the first message goes to the person.
        """
        page = self.pages[number]
        if with_question:
            mark = self._write(number, "c")
            await page.write(f"{QUESTION} ({mark})")
        await page.ask_for_person()
        if not with_question:
            await self.citizen_writes(number)

    async def claim_all(self, number: int) -> None:
        """Let the agents take conversations until each of so many citizens has a person."""
        agents = self.town.agents
        if number > SEATS * len(agents):
            raise TalkStuck(f"{number} citizens: {len(agents)} agents have {SEATS} seats each.")
        async with asyncio.timeout(PATIENCE + number * _EACH_SECONDS), asyncio.TaskGroup() as group:
            for agent in agents:
                group.create_task(self._claim(agent, number, group))

    async def _claim(self, agent: Agent, number: int, group: asyncio.TaskGroup) -> None:
        known: set[str] = set()
        doubtful = 0
        while len(self.tabs) < number:
            is_taken = await agent.claim_next() == 200
            if is_taken or agent.requests_again > doubtful:  # its answer may have been lost
                doubtful = agent.requests_again
                for conversation_id in set(await agent.held()) - known:
                    known.add(conversation_id)
                    tab = Tab(agent, conversation_id, self.arrived)
                    await self._open.enter_async_context(following(tab))
                    group.create_task(self._meet(tab))
            await asyncio.sleep(agent.chance.uniform(0.1, 0.3) * (1 if is_taken else 5))

    async def _meet(self, tab: Tab) -> None:
        """Learn from the first message who speaks in a tab."""
        while tab.citizen is None:
            await asyncio.sleep(0.1)
        self.tabs[tab.citizen] = tab

    async def citizen_writes(self, number: int) -> None:
        """Let a citizen write the next message."""
        await self.pages[number].until(lambda: self.pages[number].standing != {})
        mark = self._write(number, "c")
        await self.pages[number].write(f"{mark} Bonjour, voici ce qui me manque encore.")

    async def agent_writes(self, number: int) -> None:
        """Let the agent of a conversation write the next message."""
        tab = self.tabs[number]
        mark = self._write(number, "a")
        text = f"{mark} Merci, je regarde cela pour vous."
        await tab.agent.reply(tab.conversation_id, text, f"{mark}")

    async def quiet(self) -> None:
        """Wait until everything written stands on both sides, for a few minutes at most."""
        written = set(self.ledger.written)

        def missing() -> int:
            at_desks = {mark for tab in self.tabs.values() for mark in tab.marks()}
            on_pages = {mark for page in self.pages.values() for mark in page.marks()}
            waiting = sum(not page.is_quiet for page in self.pages.values())
            return len(written - at_desks) + len(written - on_pages) + waiting

        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(PATIENCE / 2):
                while missing():
                    await asyncio.sleep(0.2)

    async def close(self) -> None:
        """Close every page and tab."""
        await self._open.aclose()

    def _write(self, number: int, side: str) -> Mark:
        mark = self.ledger.write(number, "c" if side == "c" else "a")
        self.wrote(mark)
        return mark
