"""Two server processes over one PostgreSQL database: what one does, the other knows at once."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass

import httpx2
import pytest
from sqlalchemy import Engine

from civic_assistant.desk.reception import ATTEMPTS_BY_ADDRESS, ATTEMPTS_BY_LOGIN
from civic_assistant.migrations import migrate
from civic_assistant.records import open_engine
from tests.desk.conftest import PASSWORD, Agent, Clock, Town, town_over
from tests.desk.test_stream import events, take

AT_ONCE = 5.0
"""Seconds; reading again anyway happens every 20."""


@pytest.fixture
def engine(postgresql_url: str) -> Iterator[Engine]:
    """SQLite is for one process."""
    opened = open_engine(postgresql_url)
    migrate(opened)
    yield opened
    opened.dispose()


@pytest.fixture
def here(engine: Engine, clock: Clock) -> Town:
    """This process, where the citizen's page is served."""
    return town_over(engine, clock)


@dataclass
class There:
    """Another process, where the agent's desk is served; its browsers are closed at the end."""

    address: str
    closing: ExitStack

    def browser(self) -> Agent:
        return Agent(self.closing.enter_context(httpx2.Client(base_url=self.address)))

    def agent(self, here: Town) -> Agent:
        """Make an account in this process and sign it in at the other one."""
        here.accounts.add(
            "awa", name="Awa D.", password=PASSWORD, desks=(), roles=("agent",), now=here.clock()
        )
        agent = self.browser()
        assert agent.sign_in("awa").status_code == 303
        return agent


@pytest.fixture(scope="module")
def other_process(emptied_url: str) -> Iterator[str]:
    """Serve the desk from another process; return its address."""
    engine = open_engine(emptied_url)
    migrate(engine)
    engine.dispose()
    command = [sys.executable, "-m", "tests.desk.desk_process", emptied_url]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield f"http://127.0.0.1:{int(process.stdout.readline())}"
        finally:
            process.terminate()


@pytest.fixture
def there(other_process: str) -> Iterator[There]:
    with ExitStack() as closing:
        yield There(other_process, closing)


async def test_what_is_written_here_reaches_the_stream_of_an_agent_there(
    here: Town, there: There
) -> None:
    agent = await asyncio.to_thread(there.agent, here)
    async with events(there.address, agent) as source:
        await take(source, lambda name, _: name == "queue")
        async with asyncio.timeout(AT_ONCE):
            cid = await asyncio.to_thread(here.citizen_waits)
            await take(source, lambda name, data: name == "queue" and data["waiting"] == 1)  # type: ignore[index]
    await asyncio.to_thread(agent.post, f"/conversations/{cid}/claim")
    last = here.product.handoff.conversations.conversation(cid).last_position
    async with events(there.address, agent, f"?conversation={cid}&after={last}") as source:
        await take(source, lambda name, _: name == "queue")
        async with asyncio.timeout(AT_ONCE):
            for number in range(5):
                await asyncio.to_thread(here.citizen_writes, cid, f"message {number}")
            seen = [await take(source, lambda name, _: name == "message") for _ in range(5)]
            conversations = here.product.handoff.conversations
            await asyncio.to_thread(conversations.typing, cid, who="citizen")
            await take(source, lambda name, _: name == "typing")
    assert [f"message {n}" in str(told) for n, told in enumerate(seen)] == [True] * 5
    answered = await asyncio.to_thread(
        agent.post, f"/conversations/{cid}/reply", client_id="r", text="Bonjour."
    )
    assert answered.status_code == 200
    assert here.said(cid)[-1] == ("agent", "Bonjour.")


def test_of_two_who_claim_in_two_processes_one_is_told_who_was_first(
    here: Town, there: There
) -> None:
    awa, bo = there.agent(here), here.agent("bo", "Bo M.")
    cid = here.citizen_waits()
    assert bo.post(f"/conversations/{cid}/claim").status_code == 200
    late = awa.post(f"/conversations/{cid}/claim")
    assert (late.status_code, late.json()["said"]) == (409, "Bo M. a déjà pris cette conversation.")


def test_who_signed_in_there_is_signed_in_here_and_signs_out_everywhere(
    here: Town, there: There
) -> None:
    agent = there.agent(here)
    browser = here.browser()
    browser.client.cookies.set("civic_desk", agent.client.cookies["civic_desk"])
    assert "Awa D." in browser.page("/").get_text()
    assert browser.post("/sign-out").status_code == 200
    assert agent.client.get("/desk/", follow_redirects=False).status_code == 401


def test_guessing_is_counted_over_all_processes(here: Town, there: There) -> None:
    there.agent(here)  # the first attempt
    wrong = "x" * 12
    for number in range(1, ATTEMPTS_BY_LOGIN):
        browser = here.browser() if number % 2 else there.browser()
        assert browser.sign_in("awa", wrong).status_code == 403
    assert here.browser().sign_in("awa", PASSWORD).status_code == 429
    assert there.browser().sign_in("awa", PASSWORD).status_code == 429
    assert ATTEMPTS_BY_ADDRESS > ATTEMPTS_BY_LOGIN
