"""A citizen's page: Chainlit's protocol on a real socket, and what ``handoff.js`` does with it."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import random
import time
import uuid
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import socketio  # type: ignore[import-untyped]

from evals.handoff.ledger import Mark, mark_in

_QUIET = logging.getLogger(f"{__name__}.socket")
_QUIET.setLevel(logging.CRITICAL)  # that sockets break is meant
Json = Mapping[str, Any]
PATIENCE = 1200.0
"""Seconds after which a run gives up waiting for something that a page must come to."""
_BACK_SECONDS = (0.3, 1.5)
"""After how long a page dials again, at random between these, as socket.io's client does."""
_PRESS_SECONDS = 2.0
_PRESS_AT_MOST = 30.0
"""Who gets no answer on one line presses again, after twice as long each time: all at once would
drown the server. Who is connected anew presses at once."""
_FOUND_WITHIN = 5.0
_REACH_SECONDS = 0.3


@dataclass
class CitizenPage:
    """One page from its first question to its end.

    ``standing`` is what the panel says. ``shown`` holds the messages as the page shows them: one
    with a known id takes the other's place, a new one stands below. ``connections`` counts sockets.
    ``arrived`` is called with the mark of every message of the other side that is new, and the
    moment (monotonic seconds).
    """

    number: int
    url: str
    browser: aiohttp.ClientSession
    chance: random.Random
    arrived: Callable[[Mark, float], None] = lambda mark, at: None
    standing: Json = field(default_factory=dict)
    shown: dict[str, Json] = field(default_factory=dict)
    connections: int = 0
    sent_again: int = 0
    _session: str = field(default_factory=lambda: str(uuid.uuid4()))
    _code: str = ""
    _kept: str = ""
    _outbox: dict[str, str] = field(default_factory=dict)
    _early: list[str] = field(default_factory=list)
    _socket: Any = None
    _told: asyncio.Condition = field(default_factory=asyncio.Condition)
    _is_settled: bool = False
    _search: str = ""
    _reach: int = 0
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)

    @contextlib.asynccontextmanager
    async def open(self) -> AsyncIterator[CitizenPage]:
        """Stay connected while open, whatever happens to sockets and servers."""
        task = asyncio.create_task(self._stay())
        try:
            yield self
        finally:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task
            for other in list(self._tasks):
                other.cancel()

    @property
    def state(self) -> str | None:
        """What the panel last said about who may speak."""
        return self.standing.get("state")

    @property
    def is_settled(self) -> bool:
        """Whether it is connected and has caught up."""
        return self._is_settled

    @property
    def is_quiet(self) -> bool:
        """Whether everything written here is known to be stored, under a code that is kept."""
        return not self._outbox and self._kept == self._code and bool(self._code)

    async def write(self, text: str) -> None:
        """Write a message, as soon as the page lets one write.

        The field is closed while there is no connection; and nobody writes in the moment in which
        the page catches up.
        """
        await self.until(lambda: self._is_settled)
        name = str(uuid.uuid4())
        step = {
            "id": name, "name": "User", "type": "user_message", "output": text,
            "createdAt": "2026-01-01T00:00:00Z",
        }  # fmt: skip
        self._outbox[name] = text
        self.shown[name] = step
        await self._emit("client_message", {"message": step, "fileReferences": []})

    async def ask_for_person(self) -> None:
        """Press what the page offers until a person is waited for, or is there."""
        end = time.monotonic() + PATIENCE
        pause = _PRESS_SECONDS
        while self.state not in ("waiting", "with_agent"):
            if time.monotonic() > end:
                raise TimeoutError(f"citizen {self.number}: no person; the panel says {self.state}")
            await self.until(lambda: self._is_settled)
            await self._emit(
                "window_message", {"civic": "wait" if self.state == "offered" else "person"}
            )
            before, line = self.state, self.connections

            def is_other(was: str | None = before, own: int = line) -> bool:
                return self.state != was or self.connections != own

            try:
                await self.until(is_other, pause)
                pause = _PRESS_SECONDS
            except TimeoutError:
                pause = min(pause * 2, _PRESS_AT_MOST)

    async def until(self, is_so: Callable[[], bool], seconds: float = PATIENCE) -> None:
        """Wait until something is so. Raises `TimeoutError`."""
        async with asyncio.timeout(seconds), self._told:
            await self._told.wait_for(is_so)

    def marks(self) -> tuple[Mark, ...]:
        """Return the marks of the messages on the page, first to last."""
        found = (mark_in(step["output"]) for step in self.shown.values())
        return tuple(mark for mark in found if mark is not None)

    def bot_after_claim(self) -> int:
        """Return how many messages of the bot came onto the page after the person did."""
        steps = [one for one in self.shown.values() if one["type"] == "assistant_message"]
        avatars = [(step.get("metadata") or {}).get("avatarName") for step in steps]
        if "person" not in avatars:
            return 0
        return avatars[avatars.index("person") :].count("assistant")

    async def _stay(self) -> None:
        while True:
            hung_up = asyncio.Event()
            self._socket = self._new_socket(hung_up)
            try:
                await self._dial()
                await hung_up.wait()
            except (socketio.exceptions.SocketIOError, aiohttp.ClientError, OSError, TimeoutError):
                pass
            finally:
                self._is_settled, self._search = False, ""
                await self._hang_up()
            await asyncio.sleep(self.chance.uniform(*_BACK_SECONDS))

    async def _hang_up(self) -> None:
        with contextlib.suppress(socketio.exceptions.SocketIOError, aiohttp.ClientError, OSError):
            await self._socket.disconnect()
        if self._socket.eio.http is not None:
            await self._socket.eio.http.close()

    def _new_socket(self, hung_up: asyncio.Event) -> Any:
        made = socketio.AsyncClient(reconnection=False, logger=_QUIET, engineio_logger=_QUIET)
        made.on("new_message", self._show)
        made.on("update_message", self._show)
        made.on("delete_message", lambda step: self.shown.pop(step["id"], None) and None)
        made.on("window_message", self._hear)
        made.on("disconnect", lambda *_: hung_up.set())
        return made

    async def _dial(self) -> None:
        auth = {
            "sessionId": self._session, "clientType": "webapp", "userEnv": "{}",
            "chatProfile": "", "threadId": "",
        }  # fmt: skip
        await self._socket.connect(
            self.url,
            socketio_path="/ws/socket.io",
            transports=["websocket"],
            headers=self._headers(),
            auth=auth,
            wait_timeout=20,
        )
        self.connections += 1
        await self._socket.emit("connection_successful")

    def _headers(self) -> dict[str, str]:
        cookies = {"civic_language": "fr", "X-Chainlit-Session-id": self._session}
        if self._kept:
            cookies["civic_conversation"] = self._kept
        return {
            "Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items()),
            "X-Forwarded-For": f"10.1.{self.number // 250}.{self.number % 250 + 1}",
        }

    async def _emit(self, event: str, what: Json) -> None:
        # What a dying socket swallows is told by nobody: that is what the outbox is for.
        with contextlib.suppress(socketio.exceptions.SocketIOError, aiohttp.ClientError, OSError):
            await self._socket.emit(event, what)

    async def _show(self, step: Json) -> None:
        is_new = step["id"] not in self.shown
        self.shown[step["id"]] = step
        mark = mark_in(step["output"])
        if is_new and mark is not None and mark.side == "a":
            self.arrived(mark, time.monotonic())
        await self._changed()

    async def _hear(self, told: Json) -> None:
        match told.get("civic"):
            case "standing" if self._search and told["code"] != self._code:
                pass
            case "standing":
                self.standing = told
                if told["code"] and told["code"] != self._code:
                    self._code = told["code"]
                    self._beside(self._keep())
            case "new" if self._code:
                self._search = "begun"
                self._beside(self._find_again())
            case "heard" if told["again"] and told["code"] and self._code not in ("", told["code"]):
                self._search = "on"
                self._beside(self._find_again())
            case "heard" if told["again"] and self._search == "begun":
                self._search = "on"
            case "heard":
                await self._settle(told["ids"], is_new_line=told["again"])
            case "unheard":
                self._beside(self._press_again(told["id"]))
            case "reach":
                self._reach = max(self._reach, told["position"])
                self._beside(self._tell_reach(self._reach))
        await self._changed()

    def _beside(self, doing: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(doing)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _find_again(self) -> None:
        """Send the code that the page still has until the conversation is found."""
        while self._search:
            await self._emit("window_message", {"civic": "code", "code": self._code})
            await asyncio.sleep(_FOUND_WITHIN)

    async def _press_again(self, name: str) -> None:
        """Press the button below a message that could not be stored."""
        await asyncio.sleep(_PRESS_SECONDS)
        if name in self._outbox:
            await self._send_again(name)

    async def _send_again(self, name: str) -> None:
        self.sent_again += 1
        again = {"civic": "again", "id": name, "text": self._outbox[name]}
        await self._emit("window_message", again)

    async def _tell_reach(self, position: int) -> None:
        await asyncio.sleep(_REACH_SECONDS)
        if position == self._reach:
            reached = {"civic": "reached", "position": position, "seen": True}
            await self._emit("window_message", reached)

    async def _settle(self, ids: list[str], *, is_new_line: bool) -> None:
        if is_new_line:
            self._early = []
            if self._search:
                self._search = ""
                self._beside(self._keep())
        self._early += ids
        self._forget_heard()
        if is_new_line:
            for name in list(self._outbox):
                if name in self._outbox and name not in self._early:
                    await self._send_again(name)
            self._is_settled = True

    def _forget_heard(self) -> None:
        if self._code and self._kept == self._code:
            for name in self._early:
                self._outbox.pop(name, None)
            self._early = []

    async def _keep(self) -> None:
        """Keep the code in the browser's cookie; nothing counts as sent before that."""
        code = self._code
        while self._code == code:
            try:
                async with self.browser.post(
                    f"{self.url}/conversation", json={"code": code}, headers=self._headers()
                ) as answer:
                    if answer.status == 204:
                        self._kept = code
                        self._forget_heard()
                        await self._changed()
                        return
            except (aiohttp.ClientError, OSError, TimeoutError):
                pass
            await asyncio.sleep(2)

    async def _changed(self) -> None:
        async with self._told:
            self._told.notify_all()
