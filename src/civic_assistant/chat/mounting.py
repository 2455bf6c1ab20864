"""Chainlit made fit for the public: only the routes and socket events that the page uses."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from importlib import import_module
from pathlib import Path

import chainlit.session
from chainlit.chat_context import chat_contexts
from chainlit.config import config
from chainlit.server import app as chainlit_app
from chainlit.server import get_html_template, sio
from chainlit.session import WebsocketSession
from chainlit.user_session import user_sessions
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import FileResponse, PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from civic_assistant.settings import Settings

_SWEEP_SECONDS = 60
_READ = (
    "/public/", "/assets/", "/project/translations", "/project/settings", "/auth/config", "/user",
    "/favicon", "/logo", "/avatars/",
)  # fmt: skip
_CHANGED = ("/project/action", "/set-session-cookie")
_EVENTS = frozenset(
    {
        "connect", "connection_successful", "clear_session", "disconnect", "stop",
        "client_message", "window_message",
    }
)  # fmt: skip


class Page:
    """The ASGI application of the page: Chainlit, without what the page does not use."""

    def __init__(self, settings: Settings) -> None:
        """Take over this process's Chainlit, prepared by ``prepare_page``."""
        callbacks = import_module("civic_assistant.chat.callbacks")
        import_module("civic_assistant.chat.person")
        import_module("civic_assistant.chat.plain_words")
        sio.eio.max_http_buffer_size = 16_384 + 8 * settings.question_length
        handlers = sio.handlers["/"]
        for event in set(handlers) - _EVENTS:
            del handlers[event]
        handlers["stop"] = _stop
        handlers["connection_successful"] = _then(
            handlers["connection_successful"], callbacks.page_connected
        )
        self._chainlit: ASGIApp = chainlit_app
        self._assets = Path(config.root) / str(config.ui.custom_build) / "assets"

    @property
    def html(self) -> str:
        """The page as it is served, for its content policy."""
        return str(get_html_template(""))  # type: ignore[no-untyped-call]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        path = str(scope["path"])
        if path.startswith("/ws/socket.io"):
            await self._chainlit(scope, receive, send)
        elif scope["type"] == "http" and self._is_used(scope["method"], path):
            packed = self._packed(scope, path)
            app = packed if packed is not None else self._chainlit
            await app(scope, receive, _with_caching(path, send))
        elif scope["type"] == "http":
            await PlainTextResponse("not found", 404)(scope, receive, send)
        else:
            await receive()
            await send({"type": "websocket.close", "code": 1008})

    def _is_used(self, method: str, path: str) -> bool:
        if method in ("GET", "HEAD"):
            return path == "/" or path.startswith(_READ)
        return method in ("POST", "OPTIONS") and path in _CHANGED

    def _packed(self, scope: Scope, path: str) -> FileResponse | None:
        """Return an asset compressed beforehand: Chainlit would compress it at every request."""
        accepts = "gzip" in Headers(scope=scope).get("accept-encoding", "")
        folder, _, name = path.rpartition("/")
        file = self._assets / f"{name}.gz"
        if not accepts or folder != "/assets" or scope["method"] != "GET" or not file.is_file():
            return None
        media = "text/css" if name.endswith(".css") else "text/javascript"
        headers = {"content-encoding": "gzip", "vary": "accept-encoding"}
        return FileResponse(file, media_type=media, headers=headers)


def _with_caching(path: str, send: Send) -> Send:
    if path.startswith("/assets/"):
        lasts = "public, max-age=31536000, immutable"
    elif path.startswith("/public/"):
        lasts = "public, max-age=300"
    else:
        lasts = "no-cache"

    async def send_with_caching(message: Message) -> None:
        if message["type"] == "http.response.start" and message["status"] == 200:
            MutableHeaders(scope=message)["cache-control"] = lasts
        await send(message)

    return send_with_caching


def _then(
    connected: Callable[[str], Awaitable[None]], callback: Callable[[], Awaitable[object]]
) -> Callable[[str], Awaitable[None]]:
    """Call back after every connection: Chainlit itself says nothing of a page that came back."""

    async def connected_and_told(sid: str) -> None:
        await connected(sid)
        await callback()

    return connected_and_told


async def _stop(sid: str) -> None:
    """Stop the answer being prepared; the callback says so in the visitor's language."""
    session = WebsocketSession.get(sid)
    if session and session.current_task:
        session.current_task.cancel()


@contextlib.asynccontextmanager
async def swept() -> AsyncIterator[None]:
    """While open, forget the messages of sessions that are over; Chainlit itself keeps them."""

    async def sweep() -> None:
        while True:
            await asyncio.sleep(_SWEEP_SECONDS)
            forget_ended_sessions()

    task = asyncio.create_task(sweep())
    try:
        yield
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


def forget_ended_sessions() -> None:
    """Drop what Chainlit still holds of sessions that have ended."""
    for kept in (chat_contexts, user_sessions):
        for session_id in list(kept):
            if session_id not in chainlit.session.ws_sessions_id:
                kept.pop(session_id, None)
