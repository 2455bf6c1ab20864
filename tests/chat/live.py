"""The page served for real in this process, and a client that speaks Chainlit's protocol."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

import httpx
import socketio  # type: ignore[import-untyped]
import uvicorn

from civic_assistant.chat.product import served
from tests.chat.fakes import FixedProduct, page_app, page_settings


@dataclass(frozen=True)
class Live:
    """A running page and the product behind it."""

    url: str
    product: FixedProduct


def live_page() -> Live:
    """Return this process's page, serving its own product again if a test put another there."""
    live = _started_page()
    served.put(live.product)
    return live


@cache
def _started_page() -> Live:
    """Start the page once for this process: Chainlit's sockets belong to one event loop."""
    product = FixedProduct(page_settings())
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    app = page_app(product)
    server = uvicorn.Server(uvicorn.Config(app, log_level="error", proxy_headers=False))
    threading.Thread(target=server.run, args=([listener],), daemon=True).start()
    while not server.started:
        time.sleep(0.01)
    return Live(f"http://127.0.0.1:{listener.getsockname()[1]}", product)


class Chat:
    """One visitor's conversation over a socket."""

    def __init__(self, url: str, cookie: str = "", origin: str | None = None) -> None:
        """Prepare a visitor; connect with ``async with``."""
        self.url = url
        self.session = str(uuid.uuid4())
        self.headers = {"Cookie": cookie} | ({"Origin": origin} if origin else {})
        self.io = socketio.AsyncClient(reconnection=False)
        self.messages: dict[str, dict[str, Any]] = {}
        self.elements: list[dict[str, Any]] = []
        self.actions: list[dict[str, Any]] = []
        self.told: list[dict[str, Any]] = []
        for event in ("new_message", "update_message"):
            self.io.on(event, self._keep)
        self.io.on("delete_message", lambda step: self.messages.pop(step["id"], None))
        self.io.on("element", self.elements.append)
        self.io.on("action", self.actions.append)
        self.io.on("window_message", self.told.append)

    def _keep(self, step: dict[str, Any]) -> None:
        self.messages[step["id"]] = step

    async def __aenter__(self) -> Chat:
        """Connect as the browser does."""
        visitor = {
            "sessionId": self.session,
            "clientType": "webapp",
            "userEnv": "{}",
            "chatProfile": "",
            "threadId": "",
        }
        try:
            await self.io.connect(
                self.url,
                socketio_path="/ws/socket.io",
                transports=["websocket"],
                headers=self.headers,
                auth=visitor,
            )
        except socketio.exceptions.ConnectionError:
            await self.io.eio.http.close()
            raise
        await self.io.emit("connection_successful")
        return self

    async def __aexit__(self, *_: object) -> None:
        """Hang up."""
        await self.io.disconnect()

    async def ask(self, text: str, **claimed: object) -> None:
        """Send a message, with whatever else a browser may claim about it."""
        message = {
            "id": str(uuid.uuid4()),
            "name": "User",
            "type": "user_message",
            "output": text,
            "createdAt": "2026-01-01T00:00:00Z",
        }
        await self.io.emit("client_message", {"message": message | claimed, "fileReferences": []})

    @property
    def panel(self) -> dict[str, Any]:
        """What the panel says at the moment."""
        told = [one for one in self.told if one["civic"] == "standing"]
        return told[-1] if told else {"state": None, "code": "", "choices": []}

    def choices(self) -> list[str]:
        """Return what the panel's buttons ask for."""
        return [choice["wish"] for choice in self.panel["choices"]]

    async def wish(self, name: str) -> None:
        """Press a button of the panel or the header."""
        await self.io.emit("window_message", {"civic": name})

    async def sees(self, state: str) -> dict[str, Any]:
        """Wait until the panel shows a state and return what it says."""
        await self.until(lambda: self.panel["state"] == state)
        return self.panel

    def said(self) -> list[str]:
        """Return what the assistant says at the moment, oldest first."""
        steps = self.messages.values()
        return [step["output"] for step in steps if step["type"] == "assistant_message"]

    async def hears(self, words: str) -> str:
        """Wait for a message that contains the words and return it."""
        await self.until(lambda: any(words in text for text in self.said()))
        return next(text for text in self.said() if words in text)

    async def until(self, is_so: Callable[[], bool]) -> None:
        """Wait until something is so."""
        end = time.monotonic() + 20
        while not is_so():
            assert time.monotonic() < end, f"waited in vain: {self.said()}; {self.told[-2:]}"
            await asyncio.sleep(0.02)

    async def act(self, action: str, /, **payload: object) -> Any:
        """Call an action back, as a button or the form does."""
        body = {"sessionId": self.session, "action": {"name": action, "payload": payload}}
        async with httpx.AsyncClient(base_url=self.url) as client:
            answer = await client.post("/project/action", json=body)
        return answer.raise_for_status().json()["response"]
