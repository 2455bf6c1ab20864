"""An agent at the desk: the real routes over HTTP, and one open tab for each conversation held."""

from __future__ import annotations

import asyncio
import contextlib
import json
import random
import re
import time
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, field
from html import unescape

import aiohttp

from civic_assistant.errors import CivicError
from evals.handoff.citizen import PATIENCE
from evals.handoff.ledger import Mark, mark_in

PASSWORD = "correct horse battery staple"
_CSRF = re.compile(r'name="csrf" value="([^"]+)"')
_HELD = re.compile(r'aria-labelledby="list-held".*?</section>', re.S)
_ROW = re.compile(r'data-id="([^"]+)"')
_POSITION = re.compile(r'data-position="(\d+)"')
_BACK_SECONDS = (0.3, 1.5)


class DeskRefused(CivicError):
    """The desk's page answered with something that no agent can go on from."""


@dataclass
class Tab:
    """A conversation's page at the desk: what the server pushed, by position.

    ``arrived`` is called with the mark of every citizen's message that is new, and the moment.
    """

    agent: Agent
    conversation_id: str
    arrived: Callable[[Mark, float], None]
    shown: dict[int, Mark | None] = field(default_factory=dict)
    bot_after_claim: int = 0
    _is_claimed: bool = False

    @property
    def citizen(self) -> int | None:
        """The number of the citizen who speaks here, once one of their messages was read."""
        return next((m.conversation for m in self.shown.values() if m and m.side == "c"), None)

    def marks(self) -> tuple[Mark, ...]:
        """Return the marks of the messages in the tab, in the order in which they came."""
        return tuple(mark for mark in self.shown.values() if mark is not None)

    async def follow(self) -> None:
        """Read what the server pushes until cancelled, and dial again when it ends."""
        agent = self.agent
        query = f"?conversation={self.conversation_id}&after=0"
        while True:
            last = max(self.shown, default=0)
            headers = {**agent.headers(), **({"Last-Event-ID": str(last)} if last else {})}
            try:
                async with agent.browser.get(
                    f"{agent.url}/desk/events{query}",
                    headers=headers,
                    timeout=aiohttp.ClientTimeout(total=None, sock_read=60),
                ) as answer:
                    if answer.status == 200:
                        async for event, sent in _events(answer.content):
                            self._take(event, sent)
            except (aiohttp.ClientError, OSError, TimeoutError):
                pass
            await asyncio.sleep(agent.chance.uniform(*_BACK_SECONDS))

    def _take(self, event: str, sent: str) -> None:
        if event != "message":
            return
        told = json.loads(sent)
        found = _POSITION.search(told["html"])
        position = int(found.group(1)) if found else 0
        if position in self.shown:  # as stream.js does
            return
        mark = mark_in(unescape(told["html"])) if told["role"] in ("citizen", "agent") else None
        self.shown[position] = mark
        self._is_claimed = self._is_claimed or told["role"] == "agent"
        self.bot_after_claim += self._is_claimed and told["role"] == "bot"
        if mark is not None and mark.side == "c":
            self.arrived(mark, time.monotonic())


@dataclass
class Agent:
    """A member of staff who signs in, takes who waits, and answers; requests are tried again."""

    number: int
    url: str
    browser: aiohttp.ClientSession
    chance: random.Random
    requests_again: int = 0
    _cookie: str = ""
    _csrf: str = ""

    @property
    def login(self) -> str:
        """What the agent types to sign in."""
        return f"agent{self.number}"

    def headers(self) -> dict[str, str]:
        """Return what the agent's browser sends with every request."""
        address = f"10.2.0.{self.number % 250 + 1}"
        return {"Cookie": self._cookie, "X-Forwarded-For": address, "Accept": "application/json"}

    async def sign_in(self) -> None:
        """Sign in with the password, at the form."""
        page, cookies = await self._page("/desk/sign-in")
        self._cookie = f"civic_desk_visit={cookies['civic_desk_visit']}"
        form = {"login": self.login, "password": PASSWORD, "csrf": _csrf_in(page)}
        status, _, cookies = await self.request("POST", "/desk/sign-in", form)
        if status != 303:
            raise DeskRefused(f"signing in as {self.login!r} was answered with {status}.")
        self._cookie = f"civic_desk={cookies['civic_desk']}"
        self._csrf = _csrf_in((await self._page("/desk/"))[0])

    async def claim_next(self) -> int:
        """Take who has waited longest; return the answer's status (409: nobody waits, no seat)."""
        status, _, _ = await self.post("/desk/claim-next")
        return status

    async def held(self) -> list[str]:
        """Return the ids of the conversations that the desk says the agent holds."""
        found = _HELD.search((await self._page("/desk/"))[0])
        return _ROW.findall(found.group()) if found else []

    async def reply(self, conversation_id: str, text: str, client_id: str) -> None:
        """Say something to the citizen; the form keeps its text and id until it has arrived."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            status, told, _ = await self.post(
                f"/desk/conversations/{conversation_id}/reply",
                {"text": text, "client_id": client_id},
            )
            if status == 200:
                return
            if status == 409:  # lost to the queue while every server was down: take it back
                await self.post(f"/desk/conversations/{conversation_id}/claim")
            elif status < 500:
                raise DeskRefused(f"a reply was answered with {status}: {told[:300]}")
            await asyncio.sleep(self.chance.uniform(*_BACK_SECONDS))
        raise DeskRefused("a reply could not be sent.")

    async def post(
        self, path: str, form: Mapping[str, str] | None = None
    ) -> tuple[int, str, Mapping[str, str]]:
        """Send one of the desk's forms; return status, text and cookies."""
        return await self.request("POST", path, {**(form or {}), "csrf": self._csrf})

    async def request(
        self, method: str, path: str, form: Mapping[str, str] | None = None
    ) -> tuple[int, str, Mapping[str, str]]:
        """Send a request until somebody answers it. Raises `DeskRefused` when nobody does."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            try:
                async with self.browser.request(
                    method,
                    f"{self.url}{path}",
                    data=form,
                    headers=self.headers(),
                    allow_redirects=False,
                    timeout=aiohttp.ClientTimeout(total=30),
                ) as answer:
                    cookies = {name: morsel.value for name, morsel in answer.cookies.items()}
                    return answer.status, await answer.text(), cookies
            except (aiohttp.ClientError, OSError, TimeoutError):
                self.requests_again += 1
                await asyncio.sleep(self.chance.uniform(*_BACK_SECONDS))
        raise DeskRefused(f"{path}: no server answered for {PATIENCE:.0f} s.")

    async def _page(self, path: str) -> tuple[str, Mapping[str, str]]:
        while True:
            status, page, cookies = await self.request("GET", path)
            if status == 200:
                return page, cookies
            if status < 500:
                raise DeskRefused(f"{path} was answered with {status}.")
            await asyncio.sleep(self.chance.uniform(*_BACK_SECONDS))


def _csrf_in(page: str) -> str:
    found = _CSRF.search(page)
    if found is None:
        raise DeskRefused("a page of the desk has no form.")
    return unescape(found.group(1))


@contextlib.asynccontextmanager
async def following(tab: Tab) -> AsyncIterator[Tab]:
    """Keep a tab open."""
    task = asyncio.create_task(tab.follow())
    try:
        yield tab
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


async def _events(content: aiohttp.StreamReader) -> AsyncIterator[tuple[str, str]]:
    """Yield the name and data of server-sent events; ours have one line of data each."""
    event = sent = ""
    buffered = b""
    async for chunk in content.iter_any():
        *lines, buffered = (buffered + chunk).split(b"\n")
        for raw in lines:
            line = raw.rstrip(b"\r").decode()
            if line.startswith("event:"):
                event = line[6:].strip()
            elif line.startswith("data:"):
                sent += line[5:].removeprefix(" ")
            elif not line:
                if event:
                    yield event, sent
                event = sent = ""
